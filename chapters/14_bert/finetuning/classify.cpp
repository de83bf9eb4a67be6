#include "chapters/14_bert/finetuning/classify.hpp"

#include <cmath>
#include <numeric>

#include "common/fast/cross_entropy.hpp"
#include "common/nn/deep_copy.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"
#include "common/text/tfidf.hpp"

namespace bert {
using namespace byhand;

Classifier::Classifier(const nn::Bert& start, std::size_t classes, const FineTuning& plan,
                       Generator& generator)
    : bert(child("bert", start)),
      drop_(child("dropout", nn::Dropout(plan.dropout, generator))),
      out_(child("out", nn::Linear(start.config.size, classes, generator))),
      mean_of_tokens_(plan.mean_of_tokens) {}

Tensor Classifier::operator()(const nn::BertInput& input) const {
  const Tensor sequence = bert(input);  // (batch, length, size)
  return out_(
      drop_(mean_of_tokens_ ? nn::mean_pool(sequence, input.padding) : bert.pooled(sequence)));
}

namespace {

struct Encoded {
  std::vector<text::Sentence> sentences;
  std::vector<std::int64_t> labels;
};

Encoded encoded(const Labelled& data, const text::WordPiece& vocabulary) {
  Encoded result{{}, data.labels};
  for (const std::string& sentence : data.sentences) {
    text::Sentence tokens = vocabulary.ids(sentence);
    if (tokens.empty()) tokens.push_back(vocabulary.unk());  // a sentence of signs that are no text
    result.sentences.push_back(std::move(tokens));
  }
  return result;
}

/// Rows `from` to `to` of an order as a batch.
struct Rows {
  nn::BertInput input;
  Ids labels;
};
Rows rows_of(const Encoded& data, const std::vector<std::int64_t>& order, std::size_t from,
             std::size_t to, const text::BertTokens& tokens, std::size_t max_length) {
  std::vector<text::Sentence> sentences;
  std::vector<std::int64_t> labels;
  for (std::size_t i = from; i < to; ++i) {
    sentences.push_back(data.sentences[std::size_t(order[i])]);
    labels.push_back(data.labels[std::size_t(order[i])]);
  }
  const text::PackedBatch batch = text::pack_sentences(sentences, tokens, max_length);
  return {{batch.ids, batch.segments, batch.padding}, ids(labels)};
}

double test_accuracy(const Classifier& model, const Encoded& test, const text::BertTokens& tokens) {
  const NoGrad no_grad;
  model.eval();
  std::vector<std::int64_t> order(test.labels.size());
  std::iota(order.begin(), order.end(), 0);
  std::size_t right = 0;
  for (std::size_t from = 0; from < order.size(); from += 100) {
    const Rows rows = rows_of(test, order, from, std::min(from + 100, order.size()), tokens,
                              model.bert.config.max_length);
    right += count_right(model(rows.input).value(), rows.labels);
  }
  return double(right) / double(order.size());
}

}  // namespace

double fine_tune(const nn::Bert& start, const text::WordPiece& vocabulary, const Labelled& training,
                 const Labelled& test, std::size_t classes, const FineTuning& plan,
                 Generator& generator) {
  const text::BertTokens tokens = special_tokens(vocabulary);
  const Encoded examples = encoded(training, vocabulary);
  const Classifier model(nn::deep_copy(start), classes, plan, generator);
  optim::AdamW optimizer(model.parameters(), {.lr = plan.learning_rate});
  optim::LRScheduler scheduler(
      optimizer, optim::LinearWarmupDecay(std::max<std::int64_t>(1, plan.steps / 10), plan.steps));
  model.train();
  std::vector<std::int64_t> order;
  std::size_t next = 0;
  for (std::int64_t step = 0; step < plan.steps; ++step) {
    if (next >= order.size()) order = generator.randperm(training.size()), next = 0;
    const Rows rows = rows_of(examples, order, next, std::min(next + plan.batch, order.size()),
                              tokens, start.config.max_length);
    next += plan.batch;
    optimizer.zero_grad();
    cross_entropy(model(rows.input), rows.labels).backward();
    optim::clip_grad_norm(optimizer.parameters(), 1);
    optimizer.step();
    scheduler.step();
  }
  return test_accuracy(model, encoded(test, vocabulary), tokens);
}

double tfidf_logistic(const Labelled& training, const Labelled& test, std::size_t classes,
                      Generator& generator, double shrink) {
  const auto split_words = [](const Labelled& data) {
    std::vector<text::Words> documents;
    for (const std::string& sentence : data.sentences) documents.push_back(text::words(sentence));
    return documents;
  };
  const std::vector<text::Words> documents = split_words(training);
  const text::Tfidf tfidf(documents);
  const Tensor X(tfidf.transform(documents));  // (sentences, words)
  const nn::Linear model(tfidf.vocabulary().size(), classes, generator);
  optim::Adam optimizer(model.parameters(), {.lr = 0.1, .weight_decay = shrink});
  const Ids labels = ids(training.labels);
  for (int step = 0; step < 300; ++step) {
    optimizer.zero_grad();
    cross_entropy(model(X), labels).backward();
    optimizer.step();
  }
  const NoGrad no_grad;
  const Array logits = model(Tensor(tfidf.transform(split_words(test)))).value();
  return double(count_right(logits, ids(test.labels))) / double(test.size());
}

Labelled draw_labels(const Labelled& pool, std::size_t per_class, std::size_t classes,
                     Generator& generator) {
  std::vector<std::size_t> taken(classes, 0);
  Labelled drawn;
  for (const std::int64_t i : generator.randperm(pool.size())) {
    const std::size_t label = std::size_t(pool.labels[std::size_t(i)]);
    if (taken.at(label) == per_class) continue;
    ++taken[label];
    drawn.sentences.push_back(pool.sentences[std::size_t(i)]);
    drawn.labels.push_back(std::int64_t(label));
  }
  for (std::size_t label = 0; label < classes; ++label)
    check(taken[label] == per_class, "{} labels of class {} are wanted, there are {}", per_class,
          label, taken[label]);
  return drawn;
}

Comparison compare(const nn::BertForPreTraining& model, const text::WordPiece& vocabulary,
                   const Labelled& pool, const Labelled& test, std::size_t classes,
                   std::size_t labels, std::size_t runs, const FineTuning& plan) {
  check(runs > 0, "compare: at least one run is needed");
  Comparison result{labels, {}, {}, {}};
  for (std::size_t run = 0; run < runs; ++run) {
    Generator generator{run + 1};
    const Labelled training = draw_labels(pool, labels, classes, generator);
    result.tfidf.push_back(tfidf_logistic(training, test, classes, generator));
    const nn::Bert blank(model.bert.config, generator);
    widen_start_weights(blank, model.bert.config.size);
    result.from_scratch.push_back(
        fine_tune(blank, vocabulary, training, test, classes, plan, generator));
    result.pretrained.push_back(
        fine_tune(model.bert, vocabulary, training, test, classes, plan, generator));
  }
  return result;
}

MeanSpread mean_spread(const std::vector<double>& values) {
  check(!values.empty(), "mean_spread: no value");
  const double n = double(values.size()),
               mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0};
}

}  // namespace bert
