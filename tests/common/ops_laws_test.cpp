// Laws that hold whatever the numbers are, and what the shape operations do to a few small arrays.
#include <doctest/doctest.h>

#include <cmath>

#include "common/autograd/activations.hpp"
#include "common/core/generator.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::rounding;
using test::values;

namespace {
Tensor t(const Shape& shape, std::uint32_t seed = 1, double low = -1, double high = 1) { return Tensor(values(shape, low, high, seed)); }
double inner(const Tensor& a, const Tensor& b) { return sum(a * b).item(); }
bool close(const Tensor& a, const Tensor& b, double tolerance = 10 * rounding) { return all_close(a.value(), b.value(), tolerance); }
bool same(const Tensor& a, const Tensor& b) { return a.shape() == b.shape() && a.value() == b.value(); }
}  // namespace

TEST_CASE("laws: softmax sums to 1 along its axis, is positive, and does not see a shift") {
  for (const int axis : {0, 1, 2, -1, -2}) {
    const Tensor x = t({2, 3, 5}, 1, -20, 20), p = softmax(x, axis);
    CHECK(close(sum(p, {axis}), Tensor(ones(sum(p, {axis}).shape()))));
    for (const real v : p.value()) CHECK((v >= 0 && v <= 1));
    // x + 4096 loses digits of x: half of 4096 * epsilon
    CHECK(close(softmax(x + 4096, axis), p, 4096 * rounding));
    CHECK(close(exp(log_softmax(x, axis)), p));
    CHECK(same(softmax(permute(x, {2, 1, 0}), 2 - int(axis_index("softmax", axis, x.shape()))), permute(p, {2, 1, 0})));
  }
}

TEST_CASE("laws: permute and its inverse, transpose twice") {
  const Tensor x = t({2, 3, 4, 5});
  CHECK(same(permute(permute(x, {3, 1, 0, 2}), {2, 1, 3, 0}), x));
  CHECK(same(permute(permute(x, {1, 2, 3, 0}), {3, 0, 1, 2}), x));
  CHECK(same(transpose(transpose(x, 0, -2), 0, -2), x));
  CHECK(same(permute(x, {0, 1, -1, -2}), transpose(x)));
  CHECK(permute(x, {3, 1, 0, 2}).shape() == Shape{5, 3, 2, 4});
  CHECK(permute(x, {3, 1, 0, 2}).value()(4, 2, 1, 3) == x.value()(1, 2, 3, 4));
}

TEST_CASE("laws: the matrix product is linear, associative, and (AB)^T = B^T A^T") {
  const Tensor a = t({4, 3}), b = t({3, 5}, 2), c = t({3, 5}, 3), d = t({5, 2}, 4), e = Tensor(eye(3));
  CHECK(close(matmul(a, b * 2 + c), matmul(a, b) * 2 + matmul(a, c)));
  CHECK(close(matmul(matmul(a, b), d), matmul(a, matmul(b, d))));
  CHECK(close(transpose(matmul(a, b)), matmul(transpose(b), transpose(a))));
  CHECK(close(transpose(matmul(a, b)), matmul(b, a, Transpose::yes, Transpose::yes)));
  CHECK(same(matmul(a, e), a));
  const Tensor batch = t({2, 4, 3}, 5);
  CHECK(close(select(matmul(batch, b), 0, 1), matmul(select(batch, 0, 1), b)));
  const Tensor v = t({3}, 6), w = t({3}, 7);
  CHECK(matmul(v, w).shape() == Shape{});
  CHECK(matmul(v, w).item() == doctest::Approx(inner(v, w)));
  CHECK(matmul(a, v).shape() == Shape{4});
  CHECK(matmul(v, b).shape() == Shape{5});
  CHECK(close(matmul(v, b), matmul(b, v, Transpose::yes)));
  CHECK(matmul(batch, v).shape() == Shape{2, 4});
}

