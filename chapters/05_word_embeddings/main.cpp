// Chapter 05: words as numbers. Notes 000 § 31, 003 § 16.1-2, 001 § 1.5.
#include "chapters/05_word_embeddings/counts.hpp"
#include "chapters/05_word_embeddings/glove.hpp"
#include "chapters/05_word_embeddings/show.hpp"
#include "common/app/chapter.hpp"
#include "common/system/files.hpp"

using namespace byhand;

namespace {

struct Settings : app::Settings {
  std::string words = "tea,king,cat,paris,monday";
};
constexpr double learning_rate = 0.1;  // notes: Adam, 0.1

void sentences_as_counts(const Settings& settings) {
  const std::vector<text::Words> documents = embeddings::documents();
  const text::Words vocabulary = embeddings::vocabulary_of(documents);
  const Array counts = embeddings::bag_of_words(documents, vocabulary);  // (3, 10)
  const Array tfidf = embeddings::tfidf_by_hand(counts);                 // (3, 10)
  embeddings::show_counts(documents, vocabulary, counts, tfidf, settings);
}

/// Three ways to write it, each from its own start as in the lecture. Returns what two nn::Linear
/// have learned.
embeddings::Matrices three_ways(const Settings& settings) {
  Generator g1{settings.seed}, g2{settings.seed}, g3{settings.seed};
  embeddings::ThreeWays ways;
  ways.start = embeddings::random_weights(g1);
  ways.by_hand = embeddings::train_by_hand(ways.start, learning_rate, settings.epochs);
  ways.two_linear = train(embeddings::TwoLinear(g2), learning_rate, settings.epochs);
  ways.look_up = train(embeddings::LookUp(g3), learning_rate, settings.epochs);
  embeddings::show_three_ways(ways, learning_rate, settings);
  return ways.two_linear.end;
}

/// A new output layer behind the table that was learned: once with the table frozen, once not.
void ready_made_table(const embeddings::Matrices& trained, const Settings& settings) {
  Generator generator{settings.seed};
  const embeddings::Matrices start{trained.E, embeddings::new_outputs(generator)};
  const auto frozen = train(embeddings::LookUp(start, true), learning_rate, settings.epochs);
  const auto thawed = train(embeddings::LookUp(start, false), learning_rate, settings.epochs);
  embeddings::show_pretrained(trained, start, frozen, thawed);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  app::Options options("05_word_embeddings",
                       "Words as numbers: counts, an embedding network three ways, GloVe. "
                       "--epochs: 100, with --quick 10, unless told.",
                       settings);
  options.add("--words", settings.words,
              "words, with commas between them, whose nearest neighbours to show");
  return options.run(argc, argv, [&] {
    if (settings.epochs == 0) settings.epochs = settings.quick ? 10 : 100;  // notes: 100
    const text::WordVectors vectors =
        text::load_glove_q8(dataset("glove_q8.vec").replace_extension());
    const std::vector<std::string> words = embeddings::word_list(settings.words);
    embeddings::check_known(vectors, words);

    sentences_as_counts(settings);                              // 1
    embeddings::show_cosines();                                 // 2
    embeddings::show_picture();                                 // 3
    const embeddings::Matrices trained = three_ways(settings);  // 4
    ready_made_table(trained, settings);                        // 5
    embeddings::show_glove(vectors, words, settings);           // 6
  });
}
