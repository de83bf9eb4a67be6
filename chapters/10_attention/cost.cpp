#include "chapters/10_attention/cost.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "common/fast/kernels/rows.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"

namespace attention {
using namespace byhand;

Cost computed_cost(std::size_t words, std::size_t d_k) {
  const double n = double(words);
  return {words, 2 * n * n * double(d_k), 0, 0};
}

Cost measured_cost(std::size_t words, std::size_t d_k, Generator& generator) {
  check(words > 0 && d_k > 0, "measured_cost: needs words and numbers, got {} and {}", words, d_k);
  const Array Q = randn({words, d_k}, generator);
  const Array K = randn({words, d_k}, generator);
  const Array V = randn({words, d_k}, generator);
  using Clock = std::chrono::steady_clock;
  Cost cost = computed_cost(words, d_k);
  double total = 0;
  // The shortest of some runs: whatever else the machine did can only make a run longer.
  for (int run = 0; run < 20 && total < 0.15; ++run) {
    const Clock::time_point start = Clock::now();
    Array pattern = matmul(Q, K, Transpose::no, Transpose::yes);  // (n, n)
    pattern *= 1 / std::sqrt(real(d_k));
    kernels::softmax(pattern.data(), pattern.data(), words, words);
    const Array out = matmul(pattern, V);  // (n, d_k)
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    check(std::isfinite(out.data()[0]), "measured_cost: the attention of {} words is not finite",
          words);
    cost.pattern_bytes = double(pattern.size() * sizeof(real));
    cost.seconds = run == 0 ? seconds : std::min(cost.seconds, seconds);
    total += seconds;
  }
  return cost;
}

}  // namespace attention
