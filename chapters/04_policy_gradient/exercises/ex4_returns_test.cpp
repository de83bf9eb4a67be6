// the reader's, the original, or the one in solutions/: the build decides
#include <ex4_returns.hpp>
#include "tests/exercises/verdict.hpp"

#include "chapters/04_policy_gradient/reinforce.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

Array came(const std::vector<real>& rewards, real gamma) {
  return array(ex::returns(rewards, gamma));
}

/// Every return by its own sum.
Array expected(const std::vector<real>& rewards, real gamma) {
  std::vector<real> all;
  for (std::size_t t = 0; t < rewards.size(); ++t) {
    double sum = 0, factor = 1;
    for (std::size_t k = t; k < rewards.size(); ++k, factor *= double(gamma))
      sum += factor * double(rewards[k]);
    all.push_back(real(sum));
  }
  return array(all);
}

}  // namespace

TEST_CASE("returns that can be done with a pencil") {
  verdict::equal("1, 2, 4 with gamma 0.5", array({3, 4, 4}), came({1, 2, 4}, real(0.5)));
  verdict::equal("0, 0, 8 with gamma 0.5", array({2, 4, 8}), came({0, 0, 8}, real(0.5)));
  verdict::equal("a single reward", array({-3}), came({-3}, real(0.9)));
  verdict::equal("gamma 0: the rewards", array({1, -2, 3, 0}), came({1, -2, 3, 0}, 0));
  verdict::equal("gamma 1: plain sums", array({2, 1, 3, 0}), came({1, -2, 3, 0}, 1));
}

TEST_CASE("rewards of 1: the chapter's returns") {
  for (const std::size_t steps : {1u, 500u}) {
    const std::vector<real> ones(steps, 1);
    for (const real gamma : {real(0), real(0.99), real(1)})
      verdict::equal(fmt::format("{} times 1, gamma {}", steps, gamma),
                     array(cartpole::discounted_returns(steps, gamma)), came(ones, gamma), 1e-3);
  }
}

TEST_CASE("random rewards") {
  Generator generator{42};
  for (const std::size_t steps : {1u, 7u, 300u}) {
    std::vector<real> rewards;
    for (const float reward : generator.uniform(steps, -1, 1)) rewards.push_back(real(reward));
    for (const real gamma : {real(0), real(0.9), real(1)})
      verdict::equal(fmt::format("{} random, gamma {}", steps, gamma), expected(rewards, gamma),
                     came(rewards, gamma), 1e-4);
  }
}
