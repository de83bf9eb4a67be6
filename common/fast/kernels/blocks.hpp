#pragma once
/// @file
/// Fast, fast/kernels. Numbers moved in blocks: slices, a bias for each row, and its gradient. xtensor's expressions take 10 to 40
/// times as long; each loop is tested against the expression it replaces.
#include <cstddef>

#include "common/core/real.hpp"

namespace byhand::kernels {

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
