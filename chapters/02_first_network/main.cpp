// Chapter 02: the first network. Notes 000 § 28, 004 § 1.3.3.
// The table of contents: parts/ holds one file for each numbered part of the output.
#include "chapters/02_first_network/parts/parts.hpp"
#include "chapters/02_first_network/pictures.hpp"
#include "common/app/figures.hpp"

using namespace byhand;

namespace {

void lesson(const app::Settings& settings) {
  namespace part = first_network;
  part::dosage_three_ways();                              // 1: by hand, as matrices, built in
  const auto descent = part::train_final_bias(settings);  // 2: one bias down the slope
  part::bent_lines();                                     // 3: all the derivatives of a bent line
  part::cross_entropy_on_irises();                        // 4: three species, softmax, its loss
  part::train_on_all_irises(settings);                    // 5: the same network on real data
  fmt::print("\n");
  app::save_figure(part::dosage_figure(), "dosage", settings);
  app::save_figure(part::descent_figure(descent), "descent", settings);
  app::save_figure(part::activations_figure(), "activations", settings);
  app::save_figure(part::losses_figure(), "losses", settings);
}

}  // namespace

int main(int argc, char** argv) {
  app::Settings settings;
  settings.epochs = 100;
  app::Options options(
      "02_first_network",
      "The first network: outputs, one bias trained, back-propagation by hand, cross-entropy. "
      "--epochs: at most so many for final_bias.",
      settings);
  return options.run(argc, argv, [&] { lesson(settings); });
}
