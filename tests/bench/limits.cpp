#include "tests/bench/limits.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "common/core/generator.hpp"
#include "common/core/parallel.hpp"
#include "common/fast/kernels/gemm.hpp"
#include "common/tensor/random.hpp"
#include "tests/bench/bench.hpp"

namespace bench {
using namespace byhand;

namespace {

constexpr double seconds_each = 0.1;

double seconds_of_product(const Product& p) {
  Generator generator{0};
  const Array a = rand({p.items, p.m, p.k}, generator), b = rand({p.items, p.k, p.n}, generator);
  Array c = zeros({p.items, p.m, p.n});
  const auto one = [&](std::size_t i) {
    gemm(p.a, p.b, p.m, p.n, p.k, a.data() + i * p.m * p.k, b.data() + i * p.k * p.n, c.data() + i * p.m * p.n, 0);
  };
  const auto all = [&] {
    if (p.items == 1) return one(0);
    parallel_for(p.items, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) one(i);
    });
  };
  all();
  return median(repeat(seconds_each, all)) * double(p.count);
}

}  // namespace

double Work::flop() const {
  double sum = 0;
  for (const Product& p : products) sum += p.flop();
  return sum;
}

void add_linear(Work& work, std::size_t rows, std::size_t in, std::size_t out, std::size_t count) {
  work.products.push_back({rows, out, in, Transpose::no, Transpose::yes, count});  // y = x W^T
  work.products.push_back({rows, in, out, Transpose::no, Transpose::no, count});   // dx = dy W
  work.products.push_back({out, in, rows, Transpose::yes, Transpose::no, count});  // dW = dy^T x
}

double bandwidth() {
  constexpr std::size_t rows = 1 << 15, cols = 1 << 11;  // 256 MB in float: more than any cache
  const Array a = zeros({rows, cols}), x = zeros({cols});
  Array y = zeros({rows});
  const auto read = [&] { gemm(Transpose::no, Transpose::no, rows, 1, cols, a.data(), x.data(), y.data(), 0); };
  read();
  const std::vector<double> times = repeat(2 * seconds_each, read);
  return double(a.size() * sizeof(real)) / *std::min_element(times.begin(), times.end());
}

double peak_megabytes() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
#ifdef __APPLE__
  return double(used.ru_maxrss) / 1e6;  // bytes
#else
  return double(used.ru_maxrss) * 1024 / 1e6;
#endif
}

double limit_seconds(const Work& work) {
  double seconds = work.bytes > 0 ? work.bytes / bandwidth() : 0;
  for (const Product& p : work.products) seconds += seconds_of_product(p);
  return seconds;
}

}  // namespace bench
