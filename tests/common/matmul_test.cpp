#include "common/tensor/matmul.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "common/core/parallel.hpp"
#include "common/fast/kernels/gemm.hpp"
#include "common/tensor/broadcast.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;
using test::values;

namespace {

/// A product by three loops, in double: a (m, k) or transposed (k, m), at `a`; the same for b.
Array by_loops(const real* a, const real* b, std::size_t m, std::size_t k, std::size_t n, bool ta, bool tb) {
  Array c = empty({m, n});
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0;
      for (std::size_t l = 0; l < k; ++l) sum += double(a[ta ? l * m + i : i * k + l]) * double(b[tb ? j * k + l : l * n + j]);
      c(i, j) = real(sum);
    }
  }
  return c;
}

Transpose flag(bool transposed) { return transposed ? Transpose::yes : Transpose::no; }

Shape matrix(const Shape& batch, std::size_t rows, std::size_t cols, bool transposed) {
  Shape shape = batch;
  shape.push_back(transposed ? cols : rows);
  shape.push_back(transposed ? rows : cols);
  return shape;
}

/// Both operands repeated to the whole batch, then one product by loops after the other.
Array batched_by_loops(const Array& a, const Array& b, const Shape& batch, std::size_t m, std::size_t k, std::size_t n, bool ta, bool tb) {
  const Array wide_a = broadcast_to(a, matrix(batch, m, k, ta)), wide_b = broadcast_to(b, matrix(batch, k, n, tb));
  Array c = empty(matrix(batch, m, n, false));
  for (std::size_t i = 0; i < element_count(batch); ++i) {
    const Array item = by_loops(wide_a.data() + i * m * k, wide_b.data() + i * k * n, m, k, n, ta, tb);
    std::copy(item.begin(), item.end(), c.data() + i * m * n);
  }
  return c;
}

struct Batches {
  Shape a, b, both;
};
const std::vector<Batches> batches{
    {{}, {}, {}},         {{4}, {4}, {4}},          {{4}, {}, {4}},        {{}, {4}, {4}},           {{4}, {1}, {4}},
    {{1}, {3}, {3}},      {{2, 3}, {2, 3}, {2, 3}}, {{2, 3}, {3}, {2, 3}}, {{2, 1}, {1, 3}, {2, 3}}, {{2, 3}, {}, {2, 3}},
    {{}, {2, 3}, {2, 3}}, {{1}, {1}, {1}},          {{0}, {0}, {0}},       {{0}, {}, {0}},           {{2}, {2, 2}, {2, 2}}};

}  // namespace

TEST_CASE("matmul: two matrices against three loops") {
  for (const Shape& size : std::vector<Shape>{
           {1, 1, 1}, {2, 3, 4}, {1, 5, 1}, {5, 1, 3}, {7, 9, 1}, {1, 9, 7}, {3, 0, 2}, {0, 2, 3}, {33, 17, 29}, {1, 37, 6}, {6, 37, 1}}) {
    for (const bool ta : {false, true}) {
      for (const bool tb : {false, true}) {
        const std::size_t m = size[0], k = size[1], n = size[2];
        const Array a = values(matrix({}, m, k, ta)), b = values(matrix({}, k, n, tb), -1, 1, 2);
        CAPTURE(fmt::format("{} {} {}", size, ta, tb));
        const Array c = matmul(a, b, flag(ta), flag(tb));
        CHECK(c.shape() == Shape{m, n});
        CHECK(all_close(c, by_loops(a.data(), b.data(), m, k, n, ta, tb), test::rounding));
      }
    }
  }
}

TEST_CASE("matmul: batches against three loops") {
  const std::size_t m = 2, k = 3, n = 5;
  for (const Batches& batch : batches) {
    for (const bool ta : {false, true}) {
      for (const bool tb : {false, true}) {
        const Array a = values(matrix(batch.a, m, k, ta)), b = values(matrix(batch.b, k, n, tb), -1, 1, 2);
        CAPTURE(fmt::format("{} x {}", a.shape(), b.shape()));
        const Array expected = batched_by_loops(a, b, batch.both, m, k, n, ta, tb);
        CHECK(matmul(a, b, flag(ta), flag(tb)).shape() == expected.shape());
        CHECK(all_close(matmul(a, b, flag(ta), flag(tb)), expected, test::rounding));
      }
    }
  }
}

