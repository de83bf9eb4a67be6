#include "common/tensor/blocks.hpp"

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

Array permute(const Array& x, const std::vector<std::size_t>& axes) {
  const std::size_t rank = axes.size();
  std::vector<std::size_t> stride_x(rank), stride(rank), index(rank, 0);
  std::size_t step = 1;
  for (std::size_t axis = rank; axis-- > 0;) {
    stride_x[axis] = step;
    step *= x.shape()[axis];
  }
  Shape shape(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    shape[axis] = x.shape()[axes[axis]];
    stride[axis] = stride_x[axes[axis]];
  }
  Array out = empty(shape);
  if (rank == 0 || out.size() == 0) {
    if (rank == 0) *out.data() = *x.data();
    return out;
  }
  const std::size_t inner = shape[rank - 1], inner_stride = stride[rank - 1];
  const real* source = x.data();
  real* o = out.data();
  std::size_t offset = 0;
  for (std::size_t row = out.size() / inner; row-- > 0; o += inner) {
    if (inner_stride == 1) {
      std::memcpy(o, source + offset, inner * sizeof(real));
    } else {
      for (std::size_t j = 0; j < inner; ++j) o[j] = source[offset + j * inner_stride];
    }
    for (std::size_t axis = rank - 1; axis-- > 0;) {
      offset += stride[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
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
