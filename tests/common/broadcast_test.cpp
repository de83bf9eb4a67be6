#include "common/tensor/broadcast.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;
using test::values;

namespace {

struct Pair {
  Shape a, b, both;
};

// Equal shapes, single numbers, rows, columns, both sides repeated, axes in the middle, sizes 1 and 0, odd lengths.
const std::vector<Pair> pairs{{{3}, {3}, {3}},
                              {{}, {}, {}},
                              {{}, {3}, {3}},
                              {{1}, {}, {1}},
                              {{2, 3}, {}, {2, 3}},
                              {{2, 3}, {1}, {2, 3}},
                              {{2, 3}, {3}, {2, 3}},
                              {{2, 3}, {1, 3}, {2, 3}},
                              {{2, 3}, {2, 1}, {2, 3}},
                              {{7, 1}, {1, 5}, {7, 5}},
                              {{3, 1}, {4}, {3, 4}},
                              {{2, 3, 5}, {3, 1}, {2, 3, 5}},
                              {{2, 1, 5}, {1, 3, 1}, {2, 3, 5}},
                              {{2, 3, 4, 5}, {2, 1, 4, 1}, {2, 3, 4, 5}},
                              {{1, 3, 1, 5}, {2, 1, 4, 1}, {2, 3, 4, 5}},
                              {{2, 3, 4}, {2, 3, 1}, {2, 3, 4}},
                              {{1, 1, 1}, {2, 1}, {1, 2, 1}},
                              {{4, 67}, {67}, {4, 67}},
                              {{0}, {1}, {0}},
                              {{2, 0}, {2, 1}, {2, 0}},
                              {{0, 3}, {3}, {0, 3}}};

}  // namespace

TEST_CASE("broadcast: the common shape") {
  for (const Pair& p : pairs) {
    CHECK(broadcast_shape("add", p.a, p.b) == p.both);
    CHECK(broadcast_shape("add", p.b, p.a) == p.both);
  }
  CHECK(error_of([] { broadcast_shape("mul", {2, 3}, {4}); }) == "mul: shapes (2, 3) and (4,) do not line up: sizes 3 and 4 differ");
  CHECK(error_of([] { broadcast_shape("mul", {2, 3}, {2}); }) == "mul: shapes (2, 3) and (2,) do not line up: sizes 3 and 2 differ");
  CHECK(error_of([] { broadcast_shape("mul", {0}, {3}); }) == "mul: shapes (0,) and (3,) do not line up: sizes 0 and 3 differ");
}

TEST_CASE("broadcast: map equals the natural xtensor expression") {
  for (const Pair& p : pairs) {
    const Array a = values(p.a), b = values(p.b, 1, 2, 2);
    CAPTURE(fmt::format("{} {}", p.a, p.b));
    if (element_count(p.both) == 0) {  // xtensor walks off an empty array (harmlessly, but the sanitizer says so)
      CHECK(map("sub", a, b, [](real x, real y) { return x - y; }).shape() == p.both);
      continue;
    }
    const Array difference = a - b, quotient = b / (a + real(3));
    CHECK(map("sub", a, b, [](real x, real y) { return x - y; }) == difference);
    CHECK(map("f", b, a, [](real x, real y) { return x / (y + real(3)); }) == quotient);
    CHECK(map("sub", a, b, [](real x, real y) { return x - y; }).shape() == p.both);
  }
  const Array x = values({3, 37});
  CHECK(map(x, [](real v) { return v * v; }) == Array(x * x));
  CHECK(map(zeros({0, 2}), [](real v) { return v; }).shape() == Shape{0, 2});
  CHECK(error_of([] {
          map("mul", zeros({2, 3}), zeros({4}), [](real v, real) { return v; });
        }) == "mul: shapes (2, 3) and (4,) do not line up: sizes 3 and 4 differ");
}

