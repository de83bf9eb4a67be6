#include "common/tensor/array.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "common/tensor/random.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;

TEST_CASE("array: shapes print as in PyTorch") {
  CHECK(fmt::format("{} {} {} {}", Shape{}, Shape{4}, Shape{2, 3}, Shape{1, 0, 2}) == "() (4,) (2, 3) (1, 0, 2)");
}

TEST_CASE("array: counting elements") {
  CHECK(element_count({}) == 1);
  CHECK(element_count({2, 3, 4}) == 24);
  CHECK(element_count({5, 0, 2}) == 0);
  // 2^40 * 2^40 = 2^80 would be 0 in 64 bits
  CHECK(error_of([] {
          element_count({std::size_t(1) << 40, std::size_t(1) << 40});
        }) == "shape (1099511627776, 1099511627776): too many elements");
  CHECK_THROWS_AS(element_count({std::size_t(1) << 61}), Error);
}

TEST_CASE("array: axes count from both ends") {
  CHECK(axis_index("sum", 0, {2, 3}) == 0);
  CHECK(axis_index("sum", -1, {2, 3}) == 1);
  CHECK(axis_index("sum", -2, {2, 3}) == 0);
  CHECK(error_of([] { axis_index("sum", 2, {2, 3}); }) == "sum: shape (2, 3) has no axis 2");
  CHECK(error_of([] { axis_index("max", -3, {2, 3}); }) == "max: shape (2, 3) has no axis -3");
  CHECK(error_of([] { axis_index("max", 0, {}); }) == "max: shape () has no axis 0");
}

TEST_CASE("array: ways to make one") {
  CHECK(zeros({2, 2}) == array({2, 2}, {0, 0, 0, 0}));
  CHECK(ones({3}) == array({1, 1, 1}));
  CHECK(full({1, 2}, 7) == array({1, 2}, {7, 7}));
  CHECK(scalar(5).dimension() == 0);
  CHECK(scalar(5)() == 5);
  CHECK(zeros({2, 0}).size() == 0);
  CHECK(zeros({2, 0}).shape() == Shape{2, 0});
  CHECK(array({4, 5}).shape() == Shape{2});  // two values, not a shape
  CHECK(arange(4) == array({0, 1, 2, 3}));
  CHECK(arange(0).shape() == Shape{0});
  CHECK(linspace(-1, 1, 5) == array({-1, -0.5, 0, 0.5, 1}));
  CHECK(linspace(2, 2, 2) == array({2, 2}));
  CHECK(linspace(0, real(0.1), 7)(6) == real(0.1));  // the end itself, not the sum of six steps
  CHECK(eye(2) == array({2, 2}, {1, 0, 0, 1}));
  CHECK(ids({3, 1}).shape() == Shape{2});
  CHECK(ids({2, 2}, {1, 2, 3, 4})(1, 0) == 3);
  CHECK(error_of([] { linspace(0, 1, 1); }) == "linspace: needs at least 2 values, got 1");
  CHECK(error_of([] { array({2, 3}, {1, 2, 3}); }) == "array: shape (2, 3) has 6 elements, 3 values were given");
  CHECK(error_of([] { ids({2}, {1, 2, 3}); }) == "array: shape (2,) has 2 elements, 3 values were given");
}

TEST_CASE("array: random arrays are the generator's numbers in row-major order") {
  Generator a{7}, b{7};
  const Array x = uniform({2, 3}, -2, 5, a);
  const std::vector<float> expected = b.uniform(6, -2, 5);
  for (std::size_t i = 0; i < 6; ++i) CHECK(x.data()[i] == real(expected[i]));
  const Array n = normal({17}, 3, 2, a);
  const std::vector<float> normals = b.normal(17, 3, 2);
  for (std::size_t i = 0; i < 17; ++i) CHECK(n.data()[i] == real(normals[i]));
  for (const real v : rand({50}, a)) CHECK((v >= 0 && v < 1));
  CHECK(randn({0, 3}, a).shape() == Shape{0, 3});
}

