// Chapter 01: tensors. Notes 000 § 25 and 26.
// The table of contents: parts/ holds one file for each numbered part of the output.
#include <algorithm>

#include "chapters/01_tensors/parts/parts.hpp"

using namespace byhand;

namespace {

struct Settings : app::Settings {
  int size = 256;
};

void lesson(const Settings& settings) {
  tensors::scalars_to_n_dimensions();       // 1: what a shape says
  tensors::broadcasting();                  // 2: what happens when two shapes meet
  tensors::linear_or_not(settings);         // 3: which maps of the plane are matrices
  tensors::two_into_one(settings);          // 4: two matrices, one after the other, are one
  tensors::layers_are_matrices(settings);   // 5: nn.Linear by hand, as matrices, built in
  tensors::three_derivatives(settings);     // 6: by hand, by a small step, by autograd
  tensors::speed(settings.size, settings);  // 7: why nobody multiplies with three plain loops
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  app::Options options(
      "01_tensors",
      "Tensors, broadcasting, matrices, automatic differentiation, and how fast a product is.",
      settings);
  options.add("--size", settings.size,
              "rows and columns of the matrices that are multiplied in part 7", 1, 2048);
  return options.run(argc, argv, [&] {
    if (settings.quick) settings.size = std::min(settings.size, 64);
    lesson(settings);
  });
}
