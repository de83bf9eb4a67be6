// Chapter 05: words as numbers. Notes 000 § 31, 003 § 16.1-2, 001 § 1.5.
#include <algorithm>
#include <set>

#include "chapters/05_word_embeddings/parts.hpp"
#include "chapters/05_word_embeddings/pictures.hpp"
#include "common/app/chapter.hpp"
#include "common/system/files.hpp"
#include "common/text/tfidf.hpp"

using namespace byhand;

namespace {

struct Settings : app::Settings {
  std::string words = "tea,king,cat,paris,monday";
};
constexpr double learning_rate = 0.1;  // notes: Adam, 0.1

void sentences_as_counts(const Settings& settings) {
  app::heading("1. Three sentences as counts: one-hot, bag of words, n-grams, TF-IDF");
  const auto documents = embeddings::documents();
  for (const auto& words : documents) fmt::print("  {}\n", fmt::join(words, " "));
  const text::Words vocabulary = embeddings::vocabulary_of(documents);
  const Array counts = embeddings::bag_of_words(documents, vocabulary), tfidf = embeddings::tfidf_by_hand(counts);  // (3, 10)
  const auto idf = embeddings::idf_by_hand(counts);
  const Array one_hot = embeddings::one_hot(ids({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), vocabulary.size());
  app::Table table({"word", "one-hot", "count in 1", "2", "3", "idf", "TF-IDF in 1", "2", "3"}, 3);
  for (std::size_t w = 0; w < vocabulary.size(); ++w) {
    std::string bits;
    for (const real bit : embeddings::row(one_hot, w)) bits += bit == 1 ? '1' : '0';
    table.add_row(
        {vocabulary[w], bits, int(counts(0, w)), int(counts(1, w)), int(counts(2, w)), idf[w], tfidf(0, w), tfidf(1, w), tfidf(2, w)});
  }
  table.print();
  fmt::print("\"the\" is in every sentence, so its idf is the smallest, 1. Most cells are 0: such rows are sparse.\n");
  app::agree("TF-IDF by hand = text::Tfidf", tfidf, text::Tfidf(documents).transform(documents), 1e-6);

  std::string bigrams;
  for (const auto& [pair, count] : embeddings::count_ngrams(documents, 2))
    bigrams += fmt::format("{}{} {}", bigrams.empty() ? "" : ", ", pair, count);
  fmt::print("pairs of words (2-grams): {}\n", bigrams);
  const Array bags = embeddings::bag_of_words({text::words("the dog ate the cat food"), text::words("a kitten purrs")}, vocabulary);
  fmt::print("\"the dog ate the cat food\" and sentence 3, cosine of the counts: {:.4f}. The order of the words is lost.\n",
             embeddings::cosine_by_hand(embeddings::row(bags, 0), embeddings::row(counts, 2)));
  fmt::print("\"a kitten purrs\" becomes a row of sum {}: words that were not seen have no column.\n", xt::sum(embeddings::row(bags, 1))());
  app::save_figure(embeddings::counts_figure(vocabulary, counts, tfidf), "counts", settings);
}

/// The one-hot rows of cat, dog and homework: (3, 10).
Array one_hot_of_words() {
  const text::Words vocabulary = embeddings::vocabulary_of(embeddings::documents());
  std::vector<std::int64_t> columns;
  for (const char* word : {"cat", "dog", "homework"})
    columns.push_back(std::find(vocabulary.begin(), vocabulary.end(), word) - vocabulary.begin());
  return embeddings::one_hot(ids(columns), vocabulary.size());
}

void cosine_similarity() {
  app::heading("2. Cosine similarity: which way do two rows of numbers point?");
  const Array tfidf = text::Tfidf(embeddings::documents()).transform(embeddings::documents()),
              one_hot = one_hot_of_words();  // (3, 10) both
  fmt::print("one-hot rows of cat and dog: {:.4f}, of cat and homework: {:.4f}. To one-hot, any two words are equally far apart.\n",
             embeddings::cosine_by_hand(embeddings::row(one_hot, 0), embeddings::row(one_hot, 1)),
             embeddings::cosine_by_hand(embeddings::row(one_hot, 0), embeddings::row(one_hot, 2)));
  const Array by_hand = embeddings::cosines_by_hand(tfidf);
  fmt::print("TF-IDF of sentences 1 and 2: {:.4f}, 1 and 3: {:.4f}, 2 and 3: {:.4f}\n", by_hand(0, 1), by_hand(0, 2), by_hand(1, 2));
  app::agree("cosines: loops = matrices", by_hand, embeddings::cosines(tfidf), 1e-6);
  fmt::print("Dense vectors can do better: few numbers, all of them in use, alike for words used alike. A network finds them.\n");
}

void ways_agree(const embeddings::Weights<real>& start, const embeddings::Run& by_hand, int epochs) {
  const embeddings::Matrices m = embeddings::as_matrices(start);
  for (std::size_t i = 0; i < embeddings::word_count; ++i) {
    const auto example = embeddings::examples()[i];
    const auto tensors = embeddings::to_tensors(start);
    embeddings::cross_entropy_of(embeddings::forward(example.input, tensors), example.label).backward();
    const auto gradients = embeddings::to_array(embeddings::gradients_by_hand(example, start));
    std::vector<real> from_autograd;
    for (const Tensor& weight : embeddings::to_array(tensors)) from_autograd.push_back(weight.grad().data()[0]);
    app::agree(fmt::format("{}: 16 gradients by hand = autograd", embeddings::tokens[i]),
               array(std::vector<real>(gradients.begin(), gradients.end())), array(from_autograd), 1e-6);
  }
  epochs = std::min(epochs, embeddings::Run::recorded_epochs);
  const auto equal = [&](const char* code, const embeddings::Run& run) {
    const std::string what = fmt::format("{} steps, 16 weights: by hand = {}", embeddings::word_count * std::size_t(epochs), code);
    // float rounds each way's sums in another order, and Adam repeats that 400 times: 1e-4 was the most seen with 1200 seeds
    app::agree(what, embeddings::history(by_hand), embeddings::history(run), 1e-3);  // (steps + 1, 16)
  };
  equal("matrices", embeddings::train_matrices(m, learning_rate, epochs));
  equal("two nn::Linear", train(embeddings::TwoLinear(m), learning_rate, epochs));
  equal("nn::Embedding", train(embeddings::LookUp(m, false), learning_rate, epochs));
}

/// Three ways to write it, each from its own start as in the lecture. Returns what two nn::Linear have learned.
embeddings::Matrices three_ways(const Settings& settings) {
  app::heading(fmt::format("4. Three ways, each from seed {}: Adam with learning rate 0.1, one word at a time", settings.seed));
  Generator g1{settings.seed}, g2{settings.seed}, g3{settings.seed};
  const auto start = embeddings::random_weights(g1);
  const auto by_hand = embeddings::train_by_hand(start, learning_rate, settings.epochs);
  const auto two_linear = train(embeddings::TwoLinear(g2), learning_rate, settings.epochs);
  const auto look_up = train(embeddings::LookUp(g3), learning_rate, settings.epochs);
  ways_agree(start, by_hand, settings.epochs);

  app::Table losses({"epoch", "loss by hand", "two nn::Linear", "nn::Embedding"});
  for (const std::size_t epoch : std::set<std::size_t>{0, 1, 2, 10, 100, by_hand.losses.size() - 1})
    if (epoch < by_hand.losses.size()) losses.add_row({epoch, by_hand.losses[epoch], two_linear.losses[epoch], look_up.losses[epoch]});
  losses.print();
  app::Table words({"word", "w1 before", "w2 before", "w1 after", "w2 after", "lecture", "softmax of the true next word"});
  const std::array lecture = {"2.0, 1.9", "-2.2, 2.3", "-2.0, -2.2", "1.7, 1.9"};
  const Array E0 = by_hand.steps.front().E, E = by_hand.end.E;  // (4, 2)
  const auto right = embeddings::probability_of_next(by_hand.end, embeddings::lecture_data());
  for (std::size_t i = 0; i < embeddings::word_count; ++i)
    words.add_row({embeddings::tokens[i], E0(i, 0), E0(i, 1), E(i, 0), E(i, 1), lecture[i], right[i]});
  words.print();
  const auto apart = [](const Array& table) { return embeddings::distance_by_hand(embeddings::row(table, 0), embeddings::row(table, 3)); };
  const double alike = embeddings::cosines(E)(0, 3);
  fmt::print("Troll 2 and Gymkata: distance {:.3f} before, {:.3f} after; cosine {:.3f} before, {:.3f} after. {}\n", apart(E0), apart(E),
             embeddings::cosines(E0)(0, 3), alike, alike > 0.9 ? "Used alike, they end alike." : "Not alike yet: give it more --epochs.");
  app::save_figure(embeddings::embedding_figure(by_hand), "embedding", settings);
  app::save_figure(embeddings::training_figure(by_hand, two_linear, look_up), "training", settings);
  return two_linear.end;
}

void ready_made_table(const embeddings::Matrices& trained, const Settings& settings) {
  app::heading("5. Embedding::from_pretrained: the table that two nn::Linear have learned");
  embeddings::Matrices m = trained;
  const embeddings::LookUp same(m, true);
  app::agree("row of a table = one-hot times matrix", same(ids({0, 1, 2, 3})).value(),
             embeddings::forward(m, embeddings::lecture_data().inputs), 1e-5);
  Generator generator{settings.seed};
  m.O = embeddings::new_outputs(generator);  // a new layer behind the same table
  app::Table table({"table", "loss before", "after", "largest move of the table"});
  for (const bool freeze : {true, false}) {
    const auto run = train(embeddings::LookUp(m, freeze), learning_rate, settings.epochs);
    table.add_row(
        {freeze ? "frozen (the default)" : "freeze = false", run.losses.front(), run.losses.back(), max_difference(run.end.E, m.E)});
  }
  table.print();
  fmt::print("Frozen, the table stays what it was and only the new layer learns; otherwise both learn (fine-tuning).\n");
}

void glove(const Settings& settings, const text::WordVectors& vectors, const std::vector<std::string>& words) {
  app::heading(fmt::format("6. Ready-made: {} words of GloVe, {} numbers each", vectors.size(), vectors.width()));
  app::Table nearest({"word", "nearest words by cosine"});
  for (const std::string& word : words) {
    std::string line;
    for (const auto& [neighbour, cosine] : embeddings::nearest_by_hand(vectors, word, 5))
      line += fmt::format("{} {:.3f}  ", neighbour, cosine);
    nearest.add_row({word, line.substr(0, line.size() - 2)});
  }
  nearest.print();
  std::vector<real> loops, product;
  for (const auto& neighbour : embeddings::nearest_by_hand(vectors, words[0], vectors.size())) loops.push_back(real(neighbour.similarity));
  for (const auto& neighbour : vectors.nearest(words[0], vectors.size())) product.push_back(real(neighbour.similarity));
  app::agree(fmt::format("cosines of {} with all others: loops = matrix times vector", words[0]), array(loops), array(product), 1e-5);

  app::Table pairs({"pair", "cosine", "distance 1 - cosine", "notes, other vectors"}, 3);
  pairs.add_row({"tea, coffee", vectors.similarity("tea", "coffee"), 1 - vectors.similarity("tea", "coffee"), "0.43"});
  pairs.add_row({"tea, pea", vectors.similarity("tea", "pea"), 1 - vectors.similarity("tea", "pea"), "0.7"});
  pairs.print();
  app::Table analogies({"question", "answer", "cosine", "next best", "cosine", "notes"}, 3);
  for (const auto& [a, b, c, notes] :
       {std::tuple{"king", "man", "woman", "queen"}, {"paris", "france", "japan", ""}, {"walked", "walk", "go", ""}}) {
    const auto best = vectors.analogy(a, b, c, 2);
    analogies.add_row({fmt::format("{} - {} + {}", a, b, c), best[0].word, best[0].similarity, best[1].word, best[1].similarity, notes});
  }
  analogies.print();
  const Array plural = vectors["cats"] - vectors["cat"];
  fmt::print("The direction from cat to cats, times the vectors of:");
  for (const char* word : {"one", "two", "three", "four", "five"})
    fmt::print("  {} {:.2f}", word, embeddings::dot_by_hand(plural, vectors[word]));
  fmt::print("\nSteps in this space have a meaning: from man to woman, from country to capital, from one to many.\n");
  app::save_figure(embeddings::glove_figure(vectors), "glove", settings);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  app::Options options("05_word_embeddings",
                       "Words as numbers: counts, an embedding network three ways, GloVe. --epochs: 100, with --quick 10, unless told.",
                       settings);
  options.add("--words", settings.words, "words, with commas between them, whose nearest neighbours to show");
  return options.run(argc, argv, [&] {
    if (settings.epochs == 0) settings.epochs = settings.quick ? 10 : 100;  // notes: 100
    const text::WordVectors vectors = text::load_glove_q8(dataset("glove_q8.vec").replace_extension());
    const std::vector<std::string> words = embeddings::split_words(settings.words);
    embeddings::check_known(vectors, words);
    sentences_as_counts(settings);
    cosine_similarity();
    embeddings::the_picture();
    ready_made_table(three_ways(settings), settings);
    glove(settings, vectors, words);
  });
}
