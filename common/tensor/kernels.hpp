#pragma once
/// @file
/// Spine, tensor. Plain loops over rows for the few things that xtensor expressions do 10 to 3000 times slower. Each is tested against the
/// expression it replaces. An array seen as `rows` x `cols` has its last axis in `cols`.
#include "common/tensor/array.hpp"

namespace byhand::kernels {

/// y = softmax of each row; the largest element is subtracted first, so that no exponential overflows. A row of -inf gives NaN.
void softmax(const real* x, real* y, std::size_t rows, std::size_t cols);
/// dx = y * (dy - sum(dy * y)) for each row, where y is the softmax.
void softmax_backward(const real* y, const real* dy, real* dx, std::size_t rows, std::size_t cols);

/// y = x - max - log(sum(exp(x - max))) for each row.
void log_softmax(const real* x, real* y, std::size_t rows, std::size_t cols);
/// dx = dy - exp(y) * sum(dy) for each row, where y is the log-softmax.
void log_softmax_backward(const real* y, const real* dy, real* dx, std::size_t rows, std::size_t cols);

/// y = (x - mean) / sqrt(variance + eps) * gain + bias for each row, with the biased variance; keeps mean and 1 / sqrt(…) for backward.
void layer_norm(const real* x, const real* gain, const real* bias, double eps, real* y, real* mean, real* rstd, std::size_t rows,
                std::size_t cols);
/// Adds to dgain and dbias; writes dx.
void layer_norm_backward(const real* x, const real* gain, const real* mean, const real* rstd, const real* dy, real* dx, real* dgain,
                         real* dbias, std::size_t rows, std::size_t cols);

/// y = A x + beta y, A (rows, cols): each row's dot product, summed in 16 lanes whatever the compiler. It reads A once, at the speed of
/// memory; OpenBLAS 0.3.21 reached a third of that for one row (sgemm) or one column (sgemv).
void matrix_vector(const real* a, const real* x, real* y, std::size_t rows, std::size_t cols, real beta);

/// The axes of x in another order: axis i of the result is axis axes[i] of x.
Array permute(const Array& x, const std::vector<std::size_t>& axes);

/// Each row of y (rows, cols) becomes x (cols,): a bias before a product is added to it.
void copy_to_rows(const real* x, real* y, std::size_t rows, std::size_t cols);
/// y (cols,) += the sum of the rows of x (rows, cols), in order whatever the number of threads: the gradient of a bias.
void add_rows(const real* x, real* y, std::size_t rows, std::size_t cols);

/// For each of `count` blocks: copies, or adds, `width` numbers from source + i * source_stride to target + i * target_stride.
/// Slices and concatenations along any axis are such blocks.
void copy_blocks(const real* source, std::size_t source_stride, real* target, std::size_t target_stride, std::size_t width,
                 std::size_t count);
void add_blocks(const real* source, std::size_t source_stride, real* target, std::size_t target_stride, std::size_t width,
                std::size_t count);

}  // namespace byhand::kernels
