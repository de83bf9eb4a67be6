#include "common/tensor/matmul.hpp"

#include <algorithm>
#include <climits>
#include <xtensor-blas/xblas.hpp>

#include "common/core/parallel.hpp"
#include "common/tensor/broadcast.hpp"

#ifdef BYHAND_ONEDNN
#include <dnnl.h>
#endif

// OpenBLAS has the first, OpenMP's library, which oneDNN uses, the second; without them the pointers are null.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int);
extern "C" __attribute__((weak)) void omp_set_num_threads(int);

namespace byhand {
namespace {

constexpr std::size_t flops_a_piece = 1 << 20;  // below this, waking a second thread costs more than it brings

/// The second engine: oneDNN, when it was found at configure time, has faster kernels for products large enough to pay for its start.
/// False when it does not take the product; then BLAS does it.
[[maybe_unused]] bool onednn(Transpose a_op, Transpose b_op, std::size_t m, std::size_t n, std::size_t k, const real* a, std::size_t lda,
                             const real* b, std::size_t ldb, real* c, std::size_t ldc, real beta) {
#if defined(BYHAND_ONEDNN) && !defined(BYHAND_DOUBLE)
  constexpr std::size_t smallest = 1 << 20;  // m n k: from 128 x 128 x 64 on it was 5 to 20 % faster than OpenBLAS 0.3.21, below slower
  const auto letter = [](Transpose t) { return t == Transpose::no ? 'N' : 'T'; };
  const auto size = [](std::size_t s) { return dnnl_dim_t(s); };
  return m * n * k >= smallest && dnnl_sgemm(letter(a_op), letter(b_op), size(m), size(n), size(k), 1, a, size(lda), b, size(ldb), beta, c,
                                             size(ldc)) == dnnl_success;
#else
  (void)a_op, (void)b_op, (void)m, (void)n, (void)k, (void)a, (void)lda, (void)b, (void)ldb, (void)c, (void)ldc, (void)beta;
  return false;
#endif
}

void gemm_piece(Transpose a_op, Transpose b_op, std::size_t m, std::size_t n, std::size_t k, const real* a, std::size_t lda, const real* b,
                std::size_t ldb, real* c, std::size_t ldc, real beta) {
  using cxxblas::NoTrans;
  using cxxblas::Trans;
  if (onednn(a_op, b_op, m, n, k, a, lda, b, ldb, c, ldc, beta)) return;
  cxxblas::gemm<int>(cxxblas::RowMajor, a_op == Transpose::no ? NoTrans : Trans, b_op == Transpose::no ? NoTrans : Trans, int(m), int(n),
                     int(k), real(1), a, int(lda), b, int(ldb), beta, c, int(ldc));
}

/// y = A x + beta y, A (rows, cols): each row's dot product, summed in 16 lanes whatever the compiler. It reads A once, at the speed of
/// memory; OpenBLAS 0.3.21 reached a third of that for one row (sgemm) or one column (sgemv).
void matrix_vector(const real* a, const real* x, real* y, std::size_t rows, std::size_t cols, real beta) {
  constexpr std::size_t lanes = 16, work_a_piece = 1 << 17;  // 2^17 numbers take about 20 microseconds, to wake a thread 1 to 17
  parallel_for(rows, std::max<std::size_t>(8, work_a_piece / std::max<std::size_t>(cols, 1)), [=](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const real* row = a + i * cols;
      real sums[lanes] = {}, sum = 0;
      std::size_t j = 0;
      for (; j + lanes <= cols; j += lanes)
        for (std::size_t l = 0; l < lanes; ++l) sums[l] += row[j + l] * x[j + l];
      for (; j < cols; ++j) sum += row[j] * x[j];
      for (std::size_t half = lanes / 2; half; half /= 2)
        for (std::size_t l = 0; l < half; ++l) sums[l] += sums[l + half];
      sum += sums[0];
      y[i] = beta == 0 ? sum : sum + beta * y[i];
    }
  });
}

/// What a product of two shapes looks like.
struct Plan {
  std::size_t m, n, k;
  Shape batch_a, batch_b, batch;  // the leading axes of a, of b, and of the product

