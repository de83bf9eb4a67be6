// Chapter 11: the transformer. Notes 000 § 19, § 27; 001 "Counting parameters"; 003 § 14.
#include <algorithm>

#include "chapters/11_transformer/count_tables.hpp"
#include "chapters/11_transformer/decoding.hpp"
#include "chapters/11_transformer/pictures.hpp"
#include "chapters/11_transformer/slides.hpp"
#include "chapters/11_transformer/task_pictures.hpp"
#include "chapters/11_transformer/text_pairs.hpp"
#include "chapters/11_transformer/translator.hpp"
#include "common/app/chapter.hpp"

using namespace byhand;

namespace {

struct Settings : app::Settings {
  std::string task = "reverse";
  int steps = 1000, beam = 1, column = 2, data_epochs = 10;
  std::filesystem::path data;
};

const transformer::Pair lets_go = transformer::pairs()[0];  // let's go -> vamos

void before_training(const transformer::Translator& model) {
  app::heading("1. SOS let's go -> vamos EOS: a transformer with 69 weights, before training");
  app::Table table({"weights", "encoder", "decoder"});
  table.add_row({"word embedding", "4 x 2", "5 x 2"});
  table.add_row({"self-attention: queries, keys, values", "3 x 2 x 2", "3 x 2 x 2, masked"});
  table.add_row({"encoder-decoder attention", "", "3 x 2 x 2"});
  table.add_row({"fully connected layer", "", "5 x 2 + 5"});
  table.add_row({"in all", model.encoder.parameter_count(), model.decoder.parameter_count()});
  table.print();
  fmt::print("together {} (notebook: 69)\n", model.parameter_count());

  const transformer::Weights w = transformer::weights_of(model);
  const auto loops = transformer::by_hand::encode(w, transformer::encoder_input(lets_go.input));
  const transformer::Run matrices = transformer::run(w, lets_go);
  const NoGrad no_grad;
  const Tensor layers = model.encoder(matrices.input);
  app::agree("encoder: loops = matrices", transformer::by_hand::to_array(loops), matrices.encoder.output, 1e-5);
  app::agree("encoder: matrices = layers", matrices.encoder.output, layers.value(), 1e-5);
  app::agree("decoder: loops = matrices", transformer::by_hand::to_array(transformer::by_hand::decode(w, matrices.output, loops)),
             matrices.decoder.logits, 1e-5);
  app::agree("decoder: matrices = layers", matrices.decoder.logits, model.decoder(matrices.output, layers).value(), 1e-5);
  fmt::print("logits after SOS:   {}  (notebook: 0.0417 0.0945 0.2714 -0.0105 0.0902)\n",
             transformer::row_text(matrices.decoder.logits, 0, 4));
  fmt::print("logits after vamos: {}  (notebook: 0.8693 -1.0257 -0.6939 0.1791 -0.6546)\n",
             transformer::row_text(matrices.decoder.logits, 1, 4));
}

void thirty_epochs(const transformer::Translator& model, int epochs) {
  const auto answers = [&] {
    std::vector<std::string> texts;
    for (const auto& pair : transformer::pairs())
      texts.push_back(transformer::text(transformer::translate(model, pair.input), transformer::output_words()));
    return texts;
  };
  app::heading(fmt::format("2. {} epochs: Adam, learning rate 0.1, teacher forcing", epochs));
  const auto before = answers();
  const std::vector<double> losses = transformer::train(model, transformer::pairs(), epochs, 0.1);
  const auto after = answers();
  const auto epoch = [&](int wanted) { return fmt::format("epoch {}", std::min(wanted, epochs)); };
  app::Table table({"phrase", "answer before, token by token", "after", "loss: " + epoch(1), epoch(2), epoch(5), epoch(epochs)}, 6);
  for (std::size_t pair = 0; pair < 2; ++pair) {
    const auto loss = [&](int wanted) { return losses[2 * (std::size_t(std::min(wanted, epochs)) - 1) + pair]; };
    table.add_row({transformer::text(transformer::pairs()[pair].input, transformer::input_words()), before[pair], after[pair], loss(1),
                   loss(2), loss(5), loss(epochs)});
  }
  table.print();
  fmt::print("notebook, let's go: SOS vamos SOS ir, then SOS vamos EOS. In training the decoder reads the right words, in use its own.\n");
}

void lecture(const Settings& settings) {
  const transformer::Translator model(settings.seed);
  const transformer::Run before = transformer::run(transformer::weights_of(model), lets_go);
  before_training(model);
  thirty_epochs(model, settings.epochs);
  const transformer::Weights w = transformer::weights_of(model);
  const transformer::Run after = transformer::run(w, lets_go);
  app::heading("3. The encoder, matrix by matrix, after training");
  transformer::print_encoder(after.encoder, w, after.input);
  app::heading("4. The decoder, matrix by matrix: it reads SOS vamos and should say vamos EOS");
  transformer::print_decoder(after.decoder, w, after.output, after.input);
  const NoGrad no_grad;
  const Array open = model.decoder(after.output, model.encoder(after.input), false).value();
  fmt::print("Mask left out: after vamos {}, the same; after SOS {}, another.\n", transformer::row_text(open, 1, 2),
             transformer::row_text(open, 0, 2));
  app::heading("5. These are the slides' numbers");
  if (settings.seed == 42 && settings.epochs == 30)
    transformer::compare_with_slides(after.encoder, w);
  else
    fmt::print("Not this time: they need --seed 42 and --epochs 30.\n");
  app::show(transformer::attention_figure(before, after), "attention", settings);
  app::show(transformer::residual_figure(before, after), "residual", settings);
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
  app::Table table({"weights", "loss of the test rows", "share of whole rows right"}, 3);
  const auto right = [&](bool masked) { return share_right(test, answer(model, test, std::size_t(settings.beam), 2, masked)); };
  const Training training{.steps = settings.steps};
  const std::vector<Step> steps = fit(model, PairDataset(examples), training, generator, [&] {
    table.add_row({"of the last step", mean_loss(model, PairDataset(test)), right(true)});
  });
  table.add_row({"averaged over the last quarter of the steps", mean_loss(model, PairDataset(test)), right(true)});
  table.add_row({"the same, mask left out while answering", "", right(false)});
  table.print();
  const auto shorter = [](const Example& a, const Example& b) { return a.source.size() < b.source.size(); };
  const Examples shown(test.begin(), test.begin() + 3);
  const std::vector<Tokens> answers = answer(model, shown, std::size_t(settings.beam));
  for (std::size_t i = 0; i < shown.size(); ++i) fmt::print("{}  ->  {}\n", digits_text(shown[i].source), digits_text(answers[i]));
  const double smallest = smallest_loss(training.smoothing, digit_vocabulary);
  fmt::print("last training loss {:.3f}: with label smoothing {} it cannot fall below {:.3f}\n", steps.back().loss, training.smoothing,
             smallest);
  app::show(training_figure(steps, smallest), "training", settings);
  app::show(looks_figure(model, *std::max_element(shown.begin(), shown.end(), shorter), settings.task), "looks", settings);
}

void sentences(const Settings& settings, const seq2seq::Sentences& text) {
  using namespace seq2seq;
  app::heading(fmt::format("9. Real sentences: {}, column {}", settings.data.filename().string(), settings.column));
  Generator generator{settings.seed};
  const TextPairs pairs = prepare(text, 16, generator);
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
  losses.add_row(
      {fmt::format("transformer after {} epochs", settings.data_epochs), mean_loss(model, train_set), mean_loss(model, validation_set)});
  losses.print();
  const Examples shown(pairs.validation.begin(), pairs.validation.begin() + 5);
  const std::vector<Tokens> answers = answer(model, shown, std::size_t(settings.beam), 10);
  fmt::print("sentences of the validation part:\n");
  for (std::size_t i = 0; i < shown.size(); ++i)
    fmt::print("  {}\n    right: {}\n    here:  {}\n", pairs.validation_text[i].first, pairs.validation_text[i].second,
               pairs.target.decode(answers[i]));
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  settings.epochs = 30;
  app::Options options("11_transformer",
                       "The transformer of the lecture, matrix by matrix; parameters counted; a small one that copies, reverses or sorts.",
                       settings);
  options.add("--task", settings.task, "what the small transformer learns: copy, reverse or sort");
  options.add("--steps", settings.steps, "its training steps", 1, 1000000);
  options.add("--beam", settings.beam, "beginnings kept when it answers; 1 is greedy", 1, 64);
  options.add("--data", settings.data, "sentences to translate instead of digits: a file of lines 'English TAB other'");
  options.add("--column", settings.column, "the column of --data to translate into", 2, 100);
  options.add("--data-epochs", settings.data_epochs, "epochs on --data", 1, 10000);
  return options.run(argc, argv, [&] {
    seq2seq::task_of(settings.task);  // what is wrong is said before anything is trained
    const auto text = settings.data.empty() ? seq2seq::Sentences{} : seq2seq::read_sentences(settings.data, settings.column);
    if (settings.quick) settings.steps = std::min(settings.steps, 60), settings.data_epochs = 1;
    lecture(settings);
    app::heading("6. Six encoder and six decoder layers, size 512, 8 heads, 2048 hidden units");
    counting::print_encoder_decoder();
    app::heading("7. Counting parameters");
    counting::print_counts();
    if (settings.data.empty())
      digits(settings);
    else
      sentences(settings, text);
  });
}
