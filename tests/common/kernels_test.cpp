// Every kernel against the natural xtensor expression it replaces.
#include "common/fast/kernels/blocks.hpp"
#include "common/fast/kernels/gemm.hpp"
#include "common/fast/kernels/rows.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "common/core/parallel.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::values;

namespace {

const std::vector<Shape> shapes{{1, 1}, {2, 3}, {5, 1}, {1, 7}, {3, 37}, {9, 8}};

/// Last-axis reductions kept as a column, the way the formulas below need them.
Array row_sum(const Array& x) { return xt::sum(x, {1}, xt::keep_dims); }
Array row_max(const Array& x) { return xt::amax(x, {1}, xt::keep_dims); }

Array softmax_formula(const Array& x) {
  const Array e = xt::exp(x - row_max(x));
  return e / row_sum(e);
}

}  // namespace

TEST_CASE("kernels: softmax and log_softmax") {
  for (const Shape& shape : shapes) {
    const Array x = values(shape, -4, 4), dy = values(shape, -1, 1, 2), y = softmax_formula(x), log_y = xt::log(y);
    Array out = empty(shape);
    CAPTURE(fmt::format("{}", shape));
    kernels::softmax(x.data(), out.data(), shape[0], shape[1]);
    CHECK(all_close(out, y, test::rounding));
    kernels::log_softmax(x.data(), out.data(), shape[0], shape[1]);
    CHECK(all_close(out, log_y, 4 * test::rounding));
    kernels::softmax_backward(y.data(), dy.data(), out.data(), shape[0], shape[1]);
    CHECK(all_close(out, Array(y * (dy - row_sum(dy * y))), test::rounding));
    kernels::log_softmax_backward(log_y.data(), dy.data(), out.data(), shape[0], shape[1]);
    CHECK(all_close(out, Array(dy - y * row_sum(dy)), 4 * test::rounding));
  }
}

TEST_CASE("kernels: rows from one, the sum of rows, a matrix times a vector, on 1 and 2 threads") {
  const int before = threads();
  for (const Shape& shape : std::vector<Shape>{{1, 1}, {5, 1}, {1, 7}, {3, 37}, {0, 3}, {700, 400}}) {
    for (const int count : {1, 2}) {
      set_threads(count);
      CAPTURE(fmt::format("{} {}", shape, count));
      const Array a = values(shape), x = values({shape[1]}, -1, 1, 2), start = values({shape[1]}, -1, 1, 3),
                  y = values({shape[0]}, -1, 1, 4);
      Array rows = empty(shape), sum = start, product = y;
      kernels::copy_to_rows(x.data(), rows.data(), shape[0], shape[1]);
      CHECK(rows == Array(zeros(shape) + x));
      kernels::add_rows(a.data(), sum.data(), shape[0], shape[1]);
      gemm(Transpose::no, Transpose::no, shape[0], 1, shape[1], a.data(), x.data(), product.data(), 1);
      Array sum_expected = start, product_expected = y;
      for (std::size_t i = 0; i < shape[0]; ++i)
        for (std::size_t j = 0; j < shape[1]; ++j) sum_expected(j) += a(i, j), product_expected(i) += a(i, j) * x(j);
      CHECK(all_close(sum, sum_expected, 100 * test::rounding));  // sums of up to 700 numbers of size 1
      CHECK(all_close(product, product_expected, 100 * test::rounding));
    }
  }
  set_threads(before);
}

TEST_CASE("kernels: softmax of extreme rows") {
  const real inf = std::numeric_limits<real>::infinity();
  const Array x = array({4, 3}, {1e4, 1e4, 1e4, -1e4, 0, -1e4, -inf, 0, 0, -inf, -inf, -inf});
  Array y = empty({4, 3});
  kernels::softmax(x.data(), y.data(), 4, 3);
  CHECK(all_close(y, array({4, 3}, {real(1) / 3, real(1) / 3, real(1) / 3, 0, 1, 0, 0, 0.5, 0.5, NAN, NAN, NAN}), test::rounding));
  kernels::log_softmax(x.data(), y.data(), 4, 3);
  const real log3 = std::log(real(3)), log2 = std::log(real(2));
  CHECK(all_close(y, array({4, 3}, {-log3, -log3, -log3, -1e4, 0, -1e4, -inf, -log2, -log2, NAN, NAN, NAN}), test::rounding));
  kernels::softmax(x.data(), y.data(), 0, 3);  // no rows, and rows of nothing: nothing is touched
  kernels::softmax(x.data(), y.data(), 3, 0);
  kernels::log_softmax(x.data(), y.data(), 3, 0);
  CHECK(y(1, 1) == 0);
}