  Plan(const Array& a, const Array& b, Transpose a_op, Transpose b_op) {
    const Shape &sa = a.shape(), &sb = b.shape();
    check(sa.size() >= 2 && sb.size() >= 2, "matmul: needs matrices, got {} x {}", sa, sb);
    const std::size_t ra = sa.size(), rb = sb.size();
    m = sa[a_op == Transpose::no ? ra - 2 : ra - 1];
    k = sa[a_op == Transpose::no ? ra - 1 : ra - 2];
    n = sb[b_op == Transpose::no ? rb - 1 : rb - 2];
    const std::size_t kb = sb[b_op == Transpose::no ? rb - 2 : rb - 1];
    check(k == kb, "matmul: {}{} x {}{}: inner sizes {} and {} differ", sa, a_op == Transpose::no ? "" : "^T", sb,
          b_op == Transpose::no ? "" : "^T", k, kb);
    check(m <= INT_MAX && n <= INT_MAX && k <= INT_MAX, "matmul: {} x {} is more than BLAS can count", sa, sb);
    batch_a = Shape(sa.begin(), sa.end() - 2);
    batch_b = Shape(sb.begin(), sb.end() - 2);
    batch = batch_a == batch_b ? batch_a : broadcast_shape("matmul (batch axes)", batch_a, batch_b);
  }

  Shape shape() const {
    Shape out = batch;
    out.push_back(m);
    out.push_back(n);
    return out;
  }
};

/// Calls body(batch item, its matrix in a, its matrix in b), in order.
template <class F>
void each_batch(const Shape& batch, const Shape& a, const Shape& b, F&& body) {
  const detail::Walk walk(batch, a, b);
  walk.rows(element_count(batch), [&](std::size_t first, std::size_t ia, std::size_t ib) {
    for (std::size_t i = 0; i < walk.row.size; ++i) body(first + i, ia + i * walk.row.a, ib + i * walk.row.b);
  });
}

}  // namespace

void gemm(Transpose a_op, Transpose b_op, std::size_t m, std::size_t n, std::size_t k, const real* a, const real* b, real* c, real beta) {
  gemm(a_op, b_op, m, n, k, a, a_op == Transpose::no ? k : m, b, b_op == Transpose::no ? n : k, c, n, beta);
}

void gemm(Transpose a_op, Transpose b_op, std::size_t m, std::size_t n, std::size_t k, const real* a, std::size_t lda, const real* b,
          std::size_t ldb, real* c, std::size_t ldc, real beta) {
  static const bool blas_alone = (openblas_set_num_threads ? openblas_set_num_threads(1) : void(), true);
  thread_local const bool onednn_alone = (omp_set_num_threads ? omp_set_num_threads(1) : void(), blas_alone);  // ours states its number
  (void)onednn_alone;
  if (m == 0 || n == 0) return;
  check(std::max({m, n, k, lda, ldb, ldc}) <= INT_MAX, "matmul: ({}, {}) x ({}, {}) is more than BLAS can count", m, k, k, n);
  const std::size_t step_a = a_op == Transpose::no ? lda : 1, step_b = b_op == Transpose::no ? 1 : ldb;  // to the next row or column of C
  const bool whole_a = a_op == Transpose::no && lda == k, whole_b = b_op == Transpose::yes && ldb == k;
  if (k == 0) {  // an empty sum
    for (std::size_t i = 0; i < m; ++i)
      for (real* x = c + i * ldc; x != c + i * ldc + n; ++x) *x = beta == 0 ? real(0) : *x * beta;
  } else if (m == 1 && whole_b && (a_op == Transpose::no || lda == 1)) {  // a token at a time: b's rows times one vector
    matrix_vector(b, a, c, n, k, beta);
  } else if (n == 1 && whole_a && ldc == 1 && (b_op == Transpose::yes || ldb == 1)) {
    matrix_vector(a, b, c, m, k, beta);
  } else if (m >= n) {  // threads share the rows of C, or its columns when there are more of those
    parallel_for(m, std::max<std::size_t>(8, flops_a_piece / (n * k)), [&](std::size_t begin, std::size_t end) {
      gemm_piece(a_op, b_op, end - begin, n, k, a + begin * step_a, lda, b, ldb, c + begin * ldc, ldc, beta);
    });
  } else {
    parallel_for(n, std::max<std::size_t>(8, flops_a_piece / (m * k)), [&](std::size_t begin, std::size_t end) {
      gemm_piece(a_op, b_op, m, end - begin, k, a, lda, b + begin * step_b, ldb, c + begin, ldc, beta);
    });
  }
}

