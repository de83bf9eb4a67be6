// the reader's, the original, or the one in solutions/: the build decides
#include <ex5_pole.hpp>
#include "tests/exercises/verdict.hpp"

#include <cmath>

#include "chapters/04_policy_gradient/reinforce.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {
constexpr std::size_t budget = 320;  // episodes to learn from
}

TEST_CASE("the settings are settings") {
  const auto [learning_rate, episodes, gamma] = ex::my_settings();
  verdict::holds("learning rate", learning_rate > 0 && std::isfinite(learning_rate),
                 fmt::format("{} is not a positive number", learning_rate));
  verdict::holds("episodes per update", episodes >= 1 && episodes <= budget,
                 fmt::format("{} is not from 1 to {}", episodes, budget));
  verdict::holds("gamma", gamma >= 0 && gamma <= 1, fmt::format("{} is not from 0 to 1", gamma));
}

TEST_CASE("three trainings") {
  const auto [learning_rate, episodes, gamma] = ex::my_settings();
  if (!(learning_rate > 0) || !std::isfinite(learning_rate) || episodes < 1 || episodes > budget ||
      !(gamma >= 0 && gamma <= 1))
    return;  // said above
  const cartpole::ReinforceOptions options{.updates = int(budget / episodes),
                                           .episodes_per_update = episodes,
                                           .learning_rate = learning_rate,
                                           .gamma = real(gamma)};
  double sum = 0;
  for (const std::uint64_t seed : {42, 1, 7}) {
    Generator generator{seed};
    const cartpole::Policy policy(32, generator);
    cartpole::train(policy, options, generator);
    const double steps = cartpole::mean_steps(cartpole::play(policy, 50, generator));
    verdict::above(fmt::format("steps, seed {}", seed), steps, 50);
    sum += steps;
  }
  verdict::above("steps, mean of the three", sum / 3, 350);
}
