#include <ex5_schedule.hpp>  // the reader's, the original or the solution: the build decides

#include "chapters/03_training/by_hand/rates.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

TEST_CASE("rates that a pencil can do: base 0.8, warm-up of 4 steps") {
  verdict::equal("step 0", 0.2, exercise::rate(0.8, 4, 0), 1e-12);
  verdict::equal("step 1", 0.4, exercise::rate(0.8, 4, 1), 1e-12);
  verdict::equal("step 3", 0.8, exercise::rate(0.8, 4, 3), 1e-12);
  verdict::equal("step 15", 0.4, exercise::rate(0.8, 4, 15), 1e-12);   // sqrt(4 / 16) = 1/2
  verdict::equal("step 99", 0.16, exercise::rate(0.8, 4, 99), 1e-12);  // sqrt(4 / 100) = 1/5
}

// The transformer's rate at its top, n = warmup, is (size * warmup)^-0.5: divided by that, its top
// is 1.
TEST_CASE("the chapter's schedule of the transformer, whose top is set to 1") {
  std::vector<real> expected, came;
  const double top = 1 / std::sqrt(512.0 * 40);
  for (int step = 0; step < 400; ++step) {
    expected.push_back(real(rates::noam(512, 40, step) / top));
    came.push_back(real(exercise::rate(1, 40, step)));
  }
  verdict::equal("400 steps, warm-up 40", array(expected), array(came));
}
