// Chapter 14: BERT. Notes 000 § 21, 004 § 4.1.1 and § 7.
#include <algorithm>
#include <cmath>

#include "chapters/14_bert/material.hpp"
#include "chapters/14_bert/pictures.hpp"
#include "chapters/14_bert/show.hpp"
#include "common/app/chapter.hpp"
#include "common/nn/bert_files.hpp"

using namespace byhand;

namespace {

struct Settings : app::Settings {
  std::filesystem::path data, classify, weights, vocabulary, save;
  std::string fill;
  bool resume = false;
  int labels = 20, runs = 1;
};

using bert::Material;

/// How many labels a class fine-tuning gets.
std::vector<std::size_t> label_counts(const Settings& settings) {
  std::vector<std::size_t> counts;
  for (const std::size_t labels : {5, 20, 100, 500})
    if (labels <= std::size_t(settings.labels)) counts.push_back(labels);
  return counts;
}

void the_way_in(const Settings& settings, const Material& m, const text::WordPiece& vocabulary) {
  bert::heading("A sentence on its way in");
  bert::show_pieces();
  std::size_t words = 0, pieces = 0;
  for (const auto& document : m.validation)
    for (const std::string& sentence : document) words += text::basic_tokens(sentence).size(), pieces += vocabulary.ids(sentence).size();
  fmt::print("a vocabulary of {} pieces from the texts; {:.3f} pieces a word in the texts held out\n", vocabulary.size(),
             double(pieces) / double(words));
  const auto& document = m.validation.front();
  const std::string a = bert::beginning(document[0], 9), b = bert::beginning(document.size() > 1 ? document[1] : m.validation[1][0], 9);
  fmt::print("a = {}\nb = {}\n", a, b);
  bert::show_input(vocabulary, a, b, "a bat");
  if (settings.vocabulary.empty()) return;
  fmt::print("with {}:\n", settings.vocabulary.filename().string());
  bert::show_input(text::WordPiece::load(settings.vocabulary), a, b, "unaffable");
}

void tasks(const Material& m, const text::WordPiece& vocabulary, Generator generator) {
  bert::heading("The loss of masked language modelling by hand: two texts, nine words");
  bert::show_loss();
  const std::size_t some = std::min<std::size_t>(300, m.training.size());
  const std::vector<text::Document> documents = bert::encode({m.training.begin(), m.training.begin() + std::ptrdiff_t(some)}, vocabulary);
  bert::heading("What is hidden: 15 %, of those 80 % [MASK], 10 % random, 10 % as before");
  bert::show_corruption(vocabulary, bert::beginning(m.validation[0][0], 12), documents, generator);
  if (!m.plan.next_sentence) return;
  bert::heading("Next sentence or not");
  bert::show_pairs(vocabulary, documents, generator);
}

bert::Pretrained pretrain(const Settings& settings, const Material& m, const text::WordPiece& vocabulary, Generator& generator) {
  bert::Plan plan = m.plan;
  plan.epochs = settings.epochs;
  if (settings.quick) plan.epochs = 2, plan.steps = 5;
  plan.csv = settings.out / "training.csv", plan.checkpoint = settings.out / "checkpoint.safetensors", plan.resume = settings.resume;
  bert::heading(fmt::format("Pre-training: {} epochs of {} steps, {} {} a step", plan.epochs, plan.steps, plan.batch,
                            plan.next_sentence ? "pairs" : "sentences"));
  fmt::print("{} layers of size {}, {} heads, {} parameters\n", plan.layers, plan.size, plan.heads,
             bert::parameter_count(plan, vocabulary.size()));
  bert::show_resume(m.validation, vocabulary, plan.next_sentence, settings.out / "resume.safetensors");
  fmt::print("epoch  loss    hidden words: right  perplexity  next sentence: right\n");
  const bert::Pretrained result = bert::pretrain(m.training, m.validation, vocabulary, plan, generator, [&](const train::EpochReport& e) {
    if (e.epoch > 2 && e.epoch % 4 != 0 && e.epoch != plan.epochs) return;
    fmt::print("{:5}  {:.3f}  {:19.3f}  {:10.2f}  {:>20}\n", e.epoch, e.train_loss, *e.metric("validation_masked_accuracy"),
               std::exp(*e.metric("validation_masked_loss")),
               plan.next_sentence ? app::number(*e.metric("validation_next_accuracy"), 3) : "-");
    std::fflush(stdout);
  });
  fmt::print("always \"{}\", the most frequent one: right {:.3f}; perplexity of frequencies {:.1f}; a coin: 0.5\n", result.most_frequent,
             result.baseline, result.unigram_perplexity);
  if (!result.history.epochs.empty()) app::show(bert::training_figure(result, plan.steps), "training", settings);
  return result;
}

void fill_gaps(const Settings& settings, const Material& m, const bert::Pretrained& trained) {
  bert::heading("Fill-mask: the five likeliest words");
  std::vector<std::string> texts = {"the clerk of the [MASK] wrote down the loan", "he swung the [MASK] at the tired player",
                                    "a [MASK] flew over the rope in the dark"};
  if (m.stories.empty()) texts = {"the [MASK] sat on the throne", "it was the [MASK] of all"};
  if (!settings.fill.empty()) texts = {settings.fill};
  for (const std::string& text : texts) bert::show_fill(trained.model, trained.vocabulary, text);
}

void two_senses(const Settings& settings, const Material& m, const bert::Pretrained& trained) {
  bert::heading("Contextual vectors: one word, two senses");
  app::Table table({"word", "topics", "sentences", "before: all", "after: same sense", "other sense", "nearest: same sense"}, 3);
  std::vector<bert::SensePicture> pictures;
  for (const bert::TwoSenses& word : bert::two_senses()) {
    const bert::Labelled found = bert::sentences_with(word, m.stories, 40);
    const bert::WordVectors vectors = bert::vectors_of(word.word, found.sentences, trained.model.bert, trained.vocabulary);
    const bert::Cosines before = bert::cosines(vectors.before, found.labels), after = bert::cosines(vectors.after, found.labels);
    table.add_row({word.word, bert::topics()[std::size_t(word.first)] + ", " + bert::topics()[std::size_t(word.second)], found.size(),
                   before.across, after.within, after.across, bert::nearest_has_same_label(vectors.after, found.labels)});
    pictures.push_back({word, vectors.after, found.labels});
  }
  table.print();
  fmt::print("Mean cosines. The embedding has one row a word: 1 whatever it means. The encoder has read the words around it.\n");
  app::show(bert::senses_figure(pictures), "senses", settings);
}

void topics(const Settings& settings, const Material& m, const bert::Pretrained& trained, Generator& generator) {
  bert::heading("Sentences as vectors: do those of one topic gather?");
  bert::show_pooling();
  const bert::Labelled some = bert::labelled_sentences(m.stories, 60);
  const nn::Bert& encoder = trained.model.bert;
  const Array before = bert::mean_of_embeddings(some.sentences, encoder, trained.vocabulary),
              after = bert::sentence_vectors(some.sentences, encoder, trained.vocabulary);
  Generator fresh{settings.seed + 1};
  const nn::BertForPreTraining blank(encoder.config, fresh);
  bert::widen_start_weights(blank, encoder.config.size);
  app::Table table({fmt::format("{} sentences, {} topics", some.size(), bert::topics().size()), "nearest one has the same topic"}, 3);
  table.add_row({"encoder before pre-training",
                 bert::nearest_has_same_label(bert::sentence_vectors(some.sentences, blank.bert, trained.vocabulary), some.labels)});
  table.add_row({"mean of the word table's rows", bert::nearest_has_same_label(before, some.labels)});
  table.add_row({"mean of the encoder's vectors", bert::nearest_has_same_label(after, some.labels)});
  table.print();
  app::show(bert::sentences_figure(before, after, some.labels, bert::topics(), generator), "sentences", settings);
}

void fine_tune(const Settings& settings, const Material& m, const bert::Pretrained& trained) {
  const std::string what = settings.classify.empty() ? "the topic of a sentence" : settings.classify.filename().string();
  bert::heading(fmt::format("Fine-tuning: {}, {} classes, {} sentences to test", what, m.classes.size(), m.test.size()));
  bert::FineTuning plan = m.fine_tuning;
  if (settings.quick) plan.steps = 5;
  std::vector<bert::Comparison> comparisons;
  for (const std::size_t labels : label_counts(settings))
    comparisons.push_back(
        bert::compare(trained.model, trained.vocabulary, m.pool, m.test, m.classes.size(), labels, std::size_t(settings.runs), plan));
  bert::show_comparisons(comparisons);
  app::show(bert::fine_tuning_figure(comparisons, what), "fine_tuning", settings);
}

/// A model of others, or one that was saved.
void ready_made(const Settings& settings) {
  check(!settings.vocabulary.empty(), "--weights needs the model's vocabulary: --vocabulary FILE, a piece a line");
  Generator generator{settings.seed};
  const text::WordPiece vocabulary = text::WordPiece::load(settings.vocabulary);
  const nn::LoadedBert loaded = nn::load_bert(settings.weights, generator);
  const nn::BertConfig& c = loaded.model.bert.config;
  check(c.vocabulary == vocabulary.size(), "{} has {} pieces, the weights of {} are for {}", settings.vocabulary.string(),
        vocabulary.size(), settings.weights.string(), c.vocabulary);
  loaded.model.eval();
  bert::heading(fmt::format("{}: {} layers of size {}, {} heads, {} pieces", settings.weights.filename().string(), c.layers, c.size,
                            c.heads, c.vocabulary));
  fmt::print("pooler: {}, head for hidden words: {}, for the next sentence: {}\n", loaded.pooler ? "read" : "new",
             loaded.masked_lm ? "read" : "new", loaded.next_sentence ? "read" : "new");
  bert::show_fill(loaded.model, vocabulary, settings.fill.empty() ? "the [MASK] sat on the throne" : settings.fill);
}

void lesson(const Settings& settings) {
  Generator generator{settings.seed};
  const bool toy = settings.data.empty() && settings.classify.empty();
  const Material m = toy ? bert::toy_material(generator) : bert::real_material(settings.data, settings.classify, generator);
  // What cannot work is said before anything is trained
  check(settings.fill.empty() || settings.fill.find("[MASK]") != std::string::npos,
        "--fill '{}' has no gap: write [MASK] where a word is missing", settings.fill);
  Generator any;
  if (!m.classes.empty()) bert::draw_labels(m.pool, label_counts(settings).back(), m.classes.size(), any);
  if (!settings.save.empty()) std::filesystem::create_directories(settings.save);
  const text::WordPiece vocabulary = bert::train_vocabulary(m.training, m.pieces);

  the_way_in(settings, m, vocabulary);
  tasks(m, vocabulary, Generator{settings.seed + 2});  // of its own, so that what is shown does not change what is trained
  const bert::Pretrained trained = pretrain(settings, m, vocabulary, generator);
  if (trained.history.interrupted) return;  // by Ctrl-C: --resume goes on
  if (!settings.save.empty()) bert::save(settings.save, trained);
  fill_gaps(settings, m, trained);
  if (toy) two_senses(settings, m, trained), topics(settings, m, trained, generator);
  if (!m.classes.empty()) fine_tune(settings, m, trained);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  settings.epochs = 16;
  app::Options options("14_bert", "BERT: hidden words and next sentences; what its vectors know; fine-tuning.", settings);
  options.add("--data", settings.data, "a text to pre-train on, a sentence a line; an empty line ends a document");
  options.add("--classify", settings.classify, "sentences to fine-tune on: label TAB … TAB sentence");
  options.add("--labels", settings.labels, "fine-tune with 5, 20, 100 and 500 labels a class, up to so many", 5, 500);
  options.add("--runs", settings.runs, "so many times each, with other labelled sentences", 1, 20);
  options.add("--fill", settings.fill, "a text with [MASK] where words are missing");
  options.add("--resume", settings.resume, "go on from the checkpoint in --out");
  options.add("--save", settings.save, "folder for the pre-trained model: model.safetensors and vocab.txt");
  options.add("--weights", settings.weights, "a BERT of Hugging Face's naming or of --save, instead of training; needs --vocabulary");
  options.add("--vocabulary", settings.vocabulary,
              "pieces, one a line, as in BERT's vocab.txt: of --weights; otherwise its ids are shown beside ours");
  return options.run(argc, argv, [&] { settings.weights.empty() ? lesson(settings) : ready_made(settings); });
}