Array matmul(const Array& a, const Array& b, Transpose a_op, Transpose b_op) {
  const Plan p(a, b, a_op, b_op);
  Array c = empty(p.shape());
  if (p.batch_b.empty() && a_op == Transpose::no) {  // one matrix for the whole batch: all rows in one product
    gemm(a_op, b_op, element_count(p.batch) * p.m, p.n, p.k, a.data(), b.data(), c.data(), 0);
    return c;
  }
  const std::size_t count = element_count(p.batch), work = std::max<std::size_t>(p.m * p.n * p.k, 1);
  if (p.batch_a == p.batch_b) {  // the usual batch: threads share the items
    parallel_for(count, std::max<std::size_t>(1, flops_a_piece / 4 / work), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        gemm(a_op, b_op, p.m, p.n, p.k, a.data() + i * p.m * p.k, b.data() + i * p.k * p.n, c.data() + i * p.m * p.n, 0);
    });
    return c;
  }
  each_batch(p.batch, p.batch_a, p.batch_b, [&](std::size_t i, std::size_t ia, std::size_t ib) {
    gemm(a_op, b_op, p.m, p.n, p.k, a.data() + ia * p.m * p.k, b.data() + ib * p.k * p.n, c.data() + i * p.m * p.n, 0);
  });
  return c;
}

void matmul_add(Array& c, const Array& a, const Array& b, Transpose a_op, Transpose b_op) {
  const Plan p(a, b, a_op, b_op);
  const Shape& sc = c.shape();
  check(sc.size() >= 2 && sc[sc.size() - 2] == p.m && sc.back() == p.n, "matmul_add: a product {} cannot be added to {}", p.shape(), sc);
  const Shape batch_c(sc.begin(), sc.end() - 2);
  const std::size_t count = element_count(p.batch), work = std::max<std::size_t>(p.m * p.n * p.k, 1);
  if (batch_c.empty() && p.batch_a == p.batch_b && a_op == Transpose::yes && b_op == Transpose::no) {
    // Summing A_i^T B_i over the batch is one product of the stacked rows: the gradient of a shared weight.
    gemm(a_op, b_op, p.m, p.n, count * p.k, a.data(), b.data(), c.data(), 1);
    return;
  }
  if (p.batch_b.empty() && batch_c == p.batch && a_op == Transpose::no) {
    gemm(a_op, b_op, count * p.m, p.n, p.k, a.data(), b.data(), c.data(), 1);
    return;
  }
  if (p.batch_a == p.batch_b && batch_c == p.batch) {
    parallel_for(count, std::max<std::size_t>(1, flops_a_piece / 4 / work), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        gemm(a_op, b_op, p.m, p.n, p.k, a.data() + i * p.m * p.k, b.data() + i * p.k * p.n, c.data() + i * p.m * p.n, 1);
    });
    return;
  }
  check(broadcast_shape("matmul_add", p.batch, batch_c) == p.batch, "matmul_add: a product {} cannot be added to {}", p.shape(), sc);
  std::vector<std::size_t> item_c(count);
  each_batch(p.batch, batch_c, {}, [&](std::size_t i, std::size_t ic, std::size_t) { item_c[i] = ic; });
  each_batch(p.batch, p.batch_a, p.batch_b, [&](std::size_t i, std::size_t ia, std::size_t ib) {
    gemm(a_op, b_op, p.m, p.n, p.k, a.data() + ia * p.m * p.k, b.data() + ib * p.k * p.n, c.data() + item_c[i] * p.m * p.n, 1);
  });
}

}  // namespace byhand
