#include "chapters/06_word2vec/model.hpp"

#include <chrono>

#include "common/core/parallel.hpp"

namespace word2vec {
using namespace byhand;

namespace {

Model model_named(const std::string& name) {
  for (const auto& [known, model] : {std::pair{"cbow", Model::cbow},
                                     {"skipgram", Model::skipgram},
                                     {"glove", Model::glove},
                                     {"fasttext", Model::fasttext}})
    if (name == known) return model;
  fail("--model: '{}' is none of cbow, skipgram, glove, fasttext", name);
}

}  // namespace

Plan default_plan(const std::string& model, const std::string& loss, bool toy) {
  check(loss == "negative" || loss == "softmax", "--loss: '{}' is neither negative nor softmax",
        loss);
  Plan plan;
  plan.model = model_named(model);
  plan.word2vec.skipgram = plan.model != Model::cbow;
  plan.word2vec.negative = loss == "negative";
  plan.word2vec.lr = plan.word2vec.skipgram ? 0.025 : 0.05;  // as in the authors' program
  plan.word2vec.width = plan.glove.width = toy ? 50 : 100;
  plan.word2vec.epochs = toy ? 15 : 5;
  plan.glove.window = toy ? 5 : 10;
  plan.glove.x_max = toy ? 30 : 10;  // the paper's 100 is for texts of billions of words
  plan.ngrams.buckets = toy ? 5'000 : 200'000;
  return plan;
}

// ---- how good are the vectors? ----

AnalogyScore score_analogies(const text::WordVectors& vectors,
                             const std::vector<text::Analogy>& questions) {
  AnalogyScore score;
  for (const auto& [a, b, c, d] : questions) {
    if (!vectors.contains(a) || !vectors.contains(b) || !vectors.contains(c) ||
        !vectors.contains(d))
      continue;
    ++score.asked;
    score.right += vectors.analogy(b, a, c, 1).front().word == d;  // near b - a + c
  }
  return score;
}

double parallel(const text::WordVectors& vectors, const Pairs& pairs) {
  std::vector<Array> arrows;
  for (const auto& [from, to] : pairs)
    if (vectors.contains(from) && vectors.contains(to))
      arrows.emplace_back(vectors[to] - vectors[from]);
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < arrows.size(); ++i)
    for (std::size_t j = 0; j < i; ++j, ++count) sum += text::cosine(arrows[i], arrows[j]);
  return count ? sum / count : 0;
}

// ---- training ----

Trained train(const text::Corpus& corpus, const Plan& plan,
              const std::vector<text::Analogy>& questions, Generator& generator,
              const std::function<void(const Epoch&)>& report) {
  std::vector<Epoch> epochs;
  const auto note = [&](int epoch, double loss, const text::WordVectors& vectors) {
    epochs.push_back({epoch, loss, score_analogies(vectors, questions)});
    if (report) report(epochs.back());
  };
  if (plan.model == Model::glove) {
    text::WordVectors vectors = train_glove(corpus, plan.glove, generator, note);
    return {std::move(vectors), epochs, nullptr};
  }
  const auto run = [&](text::Word2Vec& model) {
    model.train([&](const text::Word2VecEpoch& e) { note(e.epoch, e.loss, model.vectors()); });
    return model.vectors();
  };
  if (plan.model == Model::fasttext) {
    const auto model = std::make_shared<FastText>(corpus, plan.word2vec, plan.ngrams, generator);
    text::WordVectors vectors = run(model->model());
    return {std::move(vectors), epochs, model};
  }
  text::Word2Vec model(corpus, plan.word2vec, generator);
  text::WordVectors vectors = run(model);
  return {std::move(vectors), epochs, nullptr};
}

double softmax_seconds(const text::Corpus& corpus, const text::Word2VecOptions& options) {
  text::RowTable in(1, options.width), out(corpus.vocabulary.size(), options.width);
  text::Word2VecStep step(in, out);
  const std::vector<std::uint32_t> word = {0};
  constexpr int trials = 20;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < trials; ++i) step.softmax(word, word, real(0.01));
  const double one =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / trials;
  double kept = 0;
  for (std::size_t w = 0; w < corpus.vocabulary.size(); ++w)
    kept += double(corpus.vocabulary.count(std::int64_t(w))) *
            keep_probability(corpus.vocabulary, std::int64_t(w), options.sample);
  return one * kept * options.epochs / threads();
}

}  // namespace word2vec
