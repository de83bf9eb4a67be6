#pragma once
/// @file
/// Spine, core. Random numbers, the same as PyTorch's and NumPy's from the same seed.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace byhand {

/// PyTorch's CPU generator (a Mersenne Twister, MT19937): after `Generator g{42}` every draw equals
/// what PyTorch draws after `torch.manual_seed(42)`, call by call. A handle: copies share one
/// stream, as a module and its training loop should.
/// Checked against tests/golden/torch_rng.json.
class Generator {
 public:
  explicit Generator(std::uint64_t seed = 42);

  /// Starts the stream again from a seed (its low 32 bits count, as in PyTorch).
  void manual_seed(std::uint64_t seed);
  /// A second generator in the same state, independent from here on.
  Generator clone() const;
  /// The whole state as one line of text, and back. Error when the text is not such a state.
  std::string state() const;
  void set_state(const std::string& state);

  /// The next 32 or 64 random bits.
  std::uint32_t random();
  std::uint64_t random64();

  /// `n` floats uniform on [low, high): torch.empty(n).uniform_(low, high).
  std::vector<float> uniform(std::size_t n, float low = 0, float high = 1);
  /// One float uniform on [0, 1): torch.rand(1).
  float uniform();
  /// `n` floats from the normal distribution: torch.empty(n).normal_(mean, std). From 16 values on
  /// PyTorch draws in another order.
  std::vector<float> normal(std::size_t n, float mean = 0, float std = 1);
  /// One float from the normal distribution: torch.normal(mean, std) of single numbers.
  float normal();
  /// `n` integers on [low, high): torch.randint(low, high, (n,)). Error when the range is empty.
  std::vector<std::int64_t> randint(std::int64_t low, std::int64_t high, std::size_t n);
  /// A random order of 0 … n - 1: torch.randperm(n).
  std::vector<std::int64_t> randperm(std::size_t n);
  /// One 0 or 1 for each probability: torch.bernoulli(p). Error when a probability is outside [0,
  /// 1].
  std::vector<float> bernoulli(const std::vector<float>& probabilities);
  /// `n` zeros and ones with one probability: torch.empty(n).bernoulli_(p), which draws 64 bits a
  /// value. Dropout uses it.
  std::vector<float> bernoulli(std::size_t n, double probability);
  /// One index drawn in proportion to the weights: torch.multinomial(weights, 1). Error when no
  /// weight is positive.
  std::int64_t multinomial(const std::vector<float>& weights);
  /// `n` indices drawn with replacement: torch.multinomial(weights, n, replacement=True).
  std::vector<std::int64_t> multinomial(const std::vector<float>& weights, std::size_t n);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// NumPy's classic generator: `numpy.random.seed(s)` and the functions of numpy.random, for the
/// notebooks that use them.
class NumpyGenerator {
 public:
  explicit NumpyGenerator(std::uint32_t seed);
  /// Uniform on [0, 1): numpy.random.uniform().
  double uniform();
  /// Standard normal: numpy.random.normal().
  double normal();
  /// An index drawn with these probabilities: numpy.random.choice(len(p), p=p). Error when they do
  /// not sum to 1.
  std::size_t choice(const std::vector<double>& probabilities);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace byhand