TEST_CASE("matmul_add: adds to what is there and sums over batch axes the target lacks") {
  const std::size_t m = 2, k = 3, n = 5;
  for (const Batches& batch : batches) {
    for (const bool ta : {false, true}) {
      for (const bool tb : {false, true}) {
        const Array a = values(matrix(batch.a, m, k, ta)), b = values(matrix(batch.b, k, n, tb), -1, 1, 2);
        const Array product = batched_by_loops(a, b, batch.both, m, k, n, ta, tb);
        std::vector<Shape> targets{batch.both, {}};  // all of the batch, none of it, one axis of it
        if (!batch.both.empty()) targets.push_back({1});
        if (batch.both.size() == 2) targets.insert(targets.end(), {{batch.both[1]}, {batch.both[0], 1}, {1, batch.both[1]}});
        for (const Shape& target : targets) {
          const Array start = values(matrix(target, m, n, false), -1, 1, 3);
          CAPTURE(fmt::format("{} += {} x {}", start.shape(), a.shape(), b.shape()));
          Array c = start;
          matmul_add(c, a, b, flag(ta), flag(tb));
          const Array expected = start + sum_to(product, start.shape());
          CHECK(all_close(c, expected, test::rounding));
        }
      }
    }
  }
}

TEST_CASE("gemm: beta 0 overwrites even NaN, beta 1 adds, an empty sum is 0") {
  const real bad = std::numeric_limits<real>::quiet_NaN();
  const Array a = array({2, 2}, {1, 2, 3, 4}), b = array({2, 2}, {5, 6, 7, 8});
  Array c = full({2, 2}, bad);
  gemm(Transpose::no, Transpose::no, 2, 2, 2, a.data(), b.data(), c.data(), 0);
  CHECK(c == array({2, 2}, {19, 22, 43, 50}));  // 1*5 + 2*7 = 19, …
  gemm(Transpose::yes, Transpose::no, 2, 2, 2, a.data(), b.data(), c.data(), 1);
  CHECK(c == array({2, 2}, {19 + 26, 22 + 30, 43 + 38, 50 + 44}));  // 1*5 + 3*7 = 26, …
  gemm(Transpose::no, Transpose::no, 2, 2, 0, a.data(), b.data(), c.data(), 1);
  CHECK(c(0, 0) == 45);
  c.fill(bad);
  gemm(Transpose::no, Transpose::no, 2, 2, 0, a.data(), b.data(), c.data(), 0);
  CHECK(c == zeros({2, 2}));
}

TEST_CASE("gemm: matrices that are parts of wider ones; what lies beside C stays") {
  // (5, 7) x (7, 6) out of arrays 9, 10 and 11 wide, from column 2 on, each operand as stored or transposed; also one row and one column.
  for (const auto& size : {std::pair<std::size_t, std::size_t>{5, 6}, {1, 6}, {5, 1}}) {
    const std::size_t m = size.first, n = size.second;
    for (const bool ta : {false, true}) {
      for (const bool tb : {false, true}) {
        CAPTURE(m);
        CAPTURE(n);
        CAPTURE(ta);
        CAPTURE(tb);
        const std::size_t k = 7;
        const Array a = values({8, 9}), b = values({8, 10}, -1, 1, 2), before = values({6, 11}, -1, 1, 3);
        Array c = before;
        gemm(ta ? Transpose::yes : Transpose::no, tb ? Transpose::yes : Transpose::no, m, n, k, a.data() + 2, 9, b.data() + 2, 10,
             c.data() + 2, 11, 1);
        for (std::size_t i = 0; i < 6; ++i) {
          for (std::size_t j = 0; j < 11; ++j) {
            double sum = double(before(i, j));
            if (i < m && j >= 2 && j < 2 + n)
              for (std::size_t l = 0; l < k; ++l) sum += double(ta ? a(l, i + 2) : a(i, l + 2)) * double(tb ? b(j - 2, l + 2) : b(l, j));
            CHECK(double(c(i, j)) == doctest::Approx(sum).epsilon(test::rounding).scale(10));
          }
        }
      }
    }
  }
}

