#include "chapters/06_word2vec/show.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "chapters/06_word2vec/pictures.hpp"
#include "chapters/06_word2vec/step/built_in.hpp"
#include "chapters/06_word2vec/step/by_hand.hpp"
#include "chapters/06_word2vec/step/matrices.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/broadcast.hpp"

namespace word2vec {
using namespace byhand;

// ---- pairs ----

void show_pairs() {
  app::numbered_heading("What is learned from: a middle word and the words around it");
  fmt::print("{}  (window: 2 words to each side)\n", fmt::join(example_words(), " "));
  fmt::print(
      "CBOW       the words around predict the middle word:   wide road in the -> shimmered\n");
  std::string around;
  for (const auto& [middle, other] : training_pairs(example_words(), 2))
    if (middle == "shimmered") around += " " + other;
  fmt::print("skip-gram  the middle word predicts each one around:   shimmered ->{}\n", around);
}

// ---- one training step ----

namespace {

std::string names(const std::vector<std::int64_t>& numbers, const char* between = " ") {
  std::vector<std::string> words;
  for (const std::int64_t word : numbers) words.push_back(example_words().at(std::size_t(word)));
  return fmt::format("{}", fmt::join(words, between));
}

std::string row_text(const Array& table, std::size_t row) {
  std::vector<std::string> numbers;
  for (std::size_t d = 0; d < table.shape()[1]; ++d)
    numbers.push_back(fmt::format("{:7.4f}", double(table(row, d))));
  return fmt::format("{}", fmt::join(numbers, " "));
}

std::string vector_text(const Array& vector) {
  return row_text(reshape(vector, {1, vector.size()}), 0);
}

/// A noise word that was drawn several times has several lines, and its row the sum of them.
std::string drawn_twice(const Example& e, const Step& step) {
  std::string text;
  for (const std::int64_t word : std::set<std::int64_t>(e.noise.begin(), e.noise.end()))
    if (const auto draws = std::count(e.noise.begin(), e.noise.end(), word); draws > 1)
      text += fmt::format(" {} was drawn {} times: its row gets the sum: {}", names({word}), draws,
                          row_text(step.grad_out, std::size_t(word)));
  return text;
}

/// Loss and gradients one after the other, so that one line can say that two ways agree.
Array numbers_of(double loss, const std::vector<Array>& gradients) {
  std::vector<real> all = {real(loss)};
  for (const Array& g : gradients) all.insert(all.end(), g.begin(), g.end());
  return array(all);
}
Array numbers_of(const Step& s) { return numbers_of(s.loss, {s.grad_in, s.grad_out}); }
Array numbers_of(const GloveStep& s) {
  return numbers_of(s.loss, {s.grad.w, s.grad.w_tilde, s.grad.b, s.grad.b_tilde});
}

/// The hidden layer, a line for each scored word with what flows into its row, and what flows back
/// into the hidden layer.
void show_numbers(const Weights& w, const Example& e, const Step& step) {
  const std::size_t inputs = e.inputs.size(), asked = e.negative() ? 1 : e.targets.size();
  fmt::print("{}: {} -> {}{}\n", e.name, names(e.inputs), names(e.targets),
             e.negative() ? ", not " + names(e.noise) : "");
  const std::string rows = inputs == 1 ? "row" : fmt::format("mean of {} rows", inputs);
  fmt::print("hidden layer h = {} of W_in: {}\n", rows, vector_text(step.hidden));
  const std::string predicted = e.negative() ? "sigmoid" : "softmax",
                    times = asked > 1 ? fmt::format("{} ", asked) : "";
  app::Table table({"word", "its row of W_out", "score = h . row", predicted, "wanted",
                    fmt::format("({}{} - wanted) h", times, predicted)});
  for (std::size_t k = 0; k < step.scores.size(); ++k) {
    const std::int64_t word = !e.negative() ? std::int64_t(k)
                              : k == 0      ? e.targets[0]
                                            : e.noise[k - 1];
    const auto wanted =
        e.negative() ? std::int64_t(k == 0) : std::count(e.targets.begin(), e.targets.end(), word);
    const real d_score = real(asked) * step.probabilities(k) - real(wanted);
    table.add_row({example_words()[std::size_t(word)], row_text(w.out, std::size_t(word)),
                   step.scores(k), step.probabilities(k), wanted,
                   vector_text(d_score * step.hidden)});
  }
  table.print();
  fmt::print("The last column is d loss / d row of W_out.{}\n", drawn_twice(e, step));
  // what the inputs' rows get is shares of it
  const Array d_hidden = sum_to(step.grad_in, {1, step.hidden.size()});
  fmt::print("loss {:.4f}; d loss / d h: {}\n", step.loss, row_text(d_hidden, 0));
  if (inputs == 1)
    fmt::print("h is a row of W_in, so this is d loss / d {}'s row.\n", names(e.inputs));
  else
    fmt::print("h is a mean, so each of these rows of W_in, {}, gets 1/{} of it: {}\n",
               names(e.inputs, ", "), inputs, row_text(step.grad_in, std::size_t(e.inputs[0])));
}

/// Loss and gradients of all four steps are the same by hand, as matrices, by autograd and by the
/// fast trainer.
void show_agreement(const Weights& w) {
  for (const Example& example : examples()) {
    const Array loops = numbers_of(by_hand(w, example));
    fmt::print("{}, loss and 48 gradients:\n", example.name);
    app::agree("  by hand = matrices", loops, numbers_of(as_matrices(w, example)), 1e-5);
    app::agree("  by hand = autograd", loops, numbers_of(by_autograd(w, example)), 1e-5);
    app::agree("  by hand = one step of the fast trainer", loops,
               numbers_of(by_fast_trainer(w, example)), 1e-5);
  }
}

}  // namespace

void show_steps(bool cbow, bool negative) {
  app::numbered_heading("One training step by hand: eight words, vectors of 3 numbers");
  const Weights w = example_weights();
  app::Table table({"step", "loss by hand", "PyTorch"});
  for (const Example& example : examples()) {
    const Step step = by_hand(w, example);
    if (example.negative() == negative && (example.inputs.size() > 1) == cbow)
      show_numbers(w, example, step);
    table.add_row({example.name, step.loss, example.pytorch_loss});
  }
  fmt::print("\n");
  table.print();
  show_agreement(w);
}

// ---- drawing words; GloVe; letters ----

void show_drawing() {
  app::numbered_heading(
      "Frequent words are skipped, noise words are drawn more evenly (t = 0.001)");
  const std::vector<double>& counts = example_counts();
  const std::vector<double> share = noise_distribution(counts, 1),
                            noise = noise_distribution(counts, 0.75);
  app::Table table({"word", "count", "share", "kept: paper", "kept: program", "share of the noise"},
                   3);
  for (std::size_t i = 0; i < counts.size(); ++i)
    table.add_row({example_words()[i], int(counts[i]), share[i], keep_paper(share[i], 1e-3),
                   keep_program(share[i], 1e-3), noise[i]});
  table.print();
  fmt::print(
      "Half of this text is \"a\", but only one \"a\" in twenty is trained on, and rare words get "
      "more than their share of the noise.\n");
}

void show_glove_step() {
  app::numbered_heading("GloVe by hand: four words, their counts, vectors of 2 numbers");
  const Array X = glove_example_counts();
  const GloveWeights w = glove_example_weights();
  app::print("X: how often two words stand near each other", X, 0);
  const GloveStep step = glove_by_hand(w, X);
  fmt::print("loss: sum of f(X) (w . w~ + b + b~ - ln X)^2 = {:.4f}   (PyTorch: 50.3363)\n",
             step.loss);
  fmt::print("d loss / d w of word 0: {:.4f} {:.4f}   (PyTorch: 0.4173 0.5483)\n",
             step.grad.w(0, 0), step.grad.w(0, 1));
  app::agree("loss and 24 gradients: by hand = matrices", numbers_of(step),
             numbers_of(glove_as_matrices(w, X)), 1e-4);
  app::agree("loss and 24 gradients: by hand = autograd", numbers_of(step),
             numbers_of(glove_by_autograd(w, X)), 1e-4);
}

void show_ngrams(const std::string& word, const NgramOptions& options) {
  app::numbered_heading("fastText: a word is its letters, too");
  fmt::print("runs of {} to {} letters in <{}>, and the bucket of each:\n", options.shortest,
             options.longest, word);
  const std::vector<std::uint32_t> buckets = ngram_buckets(word, options);
  std::size_t next = 0;
  for (std::size_t n = options.shortest; n <= options.longest; ++n) {
    std::string line;
    for (const std::string& ngram : text::character_ngrams(word, n))
      line += fmt::format("  {} {}", ngram, buckets[next++]);
    if (!line.empty()) fmt::print("{}\n", line);
  }
}

// ---- training ----

void show_plan(const Settings& settings, const Plan& plan, const text::Corpus& corpus) {
  const bool glove = plan.model == Model::glove;
  app::numbered_heading(
      fmt::format("{}{} on {}", settings.model, glove ? "" : ", " + settings.loss + " loss,",
                  settings.toy() ? "the toy world" : settings.data.filename().string()));
  const std::size_t words = corpus.vocabulary.size();
  fmt::print("{} words, {} different ones; {} numbers a word\n", corpus.raw_words, words,
             plan.word2vec.width);
  if (!glove && !plan.word2vec.negative && words > 2000)
    fmt::print(
        "softmax over {} words will take {:.0f} seconds or more; "
        "--loss negative is much faster\n",
        words, softmax_seconds(corpus, plan.word2vec));
  std::fflush(stdout);  // whoever reads through a pipe waits, too
}

void show_epoch(const Epoch& e, const Plan& plan) {
  const int last = plan.model == Model::glove ? plan.glove.epochs : plan.word2vec.epochs;
  if (e.epoch > 3 && e.epoch % 5 != 0 && e.epoch != last) return;
  fmt::print("epoch {:3}  loss {:.4f}  analogies solved {:5.1f} % of {}\n", e.epoch, e.loss,
             100 * e.analogies.share(), e.analogies.asked);
  std::fflush(stdout);
}

void show_saved(const std::filesystem::path& file) { fmt::print("vectors: {}\n", file.string()); }

void show_ready_made(const std::filesystem::path& file, const text::WordVectors& vectors) {
  app::numbered_heading("Ready-made vectors: " + file.filename().string());
  fmt::print("{} words, {} numbers a word\n", vectors.size(), vectors.width());
}

// ---- neighbours and analogies ----

namespace {

std::string similar(const std::vector<text::Neighbour>& found) {
  std::vector<std::string> words;
  for (const auto& [word, similarity] : found)
    words.push_back(fmt::format("{} {:.2f}", word, similarity));
  return fmt::format("{}", fmt::join(words, ", "));
}

/// A line for each word with its `count` nearest ones.
void show_nearest(const Trained& trained, const std::vector<std::string>& words,
                  std::size_t count) {
  app::Table table({"word", "nearest, with the cosine"});
  for (const std::string& word : words) {
    if (trained.vectors.contains(word))
      table.add_row({word, similar(trained.vectors.nearest(word, count))});
    else if (trained.fasttext && trained.fasttext->has_vector(word))
      table.add_row({word + " (never seen)",
                     similar(trained.vectors.nearest(trained.fasttext->vector(word), count))});
    else
      table.add_row(
          {word, trained.fasttext
                     ? "never seen, and too short for letters"
                     : "never seen, or too rare: no vector (--model fasttext makes one)"});
  }
  table.print();
}

/// A line for each question b - a + c whose words have vectors, with the three best answers.
void show_analogies(const text::WordVectors& vectors, const std::vector<text::Analogy>& questions) {
  app::Table table({"question", "nearest, with the cosine"});
  bool any = false;
  for (const auto& [a, b, c, d] : questions) {
    if (!vectors.contains(a) || !vectors.contains(b) || !vectors.contains(c)) continue;
    table.add_row({fmt::format("{} - {} + {}", b, a, c), similar(vectors.analogy(b, a, c, 3))});
    any = true;
  }
  if (any) table.print();
}

const Pairs& other_pairs(const Settings& settings) {
  return settings.data.empty() ? capitals() : one_and_many();
}

}  // namespace

void show_exploration(const Settings& settings, const Trained& trained,
                      const std::vector<std::string>& probe) {
  app::numbered_heading("Neighbours and analogies");
  show_nearest(trained, probe, 5);
  std::vector<text::Analogy> few = {{"man", "king", "woman", "queen"},
                                    {"france", "paris", "japan", "tokyo"},
                                    {"france", "french", "korea", "korean"}};
  if (!settings.data.empty())
    few = {{"man", "king", "woman", "queen"},
           {"man", "father", "woman", "mother"},
           {"king", "kings", "city", "cities"}};
  show_analogies(trained.vectors, few);
  for (const Pairs* pairs : {&men_and_women(), &other_pairs(settings)})
    if (const double cosine = parallel(trained.vectors, *pairs); cosine != 0)
      fmt::print("arrows {} -> {}, and so on: mean cosine between two of them {:.2f}\n",
                 pairs->front().first, pairs->front().second, cosine);
}

// ---- figures ----

void show_figures(const Settings& settings, const Trained& trained,
                  const std::vector<std::string>& probe, Generator& generator) {
  app::numbered_heading("Figures");
  const text::WordVectors& vectors = trained.vectors;
  if (!trained.epochs.empty())
    app::save_figure(training_figure(trained.epochs, settings.model), "training", settings);
  const Pairs &left = other_pairs(settings), &right = men_and_women();
  if (parallel(vectors, left) != 0 && parallel(vectors, right) != 0)
    app::save_figure(pairs_figure(vectors, left, right), "pairs", settings);
  // the map holds 1000 words
  constexpr std::size_t neighbours = 12, most = 1000 / (1 + neighbours);
  std::vector<std::string> first = probe;
  first.resize(std::min(probe.size(), most));
  const auto topics = settings.toy() ? toy_topics() : neighbourhoods(vectors, first, neighbours);
  if (words_with_vectors(vectors, topics).size() >= 10)
    app::save_figure(topics_figure(vectors, topics, generator), "topics", settings);
}

}  // namespace word2vec