TEST_CASE("kernels: layer_norm and its gradients") {
  const double eps = 1e-3;
  for (const Shape& shape : shapes) {
    const std::size_t rows = shape[0], cols = shape[1];
    const Array x = values(shape, -2, 3), dy = values(shape, -1, 1, 2), gain = values({cols}, 0.5, 2, 3), bias = values({cols}, -1, 1, 4);
    const Array mean = row_sum(x) / real(cols), centred = x - mean,
                rstd = real(1) / xt::sqrt(row_sum(centred * centred) / real(cols) + real(eps));
    const Array n = centred * rstd, y = n * gain + bias;
    CAPTURE(fmt::format("{}", shape));
    Array out = empty(shape), means = empty({rows, 1}), rstds = empty({rows, 1});
    kernels::layer_norm(x.data(), gain.data(), bias.data(), eps, out.data(), means.data(), rstds.data(), rows, cols);
    // with one column x - mean is all rounding and rstd = 1 / sqrt(eps) = 32 enlarges it
    CHECK(all_close(out, y, 32 * test::rounding));
    CHECK(all_close(means, mean, test::rounding));
    CHECK(all_close(rstds, rstd, 32 * test::rounding));
    Array dgain = ones({cols}), dbias = full({cols}, 2);  // the kernel adds to them
    kernels::layer_norm_backward(x.data(), gain.data(), mean.data(), rstd.data(), dy.data(), out.data(), dgain.data(), dbias.data(), rows,
                                 cols);
    const Array dn = dy * gain, dx = rstd * (dn - row_sum(dn) / real(cols) - n * (row_sum(dn * n) / real(cols)));
    CHECK(all_close(out, dx, 32 * test::rounding));
    CHECK(all_close(dgain, Array(real(1) + xt::sum(dy * n, {0})), 10 * test::rounding));
    CHECK(all_close(dbias, Array(real(2) + xt::sum(dy, {0})), 10 * test::rounding));
  }
  const Array none = zeros({0, 3}), gain = ones({3});
  Array out = zeros({0, 3}), of_rows = zeros({0}), dgain = ones({3}), dbias = ones({3});
  kernels::layer_norm(none.data(), gain.data(), gain.data(), eps, out.data(), of_rows.data(), of_rows.data(), 0, 3);
  kernels::layer_norm_backward(none.data(), gain.data(), of_rows.data(), of_rows.data(), none.data(), out.data(), dgain.data(),
                               dbias.data(), 0, 3);
  CHECK(dgain == ones({3}));
}

TEST_CASE("kernels: permute equals xt::transpose") {
  const std::vector<std::vector<std::size_t>> orders{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (const Shape& shape : std::vector<Shape>{{2, 3, 5}, {1, 3, 1}, {4, 1, 7}, {1, 1, 1}}) {
    const Array x = values(shape);
    for (const auto& order : orders) {
      const Array expected = xt::transpose(x, order), y = permute(x, order);
      CHECK(y == expected);
      CHECK(y.shape() == Shape{shape[order[0]], shape[order[1]], shape[order[2]]});
    }
  }
  const Array four = values({2, 3, 4, 5});
  CHECK(permute(four, {2, 0, 3, 1}) == Array(xt::transpose(four, {2, 0, 3, 1})));
  CHECK(permute(zeros({2, 0, 3}), {2, 0, 1}).shape() == Shape{3, 2, 0});
  CHECK(permute(scalar(3), {}) == scalar(3));
  CHECK(permute(array({1, 2}), {0}) == array({1, 2}));
}

TEST_CASE("kernels: blocks are slices and concatenations along any axis") {
  const Array x = values({3, 5, 2});
  Array part = empty({3, 2, 2});  // x[:, 1:3, :]
  kernels::copy_blocks(x.data() + 1 * 2, 5 * 2, part.data(), 2 * 2, 2 * 2, 3);
  CHECK(part == Array(xt::view(x, xt::all(), xt::range(1, 3), xt::all())));
  Array columns = empty({3, 5, 1});  // x[:, :, 1:2]
  kernels::copy_blocks(x.data() + 1, 2, columns.data(), 1, 1, 15);
  CHECK(columns == Array(xt::view(x, xt::all(), xt::all(), xt::range(1, 2))));

  const Array a = values({2, 3}), b = values({2, 1}, -1, 1, 2);
  Array joined = empty({2, 4});
  kernels::copy_blocks(a.data(), 3, joined.data(), 4, 3, 2);
  kernels::copy_blocks(b.data(), 1, joined.data() + 3, 4, 1, 2);
  CHECK(joined == Array(xt::concatenate(xt::xtuple(a, b), 1)));

  Array sum = joined;
  kernels::add_blocks(a.data(), 3, sum.data() + 1, 4, 3, 2);  // sum[:, 1:4] += a
  Array expected = joined;
  xt::view(expected, xt::all(), xt::range(1, 4)) += a;
  CHECK(all_close(sum, expected, test::rounding));
  kernels::add_blocks(a.data(), 3, sum.data(), 4, 0, 2);  // no width, no count: nothing happens
  kernels::copy_blocks(a.data(), 3, sum.data(), 4, 3, 0);
  CHECK(all_close(sum, expected, test::rounding));
}

TEST_CASE("kernels: rows shared by threads give the same numbers") {
  const int before = threads();
  const Array x = values({401, 133}, -4, 4), gain = ones({133}), bias = zeros({133});
  Array one = empty(x.shape()), two = empty(x.shape()), means = empty({401}), rstds = empty({401});
  set_threads(1);
  kernels::softmax(x.data(), one.data(), 401, 133);
  set_threads(2);
  kernels::softmax(x.data(), two.data(), 401, 133);
  CHECK(one == two);  // a row is one thread's work: the same bits
  set_threads(1);
  kernels::layer_norm(x.data(), gain.data(), bias.data(), 1e-5, one.data(), means.data(), rstds.data(), 401, 133);
  set_threads(2);
  kernels::layer_norm(x.data(), gain.data(), bias.data(), 1e-5, two.data(), means.data(), rstds.data(), 401, 133);
  CHECK(one == two);
  set_threads(before);
}
