#include <ex4_budget.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/08_lstm/by_hand.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {
constexpr int budget = 200;  // epochs
}

TEST_CASE("the settings are settings") {
  const auto [learning_rate, epochs] = ex::my_settings();
  verdict::holds("learning rate", learning_rate > 0 && std::isfinite(learning_rate),
                 fmt::format("{} is not a positive number", learning_rate));
  verdict::holds("epochs", epochs >= 1 && epochs <= budget,
                 fmt::format("{} is not from 1 to {}; what the rows show came from {}", epochs,
                             budget, std::clamp(epochs, 1, budget)));
}

TEST_CASE("A near 0 and B near 1 from three starts") {
  const auto [learning_rate, epochs] = ex::my_settings();
  if (!(learning_rate > 0) || !std::isfinite(learning_rate)) return;  // said above
  for (const std::uint64_t seed : {42, 1, 7}) {
    Generator generator{seed};
    lstm::Weights<real> w = lstm::random_weights(generator);
    const auto end =
        lstm::train_by_hand(w, learning_rate, std::clamp(epochs, 1, budget), budget).back();
    verdict::equal(fmt::format("seed {}: A, to 0.05", seed), 0, end.prediction_a, 0.05);
    verdict::above(fmt::format("seed {}: B", seed), end.prediction_b, 0.95);
  }
}
