#include "common/fast/kernels/blocks.hpp"

#include <algorithm>
#include <cstring>

#include "common/core/parallel.hpp"

namespace byhand::kernels {

void copy_to_rows(const real* x, real* y, std::size_t rows, std::size_t cols) {
  const std::size_t worth_a_thread = (1 << 14) / std::max<std::size_t>(cols, 1);
  parallel_for(rows, std::max<std::size_t>(1, worth_a_thread), [=](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) std::copy_n(x, cols, y + row * cols);
  });
}

void add_rows(const real* x, real* y, std::size_t rows, std::size_t cols) {
  const std::size_t worth_a_thread = (1 << 16) / std::max<std::size_t>(rows, 1);
  parallel_for(cols, std::max<std::size_t>(16, worth_a_thread), [=](std::size_t begin, std::size_t end) {
    for (std::size_t row = 0; row < rows; ++row)
#pragma omp simd
      for (std::size_t j = begin; j < end; ++j) y[j] += x[row * cols + j];
  });
}

void copy_blocks(const real* source, std::size_t source_stride, real* target, std::size_t target_stride, std::size_t width,
                 std::size_t count) {
  if (width == 0) return;  // an empty array may have no memory at all, and memcpy must not see that
  for (std::size_t i = 0; i < count; ++i) std::memcpy(target + i * target_stride, source + i * source_stride, width * sizeof(real));
}

void add_blocks(const real* source, std::size_t source_stride, real* target, std::size_t target_stride, std::size_t width,
                std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const real* s = source + i * source_stride;
    real* t = target + i * target_stride;
    for (std::size_t j = 0; j < width; ++j) t[j] += s[j];
  }
}

}  // namespace byhand::kernels
