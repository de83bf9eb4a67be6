#include <ex2_momentum.hpp>  // the reader's, the original or the solution: the build decides

#include "chapters/03_training/by_hand/rules.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

TEST_CASE("300 steps of SGD with momentum") {
  const auto [lr, mu] = exercise::settings;
  verdict::holds("momentum", mu >= 0 && mu < 1,
                 fmt::format("it must lie in [0, 1), not be {}", mu));
  verdict::holds("learning rate", lr > 0, fmt::format("it must be positive, not {}", lr));
  verdict::below("surface after 300 steps",
                 rules::rosenbrock(rules::walk(rules::momentum(lr, mu), 300).back()), 0.001);
}
