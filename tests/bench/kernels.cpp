// What single operations take, by Google Benchmark: byhand bench kernels.
#include "tests/bench/kernels.hpp"
#include "common/fast/kernels/gemm.hpp"
#include "common/optim/optimizers.hpp"
#include "common/tensor/random.hpp"

#include "common/core/error.hpp"

#ifdef BYHAND_GOOGLE_BENCHMARK
#include <benchmark/benchmark.h>

#include "common/autograd/activations.hpp"
#include "common/autograd/losses.hpp"
#include "common/fast/attention.hpp"
#include "common/fast/kernels/rows.hpp"

using namespace byhand;

namespace {

Array numbers(const Shape& shape) {
  Generator generator{0};
  return randn(shape, generator);
}

void count_flop(benchmark::State& state, double flop) {
  state.counters["FLOP/s"] = benchmark::Counter(flop, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::OneK::kIs1000);
}
void count_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(std::int64_t(state.iterations()) * std::int64_t(bytes));
}

/// op(A) (m, k) op(B) (k, n).
template <Transpose a_op, Transpose b_op>
void product(benchmark::State& state) {
  const auto m = std::size_t(state.range(0)), n = std::size_t(state.range(1)), k = std::size_t(state.range(2));
  const Array a = numbers({m, k}), b = numbers({k, n});
  Array c = zeros({m, n});
  for (auto _ : state) gemm(a_op, b_op, m, n, k, a.data(), b.data(), c.data(), 0);
  count_flop(state, 2.0 * double(m) * double(n) * double(k));
}
constexpr auto no = Transpose::no, yes = Transpose::yes;
void shapes(benchmark::internal::Benchmark* b) {
  for (const auto& s : {std::vector<std::int64_t>{1, 1152, 384}, {32, 256, 64}, {1024, 384, 128}, {2048, 1536, 384}}) b->Args(s);
}
BENCHMARK(product<no, yes>)->Name("x W^T (m, n, k)")->Apply(shapes);
BENCHMARK(product<no, no>)->Name("x W (m, n, k)")->Apply(shapes);
BENCHMARK(product<yes, no>)->Name("dy^T x (m, n, k)")->Args({384, 128, 1024})->Args({1536, 384, 2048});

/// Kernels from rows to rows.
template <class F>
void rows(benchmark::State& state, F&& kernel) {
  const auto n = std::size_t(state.range(0)), cols = std::size_t(state.range(1));
  const Array x = numbers({n, cols});
  Array y = zeros({n, cols});
  for (auto _ : state) kernel(x.data(), y.data(), n, cols);
  count_bytes(state, 2 * x.size() * sizeof(real));
}
void softmax(benchmark::State& state) { rows(state, kernels::softmax); }
void log_softmax(benchmark::State& state) { rows(state, kernels::log_softmax); }
void layer_norm(benchmark::State& state) {
  const std::size_t n = std::size_t(state.range(0)), cols = std::size_t(state.range(1));
  const Array gain = ones({cols}), bias = zeros({cols});
  Array mean = zeros({n}), rstd = zeros({n});
  rows(state, [&](const real* x, real* y, std::size_t, std::size_t) {
    kernels::layer_norm(x, gain.data(), bias.data(), 1e-5, y, mean.data(), rstd.data(), n, cols);
  });
}
BENCHMARK(softmax)->Args({1024, 64})->Args({12288, 256});
BENCHMARK(log_softmax)->Args({1024, 96})->Args({2048, 8192});
BENCHMARK(layer_norm)->Args({1024, 128})->Args({2048, 384});

void gelu_forward(benchmark::State& state) {
  const NoGrad no_grad;
  const Tensor x(numbers({std::size_t(state.range(0))}));
  for (auto _ : state) benchmark::DoNotOptimize(gelu(x));
  count_bytes(state, 2 * x.size() * sizeof(real));
}
BENCHMARK(gelu_forward)->Arg(1 << 19);

void attention_both_ways(benchmark::State& state) {
  const Shape shape{std::size_t(state.range(0)), std::size_t(state.range(1)), 64};
  const Tensor q(numbers(shape), true), k(numbers(shape), true), v(numbers(shape), true);
  for (auto _ : state) sum(scaled_dot_product_attention(q, k, v, {.mask = {.causal = true}})).backward();
  count_flop(state, 12.0 * double(shape[0]) * double(shape[1]) * double(shape[1]) * double(shape[2]));  // 2 products forward, 4 back
}
BENCHMARK(attention_both_ways)->Args({64, 64})->Args({48, 256})->Args({4, 1024});

void adam_step(benchmark::State& state) {
  Generator generator{0};
  const Tensor p(numbers({std::size_t(state.range(0))}), true);
  sum(square(p)).backward();
  optim::AdamW adam({p}, {.lr = 1e-3});
  for (auto _ : state) adam.step();
  count_bytes(state, 7 * p.size() * sizeof(real));  // reads the gradient, reads and writes weight and two moments
}
BENCHMARK(adam_step)->Arg(1 << 20);

}  // namespace

namespace bench {

void kernels(const std::vector<std::string>& options) {
  std::vector<std::string> words{"byhand bench kernels"};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  int count = int(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  check(count == 1, "bench kernels: unknown option '{}'; Google Benchmark's begin with --benchmark_", count > 1 ? arguments[1] : "");
  benchmark::RunSpecifiedBenchmarks();
}

}  // namespace bench

#else

namespace bench {

void kernels(const std::vector<std::string>&) {
  byhand::fail(
      "bench kernels: needs Google Benchmark (Debian: libbenchmark-dev), which was not there when build was configured; ./byhand clean, "
      "then again");
}

}  // namespace bench

#endif
