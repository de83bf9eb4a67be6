#pragma once
/// @file
/// Fast, fast/kernels. Softmax and layer norm row by row, in plain loops that compilers vectorise: xtensor expressions take 10 to 3000
/// times as long. Each is tested against the expression it replaces. An array seen as `rows` x `cols` has its last axis in `cols`.
#include <cstddef>

#include "common/core/real.hpp"
#include "common/fast/kernels/vector_math.hpp"

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

}  // namespace byhand::kernels
