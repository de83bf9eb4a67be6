// Chapter 06: word2vec, GloVe, fastText. Notes 003 § 16.3-5, 001 § 1.5.
#include <algorithm>

#include "chapters/06_word2vec/by_hand.hpp"
#include "chapters/06_word2vec/matrices.hpp"
#include "chapters/06_word2vec/pictures.hpp"
#include "chapters/06_word2vec/show.hpp"
#include "common/app/chapter.hpp"

using namespace byhand;

namespace {

struct Settings : app::Settings {
  std::string model = "skipgram", loss = "negative", probe;
  std::filesystem::path data, vectors, save;
  double unseen = 0;
  int width = 0, window = 0, negatives = 5, min_count = 5;  // 0: what suits the text

  bool toy() const { return data.empty() && vectors.empty(); }
};

void pairs_of_words() {
  app::numbered_heading("What is learned from: a middle word and the words around it");
  fmt::print("{}  (window: 2 words to each side)\n", fmt::join(word2vec::example_words(), " "));
  fmt::print("CBOW       the words around predict the middle word:   wide road in the -> shimmered\n");
  std::string around;
  for (const auto& [middle, other] : word2vec::training_pairs(word2vec::example_words(), 2))
    if (middle == "shimmered") around += " " + other;
  fmt::print("skip-gram  the middle word predicts each one around:   shimmered ->{}\n", around);
}

/// The chosen step with every number, then all four in four ways.
void one_step(const Settings& settings) {
  app::numbered_heading("One training step by hand: eight words, vectors of 3 numbers");
  const word2vec::Weights w = word2vec::example_weights();
  const bool cbow = settings.model == "cbow", negative = settings.loss == "negative";
  app::Table table({"step", "loss by hand", "PyTorch"});
  for (const word2vec::Example& example : word2vec::examples()) {
    const word2vec::Step step = by_hand(w, example);
    if (example.negative() == negative && (example.inputs.size() > 1) == cbow) show_step(w, example, step);
    table.add_row({example.name, step.loss, example.pytorch_loss});
  }
  fmt::print("\n");
  table.print();
  word2vec::show_agreement(w);
}

/// Options that would change nothing are refused: whoever gives one means something by it.
void check_settings(const Settings& s, const word2vec::Plan& plan) {
  const bool glove = plan.model == word2vec::Model::glove;
  const Settings untold;
  check(!glove || s.loss == untold.loss, "--loss {}: glove has a loss of its own; leave the option out", s.loss);
  check(s.negatives == untold.negatives || (!glove && plan.word2vec.negative), "--negatives {}: only --loss negative has noise words",
        s.negatives);
  check(glove || s.unseen == 0, "--unseen {}: only --model glove counts pairs", s.unseen);
  check(s.width != 1, "--width 1: the figures need vectors of at least 2 numbers");
  const bool trains = s.model != untold.model || s.loss != untold.loss || !s.data.empty() || s.epochs || s.width || s.window ||
                      s.negatives != untold.negatives || s.min_count != untold.min_count || s.unseen != 0;
  check(s.vectors.empty() || !trains,
        "--vectors: nothing is trained then, so leave out all that says how (--data, --model, --epochs, ...)");
}

word2vec::Plan make_plan(const Settings& settings) {
  word2vec::Plan plan = word2vec::default_plan(settings.model, settings.loss, settings.data.empty());
  check_settings(settings, plan);
  if (settings.width) plan.word2vec.width = plan.glove.width = std::size_t(settings.width);
  if (settings.window) plan.word2vec.window = plan.glove.window = std::size_t(settings.window);
  if (settings.quick) plan.word2vec.epochs = plan.glove.epochs = 4;
  if (settings.epochs) plan.word2vec.epochs = plan.glove.epochs = settings.epochs;
  plan.glove.unseen = settings.unseen;
  plan.word2vec.negatives = std::size_t(settings.negatives);
  return plan;
}

word2vec::Trained train(const Settings& settings, const word2vec::Plan& plan, const text::Corpus& corpus,
                        const std::vector<text::Analogy>& questions, Generator& generator) {
  const bool glove = plan.model == word2vec::Model::glove;
  app::numbered_heading(fmt::format("{}{} on {}", settings.model, glove ? "" : ", " + settings.loss + " loss,",
                                    settings.toy() ? "the toy world" : settings.data.filename().string()));
  fmt::print("{} words, {} different ones; {} numbers a word\n", corpus.raw_words, corpus.vocabulary.size(), plan.word2vec.width);
  if (!glove && !plan.word2vec.negative && corpus.vocabulary.size() > 2000)
    fmt::print("softmax over {} words will take {:.0f} seconds or more; --loss negative is much faster\n", corpus.vocabulary.size(),
               word2vec::softmax_seconds(corpus, plan.word2vec));
  std::fflush(stdout);  // whoever reads through a pipe waits, too
  const int last = glove ? plan.glove.epochs : plan.word2vec.epochs;
  return word2vec::train(corpus, plan, questions, generator, [&](const word2vec::Epoch& e) {
    if (e.epoch > 3 && e.epoch % 5 != 0 && e.epoch != last) return;
    fmt::print("epoch {:3}  loss {:.4f}  analogies solved {:5.1f} % of {}\n", e.epoch, e.loss, 100 * e.analogies.share(),
               e.analogies.asked);
    std::fflush(stdout);
  });
}

/// In place of training: the vectors of a file.
word2vec::Trained ready_made(const Settings& settings) {
  text::WordVectors vectors = text::load_word_vectors(settings.vectors);
  app::numbered_heading("Ready-made vectors: " + settings.vectors.filename().string());
  fmt::print("{} words, {} numbers a word\n", vectors.size(), vectors.width());
  check(vectors.width() > 1, "{}: the figures need vectors of at least 2 numbers", settings.vectors.string());
  return {std::move(vectors), {}, nullptr};
}

const word2vec::Pairs& other_pairs(const Settings& settings) {
  return settings.data.empty() ? word2vec::capitals() : word2vec::one_and_many();
}

void explore(const Settings& settings, const word2vec::Trained& trained, const std::vector<std::string>& probe) {
  app::numbered_heading("Neighbours and analogies");
  word2vec::show_nearest(trained, probe, 5);
  std::vector<text::Analogy> few = {
      {"man", "king", "woman", "queen"}, {"france", "paris", "japan", "tokyo"}, {"france", "french", "korea", "korean"}};
  if (!settings.data.empty())
    few = {{"man", "king", "woman", "queen"}, {"man", "father", "woman", "mother"}, {"king", "kings", "city", "cities"}};
  word2vec::show_analogies(trained.vectors, few, 3);
  for (const word2vec::Pairs* pairs : {&word2vec::men_and_women(), &other_pairs(settings)})
    if (const double cosine = word2vec::parallel(trained.vectors, *pairs); cosine != 0)
      fmt::print("arrows {} -> {}, and so on: mean cosine between two of them {:.2f}\n", pairs->front().first, pairs->front().second,
                 cosine);
}

void figures(const Settings& settings, const word2vec::Trained& trained, const std::vector<std::string>& probe, Generator& generator) {
  app::numbered_heading("Figures");
  if (!trained.epochs.empty()) app::save_figure(word2vec::training_figure(trained.epochs, settings.model), "training", settings);
  const word2vec::Pairs &left = other_pairs(settings), &right = word2vec::men_and_women();
  if (word2vec::parallel(trained.vectors, left) != 0 && word2vec::parallel(trained.vectors, right) != 0)
    app::save_figure(word2vec::pairs_figure(trained.vectors, left, right), "pairs", settings);
  constexpr std::size_t neighbours = 12, most = 1000 / (1 + neighbours);  // the map holds 1000 words
  const std::vector<std::string> first(probe.begin(), probe.begin() + std::ptrdiff_t(std::min(probe.size(), most)));
  const auto topics = settings.toy() ? word2vec::toy_topics() : word2vec::neighbourhoods(trained.vectors, first, neighbours);
  if (word2vec::words_with_vectors(trained.vectors, topics).size() >= 10)
    app::save_figure(word2vec::topics_figure(trained.vectors, topics, generator), "topics", settings);
}

/// What every model does, by hand.
void by_hand(const Settings& settings, const word2vec::Plan& plan) {
  if (plan.model == word2vec::Model::glove) {
    app::numbered_heading("GloVe by hand: four words, their counts, vectors of 2 numbers");
    word2vec::show_glove_step();
  } else {
    pairs_of_words();
    one_step(settings);
    app::numbered_heading("Frequent words are skipped, noise words are drawn more evenly (t = 0.001)");
    word2vec::show_drawing();
  }
  if (plan.model == word2vec::Model::fasttext) {
    app::numbered_heading("fastText: a word is its letters, too");
    word2vec::show_ngrams("where", plan.ngrams);
  }
}

/// Neighbours, analogies and figures of vectors that were trained or read. They are saved first: nothing later can then lose them.
void use(const Settings& settings, const word2vec::Plan& plan, const word2vec::Trained& trained, std::vector<std::string> probe,
         Generator& generator) {
  if (!settings.save.empty()) {
    word2vec::save_vectors(settings.save, trained.vectors);
    fmt::print("vectors: {}\n", settings.save.string());
  }
  if (probe.empty()) probe = word2vec::probe_words(trained.vectors.words(), plan.model, settings.toy());
  explore(settings, trained, probe);
  figures(settings, trained, probe, generator);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  app::Options options("06_word2vec",
                       "Vectors from the company that words keep, by hand and fast. --epochs: 15, with --data 5, of glove always 25, "
                       "with --quick 4, unless told.",
                       settings);
  options.add("--model", settings.model, "cbow, skipgram, glove or fasttext");
  options.add("--loss", settings.loss, "negative or softmax (not for glove)");
  options.add("--data", settings.data,
              "a text file, a sentence a line, at most 256 MiB, of which each takes 20 of memory (default: the toy world)");
  options.add("--vectors", settings.vectors, "a file of vectors to look at, in place of training; as word2vec or GloVe write them");
  options.add("--width", settings.width, "numbers per word, 2 at least; 0: 50, with --data 100", 0, 1000);
  options.add("--window", settings.window, "words to each side at most; 0: 5, for glove with --data 10", 0, 100);
  options.add("--negatives", settings.negatives, "noise words for each word", 1, 100);
  options.add("--min-count", settings.min_count, "words seen less often are left out", 1);
  options.add("--unseen", settings.unseen, "glove: count pairs never seen as if seen so often; 0 leaves them out", 0, 1);
  options.add("--probe", settings.probe, "words to look up, such as \"king queen\"");
  options.add("--save", settings.save, "file for the vectors: .txt or .bin, in word2vec's formats");
  return options.run(argc, argv, [&] {
    const word2vec::Plan plan = make_plan(settings);
    const auto probe = settings.probe.empty() ? std::vector<std::string>{} : word2vec::probe_words(settings.probe);
    if (!settings.save.empty()) word2vec::check_vector_file(settings.save, settings.vectors.empty() ? settings.data : settings.vectors);
    Generator generator{settings.seed};
    if (!settings.vectors.empty()) return use(settings, plan, ready_made(settings), probe, generator);
    const auto sentences = settings.toy() ? word2vec::toy_sentences(10'000, generator) : word2vec::read_sentences(settings.data);
    const text::Corpus corpus(sentences, std::size_t(settings.min_count));
    by_hand(settings, plan);
    const auto questions = settings.toy() ? text::toy_analogies() : word2vec::english_analogies();
    use(settings, plan, train(settings, plan, corpus, questions, generator), probe, generator);
  });
}
