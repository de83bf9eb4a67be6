// The door to xtensor. A compiler or a flag that breaks it would otherwise teach wrong numbers in silence.
#include "common/tensor/xtensor.hpp"
#include "common/autograd/node.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "common/autograd/activations.hpp"
#include "common/tensor/broadcast.hpp"
#include "tests/common/values.hpp"
#if __has_include(<xtensor/misc/xpad.hpp>)
#include <xtensor/misc/xpad.hpp>
#else
#include <xtensor/xpad.hpp>
#endif

using namespace byhand;

namespace {
const real inf = std::numeric_limits<real>::infinity(), nan_value = std::numeric_limits<real>::quiet_NaN();
}

// xtensor 0.24 with g++ -std=c++20 and without -fno-new-ttp-matching gets every one of these wrong, most of them without an error.
TEST_CASE("xtensor: expressions have a type and a value") {
  const Array m = array({3, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(xt::eval(m * real(2)).dimension() == 2);
  CHECK(Array(xt::eval(m * real(2))) == array({3, 4}, {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22}));
  CHECK(Array(xt::eval(m + m)).shape() == Shape{3, 4});
  CHECK(Array(xt::eval(xt::transpose(m))) == array({4, 3}, {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}));
  CHECK(Array(xt::eval(xt::sum(m, {1}))) == array({6, 22, 38}));
  CHECK(Array(xt::sum(m, {0}, xt::evaluation_strategy::immediate)) == array({12, 15, 18, 21}));
  CHECK(Array(xt::mean(m, {1}, xt::evaluation_strategy::immediate)) == array({1.5, 5.5, 9.5}));
  CHECK(Array(xt::amax(m, {1}, xt::evaluation_strategy::immediate)) == array({3, 7, 11}));
  CHECK(Array(xt::eval(xt::view(m, xt::all(), xt::range(1, 3)))) == array({3, 2}, {1, 2, 5, 6, 9, 10}));
  CHECK(Array(xt::tile(array({3, 1, 2}), 2)) == array({3, 1, 2, 3, 1, 2}));
}

TEST_CASE("xtensor: an Array given a formula holds its numbers") {
  Array a = array({1, 2, 3});
  const Array doubled = a + a;
  a.fill(0);
  CHECK(doubled == array({2, 4, 6}));
}

// The vector versions of exp, log, tanh and erf work on 4 or 8 numbers at a time and leave a tail to the scalar ones: each place in a
// long array and each length is tried, so that an odd number can stand in any lane.
TEST_CASE("vector functions: infinities and NaN in every lane") {
  for (const std::size_t n : {std::size_t(1), std::size_t(7), std::size_t(8), std::size_t(37)}) {
    for (std::size_t at = 0; at < n; ++at) {
      CAPTURE(n);
      CAPTURE(at);
      const auto with = [&](real value) {
        Array x = test::values({n}, 0.1, 3);
        x.data()[at] = value;
        return x;
      };
      const auto tanh_of = [&](real value) { return Array(xt::tanh(with(value)))(at); };
      const auto exp_of = [&](real value) { return Array(xt::exp(with(value)))(at); };
      const auto log_of = [&](real value) { return Array(xt::log(with(value)))(at); };
      const auto erf_of = [&](real value) { return Array(xt::erf(with(value)))(at); };
      CHECK(exp_of(-inf) == 0);
      CHECK(exp_of(inf) == inf);
      CHECK(exp_of(0) == 1);
      CHECK(std::isnan(exp_of(nan_value)));
      CHECK(exp_of(-1000) == 0);
      CHECK(exp_of(1000) == inf);
      CHECK(tanh_of(inf) == 1);
      CHECK(tanh_of(-inf) == -1);
      CHECK(std::isnan(tanh_of(nan_value)));
      CHECK(log_of(0) == -inf);
      CHECK(log_of(inf) == inf);
      CHECK(std::isnan(log_of(-1)));
      CHECK(std::isnan(log_of(nan_value)));
      CHECK(erf_of(inf) == 1);
      CHECK(erf_of(-inf) == -1);
      CHECK(std::isnan(erf_of(nan_value)));
    }
  }
}

TEST_CASE("activations: limits at infinity, and NaN is not hidden") {
  const std::size_t n = 21;  // long enough for vector code and a tail
  const auto all = [&](real value) { return Tensor(full({n}, value)); };
  const auto is = [](const Tensor& t, real value) { return t.value() == full(t.shape(), value); };
  CHECK(is(sigmoid(all(inf)), 1));
  CHECK(is(sigmoid(all(-inf)), 0));
  CHECK(is(tanh(all(-inf)), -1));
  CHECK(is(relu(all(-inf)), 0));
  CHECK(is(relu(all(inf)), inf));
  CHECK(is(elu(all(-inf)), -1));
  CHECK(is(softplus(all(-inf)), 0));
  CHECK(is(softplus(all(inf)), inf));
  CHECK(is(logsigmoid(all(inf)), 0));
  CHECK(is(logsigmoid(all(-1e4f)), -1e4f));
  CHECK(is(softmax(all(-1e30f)), real(1) / real(n)));
  const Tensor bad = all(nan_value), one = all(1);
  for (const Tensor& y : {sigmoid(bad), tanh(bad), relu(bad), leaky_relu(bad), elu(bad), gelu(bad), gelu(bad, Gelu::tanh), softplus(bad),
                          silu(bad), logsigmoid(bad), maximum(bad, one), maximum(one, bad), minimum(bad, one), minimum(one, bad),
                          clamp(bad, 0, 1), softmax(bad), log_softmax(bad)}) {
    CAPTURE(y.node().op);
    for (const real v : y.value()) CHECK(std::isnan(v));
  }
}

TEST_CASE("vector functions: as exact as the scalar ones in long double") {
  const Array x = test::values({1003}, -9, 9);
  const Array e = xt::exp(x), t = xt::tanh(x), p = xt::erf(x), l = xt::log(e);
  double worst_exp = 0, worst_tanh = 0, worst_erf = 0, worst_log = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double v = x(i);
    worst_exp = std::max(worst_exp, double(std::abs(e(i) / std::exp(v) - 1)));
    worst_tanh = std::max(worst_tanh, double(std::abs(t(i) - std::tanh(v))));
    worst_erf = std::max(worst_erf, double(std::abs(p(i) - std::erf(v))));
    worst_log = std::max(worst_log, double(std::abs(l(i) - std::log(static_cast<long double>(e(i))))));
  }
  // glibc states an error of at most 4 units in the last place; the logarithms here go up to 9, so 16 times epsilon on each of them
  const double epsilon = double(std::numeric_limits<real>::epsilon());
  CHECK(worst_exp <= 4 * epsilon);
  CHECK(worst_tanh <= 4 * epsilon);
  CHECK(worst_erf <= 4 * epsilon);
  CHECK(worst_log <= 9 * 4 * epsilon);
}
