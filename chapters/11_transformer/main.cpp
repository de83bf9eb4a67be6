// Chapter 11: the transformer. Notes 000 § 19, § 27; 001 "Counting parameters"; 003 § 14.
// What to read, in this order:
//   parts 1-5, namespace transformer: vocabulary (SOS 0, EOS 4, as in the lecture), by_hand, matrices, translator, slides, pictures
//   parts 6-7, namespace counting: counting, whole_models, count_tables
//   parts 8-9, namespace seq2seq: examples (padding 0, start 1, end 2), model, training, decoding, task_pictures, text_pairs
#include <algorithm>
#include <optional>

#include "chapters/11_transformer/count_tables.hpp"
#include "chapters/11_transformer/decoding.hpp"
#include "chapters/11_transformer/parts.hpp"
#include "chapters/11_transformer/pictures.hpp"
#include "chapters/11_transformer/slides.hpp"
#include "chapters/11_transformer/task_pictures.hpp"
#include "chapters/11_transformer/text_pairs.hpp"
#include "chapters/11_transformer/translator.hpp"
#include "common/app/chapter.hpp"
#include "common/system/text.hpp"

using namespace byhand;

namespace {

struct Settings : app::Settings {
  std::string task = "reverse";
  int steps = 1000, beam = 1, column = 2, data_epochs = 10;
  std::filesystem::path data;
};

constexpr int most_epochs = 1000000;
const transformer::Pair lets_go = transformer::pairs()[0];  // let's go -> vamos

void lecture(const Settings& settings) {
  const transformer::Translator model(settings.seed);
  const transformer::Run before = transformer::run(transformer::weights_of(model), lets_go);
  const bool notebook_seed = settings.seed == 42, notebook_run = notebook_seed && settings.epochs == 30;
  transformer::before_training(model, notebook_seed);
  transformer::thirty_epochs(model, settings.epochs, notebook_run);
  const transformer::Weights w = transformer::weights_of(model);
  const transformer::Run after = transformer::run(w, lets_go);
  app::heading("3. The encoder, matrix by matrix, after training");
  transformer::print_encoder(after.encoder, w, after.input);
  app::heading("4. The decoder, matrix by matrix: it reads SOS vamos and should say vamos EOS");
  transformer::print_decoder(after.decoder, w, after.output, after.input);
  const NoGrad no_grad;
  const Array masked = model.decoder(after.output, model.encoder(after.input)).value();  // (2, 5)
  const Array open = model.decoder(after.output, model.encoder(after.input), false).value();
  const auto row = [](const Array& logits, std::size_t i) -> Array { return xt::view(logits, i); };
  const auto compared = [&](std::size_t i) { return row(open, i) == row(masked, i) ? "the same" : "another"; };
  check(row(open, 1) == row(masked, 1), "without the mask the logits after vamos, the newest word, are others");
  check(!notebook_run || row(open, 0) != row(masked, 0), "without the mask the logits after SOS stay as they were");
  fmt::print("Mask left out: after vamos {}, {}; after SOS {}, {}.\n", transformer::row_text(open, 1, 2), compared(1),
             transformer::row_text(open, 0, 2), compared(0));
  app::heading("5. These are the slides' numbers");
  if (notebook_run)
    transformer::compare_with_slides(after.encoder, w);
  else
    fmt::print("Not this time: they need --seed 42 and --epochs 30.\n");
  app::save_figure(transformer::attention_figure(before, after), "attention", settings);
  app::save_figure(transformer::residual_figure(before, after), "residual", settings);
}

void digits(const Settings& settings) {
  using namespace seq2seq;
  app::heading(fmt::format("8. A small transformer learns to {} rows of digits", settings.task));
  Generator generator{settings.seed};
  const Task task = task_of(settings.task);
  const Examples test = draw(task, settings.quick ? 100 : 500, 3, 8, generator), examples = draw(task, 20000, 3, 8, generator, test);
  const Model model({.source_words = digit_vocabulary, .target_words = digit_vocabulary}, generator);
  fmt::print("{} + {} layers of size {}, {} heads, {} parameters; {} rows of 3 to 8 digits to train on, {} others to test\n",
             model.sizes.layers, model.sizes.layers, model.sizes.size, model.sizes.heads, model.parameter_count(), examples.size(),
             test.size());
  app::Table table({"weights", "loss of the test rows", "whole rows right"}, 3);
  const auto right = [&](bool masked) { return share_right(test, answer(model, test, std::size_t(settings.beam), 2, masked)); };
  const auto judged = [](double share, double good) {  // the last digits depend on the machine's rounding
    return share >= good ? fmt::format("above {:.0f} %", 100 * good) : fmt::format("{:.1f} %", 100 * share);
  };
  const Training training{.steps = settings.steps};
  const std::vector<Step> steps = fit(model, PairDataset(examples), training, generator, [&] {
    table.add_row({"of the last step", mean_loss(model, PairDataset(test)), judged(right(true), 0.95)});
  });
  table.add_row({"averaged over the last quarter of the steps", mean_loss(model, PairDataset(test)), judged(right(true), 0.99)});
  table.add_row({"the same, mask left out while answering", "", fmt::format("{:.1f} %", 100 * right(false))});
  table.print();
  const auto shorter = [](const Example& a, const Example& b) { return a.source.size() < b.source.size(); };
  const Examples shown(test.begin(), test.begin() + 3);
  const std::vector<Tokens> answers = answer(model, shown, std::size_t(settings.beam));
  for (std::size_t i = 0; i < shown.size(); ++i) fmt::print("{}  ->  {}\n", digits_text(shown[i].source), digits_text(answers[i]));
  const double smallest = smallest_loss(training.smoothing, digit_vocabulary);
  fmt::print("last training loss {:.3f}: with label smoothing {} it cannot fall below {:.3f}\n", steps.back().loss, training.smoothing,
             smallest);
  app::save_figure(training_figure(steps, smallest), "training", settings);
  app::save_figure(looks_figure(model, *std::max_element(shown.begin(), shown.end(), shorter), settings.task), "looks", settings);
}

/// Sentences ready to be trained on, and the generator that drew which of them are for validation.
struct Text {
  seq2seq::TextPairs pairs;
  Generator generator;
};

Text read_text(const Settings& settings) {
  Generator generator{settings.seed};
  seq2seq::TextPairs pairs = seq2seq::prepare(seq2seq::read_sentences(settings.data, settings.column), 16, generator);
  return {std::move(pairs), generator};
}

void sentences(const Settings& settings, Text& text) {
  using namespace seq2seq;
  app::heading(fmt::format("9. Real sentences: {}, column {}", settings.data.filename().string(), settings.column));
  Generator& generator = text.generator;
  const TextPairs& pairs = text.pairs;
  const Model model({.source_words = pairs.source.size(), .target_words = pairs.target.size(), .size = 64, .neurons = 128, .dropout = 0.1},
                    generator);
  fmt::print("{} pairs to train on, {} to validate, {} left out as longer than 16 words; {} and {} words; {} parameters\n",
             pairs.train.size(), pairs.validation.size(), pairs.too_long, pairs.source.size(), pairs.target.size(),
             model.parameter_count());
  const PairDataset train_set(pairs.train), validation_set(pairs.validation);
  const auto steps = std::int64_t(std::max<std::size_t>(1, pairs.train.size() / 64)) * settings.data_epochs;
  fit(model, train_set, {.steps = steps, .warmup = 200, .rate = 0.5}, generator);
  app::Table losses({"loss a word, without smoothing", "training", "validation"}, 3);
  losses.add_row({"only how often each word occurs", "", loss_of_frequencies(pairs)});
  losses.add_row({"transformer after " + transformer::epochs_text(settings.data_epochs), mean_loss(model, train_set),
                  mean_loss(model, validation_set)});
  losses.print();
  const Examples shown(pairs.validation.begin(), pairs.validation.begin() + 5);
  const std::vector<Tokens> answers = answer(model, shown, std::size_t(settings.beam), 10);
  fmt::print("sentences of the validation part:\n");
  for (std::size_t i = 0; i < shown.size(); ++i)
    fmt::print("  {}\n    right: {}\n    here:  {}\n", pairs.validation_text[i].first, pairs.validation_text[i].second,
               pairs.target.decode(answers[i]));
}

/// What does not go together, before anything is trained.
void check_options(const Settings& settings, int argc, char** argv) {
  const auto given = [&](const std::string& option) {
    return std::any_of(argv, argv + argc, [&](const std::string& word) { return word == option || word.rfind(option + "=", 0) == 0; });
  };
  check(settings.epochs <= most_epochs, "--epochs: '{}' is not a whole number from 1 to {}", settings.epochs, most_epochs);
  for (const char* option : {"--task", "--steps"})
    check(settings.data.empty() || !given(option), "{} is for digits, and --data gives sentences instead of them: leave one out", option);
  for (const char* option : {"--column", "--data-epochs"})
    check(!settings.data.empty() || !given(option), "{} says what to do with the sentences of --data, which is missing", option);
  seq2seq::task_of(settings.task);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  settings.epochs = 30;
  app::Options options("11_transformer",
                       "The transformer of the lecture, matrix by matrix; parameters counted; a small one that copies, reverses or sorts.",
                       settings);
  options.add("--task", settings.task, "what the small transformer learns: copy, reverse or sort; not with --data");
  options.add("--steps", settings.steps, "its training steps; not with --data", 1, 1000000);
  options.add("--beam", settings.beam, "beginnings kept when it answers; 1 is greedy", 1, 64);
  options.add("--data", settings.data, "sentences to translate instead of digits: a file of lines 'English TAB other'");
  options.add("--column", settings.column, "with --data: the column to translate into", 2, 100);
  options.add("--data-epochs", settings.data_epochs, "with --data: epochs on it", 1, 10000);
  return options.run(argc, argv, [&] {
    check_options(settings, argc, argv);
    std::optional<Text> text;  // read first: what is wrong with it is said before anything is trained
    if (!settings.data.empty()) text = read_text(settings);
    if (settings.quick) settings.steps = std::min(settings.steps, 60), settings.data_epochs = 1;
    lecture(settings);
    app::heading("6. Six encoder and six decoder layers, size 512, 8 heads, 2048 hidden units");
    counting::print_encoder_decoder();
    app::heading("7. Counting parameters");
    counting::print_counts();
    if (text)
      sentences(settings, *text);
    else
      digits(settings);
  });
}
