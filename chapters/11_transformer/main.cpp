// Chapter 11: the transformer. Notes 000 § 19, § 27; 001 "Counting parameters"; 003 § 14.
// Three lessons, a folder each. In each folder show prints and pictures draws.
// What to read, in this order:
//   lecture/, parts 1-5, namespace transformer: vocabulary (SOS 0, EOS 4), by_hand, matrices,
//     built_in
//   counting/, parts 6-7: formulas, whole_models
//   seq2seq/, parts 8-9: examples (padding 0, start 1, end 2), model, training, decoding
#include <algorithm>

#include "chapters/11_transformer/counting/show.hpp"
#include "chapters/11_transformer/lecture/show.hpp"
#include "chapters/11_transformer/seq2seq/show.hpp"
#include "common/app/chapter.hpp"

using namespace byhand;

namespace {

constexpr int most_epochs = 1000000;

void lecture(const app::Settings& settings) {
  using namespace transformer;
  const Pair lets_go = pairs()[0];  // let's go -> vamos
  const bool notebook_seed = settings.seed == 42;
  const bool notebook_run = notebook_seed && settings.epochs == 30;
  const Translator model(settings.seed);
  const Run before = run(weights_of(model), lets_go);
  before_training(model, notebook_seed);
  thirty_epochs(model, settings.epochs, notebook_run);
  const Run after = run(weights_of(model), lets_go);
  encoder_matrices(after);
  decoder_matrices(model, after, notebook_run);
  numbers_of_the_slides(before, after, notebook_run, settings);
}

}  // namespace

int main(int argc, char** argv) {
  seq2seq::Settings settings;
  settings.epochs = 30;
  app::Options options(
      "11_transformer",
      "The transformer of the lecture, matrix by matrix; parameters counted; a small one that "
      "copies, reverses or sorts.",
      settings);
  options.add("--task", settings.task,
              "what the small transformer learns: copy, reverse or sort; not with --data");
  options.add("--steps", settings.steps, "its training steps; not with --data", 1, 1000000);
  options.add("--beam", settings.beam, "beginnings kept when it answers; 1 is greedy", 1, 64);
  options.add("--data", settings.data,
              "sentences to translate instead of digits: a file of lines 'English TAB other'");
  options.add("--column", settings.column, "with --data: the column to translate into", 2, 100);
  options.add("--data-epochs", settings.data_epochs, "with --data: epochs on it", 1, 10000);
  return options.run(argc, argv, [&] {
    check(settings.epochs <= most_epochs, "--epochs: '{}' is not a whole number from 1 to {}",
          settings.epochs, most_epochs);
    seq2seq::check_options(settings, argc, argv);
    // Read first: what is wrong with the sentences is said before anything is trained.
    const std::optional<seq2seq::Text> text = seq2seq::read_text(settings);
    if (settings.quick) settings.steps = std::min(settings.steps, 60), settings.data_epochs = 1;
    lecture(settings);
    counting::print_encoder_decoder();
    counting::print_counts();
    if (text)
      seq2seq::sentences(settings, *text);
    else
      seq2seq::digits(settings);
  });
}
