#include "common/core/generator.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>
#include <utility>

#include "common/core/error.hpp"
#include "common/random/cephes.hpp"
#include "common/random/mersenne_twister.hpp"
#include "common/system/text.hpp"

namespace byhand {
namespace {
constexpr std::size_t block = 16;  // normal() of at least this many values works in blocks of this many
constexpr const char* state_name = "mt19937";

/// Box-Muller on 16 uniforms, the first eight giving radii, the last eight angles. In float, as PyTorch computes it.
void normal_block(float* data, float mean, float std) {
  constexpr float two_pi = 2 * std::numbers::pi_v<float>;
  for (std::size_t j = 0; j < block / 2; ++j) {
    const float u1 = 1 - data[j], u2 = data[j + block / 2];  // u1 in (0, 1], so its logarithm is finite
    const float radius = std::sqrt(-2 * detail::cephes_log(u1));
    const detail::SinCos angle = detail::cephes_sincos(two_pi * u2);
    data[j] = std::fma(radius * angle.cos, std, mean);
    data[j + block / 2] = std::fma(radius * angle.sin, std, mean);
  }
}

/// A whole unsigned number that fits T: digits only, no sign.
template <class T>
T number_in(std::string_view word) {
  const std::optional<T> number = whole_number<T>(word);
  if (!number) fail("generator: '{}' in the state is not a number that can stand there", shown(word));
  return *number;
}

void check_weights(const std::vector<float>& weights) {
  check(!weights.empty(), "multinomial: there are no weights");
  float sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    check(std::isfinite(weights[i]) && weights[i] >= 0, "multinomial: weight {} is {}, it must be finite and not negative", i, weights[i]);
    sum += weights[i];
  }
  check(sum > 0, "multinomial: no weight is positive");
  check(std::isfinite(sum), "multinomial: the sum of the weights is too large for a float");
}
}  // namespace

struct Generator::State {
  detail::MersenneTwister bits;
  std::optional<double> spare_normal;  // Box-Muller makes two; the second waits here for the next call

  explicit State(std::uint64_t seed) : bits(std::uint32_t(seed)) {}

  std::uint64_t random64() {
    const std::uint64_t first = bits(), second = bits();
    return first << 32 | second;
  }
  /// 24 bits are what a float holds; PyTorch takes the low ones.
  float uniform_float() { return float(bits() & 0xffffffU) * 0x1p-24F; }
  double uniform_double() { return double(random64() & ((std::uint64_t(1) << 53) - 1)) * 0x1p-53; }

  double normal_double() {
    if (spare_normal) return *std::exchange(spare_normal, std::nullopt);
    const double u1 = uniform_double(), u2 = uniform_double();
    const double radius = std::sqrt(-2 * std::log1p(-u2)), theta = 2 * std::numbers::pi * u1;
    spare_normal = radius * std::sin(theta);
    return radius * std::cos(theta);
  }
};

Generator::Generator(std::uint64_t seed) : state_(std::make_shared<State>(seed)) {}

void Generator::manual_seed(std::uint64_t seed) { *state_ = State(seed); }

Generator Generator::clone() const {
  Generator copy;
  *copy.state_ = *state_;
  return copy;
}

// "mt19937 NEXT SPARE w0 … w623": SPARE is the bits of the waiting normal value as a whole number, or "-". Whole numbers only, so that the
// value comes back bit for bit.
std::string Generator::state() const {
  const auto& bits = state_->bits;
  std::string text = fmt::format("{} {} ", state_name, bits.next);
  text += state_->spare_normal ? fmt::format("{}", std::bit_cast<std::uint64_t>(*state_->spare_normal)) : "-";
  for (const std::uint32_t word : bits.words) text += fmt::format(" {}", word);
  return text;
}

void Generator::set_state(const std::string& state) {
  State read(0);  // filled first, taken over only when all of it is good
  const std::vector<std::string_view> words = split_words(state, " \n\r");
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : ""; };
  check(word(0) == state_name, "generator: this is not the text of a state (it must begin with '{}')", state_name);
  read.bits.next = number_in<std::uint32_t>(word(1));
  check(read.bits.next <= read.bits.size, "generator: position {} of the state is larger than {}", read.bits.next, read.bits.size);
  if (word(2) != "-") {
    read.spare_normal = std::bit_cast<double>(number_in<std::uint64_t>(word(2)));
    check(std::isfinite(*read.spare_normal), "generator: the normal value kept in the state is not finite");
  }
  std::uint32_t any = 0;
  for (std::size_t i = 0; i < read.bits.size; ++i) {
    check(3 + i < words.size(), "generator: the state has {} words, it needs {}", i, read.bits.size);
    read.bits.words[i] = number_in<std::uint32_t>(words[3 + i]);
    any |= i == 0 ? read.bits.words[i] & 0x80000000U : read.bits.words[i];  // of the first word only the top bit is ever used
  }
  check(words.size() == 3 + read.bits.size, "generator: the state goes on after its {} words", read.bits.size);
  check(any != 0, "generator: the state is all zeros, which would give zeros for ever");
  *state_ = read;
}

