#include "chapters/14_bert/pretraining/pretraining.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/bert/bert_files.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/io/safetensors.hpp"
#include "common/nn/meta.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/hash.hpp"
#include "common/train/loader.hpp"

namespace bert {
using namespace byhand;

namespace {

constexpr const char* fingerprint_name = "fingerprint";

nn::BertInput input_of(const train::Batch& batch) {
  return {batch.ids(ids_part), batch.ids(segments_part), batch.arrays.at(0)};
}

double share_right(const Tensor& logits, const Ids& wanted) {
  return double(count_right(logits.value(), wanted)) /
         double(std::max<std::size_t>(1, wanted.size()));
}

/// How often each piece stands in the documents, one added so that none has probability 0.
std::vector<double> frequencies(const std::vector<text::Document>& documents,
                                std::size_t vocabulary) {
  std::vector<double> counts(vocabulary, 1);
  for (const text::Document& document : documents)
    for (const text::Sentence& sentence : document)
      for (const std::int64_t id : sentence) ++counts[std::size_t(id)];
  return counts;
}

/// The two numbers anybody reaches who knows how frequent words are, and nothing else.
void set_baseline(Pretrained& result, const std::vector<text::Document>& training,
                  const std::vector<std::int64_t>& words) {
  const std::vector<double> counts = frequencies(training, result.vocabulary.size());
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  const auto most = std::max_element(counts.begin(), counts.end()) - counts.begin();
  double log_likelihood = 0;
  for (const std::int64_t word : words) log_likelihood += std::log(counts[std::size_t(word)] / all);
  result.most_frequent = result.vocabulary.piece(most);
  result.baseline = double(std::count(words.begin(), words.end(), most)) / double(words.size());
  result.unigram_perplexity = std::exp(-log_likelihood / double(words.size()));
}

/// A batch that is a dataset of its own: its rows are never taken apart.
class OneBatch : public train::Dataset {
 public:
  explicit OneBatch(train::Batch batch) : batch_(std::move(batch)) {}
  std::size_t size() const override { return batch_.size; }
  train::Batch rows(const std::vector<std::int64_t>&) const override { return batch_; }

 private:
  train::Batch batch_;
};

}  // namespace

Asked asked(const Ids& labels) {
  Asked result;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels.data()[i] == text::no_label) continue;
    result.places.push_back(std::int64_t(i));
    result.words.push_back(labels.data()[i]);
  }
  return result;
}

std::size_t count_right(const Array& scores, const Ids& wanted) {
  const Ids found = argmax(scores);
  return std::inner_product(found.begin(), found.end(), wanted.begin(), std::size_t(0),
                            std::plus<>(), std::equal_to<>());
}

void widen_start_weights(const nn::Module& model, std::size_t size) {
  const real factor = real(std::sqrt(768.0 / double(size)));
  for (const Tensor& p : model.parameters()) {
    if (p.ndim() < 2) continue;
    for (real& w : p.mutable_value()) w *= factor;
  }
}

Pretraining::Pretraining(const nn::BertConfig& config, const Plan& plan, const Array& fingerprint,
                         Generator& generator)
    : model(child("bert", nn::BertForPreTraining(config, generator))),
      fingerprint_(buffer(fingerprint_name, fingerprint)),
      learning_rate_(plan.learning_rate),
      next_sentence_(plan.next_sentence) {
  widen_start_weights(model, config.size);
}

Tensor Pretraining::training_step(const train::Batch& batch) {
  const std::optional<Ids> follows =
      next_sentence_ ? std::optional(batch.ids(follows_part)) : std::nullopt;
  return model.loss(input_of(batch), {batch.ids(labels_part), follows}).total;
}

Tensor Pretraining::validation_step(const train::Batch& batch) {
  const Tensor sequence = model.bert(input_of(batch));  // (batch, length, size)
  const Asked hidden = asked(batch.ids(labels_part));
  const Tensor all = reshape(sequence, {rest, sequence.shape(-1)});  // (batch * length, size)
  const Tensor rows = embedding(all, ids(hidden.places));            // (asked, size)
  const Tensor logits = model.masked_lm_logits(rows);                // (asked, vocabulary)
  Tensor loss = cross_entropy(logits, ids(hidden.words));
  log("masked_loss", double(loss.item()));
  log("masked_accuracy", share_right(logits, ids(hidden.words)));
  if (!next_sentence_) return loss;
  const Tensor scores = model.next_sentence_logits(sequence);  // (batch, 2)
  const Tensor next = cross_entropy(scores, batch.ids(follows_part));
  log("next_loss", double(next.item()));
  log("next_accuracy", share_right(scores, batch.ids(follows_part)));
  return loss + next;
}

std::unique_ptr<optim::Optimizer> Pretraining::configure_optimizers() {
  return std::make_unique<optim::AdamW>(
      parameters(), optim::AdamWOptions{.lr = learning_rate_, .weight_decay = 0.01});
}

