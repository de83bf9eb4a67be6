// Operations that move numbers without changing them.
#include <algorithm>
#include <numeric>

#include "common/autograd/node.hpp"
#include "common/autograd/ops.hpp"
#include "common/fast/kernels/blocks.hpp"
#include "common/tensor/broadcast.hpp"

namespace byhand {
namespace {

/// Sizes before and after an axis: an array is `outer` blocks of shape[axis] * inner numbers.
std::pair<std::size_t, std::size_t> outer_inner(const Shape& shape, std::size_t axis) {
  const auto product = [](auto begin, auto end) {
    return std::accumulate(begin, end, std::size_t(1), std::multiplies<>());
  };
  return {product(shape.begin(), shape.begin() + long(axis)),
          product(shape.begin() + long(axis) + 1, shape.end())};
}

}  // namespace

Tensor reshape(const Tensor& x, const Shape& shape) {
  return make_op("reshape", reshape(x.value(), shape), {x}, [](Node& node) {
    node.input(0).add_grad(reshape(node.take_grad(), node.input(0).shape()));
  });
}

Tensor permute(const Tensor& x, const std::vector<int>& axes) {
  check(axes.size() == x.ndim(), "permute: {} has {} axes, {} were named", x.shape(), x.ndim(),
        axes.size());
  std::vector<std::size_t> order(axes.size()), inverse(axes.size(), axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    order[i] = axis_index("permute", axes[i], x.shape());
    check(inverse[order[i]] == axes.size(), "permute: axis {} of {} is named twice", axes[i],
          x.shape());
    inverse[order[i]] = i;
  }
  return make_op("permute", permute(x.value(), order), {x},
                 [inverse](Node& node) { node.input(0).add_grad(permute(node.grad(), inverse)); });
}

Tensor transpose(const Tensor& x, int axis_a, int axis_b) {
  std::vector<int> axes(x.ndim());
  std::iota(axes.begin(), axes.end(), 0);
  std::swap(axes[axis_index("transpose", axis_a, x.shape())],
            axes[axis_index("transpose", axis_b, x.shape())]);
  return permute(x, axes);
}

Tensor squeeze(const Tensor& x, int axis) {
  const std::size_t i = axis_index("squeeze", axis, x.shape());
  check(x.shape()[i] == 1, "squeeze: axis {} of {} is not of size 1", axis, x.shape());
  Shape shape = x.shape();
  shape.erase(shape.begin() + long(i));
  return reshape(x, shape);
}

Tensor unsqueeze(const Tensor& x, int axis) {
  const int rank = int(x.ndim());
  check(axis >= -rank - 1 && axis <= rank, "unsqueeze: {} has no place {} for a new axis",
        x.shape(), axis);
  const std::size_t place = std::size_t(axis < 0 ? axis + rank + 1 : axis);
  Shape shape(x.ndim() + 1, 1);
  for (std::size_t i = 0; i < x.ndim(); ++i) shape[i < place ? i : i + 1] = x.shape()[i];
  return reshape(x, shape);
}

Tensor slice(const Tensor& x, int axis, std::size_t begin, std::size_t end) {
  const std::size_t i = axis_index("slice", axis, x.shape());
  check(begin <= end && end <= x.shape()[i], "slice: [{}, {}) is not inside axis {} of {}", begin,
        end, axis, x.shape());
  const auto [outer, inner] = outer_inner(x.shape(), i);
  const std::size_t stride = x.shape()[i] * inner, offset = begin * inner,
                    width = (end - begin) * inner, blocks = outer;
  Shape shape = x.shape();
  shape[i] = end - begin;
  Array y = empty(shape);
  kernels::copy_blocks(x.value().data() + offset, stride, y.data(), width, width, blocks);
  return make_op("slice", std::move(y), {x}, [=](Node& node) {
    kernels::add_blocks(node.grad().data(), width, node.input(0).mutable_grad().data() + offset,
                        stride, width, blocks);
  });
}

Tensor select(const Tensor& x, int axis, std::size_t index) {
  const std::size_t i = axis_index("select", axis, x.shape());
  check(index < x.shape()[i], "select: axis {} of {} has no element {}", axis, x.shape(), index);
  return squeeze(slice(x, int(i), index, index + 1), int(i));
}

Tensor concat(const std::vector<Tensor>& parts, int axis) {
  check(!parts.empty(), "concat: needs at least one tensor");
  const std::size_t i = axis_index("concat", axis, parts[0].shape());
  Shape shape = parts[0].shape();
  shape[i] = 0;
  for (const Tensor& part : parts) {
    Shape expected = part.shape();
    if (expected.size() == shape.size()) expected[i] = shape[i];
    check(expected == shape, "concat: {} and {} differ on another axis than {}", parts[0].shape(),
          part.shape(), axis);
    shape[i] += part.shape()[i];
  }
  const auto [outer, inner] = outer_inner(shape, i);
  const std::size_t stride = shape[i] * inner, blocks = outer, step = inner;
  Array y = empty(shape);
  std::size_t offset = 0;
  for (const Tensor& part : parts) {
    const std::size_t width = part.shape()[i] * step;
    kernels::copy_blocks(part.value().data(), width, y.data() + offset, stride, width, blocks);
    offset += width;
  }
  return make_op("concat", std::move(y), parts, [=](Node& node) {
    std::size_t start = 0;
    for (const Tensor& part : node.inputs) {
      const std::size_t width = part.shape()[i] * step;
      if (part.requires_grad())
        kernels::add_blocks(node.grad().data() + start, stride, part.mutable_grad().data(), width,
                            width, blocks);
      start += width;
    }
  });
}

Tensor stack(const std::vector<Tensor>& parts, int axis) {
  check(!parts.empty(), "stack: needs at least one tensor");
  std::vector<Tensor> rows;
  for (const Tensor& part : parts) {
    check(part.shape() == parts[0].shape(), "stack: shapes {} and {} differ", parts[0].shape(),
          part.shape());
    rows.push_back(unsqueeze(part, axis));
  }
  return concat(rows, axis);
}

Tensor expand(const Tensor& x, const Shape& shape) {
  check(broadcast_shape("expand", x.shape(), shape) == shape, "expand: {} cannot be repeated to {}",
        x.shape(), shape);
  return make_op("expand", broadcast_to(x.value(), shape), {x}, [](Node& node) {
    node.input(0).add_grad(sum_to(node.grad(), node.input(0).shape()));
  });
}

}  // namespace byhand
