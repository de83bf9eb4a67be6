#pragma once
/// @file
/// Spine, autograd. Operations that move numbers or pick them, without changing them. "Axis" counts
/// from the end when negative. An Error names the operation and the shapes.
#include "common/autograd/tensor.hpp"

namespace byhand {

// ---- shape ----
/// The same elements in the same order; one size may be `rest`.
Tensor reshape(const Tensor& x, const Shape& shape);
/// The axes in another order: axis i of the result is axis axes[i] of x.
Tensor permute(const Tensor& x, const std::vector<int>& axes);
/// Two axes exchanged; the last two unless told.
Tensor transpose(const Tensor& x, int axis_a = -2, int axis_b = -1);
/// An axis of size 1 dropped, or put in before `axis` (after the last when axis is -1).
Tensor squeeze(const Tensor& x, int axis);
Tensor unsqueeze(const Tensor& x, int axis);
/// The elements [begin, end) along an axis. Error when that is not inside the axis.
Tensor slice(const Tensor& x, int axis, std::size_t begin, std::size_t end);
/// Element `index` along an axis, which is dropped: select(x, 1, t) of (batch, time, size) is
/// (batch, size).
Tensor select(const Tensor& x, int axis, std::size_t index);
/// Tensors put one after the other along an existing axis; their other axes must agree.
Tensor concat(const std::vector<Tensor>& parts, int axis = 0);
/// Tensors of one shape put beside each other along a new axis.
Tensor stack(const std::vector<Tensor>& parts, int axis = 0);
/// Repeated to a larger shape.
Tensor expand(const Tensor& x, const Shape& shape);

// ---- by index ----
/// Rows of a table: (rows, size)[ids] -> ids.shape + (size). Rows with id `padding_idx` get no
/// gradient. Error on an id outside.
Tensor embedding(const Tensor& table, const Ids& ids, std::int64_t padding_idx = -1);
/// out[…, i, …] = x[…, ids[…, i, …], …] along an axis (PyTorch: gather). ids has x's rank and, on
/// the other axes, x's sizes.
Tensor gather(const Tensor& x, int axis, const Ids& ids);
/// A copy of x to which source is added at the places that gather would read. source has the shape
/// of ids.
Tensor scatter_add(const Tensor& x, int axis, const Ids& ids, const Tensor& source);

}  // namespace byhand