TEST_CASE("gemm: one row times B^T, A times one column: beta 0 overwrites even NaN, beta 1 adds") {
  const Array a = values({5, 37}), x = values({37}, -1, 1, 2);
  Array rows = empty({5}), column = empty({5});
  rows.fill(std::numeric_limits<real>::quiet_NaN());
  column.fill(real(2));
  gemm(Transpose::no, Transpose::yes, 1, 5, 37, x.data(), a.data(), rows.data(), 0);
  gemm(Transpose::no, Transpose::no, 5, 1, 37, a.data(), x.data(), column.data(), 1);
  for (std::size_t i = 0; i < 5; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < 37; ++j) sum += double(a(i, j)) * double(x(j));
    CHECK(double(rows(i)) == doctest::Approx(sum).epsilon(test::rounding).scale(10));
    CHECK(double(column(i)) == doctest::Approx(sum + 2).epsilon(test::rounding).scale(10));
  }
}

TEST_CASE("matmul: split over threads it is the same product") {
  // Large enough to be split: rows when m >= n, columns when n > m, items of a batch.
  const int before = threads();
  struct Size {
    std::size_t batch, m, k, n;
  };
  for (const Size s : {Size{1, 301, 123, 97}, Size{1, 97, 123, 301}, Size{24, 31, 45, 37}, Size{1, 1, 123, 3001}, Size{1, 3001, 123, 1}}) {
    for (const bool ta : {false, true}) {
      for (const bool tb : {false, true}) {
        const Array a = values(matrix({s.batch}, s.m, s.k, ta)), b = values(matrix({s.batch}, s.k, s.n, tb), -1, 1, 2);
        set_threads(1);
        const Array one = matmul(a, b, flag(ta), flag(tb));
        set_threads(2);
        const Array two = matmul(a, b, flag(ta), flag(tb));
        // BLAS may add the 123 products in another order for other widths: sums of size about 5, so ten times the usual rounding
        CHECK(all_close(one, two, 10 * test::rounding));
        CHECK(all_close(one, batched_by_loops(a, b, {s.batch}, s.m, s.k, s.n, ta, tb), 10 * test::rounding));
      }
    }
  }
  set_threads(before);
}

TEST_CASE("matmul: errors name both shapes") {
  CHECK(error_of([] { matmul(zeros({2, 3}), zeros({4, 5})); }) == "matmul: (2, 3) x (4, 5): inner sizes 3 and 4 differ");
  CHECK(error_of([] {
          matmul(zeros({2, 3}), zeros({2, 5}), Transpose::yes, Transpose::yes);
        }) == "matmul: (2, 3)^T x (2, 5)^T: inner sizes 2 and 5 differ");
  CHECK(error_of([] { matmul(zeros({3}), zeros({3, 5})); }) == "matmul: needs matrices, got (3,) x (3, 5)");
  CHECK(error_of([] {
          matmul(zeros({2, 4, 3}), zeros({5, 3, 1}));
        }) == "matmul (batch axes): shapes (2,) and (5,) do not line up: sizes 2 and 5 differ");
  Array c = zeros({2, 2});
  CHECK(error_of([&] { matmul_add(c, zeros({2, 3}), zeros({3, 5})); }) == "matmul_add: a product (2, 5) cannot be added to (2, 2)");
  Array batch = zeros({4, 2, 5});
  CHECK(error_of([&] { matmul_add(batch, zeros({2, 3}), zeros({3, 5})); }) == "matmul_add: a product (2, 5) cannot be added to (4, 2, 5)");
}
