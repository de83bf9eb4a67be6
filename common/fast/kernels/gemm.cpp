#include "common/fast/kernels/gemm.hpp"

#include <algorithm>
#include <climits>
#include <xtensor-blas/xblas.hpp>

#include "common/core/error.hpp"
#include "common/core/parallel.hpp"

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

}  // namespace byhand