nn::BertConfig config_of(const Plan& plan, std::size_t vocabulary) {
  return {.vocabulary = vocabulary,
          .size = plan.size,
          .layers = plan.layers,
          .heads = plan.heads,
          .feed_forward = plan.feed_forward,
          .max_length = plan.max_length,
          .dropout = plan.dropout};
}

std::size_t parameter_count(const Plan& plan, std::size_t vocabulary) {
  const nn::MetaGuard guard;
  Generator unused;
  return nn::BertForPreTraining(config_of(plan, vocabulary), unused).parameter_count();
}

PairPlan pairs_of(const Plan& plan, const text::WordPiece& vocabulary) {
  return {special_tokens(vocabulary), special_ids(vocabulary), vocabulary.size(), plan.max_length,
          plan.next_sentence};
}

train::Batch validation_batch(const std::vector<text::Document>& documents, const PairPlan& pairs,
                              std::size_t count) {
  const PairDataset dataset(documents, pairs, count, Generator{1});
  return dataset.rows(std::vector<std::int64_t>(count, 0));
}

Array fingerprint(const Texts& training, const Texts& validation, const text::WordPiece& vocabulary,
                  const Plan& plan) {
  Hash hash;
  const auto add = [&hash](std::string_view text) {
    hash.add(text);
    hash.add("\n");  // so that where one text ends counts, too
  };
  for (const Texts* texts : {&training, &validation})
    for (const auto& document : *texts) {
      for (const std::string& sentence : document) add(sentence);
      add("");
    }
  for (const std::string& piece : vocabulary.pieces()) add(piece);
  add(fmt::format("{} {}", vocabulary.options().basic.lower_case,
                  vocabulary.options().basic.strip_accents));
  add(fmt::format("{} {} {} {} {} {} {}", plan.size, plan.layers, plan.heads, plan.feed_forward,
                  plan.max_length, plan.dropout, plan.learning_rate));
  add(fmt::format("{} {} {} {} {} {}", plan.epochs, plan.steps, plan.batch, plan.validation,
                  plan.next_sentence, plan.seed));
  Array parts = empty({4});  // 16 bits each, which float holds exactly
  for (std::size_t i = 0; i < 4; ++i) parts(i) = real(hash.value() >> (16 * i) & 0xffffU);
  return parts;
}

void check_checkpoint(const Plan& plan, const Array& fingerprint) {
  const std::string file = plan.checkpoint.string();
  check(std::filesystem::exists(plan.checkpoint),
        "--resume: there is no {}: a run without --resume writes it", file);
  const io::Safetensors saved = io::read_safetensors(plan.checkpoint);
  const std::string name = std::string("model.") + fingerprint_name;
  const bool there = std::any_of(saved.entries().begin(), saved.entries().end(),
                                 [&](const io::Safetensors::Entry& e) { return e.name == name; });
  check(
      there && saved.array(name) == fingerprint,
      "--resume: {} is of another text, seed or plan: give the options of the run that was stopped",
      file);
}

Pretrained pretrain(const Texts& training, const Texts& validation,
                    const text::WordPiece& vocabulary, const Plan& plan, Generator& generator,
                    const std::function<void(const train::EpochReport&)>& report) {
  const PairPlan pairs = pairs_of(plan, vocabulary);
  const std::vector<text::Document> documents = encode(training, vocabulary);
  const Array mark = fingerprint(training, validation, vocabulary, plan);
  if (plan.resume) check_checkpoint(plan, mark);
  Pretraining learner(config_of(plan, vocabulary.size()), plan, mark, generator);
  const train::Batch held_out =
      validation_batch(encode(validation, vocabulary), pairs, plan.validation);

  const train::DataLoader loader(PairDataset(documents, pairs, plan.steps * plan.batch, generator),
                                 {.batch_size = plan.batch}, generator);
  const train::DataLoader validation_loader(OneBatch(held_out), {.batch_size = plan.validation});
  const std::int64_t steps = plan.epochs * std::int64_t(plan.steps);
  train::TrainerOptions options{
      .max_epochs = plan.stop_after ? plan.stop_after : plan.epochs,
      .gradient_clip_norm = 1,
      .schedule = optim::LinearWarmupDecay(std::max<std::int64_t>(1, steps / 10), steps),
      .metrics_csv = plan.csv,
      .checkpoint = plan.checkpoint,
      .resume = plan.resume,
      .progress = train::ProgressMode::off};
  if (report) options.callbacks.push_back(report);
  train::History history = train::Trainer(options).fit(learner, loader, &validation_loader);
  learner.model.eval();
  Pretrained result{learner.model, vocabulary, std::move(history)};
  set_baseline(result, documents, asked(held_out.ids(labels_part)).words);
  return result;
}

void save(const std::filesystem::path& folder, const Pretrained& trained) {
  nn::save_bert(folder, trained.model, trained.vocabulary);
  fmt::print("saved: {} and vocab.txt\n", (folder / "model.safetensors").string());
}

}  // namespace bert
