// Chapter 06: word2vec, GloVe, fastText. Notes 003 § 16.3-5, 001 § 1.5.
#include "chapters/06_word2vec/show.hpp"
#include "common/app/chapter.hpp"

using namespace byhand;

namespace {

/// What every model does, by hand.
void by_hand(const word2vec::Settings& settings, const word2vec::Plan& plan) {
  if (plan.model == word2vec::Model::glove) return word2vec::show_glove_step();
  word2vec::show_pairs();
  word2vec::show_steps(settings.model == "cbow", settings.loss == "negative");
  word2vec::show_drawing();
  if (plan.model == word2vec::Model::fasttext) word2vec::show_ngrams("where", plan.ngrams);
}

word2vec::Trained train(const word2vec::Settings& settings, const word2vec::Plan& plan,
                        const text::Corpus& corpus, Generator& generator) {
  word2vec::show_plan(settings, plan, corpus);
  const auto questions = settings.toy() ? text::toy_analogies() : word2vec::english_analogies();
  return word2vec::train(corpus, plan, questions, generator,
                         [&](const word2vec::Epoch& epoch) { word2vec::show_epoch(epoch, plan); });
}

/// In place of training: the vectors of a file.
word2vec::Trained ready_made(const std::filesystem::path& file) {
  text::WordVectors vectors = text::load_word_vectors(file);
  word2vec::show_ready_made(file, vectors);
  check(vectors.width() > 1, "{}: the figures need vectors of at least 2 numbers", file.string());
  return {std::move(vectors), {}, nullptr};
}

/// Neighbours, analogies and figures of vectors that were trained or read. They are saved first:
/// nothing later can then lose them.
void use(const word2vec::Settings& settings, const word2vec::Plan& plan,
         const word2vec::Trained& trained, Generator& generator) {
  if (!settings.save.empty()) {
    word2vec::save_vectors(settings.save, trained.vectors);
    word2vec::show_saved(settings.save);
  }
  const text::Words& known = trained.vectors.words();
  const auto probe = settings.probe.empty()
                         ? word2vec::probe_words(known, plan.model, settings.toy())
                         : word2vec::probe_words(settings.probe);
  word2vec::show_exploration(settings, trained, probe);
  word2vec::show_figures(settings, trained, probe, generator);
}

void lesson(const word2vec::Settings& settings) {
  const word2vec::Plan plan = word2vec::make_plan(settings);
  if (!settings.probe.empty()) word2vec::probe_words(settings.probe);  // Error now, not at the end
  const std::filesystem::path& source = settings.vectors.empty() ? settings.data : settings.vectors;
  if (!settings.save.empty()) word2vec::check_vector_file(settings.save, source);

  Generator generator{settings.seed};
  if (!settings.vectors.empty())
    return use(settings, plan, ready_made(settings.vectors), generator);
  const text::Corpus corpus(settings.toy() ? word2vec::toy_sentences(10'000, generator)
                                           : word2vec::read_sentences(settings.data),
                            std::size_t(settings.min_count));
  by_hand(settings, plan);
  const word2vec::Trained trained = train(settings, plan, corpus, generator);
  use(settings, plan, trained, generator);
}

}  // namespace

int main(int argc, char** argv) {
  word2vec::Settings settings;
  app::Options options("06_word2vec",
                       "Vectors from the company that words keep, by hand and fast. "
                       "--epochs: 15, with --data 5, of glove always 25, with --quick 4, "
                       "unless told.",
                       settings);
  options.add("--model", settings.model, "cbow, skipgram, glove or fasttext");
  options.add("--loss", settings.loss, "negative or softmax (not for glove)");
  options.add("--data", settings.data,
              "a text file, a sentence a line, at most 256 MiB, of which each takes 20 of memory "
              "(default: the toy world)");
  options.add(
      "--vectors", settings.vectors,
      "a file of vectors to look at, in place of training; as word2vec or GloVe write them");
  options.add("--width", settings.width, "numbers per word, 2 at least; 0: 50, with --data 100", 0,
              1000);
  options.add("--window", settings.window,
              "words to each side at most; 0: 5, for glove with --data 10", 0, 100);
  options.add("--negatives", settings.negatives, "noise words for each word", 1, 100);
  options.add("--min-count", settings.min_count, "words seen less often are left out", 1);
  options.add("--unseen", settings.unseen,
              "glove: count pairs never seen as if seen so often; 0 leaves them out", 0, 1);
  options.add("--probe", settings.probe, "words to look up, such as \"king queen\"");
  options.add("--save", settings.save, "file for the vectors: .txt or .bin, in word2vec's formats");
  return options.run(argc, argv, [&] { lesson(settings); });
}
