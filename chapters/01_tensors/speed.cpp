#include "chapters/01_tensors/speed.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

#include "common/core/parallel.hpp"
#include "common/tensor/matmul.hpp"

namespace tensors {
using namespace byhand;

Array whole_numbers(std::size_t size, Generator& generator) {
  const std::vector<std::int64_t> drawn = generator.randint(-8, 9, size * size);
  return array({size, size}, std::vector<real>(drawn.begin(), drawn.end()));
}

Array product_ijk(const Array& A, const Array& B) {
  const std::size_t m = A.shape()[0], n = B.shape()[1], inner = A.shape()[1];
  Array C = empty({m, n});
  const real *a = A.data(), *b = B.data();
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      real sum = 0;
      for (std::size_t k = 0; k < inner; ++k) sum += a[i * inner + k] * b[k * n + j];
      C.data()[i * n + j] = sum;
    }
  }
  return C;
}

Array product_ikj(const Array& A, const Array& B) {
  const std::size_t m = A.shape()[0], n = B.shape()[1], inner = A.shape()[1];
  Array C = zeros({m, n});
  const real *a = A.data(), *b = B.data();
  for (std::size_t i = 0; i < m; ++i) {
    real* row = C.data() + i * n;
    for (std::size_t k = 0; k < inner; ++k) {
      const real factor = a[i * inner + k];
      for (std::size_t j = 0; j < n; ++j) row[j] += factor * b[k * n + j];
    }
  }
  return C;
}

Array product_xtensor(const Array& A, const Array& B) {
  // (m, k, 1) * (k, n) -> (m, k, n) -> (m, n)
  return xt::sum(xt::view(A, xt::all(), xt::all(), xt::newaxis()) * B, {1});
}

Array product_xtensor_rows(const Array& A, const Array& B) {
  Array C = zeros({A.shape()[0], B.shape()[1]});
  for (std::size_t i = 0; i < A.shape()[0]; ++i) {
    auto row = xt::view(C, i);  // a view is meant: it writes into C
    for (std::size_t k = 0; k < A.shape()[1]; ++k) row += A(i, k) * xt::view(B, k);
  }
  return C;
}

namespace {

/// The shortest of several runs: whatever else the machine did can only make a run longer.
Timing best_run(const std::string& name, const std::function<Array()>& product) {
  using Clock = std::chrono::steady_clock;
  Timing timing{name, {}, threads(), 0};
  double total = 0;
  for (int run = 0; run < 30 && total < 0.25; ++run) {
    const Clock::time_point start = Clock::now();
    timing.result = product();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    timing.seconds = run == 0 ? seconds : std::min(timing.seconds, seconds);
    total += seconds;
  }
  return timing;
}

/// Another number of threads until the end of a block.
class Threads {
 public:
  explicit Threads(int n) : before_(threads()) { set_threads(n); }
  ~Threads() { set_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_;
};

}  // namespace

std::vector<Timing> race(const Array& A, const Array& B) {
  const Threads one(1);
  std::vector<Timing> timings = {
      best_run("three loops, i j k", [&] { return product_ijk(A, B); }),
      best_run("three loops, i k j", [&] { return product_ikj(A, B); }),
      best_run("xtensor, one expression", [&] { return product_xtensor(A, B); }),
      best_run("xtensor, row by row", [&] { return product_xtensor_rows(A, B); }),
      best_run("BLAS, one thread", [&] { return matmul(A, B); })};
  const Threads all(0);
  timings.push_back(best_run("BLAS, all cores (OpenMP)", [&] { return matmul(A, B); }));
  return timings;
}

double gflops(std::size_t size, double seconds) {
  return 2e-9 * double(size) * double(size) * double(size) / std::max(seconds, 1e-9);
}

}  // namespace tensors
