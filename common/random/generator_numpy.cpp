#include <cmath>
#include <optional>
#include <utility>

#include "common/core/error.hpp"
#include "common/core/generator.hpp"
#include "common/random/mersenne_twister.hpp"

namespace byhand {

struct NumpyGenerator::State {
  detail::MersenneTwister bits;
  std::optional<double> spare_normal;
};

NumpyGenerator::NumpyGenerator(std::uint32_t seed) : state_(std::make_shared<State>(State{detail::MersenneTwister(seed), {}})) {}

double NumpyGenerator::uniform() {
  const std::uint32_t high = state_->bits() >> 5, low = state_->bits() >> 6;  // 27 and 26 bits: the 53 of a double
  return (high * 0x1p26 + low) * 0x1p-53;
}

// The polar method: a point in the unit disc, drawn until it falls inside, gives two values. NumPy hands out the second first.
double NumpyGenerator::normal() {
  if (state_->spare_normal) return *std::exchange(state_->spare_normal, std::nullopt);
  double x1 = 0, x2 = 0, r2 = 0;
  do {
    x1 = 2 * uniform() - 1;
    x2 = 2 * uniform() - 1;
    r2 = x1 * x1 + x2 * x2;
  } while (r2 >= 1 || r2 == 0);
  const double factor = std::sqrt(-2 * std::log(r2) / r2);
  state_->spare_normal = factor * x1;
  return factor * x2;
}

std::size_t NumpyGenerator::choice(const std::vector<double>& probabilities) {
  check(!probabilities.empty(), "choice: there are no probabilities");
  double sum = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    check(probabilities[i] >= 0, "choice: probability {} is {}, it must not be negative", i, probabilities[i]);
    sum += probabilities[i];
  }
  check(std::abs(sum - 1) <= 0x1p-26, "choice: the probabilities sum to {}, not to 1", sum);  // NumPy's tolerance, sqrt of double's epsilon
  const double u = uniform();
  double cumulative = 0;
  for (std::size_t i = 0; i + 1 < probabilities.size(); ++i) {
    cumulative += probabilities[i];
    if (u < cumulative / sum) return i;
  }
  return probabilities.size() - 1;
}

}  // namespace byhand
