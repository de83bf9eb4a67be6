#include "common/fast/kernels/rows.hpp"

#include <algorithm>
#include <cmath>

#include "common/core/parallel.hpp"

namespace byhand::kernels {
namespace {

/// Calls body(row) for all rows; threads share them when there is enough work.
template <class F>
void each_row(std::size_t rows, std::size_t cols, F&& body) {
  parallel_for(rows, std::max<std::size_t>(1, (1 << 14) / std::max<std::size_t>(cols, 1)), [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) body(row);
  });
}

/// Calls body(begin, end) on blocks of columns, for sums over rows: each sum is one thread's, in the order of the rows.
template <class F>
void each_column_block(std::size_t rows, std::size_t cols, F&& body) {
  parallel_for(cols, std::max<std::size_t>(16, (1 << 16) / std::max<std::size_t>(rows, 1)), body);
}

real row_max(const real* x, std::size_t n) {
  real top = x[0];
#pragma omp simd reduction(max : top)
  for (std::size_t j = 0; j < n; ++j) top = x[j] > top ? x[j] : top;
  return top;
}

}  // namespace

void softmax(const real* xs, real* ys, std::size_t rows, std::size_t cols) {
  each_row(cols ? rows : 0, cols, [=](std::size_t row) {
    const real* x = xs + row * cols;
    real* y = ys + row * cols;
    const real top = row_max(x, cols);
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t j = 0; j < cols; ++j) {
      const real e = std::exp(x[j] - top);
      y[j] = e;
      sum += e;
    }
    const real scale = real(1) / sum;
    for (std::size_t j = 0; j < cols; ++j) y[j] *= scale;
  });
}

void softmax_backward(const real* ys, const real* dys, real* dxs, std::size_t rows, std::size_t cols) {
  each_row(rows, cols, [=](std::size_t row) {
    const real *y = ys + row * cols, *dy = dys + row * cols;
    real* dx = dxs + row * cols;
    real dot = 0;
#pragma omp simd reduction(+ : dot)
    for (std::size_t j = 0; j < cols; ++j) dot += y[j] * dy[j];
    for (std::size_t j = 0; j < cols; ++j) dx[j] = y[j] * (dy[j] - dot);
  });
}

void log_softmax(const real* xs, real* ys, std::size_t rows, std::size_t cols) {
  each_row(cols ? rows : 0, cols, [=](std::size_t row) {
    const real* x = xs + row * cols;
    real* y = ys + row * cols;
    const real top = row_max(x, cols);
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t j = 0; j < cols; ++j) sum += std::exp(x[j] - top);
    const real log_sum = std::log(sum);
    for (std::size_t j = 0; j < cols; ++j) y[j] = x[j] - top - log_sum;
  });
}

void log_softmax_backward(const real* ys, const real* dys, real* dxs, std::size_t rows, std::size_t cols) {
  each_row(rows, cols, [=](std::size_t row) {
    const real *y = ys + row * cols, *dy = dys + row * cols;
    real* dx = dxs + row * cols;
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t j = 0; j < cols; ++j) sum += dy[j];
    for (std::size_t j = 0; j < cols; ++j) dx[j] = dy[j] - std::exp(y[j]) * sum;
  });
}

void layer_norm(const real* xs, const real* gain, const real* bias, double eps, real* ys, real* means, real* rstds, std::size_t rows,
                std::size_t cols) {
  each_row(rows, cols, [=](std::size_t row) {
    const real* x = xs + row * cols;
    real* y = ys + row * cols;
    real sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t j = 0; j < cols; ++j) sum += x[j];
    const real mean = sum / real(cols);
#pragma omp simd reduction(+ : squares)
    for (std::size_t j = 0; j < cols; ++j) squares += (x[j] - mean) * (x[j] - mean);
    const real rstd = real(1) / std::sqrt(squares / real(cols) + real(eps));
    for (std::size_t j = 0; j < cols; ++j) y[j] = (x[j] - mean) * rstd * gain[j] + bias[j];
    means[row] = mean;
    rstds[row] = rstd;
  });
}

void layer_norm_backward(const real* xs, const real* gain, const real* means, const real* rstds, const real* dys, real* dxs, real* dgain,
                         real* dbias, std::size_t rows, std::size_t cols) {
  each_row(rows, cols, [=](std::size_t row) {
    const real *x = xs + row * cols, *dy = dys + row * cols, mean = means[row], rstd = rstds[row];
    real* dx = dxs + row * cols;
    // With n = (x - mean) rstd and dn = dy gain:  dx = rstd (dn - mean(dn) - n mean(dn n))
    real sum = 0, dot = 0;
#pragma omp simd reduction(+ : sum, dot)
    for (std::size_t j = 0; j < cols; ++j) {
      const real dn = dy[j] * gain[j];
      sum += dn;
      dot += dn * (x[j] - mean) * rstd;
    }
    sum /= real(cols);
    dot /= real(cols);
#pragma omp simd
    for (std::size_t j = 0; j < cols; ++j) dx[j] = (dy[j] * gain[j] - sum - (x[j] - mean) * rstd * dot) * rstd;
  });
  each_column_block(rows, cols, [=](std::size_t begin, std::size_t end) {
    for (std::size_t row = 0; row < rows; ++row) {
      const real *x = xs + row * cols, *dy = dys + row * cols, mean = means[row], rstd = rstds[row];
#pragma omp simd
      for (std::size_t j = begin; j < end; ++j) {
        dgain[j] += dy[j] * ((x[j] - mean) * rstd);
        dbias[j] += dy[j];
      }
    }
  });
}

}  // namespace byhand::kernels
