// Operations that look along axes: sums, means, the largest element, softmax.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/autograd/node.hpp"
#include "common/autograd/ops.hpp"
#include "common/fast/kernels/rows.hpp"
#include "common/tensor/broadcast.hpp"

namespace byhand {
namespace {

/// The shape with the given axes set to 1. Error on an axis named twice.
Shape kept_shape(const char* op, const Shape& shape, const std::vector<int>& axes) {
  Shape kept = shape;
  std::vector<bool> seen(shape.size(), false);
  for (const int axis : axes) {
    const std::size_t i = axis_index(op, axis, shape);
    check(!seen[i], "{}: axis {} of {} is named twice", op, axis, shape);
    seen[i] = true;
    kept[i] = 1;
  }
  return kept;
}

/// The shape without the given axes.
Shape dropped_shape(const char* op, const Shape& shape, const std::vector<int>& axes) {
  std::vector<bool> gone(shape.size(), false);
  for (const int axis : axes) gone[axis_index(op, axis, shape)] = true;
  Shape out;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (!gone[i]) out.push_back(shape[i]);
  return out;
}

std::vector<int> all_axes(const Tensor& x) {
  std::vector<int> axes(x.ndim());
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

/// An array seen as (outer, length, inner) around one axis.
struct Around {
  std::size_t outer = 1, length, inner = 1;
  Around(const Shape& shape, std::size_t axis) : length(shape[axis]) {
    for (std::size_t i = 0; i < axis; ++i) outer *= shape[i];
    for (std::size_t i = axis + 1; i < shape.size(); ++i) inner *= shape[i];
  }
};

using RowKernel = void (*)(const real*, real*, std::size_t, std::size_t);
using RowBackward = void (*)(const real*, const real*, real*, std::size_t, std::size_t);

Tensor along_last_axis(const char* name, const Tensor& x, RowKernel forward, RowBackward backward) {
  const std::size_t cols = x.shape(-1), rows = x.size() / cols;
  Array y = empty(x.shape());
  forward(x.value().data(), y.data(), rows, cols);
  return make_op(name, std::move(y), {x}, [=](Node& node) {
    Array dx = empty(node.value.shape());
    backward(node.value.data(), node.grad().data(), dx.data(), rows, cols);
    node.input(0).add_grad(std::move(dx));
  });
}

Tensor along_axis(const char* name, const Tensor& x, int axis, RowKernel forward,
                  RowBackward backward) {
  const std::size_t i = axis_index(name, axis, x.shape());
  check(x.shape()[i] > 0, "{}: axis {} of {} is empty", name, axis, x.shape());
  if (i + 1 == x.ndim()) return along_last_axis(name, x, forward, backward);
  return transpose(along_last_axis(name, transpose(x, int(i), -1), forward, backward), int(i), -1);
}

}  // namespace

Tensor sum(const Tensor& x) { return sum(x, all_axes(x)); }

Tensor sum(const Tensor& x, const std::vector<int>& axes, bool keepdims) {
  const Shape kept = kept_shape("sum", x.shape(), axes);
  Array y = sum_to(x.value(), kept);
  if (!keepdims) y = reshape(std::move(y), dropped_shape("sum", x.shape(), axes));
  return make_op("sum", std::move(y), {x}, [kept](Node& node) {
    // every summand gets the gradient of the sum
    node.input(0).add_grad(broadcast_to(reshape(node.grad(), kept), node.input(0).shape()));
  });
}

Tensor mean(const Tensor& x) { return mean(x, all_axes(x)); }

Tensor mean(const Tensor& x, const std::vector<int>& axes, bool keepdims) {
  const Tensor total = sum(x, axes, keepdims);
  check(x.size() > 0, "mean: {} has no elements", x.shape());
  return total * (real(total.size()) / real(x.size()));
}

Tensor variance(const Tensor& x, const std::vector<int>& axes, bool keepdims, bool unbiased) {
  const Tensor result = mean(square(x - mean(x, axes, true)), axes, keepdims);
  const std::size_t n = x.size() / result.size();
  check(!unbiased || n > 1,
        "variance: the unbiased variance needs at least 2 values, {} over these axes has {}",
        x.shape(), n);
  return unbiased ? result * (real(n) / real(n - 1)) : result;
}

Tensor max(const Tensor& x, int axis, bool keepdims) {
  const std::size_t i = axis_index("max", axis, x.shape());
  check(x.shape()[i] > 0, "max: axis {} of {} is empty", axis, x.shape());
  const Around a(x.shape(), i);
  Array y = empty(keepdims ? kept_shape("max", x.shape(), {axis})
                           : dropped_shape("max", x.shape(), {axis}));
  std::vector<std::size_t> best(y.size());
  const real* v = x.value().data();
  for (std::size_t o = 0; o < a.outer; ++o) {
    for (std::size_t j = 0; j < a.inner; ++j) {
      std::size_t at = o * a.length * a.inner + j;
      for (std::size_t k = 1; k < a.length; ++k) {
        const std::size_t candidate = (o * a.length + k) * a.inner + j;
        // NaN wins, as in PyTorch
        if (v[candidate] > v[at] || (std::isnan(v[candidate]) && !std::isnan(v[at])))
          at = candidate;
      }
      best[o * a.inner + j] = at;
      y.data()[o * a.inner + j] = v[at];
    }
  }
  return make_op("max", std::move(y), {x}, [best = std::move(best)](Node& node) {
    Array& dx = node.input(0).mutable_grad();
    for (std::size_t k = 0; k < best.size(); ++k) dx.data()[best[k]] += node.grad().data()[k];
  });
}

Tensor softmax(const Tensor& x, int axis) {
  return along_axis("softmax", x, axis, kernels::softmax, kernels::softmax_backward);
}

Tensor log_softmax(const Tensor& x, int axis) {
  return along_axis("log_softmax", x, axis, kernels::log_softmax, kernels::log_softmax_backward);
}

}  // namespace byhand
