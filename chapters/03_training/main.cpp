// Chapter 03: training. Notes 000 § 29, 002 (SGD and Adam), 003 § 12, 004 § 1.3 and § 3.
// The table of contents: parts/ holds one file for each numbered part of the output.
#include <algorithm>

#include "chapters/03_training/parts/parts.hpp"

using namespace byhand;

namespace {

void lesson(const app::Settings& settings) {
  Generator generator{settings.seed};
  const training::Sets sets{moons::make(400, 0.2, generator), moons::make(200, 0.2, generator)};
  training::three_descents(settings, sets);      // 1: how many examples go into one step
  training::optimiser_paths(settings);           // 2: how a gradient becomes a step
  training::find_learning_rate(settings, sets);  // 3: how large the step should be
  training::schedules(settings);                 // 4: how that changes over time
  training::deep_gradients(settings, sets);      // 5: what depth does to the gradient
  training::clip_gradients(settings);            // 6: what is done when it is too long
  training::over_fit(settings);                  // 7: what it means to learn by heart
  training::stop_and_resume(settings, sets);     // 8: who runs the loop, and how it goes on
}

}  // namespace

int main(int argc, char** argv) {
  app::Settings settings;
  settings.epochs = 40;
  app::Options options("03_training",
                       "How networks are trained, and what goes wrong. --epochs: of part 1.",
                       settings);
  return options.run(argc, argv, [&] {
    if (settings.quick) settings.epochs = std::min(settings.epochs, 3);
    lesson(settings);
  });
}