TEST_CASE("laws: sums over axes in any order; means and variances") {
  const Tensor x = t({2, 3, 4});
  const Tensor all = sum(x);
  CHECK(all.shape() == Shape{});
  CHECK(close(sum(x, {0, 1, 2}), all));
  CHECK(close(sum(x, {-1, 0, 1}), all));
  CHECK(close(sum(sum(x, {1}), {1}), sum(x, {2, 1})));
  CHECK(close(sum(sum(sum(x, {0}), {0}), {0}), all));
  CHECK(sum(x, {0, 2}, true).shape() == Shape{1, 3, 1});
  CHECK(same(sum(x, {}), x));  // no axes: nothing is summed (as in NumPy)
  CHECK(close(mean(x, {1}), sum(x, {1}) / 3));
  CHECK(close(mean(x), all / 24));
  CHECK(close(variance(x, {1}), mean(square(x), {1}) - square(mean(x, {1}))));
  CHECK(close(variance(x, {0, 2}, true, true), variance(x, {0, 2}, true) * real(8.0 / 7)));
  CHECK(same(max(permute(x, {1, 0, 2}), 0), max(x, 1)));
  CHECK(max(x, -1, true).shape() == Shape{2, 3, 1});
  CHECK(max(max(max(x, 0), 0), 0).item() == *std::max_element(x.value().begin(), x.value().end()));
}

TEST_CASE("laws: slices concatenated are the whole, stack and select are inverse") {
  const Tensor x = t({3, 5, 2});
  for (int axis = -3; axis < 3; ++axis) {
    const std::size_t n = x.shape(axis);
    CHECK(same(concat({slice(x, axis, 0, 1), slice(x, axis, 1, n)}, axis), x));
    CHECK(same(concat({slice(x, axis, 0, 0), x, slice(x, axis, n, n)}, axis), x));  // empty pieces do no harm
    std::vector<Tensor> parts;
    for (std::size_t i = 0; i < n; ++i) parts.push_back(select(x, axis, i));
    CHECK(same(stack(parts, axis), x));
  }
  CHECK(same(select(x, 1, 4), squeeze(slice(x, 1, 4, 5), 1)));
  CHECK(same(concat({x}), x));
  CHECK(stack({t({2}), t({2})}, -1).shape() == Shape{2, 2});
  CHECK(stack({Tensor(1), Tensor(2)}).value() == array({1, 2}));
}

TEST_CASE("laws: reshape, squeeze, unsqueeze, expand") {
  const Tensor x = t({2, 6});
  CHECK(same(reshape(reshape(x, {3, rest}), {2, 6}), x));
  CHECK(unsqueeze(x, 0).shape() == Shape{1, 2, 6});
  CHECK(unsqueeze(x, 1).shape() == Shape{2, 1, 6});
  CHECK(unsqueeze(x, 2).shape() == Shape{2, 6, 1});
  CHECK(unsqueeze(x, -1).shape() == Shape{2, 6, 1});
  CHECK(unsqueeze(x, -3).shape() == Shape{1, 2, 6});
  CHECK(unsqueeze(Tensor(3), 0).shape() == Shape{1});
  for (const int axis : {0, 1, 2, -1, -2, -3}) CHECK(same(squeeze(unsqueeze(x, axis), axis), x));
  CHECK(close(sum(expand(t({2, 1}), {3, 2, 4}), {0, 2}), t({2}) * 12));
}

TEST_CASE("laws: gather and scatter_add are adjoint: <gather(x), s> = <x, scatter_add(0, s)>") {
  struct Case {
    Shape x;
    int axis;
    Ids ids;
  };
  for (const Case& c :
       {Case{{5}, 0, ids({3, 3, 0, 4})}, Case{{2, 4}, 1, ids({2, 3}, {0, 3, 3, 1, 1, 0})}, Case{{3, 2}, 0, ids({1, 2}, {2, 0})},
        Case{{2, 3, 2}, -2, ids({2, 1, 2}, {2, 0, 1, 1})}, Case{{2, 3}, 1, ids({2, 0}, {})}}) {
    const Tensor x = t(c.x), s = t(c.ids.shape(), 2);
    CHECK(inner(gather(x, c.axis, c.ids), s) ==
          doctest::Approx(inner(x, scatter_add(Tensor(zeros(c.x)), c.axis, c.ids, s))).epsilon(10 * rounding));
    CHECK(close(scatter_add(x, c.axis, c.ids, s), x + scatter_add(Tensor(zeros(c.x)), c.axis, c.ids, s)));
  }
  const Tensor x(array({2, 3}, {10, 11, 12, 20, 21, 22}));
  CHECK(gather(x, 1, ids({2, 2}, {2, 0, 1, 1})).value() == array({2, 2}, {12, 10, 21, 21}));
  CHECK(gather(x, 0, ids({1, 3}, {1, 0, 1})).value() == array({1, 3}, {20, 11, 22}));
  CHECK(scatter_add(x, 1, ids({2, 2}, {2, 2, 0, 1}), Tensor(ones({2, 2}))).value() == array({2, 3}, {10, 11, 14, 21, 22, 22}));
}

