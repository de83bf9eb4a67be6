#include <ex3_clipping.hpp>  // the reader's, the original or the solution: the build decides

#include "chapters/03_training/by_hand/clipping.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;
using exercise::Vector;

namespace {
Array flat(const std::vector<Vector>& gradients) {
  std::vector<real> all;
  for (const Vector& g : gradients) all.insert(all.end(), g.begin(), g.end());
  return array(all);
}
}  // namespace

// (0.6, 0), (0, 0.8) has the length 1; (3, 4), (0, 12) has 13.
TEST_CASE("lengths that a pencil can do") {
  verdict::equal("(3, 4), (0, 12) to 6.5", flat({{1.5, 2}, {0, 6}}),
                 flat(exercise::clip({{3, 4}, {0, 12}}, 6.5)));
  verdict::equal("(3, 4), (0, 12) to 13", flat({{3, 4}, {0, 12}}),
                 flat(exercise::clip({{3, 4}, {0, 12}}, 13)), 0);
  verdict::equal("(0.6, 0), (0, 0.8) to 2", flat({{0.6, 0}, {0, 0.8}}),
                 flat(exercise::clip({{0.6, 0}, {0, 0.8}}, 2)), 0);
  verdict::equal("zeros", flat({{0, 0}, {0}}), flat(exercise::clip({{0, 0}, {0}}, 1)), 0);
}

TEST_CASE("the notes' gradient keeps its direction") {
  const std::vector<Vector> clipped = exercise::clip({{0.9, 100}}, 1);
  verdict::equal("[0.9, 100] at 1", flat({clipping::by_norm({0.9, 100}, 1)}), flat(clipped));
  if (clipped.size() == 1 && clipped[0].size() == 2)
    verdict::equal("degrees turned", 0, clipping::angle({0.9, 100}, clipped[0]), 1e-4);
}

TEST_CASE("several variables, as PyTorch but for its 1e-6") {
  const std::vector<Vector> gradients = {{1, -2, 3}, {40}, {-5, 6}};
  verdict::equal("three variables to 5", flat(clipping::by_global_norm(gradients, 5)),
                 flat(exercise::clip(gradients, 5)));
}