std::uint32_t Generator::random() { return state_->bits(); }

std::uint64_t Generator::random64() { return state_->random64(); }

std::vector<float> Generator::uniform(std::size_t n, float low, float high) {
  check(std::isfinite(low) && std::isfinite(high) && low <= high, "uniform: low {} and high {} are not the ends of a range", low, high);
  check(std::isfinite(high - low), "uniform: the range from {} to {} is too wide for a float", low, high);
  std::vector<float> values(n);
  // One rounding at the end, as in PyTorch: the product of two floats is exact in double.
  for (float& value : values) value = float(double(state_->uniform_float()) * double(high - low) + double(low));
  return values;
}

float Generator::uniform() { return state_->uniform_float(); }

std::vector<float> Generator::normal(std::size_t n, float mean, float std) {
  check(std::isfinite(mean) && std::isfinite(std) && std >= 0, "normal: mean {} and std {}: both must be finite, std not negative", mean,
        std);
  std::vector<float> values(n);
  if (n < block) {
    for (float& value : values) value = float(state_->normal_double() * double(std) + double(mean));
    return values;
  }
  for (float& value : values) value = state_->uniform_float();
  for (std::size_t i = 0; i + block <= n; i += block) normal_block(values.data() + i, mean, std);
  if (n % block != 0) {  // the last 16 values once more, so that the rest is covered
    float* last = values.data() + n - block;
    for (std::size_t j = 0; j < block; ++j) last[j] = state_->uniform_float();
    normal_block(last, mean, std);
  }
  return values;
}

float Generator::normal() { return float(state_->normal_double()); }

std::vector<std::int64_t> Generator::randint(std::int64_t low, std::int64_t high, std::size_t n) {
  check(low < high, "randint: the range from {} to {} (not included) is empty", low, high);
  const std::uint64_t range = std::uint64_t(high) - std::uint64_t(low);
  const bool wide = range >> 32 != 0;
  std::vector<std::int64_t> values(n);
  for (std::int64_t& value : values) {
    const std::uint64_t drawn = wide ? state_->random64() : state_->bits();
    value = std::int64_t(drawn % range + std::uint64_t(low));
  }
  return values;
}

std::vector<std::int64_t> Generator::randperm(std::size_t n) {
  std::vector<std::int64_t> order(n);
  std::iota(order.begin(), order.end(), std::int64_t(0));
  for (std::size_t i = 0; i + 1 < n; ++i) std::swap(order[i], order[i + state_->bits() % (n - i)]);
  return order;
}

std::vector<float> Generator::bernoulli(const std::vector<float>& probabilities) {
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    check(probabilities[i] >= 0 && probabilities[i] <= 1, "bernoulli: probability {} is {}, not between 0 and 1", i, probabilities[i]);
  }
  std::vector<float> values;
  values.reserve(probabilities.size());
  for (const float p : probabilities) values.push_back(state_->uniform_float() < p ? 1.F : 0.F);
  return values;
}

std::vector<float> Generator::bernoulli(std::size_t n, double probability) {
  check(probability >= 0 && probability <= 1, "bernoulli: probability {} is not between 0 and 1", probability);
  std::vector<float> values(n);
  for (float& value : values) value = state_->uniform_double() < probability ? 1.F : 0.F;
  return values;
}

// With q exponentially distributed, weight_i / q is the largest with probability weight_i / sum: of clocks that ring at random, each at its
// own rate, the one that rings first.
std::int64_t Generator::multinomial(const std::vector<float>& weights) {
  check_weights(weights);
  std::size_t best = weights.size();
  float best_score = -1;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const float q = float(-std::log1p(-state_->uniform_double()));
    if (weights[i] > 0 && weights[i] / q > best_score) {
      best_score = weights[i] / q;
      best = i;
    }
  }
  return std::int64_t(best);
}

std::vector<std::int64_t> Generator::multinomial(const std::vector<float>& weights, std::size_t n) {
  check_weights(weights);
  std::vector<float> cumulative(weights.size());
  std::partial_sum(weights.begin(), weights.end(), cumulative.begin());
  const float sum = cumulative.back();
  for (float& c : cumulative) c /= sum;
  std::vector<std::int64_t> indices(n);
  for (std::int64_t& index : indices) {
    const double u = state_->uniform_double();
    const auto slot = std::lower_bound(cumulative.begin(), cumulative.end(), u, [](float c, double value) { return double(c) < value; });
    index = slot - cumulative.begin();
  }
  return indices;
}

}  // namespace byhand