TEST_CASE("array: reshape keeps the order and works out one size") {
  const Array a = arange(6);
  CHECK(reshape(a, {2, 3}) == array({2, 3}, {0, 1, 2, 3, 4, 5}));
  CHECK(reshape(a, {rest, 2}).shape() == Shape{3, 2});
  CHECK(reshape(a, {2, rest, 1}).shape() == Shape{2, 3, 1});
  CHECK(reshape(a, {rest}).shape() == Shape{6});
  CHECK(reshape(scalar(3), {1, 1}).shape() == Shape{1, 1});
  CHECK(reshape(array({3}), {}).dimension() == 0);
  CHECK(reshape(zeros({0, 2}), {2, rest}).shape() == Shape{2, 0});
  CHECK(error_of([&] { reshape(a, {4}); }) == "reshape: 6 elements cannot take the shape (4,)");
  CHECK_THROWS_AS(reshape(a, {4, rest}), Error);
  CHECK_THROWS_AS(reshape(a, {0, rest}), Error);
  CHECK_THROWS_AS(reshape(a, {}), Error);
  CHECK(error_of([&] { reshape(a, {rest, rest}); }) == "reshape: only one size can be left over");
  CHECK_THROWS_AS(reshape(zeros({0}), {rest, rest}), Error);
}

TEST_CASE("array: comparing") {
  const real inf = std::numeric_limits<real>::infinity(), bad = std::numeric_limits<real>::quiet_NaN();
  CHECK(all_close(array({1, 2}), array({1, 2.5}), 0.5));
  CHECK_FALSE(all_close(array({1, 2}), array({1, 2.5}), 0.4));
  CHECK(all_close(array({100}), array({101}), 0, 0.01));
  CHECK_FALSE(all_close(array({1, 2}), array({2, 1}, {1, 2}), 1));  // shapes count
  CHECK(all_close(array({inf, -inf, bad}), array({inf, -inf, bad}), 0));
  CHECK_FALSE(all_close(array({inf}), array({-inf}), 0, 0.1));
  CHECK_FALSE(all_close(array({1}), array({-1}), 0.5));  // the sign counts
  CHECK_FALSE(all_close(array({5}), array({inf}), 0, 0.1));
  CHECK_FALSE(all_close(array({5}), array({bad}), 1, 1));
  CHECK_FALSE(all_close(array({bad}), array({5}), 1, 1));
  CHECK(max_difference(array({1, 5, 3}), array({1, 2, 4})) == 3);
  CHECK(max_difference(array({inf, bad}), array({inf, bad})) == 0);
  CHECK(max_difference(array({inf}), array({1})) == inf);
  CHECK(std::isnan(max_difference(array({bad, 1}), array({0, 4}))));  // a NaN is not forgotten when a number follows
  CHECK(std::isnan(max_difference(array({1, bad}), array({4, 0}))));
  CHECK(max_difference(zeros({0}), zeros({0})) == 0);
  CHECK(error_of([] { max_difference(zeros({2}), zeros({1, 2})); }) == "max_difference: shapes (2,) and (1, 2) differ");
}

TEST_CASE("array: argmax takes the first of equals, and NaN before all numbers, as PyTorch does") {
  CHECK(argmax(array({2, 3}, {1, 5, 5, 3, 2, 1})) == ids({1, 0}));
  CHECK(argmax(array({-3, -1, -2}))() == 1);
  const real bad = std::numeric_limits<real>::quiet_NaN(), inf = std::numeric_limits<real>::infinity();
  CHECK(argmax(array({2, 4}, {1, bad, 3, inf, bad, 1, bad, 2})) == ids({1, 0}));  // torch.argmax: 1 and 0
  CHECK(argmax(array({2, 2, 1}, {4, 7, 7, 4})) == ids({2, 2}, {0, 0, 0, 0}));
  CHECK(argmax(zeros({0, 3})).shape() == Shape{0});
  CHECK(error_of([] { argmax(zeros({2, 0})); }) == "argmax: needs a last axis that is not empty, got (2, 0)");
  CHECK_THROWS_AS(argmax(scalar(1)), Error);
}
