#include "chapters/11_transformer/seq2seq/show.hpp"

#include <algorithm>

#include "chapters/11_transformer/seq2seq/decoding.hpp"
#include "chapters/11_transformer/seq2seq/pictures.hpp"
#include "common/app/chapter.hpp"

namespace seq2seq {
using namespace byhand;

void check_options(const Settings& settings, int argc, char** argv) {
  const auto given = [&](const std::string& option) {
    return std::any_of(argv, argv + argc, [&](const std::string& word) {
      return word == option || word.rfind(option + "=", 0) == 0;
    });
  };
  for (const char* option : {"--task", "--steps"})
    check(settings.data.empty() || !given(option),
          "{} is for digits, and --data gives sentences instead of them: leave one out", option);
  for (const char* option : {"--column", "--data-epochs"})
    check(!settings.data.empty() || !given(option),
          "{} says what to do with the sentences of --data, which is missing", option);
  task_of(settings.task);
}

void digits(const Settings& settings) {
  app::heading(fmt::format("8. A small transformer learns to {} rows of digits", settings.task));
  Generator generator{settings.seed};
  const Task task = task_of(settings.task);
  const Examples test = draw(task, settings.quick ? 100 : 500, 3, 8, generator);
  const Examples examples = draw(task, 20000, 3, 8, generator, test);
  const Model model({.source_words = digit_vocabulary, .target_words = digit_vocabulary},
                    generator);
  fmt::print(
      "{} + {} layers of size {}, {} heads, {} parameters; {} rows of 3 to 8 digits to train on, "
      "{} "
      "others to test\n",
      model.sizes.layers, model.sizes.layers, model.sizes.size, model.sizes.heads,
      model.parameter_count(), examples.size(), test.size());

  app::Table table({"weights", "loss of the test rows", "whole rows right"}, 3);
  const auto beam = std::size_t(settings.beam);
  const auto right = [&](bool masked) {
    return share_right(test, answer(model, test, beam, 2, masked));
  };
  const auto judged = [](double share, double good) {  // last digits depend on rounding
    return share >= good ? fmt::format("above {:.0f} %", 100 * good)
                         : fmt::format("{:.1f} %", 100 * share);
  };
  const Training training{.steps = settings.steps};
  const std::vector<Step> steps = fit(model, PairDataset(examples), training, generator, [&] {
    table.add_row(
        {"of the last step", mean_loss(model, PairDataset(test)), judged(right(true), 0.95)});
  });
  table.add_row({"averaged over the last quarter of the steps", mean_loss(model, PairDataset(test)),
                 judged(right(true), 0.99)});
  table.add_row(
      {"the same, mask left out while answering", "", fmt::format("{:.1f} %", 100 * right(false))});
  table.print();

  const Examples shown(test.begin(), test.begin() + 3);
  const std::vector<Tokens> answers = answer(model, shown, beam);
  for (std::size_t i = 0; i < shown.size(); ++i)
    fmt::print("{}  ->  {}\n", digits_text(shown[i].source), digits_text(answers[i]));
  const double smallest = smallest_loss(training.smoothing, digit_vocabulary);
  fmt::print("last training loss {:.3f}: with label smoothing {} it cannot fall below {:.3f}\n",
             steps.back().loss, training.smoothing, smallest);
  app::save_figure(training_figure(steps, smallest), "training", settings);
  const auto shorter = [](const Example& a, const Example& b) {
    return a.source.size() < b.source.size();
  };
  const Example& longest = *std::max_element(shown.begin(), shown.end(), shorter);
  app::save_figure(looks_figure(model, longest, settings.task), "looks", settings);
}

std::optional<Text> read_text(const Settings& settings) {
  if (settings.data.empty()) return {};
  Generator generator{settings.seed};
  TextPairs pairs = prepare(read_sentences(settings.data, settings.column), 16, generator);
  return Text{std::move(pairs), generator};
}

void sentences(const Settings& settings, const Text& text) {
  app::heading(fmt::format("9. Real sentences: {}, column {}", settings.data.filename().string(),
                           settings.column));
  Generator generator = text.generator;
  const TextPairs& pairs = text.pairs;
  const Model model({.source_words = pairs.source.size(),
                     .target_words = pairs.target.size(),
                     .size = 64,
                     .neurons = 128,
                     .dropout = 0.1},
                    generator);
  fmt::print(
      "{} pairs to train on, {} to validate, {} left out as longer than 16 words; {} and {} words; "
      "{} parameters\n",
      pairs.train.size(), pairs.validation.size(), pairs.too_long, pairs.source.size(),
      pairs.target.size(), model.parameter_count());
  const PairDataset train_set(pairs.train), validation_set(pairs.validation);
  const std::size_t batches = std::max<std::size_t>(1, pairs.train.size() / 64);
  const std::int64_t steps = std::int64_t(batches) * settings.data_epochs;
  fit(model, train_set, {.steps = steps, .warmup = 200, .rate = 0.5}, generator);
  app::Table losses({"loss a word, without smoothing", "training", "validation"}, 3);
  losses.add_row({"only how often each word occurs", "", loss_of_frequencies(pairs)});
  losses.add_row({fmt::format("transformer after {} epoch{}", settings.data_epochs,
                              settings.data_epochs == 1 ? "" : "s"),
                  mean_loss(model, train_set), mean_loss(model, validation_set)});
  losses.print();

  const Examples shown(pairs.validation.begin(), pairs.validation.begin() + 5);
  const std::vector<Tokens> answers = answer(model, shown, std::size_t(settings.beam), 10);
  fmt::print("sentences of the validation part:\n");
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto& [source, target] = pairs.validation_text[i];
    fmt::print("  {}\n    right: {}\n    here:  {}\n", source, target,
               pairs.target.decode(answers[i]));
  }
}

}  // namespace seq2seq