TEST_CASE("laws: embedding picks rows, and is a product with one-hot rows") {
  const Tensor table(array({3, 2}, {1, 2, 3, 4, 5, 6}), true);
  const Ids which = ids({2, 2}, {2, 0, 2, 1});
  CHECK(embedding(table, which).value() == array({2, 2, 2}, {5, 6, 1, 2, 5, 6, 3, 4}));
  const Tensor one_hot(array({4, 3}, {0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0}));
  CHECK(same(reshape(embedding(table, which), {4, 2}), matmul(one_hot, table)));
  sum(embedding(table, which)).backward();
  CHECK(table.grad() == array({3, 2}, {1, 1, 1, 1, 2, 2}));  // how often each row was used
  table.zero_grad();
  sum(embedding(table, which, 2)).backward();
  CHECK(table.grad() == array({3, 2}, {1, 1, 1, 1, 0, 0}));  // the padding row gets none
  CHECK(embedding(table, ids({0}, {})).shape() == Shape{0, 2});
}

TEST_CASE("laws: dropout keeps the mean, drops the share p, and is the identity in evaluation") {
  Generator g{1};
  const std::size_t n = 20000;
  const Tensor x(ones({n})), y = dropout(x, 0.25, g);
  const double kept = 1 / 0.75;
  std::size_t dropped = 0, other = 0;
  for (const real v : y.value()) {
    dropped += v == 0;
    other += v != 0 && std::abs(v - kept) > 1e-6;
  }
  CHECK(other == 0);
  // standard deviation of the share: sqrt(0.25 * 0.75 / 20000) = 0.0031; five of them
  CHECK(double(dropped) / double(n) == doctest::Approx(0.25).epsilon(0.0155 / 1.25));
  CHECK(mean(y).item() == doctest::Approx(1).epsilon(0.0155 * kept / 2));
  CHECK(same(dropout(x, 0.25, g, false), x));
  CHECK(same(dropout(x, 0, g), x));
  const Tensor leaf(values({50}), true);
  Generator first{5}, second{5};
  const Tensor z = dropout(leaf, 0.5, first);
  sum(z).backward();  // the gradient is the same mask: 0 where dropped, 2 elsewhere
  for (std::size_t i = 0; i < 50; ++i) CHECK(leaf.grad()(i) == (z.value()(i) == 0 ? 0 : 2));
  CHECK(same(dropout(leaf, 0.5, second), z));
}

TEST_CASE("laws: where and masked_fill choose, whatever kind of argument they get") {
  const Tensor a = t({2, 3}), b = t({2, 3}, 2);
  Array mask = array({2, 3}, {1, 0, 0, 0, 1, 2});  // not const: xt::where must not be taken instead
  Tensor c = a;
  CHECK(same(where(mask, c, b), where(array({2, 3}, {1, 0, 0, 0, 1, 2}), a + real(0), b)));
  const Tensor chosen = where(mask, a, b);
  for (std::size_t i = 0; i < 6; ++i) CHECK(chosen.value().data()[i] == (mask.data()[i] != 0 ? a : b).value().data()[i]);
  CHECK(same(where(ones({1}), a, b), a));
  CHECK(same(where(zeros({}), a, b), b));
  CHECK(where(array({2, 1}, {1, 0}), Tensor(7), Tensor(array({1, 2, 3}))).value() == array({2, 3}, {7, 7, 7, 1, 2, 3}));
  CHECK(same(masked_fill(a, mask, 7), where(mask, Tensor(7), a)));
  CHECK(masked_fill(Tensor(array({2, 2}, {1, 2, 3, 4})), array({0, 1}), -INFINITY).value() == array({2, 2}, {1, -INFINITY, 3, -INFINITY}));
}
