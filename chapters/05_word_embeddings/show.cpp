#include "chapters/05_word_embeddings/show.hpp"

#include <algorithm>
#include <set>

#include "chapters/05_word_embeddings/pictures.hpp"
#include "common/app/chapter.hpp"
#include "common/text/tfidf.hpp"

namespace embeddings {
using namespace byhand;

// ---- 1 ----

void show_counts(const std::vector<Words>& documents, const Words& vocabulary, const Array& counts,
                 const Array& tfidf, const app::Settings& settings) {
  app::heading("1. Three sentences as counts: one-hot, bag of words, n-grams, TF-IDF");
  for (const Words& words : documents) fmt::print("  {}\n", fmt::join(words, " "));
  const std::vector<double> idf = idf_by_hand(counts);
  const Array bits = one_hot(ids({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), vocabulary.size());  // (10, 10)
  app::Table table({"word", "one-hot", "count in 1", "2", "3", "idf", "TF-IDF in 1", "2", "3"}, 3);
  for (std::size_t w = 0; w < vocabulary.size(); ++w) {
    std::string digits;
    for (const real bit : row(bits, w)) digits += bit == 1 ? '1' : '0';
    table.add_row({vocabulary[w], digits, int(counts(0, w)), int(counts(1, w)), int(counts(2, w)),
                   idf[w], tfidf(0, w), tfidf(1, w), tfidf(2, w)});
  }
  table.print();
  fmt::print(
      "\"the\" is in every sentence, so its idf is the smallest, 1. "
      "Most cells are 0: such rows are sparse.\n");
  app::agree("TF-IDF by hand = text::Tfidf", tfidf, text::Tfidf(documents).transform(documents),
             1e-6);

  std::string bigrams;
  for (const auto& [pair, count] : count_ngrams(documents, 2))
    bigrams += fmt::format("{}{} {}", bigrams.empty() ? "" : ", ", pair, count);
  fmt::print("pairs of words (2-grams): {}\n", bigrams);
  const Array bags = bag_of_words(
      {text::words("the dog ate the cat food"), text::words("a kitten purrs")}, vocabulary);
  fmt::print(
      "\"the dog ate the cat food\" and sentence 3, cosine of the counts: {:.4f}. "
      "The order of the words is lost.\n",
      cosine_by_hand(row(bags, 0), row(counts, 2)));
  fmt::print(
      "\"a kitten purrs\" becomes a row of sum {}: words that were not seen have no column.\n",
      xt::sum(row(bags, 1))());
  app::save_figure(counts_figure(vocabulary, counts, tfidf), "counts", settings);
}

// ---- 2 ----

namespace {

/// The one-hot rows of cat, dog and homework: (3, 10).
Array one_hot_of_words() {
  const Words vocabulary = vocabulary_of(documents());
  std::vector<std::int64_t> columns;
  for (const char* word : {"cat", "dog", "homework"})
    columns.push_back(std::find(vocabulary.begin(), vocabulary.end(), word) - vocabulary.begin());
  return one_hot(ids(columns), vocabulary.size());
}

}  // namespace

void show_cosines() {
  app::heading("2. Cosine similarity: which way do two rows of numbers point?");
  const Array tfidf = text::Tfidf(documents()).transform(documents());  // (3, 10)
  const Array bits = one_hot_of_words();                                // (3, 10)
  fmt::print(
      "one-hot rows of cat and dog: {:.4f}, of cat and homework: {:.4f}. "
      "To one-hot, any two words are equally far apart.\n",
      cosine_by_hand(row(bits, 0), row(bits, 1)), cosine_by_hand(row(bits, 0), row(bits, 2)));
  const Array by_hand = cosines_by_hand(tfidf);
  fmt::print("TF-IDF of sentences 1 and 2: {:.4f}, 1 and 3: {:.4f}, 2 and 3: {:.4f}\n",
             by_hand(0, 1), by_hand(0, 2), by_hand(1, 2));
  app::agree("cosines: loops = matrices", by_hand, cosines(tfidf), 1e-6);
  fmt::print(
      "Dense vectors can do better: few numbers, all of them in use, alike for words used alike. "
      "A network finds them.\n");
}

// ---- 3 ----

void show_picture() {
  app::heading("3. The network of the lecture's picture: Troll 2 is great, Gymkata is great");
  const Weights<real> w = picture_weights();
  app::Table table(
      {"word", "one-hot", "top hidden", "bottom hidden", "next word", "softmax", "notes"});
  for (std::size_t i = 0; i < word_count; ++i) {
    const auto [input, label] = examples()[i];
    const auto pass = forward(input, w);
    const auto softmax = softmax_by_hand(pass.output);
    const auto best =
        std::size_t(std::max_element(softmax.begin(), softmax.end()) - softmax.begin());
    table.add_row({tokens[i], fmt::format("{}", fmt::join(input, " ")),
                   app::number(pass.inputs_to_top_hidden, 1),
                   app::number(pass.inputs_to_bottom_hidden, 1), tokens[best], softmax[best],
                   "1.0"});
  }
  table.print();
  fmt::print(
      "The hidden numbers of a word are its two weights: its embedding. "
      "(The notes leave out the one-hot of Troll 2, and say Jim Kata.)\n");
}

// ---- 4 ----

namespace {

/// The gradients of the start, and 100 epochs from it: every way computes the same.
void show_agreement(const ThreeWays& ways, double learning_rate, int epochs) {
  for (std::size_t i = 0; i < word_count; ++i) {
    const Example example = examples()[i];
    const Weights<Tensor> tensors = to_tensors(ways.start);
    cross_entropy_of(forward(example.input, tensors), example.label).backward();
    const auto gradients = to_array(gradients_by_hand(example, ways.start));
    std::vector<real> from_autograd;
    for (const Tensor& weight : to_array(tensors)) from_autograd.push_back(weight.grad().data()[0]);
    app::agree(fmt::format("{}: 16 gradients by hand = autograd", tokens[i]),
               array(std::vector<real>(gradients.begin(), gradients.end())), array(from_autograd),
               1e-6);
  }
  epochs = std::min(epochs, Run::recorded_epochs);
  const auto equal = [&](const char* code, const Run& run) {
    const std::string what =
        fmt::format("{} steps, 16 weights: by hand = {}", word_count * std::size_t(epochs), code);
    // float rounds each way's sums in another order, and Adam repeats that 400 times:
    // 1e-4 was the most seen with 1200 seeds
    app::agree(what, history(ways.by_hand), history(run), 1e-3);  // (steps + 1, 16)
  };
  const Matrices m = as_matrices(ways.start);
  equal("matrices", train_matrices(m, learning_rate, epochs));
  equal("two nn::Linear", train(TwoLinear(m), learning_rate, epochs));
  equal("nn::Embedding", train(LookUp(m, false), learning_rate, epochs));
}

}  // namespace

void show_three_ways(const ThreeWays& ways, double learning_rate, const app::Settings& settings) {
  app::heading(fmt::format(
      "4. Three ways, each from seed {}: Adam with learning rate 0.1, one word at a time",
      settings.seed));
  show_agreement(ways, learning_rate, settings.epochs);

  const auto& [start, by_hand, two_linear, look_up] = ways;
  const std::size_t last = by_hand.losses.size() - 1;
  app::Table losses({"epoch", "loss by hand", "two nn::Linear", "nn::Embedding"});
  for (const std::size_t epoch : std::set<std::size_t>{0, 1, 2, 10, 100, last})
    if (epoch <= last)
      losses.add_row(
          {epoch, by_hand.losses[epoch], two_linear.losses[epoch], look_up.losses[epoch]});
  losses.print();
  app::Table words({"word", "w1 before", "w2 before", "w1 after", "w2 after", "lecture",
                    "softmax of the true next word"});
  const std::array lecture = {"2.0, 1.9", "-2.2, 2.3", "-2.0, -2.2", "1.7, 1.9"};
  const Array E0 = by_hand.steps.front().E, E = by_hand.end.E;  // (4, 2)
  const std::vector<real> right = probability_of_next(by_hand.end, lecture_data());
  for (std::size_t i = 0; i < word_count; ++i)
    words.add_row({tokens[i], E0(i, 0), E0(i, 1), E(i, 0), E(i, 1), lecture[i], right[i]});
  words.print();
  const auto apart = [](const Array& table) {
    return distance_by_hand(row(table, 0), row(table, 3));
  };
  const double alike = cosines(E)(0, 3);
  fmt::print(
      "Troll 2 and Gymkata: distance {:.3f} before, {:.3f} after; "
      "cosine {:.3f} before, {:.3f} after. {}\n",
      apart(E0), apart(E), cosines(E0)(0, 3), alike,
      alike > 0.9 ? "Used alike, they end alike." : "Not alike yet: give it more --epochs.");
  app::save_figure(embedding_figure(by_hand), "embedding", settings);
  app::save_figure(training_figure(by_hand, two_linear, look_up), "training", settings);
}

// ---- 5 ----

void show_pretrained(const Matrices& trained, const Matrices& start, const Run& frozen,
                     const Run& thawed) {
  app::heading("5. Embedding::from_pretrained: the table that two nn::Linear have learned");
  const LookUp same(trained, true);
  app::agree("row of a table = one-hot times matrix", same(ids({0, 1, 2, 3})).value(),
             forward(trained, lecture_data().inputs), 1e-5);
  app::Table table({"table", "loss before", "after", "largest move of the table"});
  const auto add = [&](const char* name, const Run& run) {
    table.add_row(
        {name, run.losses.front(), run.losses.back(), max_difference(run.end.E, start.E)});
  };
  add("frozen (the default)", frozen);
  add("freeze = false", thawed);
  table.print();
  fmt::print(
      "Frozen, the table stays what it was and only the new layer learns; "
      "otherwise both learn (fine-tuning).\n");
}

// ---- 6 ----

void show_glove(const WordVectors& vectors, const std::vector<std::string>& words,
                const app::Settings& settings) {
  app::heading(fmt::format("6. Ready-made: {} words of GloVe, {} numbers each", vectors.size(),
                           vectors.width()));
  app::Table nearest({"word", "nearest words by cosine"});
  for (const std::string& word : words) {
    std::string line;
    for (const auto& [neighbour, cosine] : nearest_by_hand(vectors, word, 5))
      line += fmt::format("{} {:.3f}  ", neighbour, cosine);
    nearest.add_row({word, line.substr(0, line.size() - 2)});
  }
  nearest.print();
  std::vector<real> loops, product;
  for (const Neighbour& one : nearest_by_hand(vectors, words[0], vectors.size()))
    loops.push_back(real(one.similarity));
  for (const Neighbour& one : vectors.nearest(words[0], vectors.size()))
    product.push_back(real(one.similarity));
  app::agree(fmt::format("cosines of {} with all others: loops = matrix times vector", words[0]),
             array(loops), array(product), 1e-5);

  app::Table pairs({"pair", "cosine", "distance 1 - cosine", "notes, other vectors"}, 3);
  const double coffee = vectors.similarity("tea", "coffee"), pea = vectors.similarity("tea", "pea");
  pairs.add_row({"tea, coffee", coffee, 1 - coffee, "0.43"});
  pairs.add_row({"tea, pea", pea, 1 - pea, "0.7"});
  pairs.print();
  app::Table analogies({"question", "answer", "cosine", "next best", "cosine", "notes"}, 3);
  for (const auto& [a, b, c, notes] : {std::tuple{"king", "man", "woman", "queen"},
                                       {"paris", "france", "japan", ""},
                                       {"walked", "walk", "go", ""}}) {
    const auto best = vectors.analogy(a, b, c, 2);
    analogies.add_row({fmt::format("{} - {} + {}", a, b, c), best[0].word, best[0].similarity,
                       best[1].word, best[1].similarity, notes});
  }
  analogies.print();
  const Array plural = vectors["cats"] - vectors["cat"];
  fmt::print("The direction from cat to cats, times the vectors of:");
  for (const char* word : {"one", "two", "three", "four", "five"})
    fmt::print("  {} {:.2f}", word, dot_by_hand(plural, vectors[word]));
  fmt::print(
      "\nSteps in this space have a meaning: "
      "from man to woman, from country to capital, from one to many.\n");
  app::save_figure(glove_figure(vectors), "glove", settings);
}

}  // namespace embeddings