TEST_CASE("broadcast_to equals xt::broadcast") {
  for (const Pair& p : pairs) {
    const Array a = values(p.a);
    CHECK(broadcast_to(a, p.both).shape() == p.both);
    if (element_count(p.both) > 0) CHECK(broadcast_to(a, p.both) == Array(xt::broadcast(a, p.both)));
  }
  CHECK(error_of([] { broadcast_to(zeros({2, 3}), {3}); }) == "broadcast_to: (2, 3) cannot be repeated to (3,)");
  CHECK_THROWS_AS(broadcast_to(zeros({2}), {3}), Error);
  CHECK_THROWS_AS(broadcast_to(zeros({3}), {1}), Error);
}

// For every x of shape `from` and y of shape `to`:  <broadcast(y), x> = <y, sum_to(x)>. This says what the reverse of broadcasting is.
TEST_CASE("sum_to is the adjoint of broadcast_to") {
  for (const Pair& p : pairs) {
    for (const Shape& small : {p.a, p.b}) {
      const Array x = values(p.both), y = values(small, 0, 1, 3), summed = sum_to(x, small), repeated = broadcast_to(y, p.both);
      CHECK(summed.shape() == small);
      double left = 0, right = 0;
      for (std::size_t i = 0; i < x.size(); ++i) left += double(repeated.data()[i]) * double(x.data()[i]);
      for (std::size_t i = 0; i < y.size(); ++i) right += double(y.data()[i]) * double(summed.data()[i]);
      CHECK(left == doctest::Approx(right).epsilon(10 * test::rounding).scale(10));
    }
  }
}

TEST_CASE("sum_to equals xt::sum over the axes") {
  const Array x = values({3, 5, 7});
  CHECK(all_close(sum_to(x, {5, 7}), xt::sum(x, {0}), test::rounding));
  CHECK(all_close(sum_to(x, {3, 1, 7}), xt::sum(x, {1}, xt::keep_dims), test::rounding));
  CHECK(all_close(sum_to(x, {3, 5, 1}), xt::sum(x, {2}, xt::keep_dims), test::rounding));
  CHECK(all_close(sum_to(x, {1, 5, 1}), xt::sum(x, {0, 2}, xt::keep_dims), test::rounding));
  CHECK(all_close(sum_to(x, {7}), xt::sum(x, {0, 1}), test::rounding));
  CHECK(all_close(sum_to(x, {}), xt::sum(x), 4 * test::rounding));
  CHECK(sum_to(x, {3, 5, 7}) == x);
  CHECK(sum_to(array({1, 2}), {1})(0) == 3);
  CHECK(sum_to(zeros({0, 3}), {1, 3}) == zeros({1, 3}));
  CHECK(sum_to(zeros({3, 0}), {}) == scalar(0));
  CHECK(error_of([&] { sum_to(x, {2, 7}); }) == "sum_to: shapes (3, 5, 7) and (2, 7) do not line up: sizes 5 and 2 differ");
  CHECK(error_of([&] { sum_to(zeros({3, 1}), {3, 5}); }) == "sum_to: (3, 1) cannot be summed to (3, 5)");
  CHECK(error_of([&] { sum_to(zeros({3}), {1, 1}); }) == "sum_to: (3,) cannot be summed to (1, 1)");
}

TEST_CASE("sum_to: a long sum keeps its digits in float") {
  // One after the other in float, 2^21 times 0.1f misses the true sum by more than 1 in 100. In double and rounded once: half an ulp.
  const std::size_t n = std::size_t(1) << 21;
  const double expected = double(real(0.1)) * double(n);
  CHECK(double(sum_to(full({n}, real(0.1)), {})()) == doctest::Approx(expected).epsilon(1e-7));
}

TEST_CASE("add_into adds, and never grows its target") {
  Array a = array({1, 2});
  add_into(a, array({10, 20}));
  CHECK(a == array({11, 22}));
  CHECK(error_of([&] { add_into(a, zeros({2, 2})); }) == "add_into: shapes (2,) and (2, 2) differ");
  CHECK(error_of([&] { add_into(a, zeros({1})); }) == "add_into: shapes (2,) and (1,) differ");
  CHECK(a == array({11, 22}));
}
