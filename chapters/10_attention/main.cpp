// Chapter 10: attention. Notes 000 § 20 and § 21, notes 001 from "The attention pattern" to
// "The output matrix". What to read, in this order:
//   attention itself: by_hand, matrices, built_in; then multi_head, masks, positions, cost
//   patterns/: a sentence whose weights were made by hand, and a model that learns where to look
//   parts/: what each part of the output prints and draws, one file a part
#include <algorithm>

#include "chapters/10_attention/parts/parts.hpp"
#include "common/app/chapter.hpp"

using namespace byhand;
namespace parts = attention::parts;

constexpr int most_epochs = 1000000;

int main(int argc, char** argv) {
  app::Settings settings;
  settings.epochs = 150;
  app::Options options("10_attention",
                       "Attention by hand, as matrices, built in. --epochs: steps of training on "
                       "look-ups.",
                       settings);
  return options.run(argc, argv, [&] {
    check(settings.epochs <= most_epochs, "--epochs: '{}' is not a whole number from 1 to {}",
          settings.epochs, most_epochs);
    if (settings.quick) settings.epochs = std::min(settings.epochs, 60);
    Generator generator{42};  // the lecture's seed: its weights, whatever --seed says
    const attention::Weights head1 = attention::random_weights(2, 2, generator);
    const attention::Weights head2 = attention::random_weights(2, 2, generator);

    parts::one_word(head1);
    parts::three_ways({head1, head2});
    parts::hiding_the_future(head1);
    parts::rows_or_columns(head1);
    parts::where_words_stand(settings);
    parts::fluffy_blue_creature();
    parts::values_added(settings);
    parts::context_size(settings);
    parts::backward(head1);
    parts::look_ups(settings);
  });
}
