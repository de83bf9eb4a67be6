// Chapter 14: BERT. Notes 000 § 21, 004 § 4.1.1 and § 7.
#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "chapters/14_bert/fill.hpp"
#include "chapters/14_bert/material.hpp"
#include "chapters/14_bert/pictures.hpp"
#include "chapters/14_bert/ready_made.hpp"
#include "chapters/14_bert/show.hpp"
#include "common/app/chapter.hpp"

using namespace byhand;

namespace {

using bert::Material;
using bert::Settings;

void the_way_in(const Settings& settings, const Material& m, const text::WordPiece& vocabulary,
                const std::optional<text::WordPiece>& theirs) {
  app::numbered_heading("A sentence on its way in");
  bert::show_pieces();
  std::size_t words = 0, pieces = 0;
  for (const auto& document : m.validation)
    for (const std::string& sentence : document) words += text::basic_tokens(sentence).size(), pieces += vocabulary.ids(sentence).size();
  fmt::print("a vocabulary of {} pieces from the texts; {:.3f} pieces a word in the texts held out\n", vocabulary.size(),
             double(pieces) / double(words));
  const auto& document = m.validation.front();
  const std::string a = bert::beginning(document[0], 9), b = bert::beginning(document.size() > 1 ? document[1] : m.validation[1][0], 9);
  fmt::print("a = {}\nb = {}\n", a, b);
  const bool toy = !m.stories.empty();
  bert::show_input(vocabulary, {a, b}, {toy ? "a bat" : bert::beginning(a, 2), toy ? "it flew" : bert::beginning(b, 2)});
  if (!theirs) return;
  fmt::print("with {}:\n", settings.vocabulary.filename().string());
  bert::show_input(*theirs, {a, b}, {"unaffable", "it flew"});
}

void tasks(const Material& m, const text::WordPiece& vocabulary, Generator generator) {
  app::numbered_heading("The loss of masked language modelling by hand: two texts, nine words");
  bert::show_loss();
  bert::Texts some;
  for (const auto& document : m.training)
    if (some.size() < 300 && (!m.plan.next_sentence || document.size() > 1)) some.push_back(document);
  const std::vector<text::Document> documents = bert::encode(some, vocabulary);
  app::numbered_heading("What is hidden: 15 %, of those 80 % [MASK], 10 % random, 10 % as before");
  bert::show_corruption(vocabulary, bert::beginning(m.validation[0][0], 12), documents, generator);
  if (!m.plan.next_sentence) return;
  app::numbered_heading("Next sentence or not");
  bert::show_pairs(vocabulary, documents, generator);
}

bert::Plan plan_of(const Settings& settings, bert::Plan plan) {
  plan.epochs = settings.quick && !settings.given("--epochs") ? 2 : settings.epochs;
  if (settings.quick) plan.steps = 5;
  plan.csv = settings.out / "training.csv", plan.checkpoint = settings.out / "checkpoint.safetensors";
  plan.resume = settings.resume, plan.seed = settings.seed;
  return plan;
}

bert::Pretrained pretrain(const Settings& settings, const Material& m, const text::WordPiece& vocabulary, Generator& generator) {
  const bert::Plan& plan = m.plan;
  app::numbered_heading(fmt::format("Pre-training: {} epochs of {} steps, {} {} a step", plan.epochs, plan.steps, plan.batch,
                                    plan.next_sentence ? "pairs" : "sentences"));
  fmt::print("{} layers of size {}, {} heads, {} parameters\n", plan.layers, plan.size, plan.heads,
             bert::parameter_count(plan, vocabulary.size()));
  bert::show_resume(m.validation, vocabulary, plan.next_sentence, settings.out / "resume.safetensors");
  const std::string loss = fmt::format("training loss ({})", plan.next_sentence ? "both tasks" : "hidden words");
  fmt::print("epoch  {}  hidden words: right  perplexity  next sentence: right\n", loss);
  const bert::Pretrained result = bert::pretrain(m.training, m.validation, vocabulary, plan, generator, [&](const train::EpochReport& e) {
    if (e.epoch > 2 && e.epoch % 4 != 0 && e.epoch != plan.epochs) return;
    fmt::print("{:5}  {:{}.3f}  {:19.3f}  {:10.2f}  {:>20}\n", e.epoch, e.train_loss, loss.size(), *e.metric("validation_masked_accuracy"),
               std::exp(*e.metric("validation_masked_loss")),
               plan.next_sentence ? app::number(*e.metric("validation_next_accuracy"), 3) : "-");
    std::fflush(stdout);
  });
  fmt::print("All but the training loss is of texts held out; perplexity = exp(loss of the hidden words there).\n");
  fmt::print("always \"{}\", the most frequent one: right {:.3f}; each word as likely as it is frequent: perplexity {:.1f}{}\n",
             result.most_frequent, result.baseline, result.unigram_perplexity, plan.next_sentence ? "; a coin: 0.5" : "");
  if (!result.history.epochs.empty()) app::save_figure(bert::training_figure(result, plan.steps), "training", settings);
  return result;
}

void fill_gaps(const Settings& settings, const Material& m, const bert::Pretrained& trained) {
  app::numbered_heading("Fill-mask: the five likeliest words");
  std::vector<std::string> texts = {"the clerk of the [MASK] wrote down the loan", "he swung the [MASK] at the tired player",
                                    "a [MASK] flew over the rope in the dark"};
  if (m.stories.empty()) texts = {"the [MASK] sat on the throne", "it was the [MASK] of all"};
  if (!settings.fill.empty()) texts = {settings.fill};
  for (const std::string& text : texts) bert::show_fill(trained.model, trained.vocabulary, text);
}

/// The same encoder as it was before pre-training.
nn::Bert untrained(const Settings& settings, const bert::Pretrained& trained) {
  Generator fresh{settings.seed + 1};
  const nn::BertForPreTraining blank(trained.model.bert.config, fresh);
  bert::widen_start_weights(blank, blank.bert.config.size);
  blank.eval();
  return blank.bert;
}

void two_senses(const Settings& settings, const Material& m, const bert::Pretrained& trained) {
  app::numbered_heading("Contextual vectors: one word, two senses");
  const nn::Bert blank = untrained(settings, trained);
  app::Table table({"word", "topics", "sentences", "before: same", "other", "gap", "after: same", "other", "gap"}, 3);
  app::Table framed({"word", "sentences", "word table: all", "before: same", "other", "gap", "after: same", "other", "gap"}, 3);
  std::vector<bert::SensePicture> pictures;
  for (const bert::TwoSenses& word : bert::two_senses()) {
    const auto compare = [&](const bert::Labelled& found) {
      const bert::WordVectors vectors = bert::vectors_of(word.word, found.sentences, trained.model.bert, trained.vocabulary);
      return std::tuple(vectors, bert::cosines(bert::vectors_of(word.word, found.sentences, blank, trained.vocabulary).after, found.labels),
                        bert::cosines(vectors.after, found.labels));
    };
    const bert::Labelled found = bert::sentences_with(word, m.stories, 40), frame = bert::one_frame(word);
    const auto [vectors, before, after] = compare(found);
    const std::string topics = bert::topics()[std::size_t(word.first)] + ", " + bert::topics()[std::size_t(word.second)];
    table.add_row({word.word, topics, found.size(), before.within, before.across, before.gap(), after.within, after.across, after.gap()});
    pictures.push_back({word, vectors.after, found.labels, before.gap(), after.gap()});
    const auto [framed_vectors, one, two] = compare(frame);
    framed.add_row({word.word, frame.size(), bert::cosines(framed_vectors.before, frame.labels).across, one.within, one.across, one.gap(),
                    two.within, two.across, two.gap()});
  }
  fmt::print("mean cosines in the encoder before and after pre-training: same sense, other sense; gap = same - other\n");
  table.print();
  fmt::print("one sentence for both senses, \"the … near the THING was HOW\", with all things and properties of the two topics:\n");
  framed.print();
  app::save_figure(bert::senses_figure(pictures), "senses", settings);
}

void topics(const Settings& settings, const Material& m, const bert::Pretrained& trained, Generator& generator) {
  app::numbered_heading("Sentences as vectors: do those of one topic gather?");
  bert::show_pooling();
  const bert::Labelled some = bert::labelled_sentences(m.stories, 60);
  const nn::Bert& encoder = trained.model.bert;
  const Array before = bert::mean_of_embeddings(some.sentences, encoder, trained.vocabulary),
              after = bert::sentence_vectors(some.sentences, encoder, trained.vocabulary);
  app::Table table({fmt::format("{} sentences, {} topics", some.size(), bert::topics().size()), "nearest one has the same topic"}, 3);
  table.add_row({"encoder before pre-training",
                 bert::nearest_has_same_label(bert::sentence_vectors(some.sentences, untrained(settings, trained), trained.vocabulary),
                                              some.labels)});
  table.add_row({"mean of the word table's rows", bert::nearest_has_same_label(before, some.labels)});
  table.add_row({"mean of the encoder's vectors", bert::nearest_has_same_label(after, some.labels)});
  table.print();
  app::save_figure(bert::sentences_figure(before, after, some.labels, bert::topics(), generator), "sentences", settings);
}

void fine_tune(const Settings& settings, const Material& m, const bert::Pretrained& trained) {
  const std::string what = settings.classify.empty() ? "the topic of a sentence" : settings.classify.filename().string();
  app::numbered_heading(fmt::format("Fine-tuning: {}, {} classes, {} sentences to test", what, m.classes.size(), m.test.size()));
  bert::FineTuning plan = m.fine_tuning;
  if (settings.quick) plan.steps = 5;
  std::vector<bert::Comparison> comparisons;
  for (const std::size_t labels : bert::label_counts(settings))
    comparisons.push_back(
        bert::compare(trained.model, trained.vocabulary, m.pool, m.test, m.classes.size(), labels, std::size_t(settings.runs), plan));
  bert::show_comparisons(comparisons);
  app::save_figure(bert::fine_tuning_figure(comparisons, what), "fine_tuning", settings);
}

void lesson(const Settings& settings) {
  Generator generator{settings.seed};
  const bool toy = settings.data.empty() && settings.classify.empty();
  // What cannot work is said before anything is printed or trained
  std::optional<text::WordPiece> theirs;
  if (!settings.vocabulary.empty()) theirs = bert::load_vocabulary(settings.vocabulary);
  Material m = toy ? bert::toy_material(generator) : bert::real_material(settings.data, settings.classify, generator);
  m.plan = plan_of(settings, m.plan);
  bert::check_labels(m, settings.classify.string(), bert::label_counts(settings).back());
  const text::WordPiece vocabulary = bert::train_vocabulary(m.training, m.pieces);
  if (!settings.fill.empty()) bert::check_fill(settings.fill, vocabulary, m.plan.max_length);
  if (settings.resume) bert::check_checkpoint(m.plan, bert::fingerprint(m.training, m.validation, vocabulary, m.plan));

  the_way_in(settings, m, vocabulary, theirs);
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
  settings.words = {argv + std::min(argc, 1), argv + argc};
  app::Options options("14_bert", "BERT: hidden words and next sentences; what its vectors know; fine-tuning.", settings);
  bert::add_options(options, settings);
  return options.run(argc, argv, [&] {
    bert::check_settings(settings);
    settings.weights.empty() ? lesson(settings) : bert::show_ready_made(settings);
  });
}
