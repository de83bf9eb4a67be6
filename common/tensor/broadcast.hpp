#pragma once
/// @file
/// Spine, tensor. Element-wise work on arrays of different shapes by NumPy's rule: shapes are lined
/// up at their last axes, and an axis of size 1, or a missing one, is repeated. xtensor does this
/// 10 to 17 times slower than these loops when the shapes differ.
#include "common/core/parallel.hpp"
#include "common/tensor/strided.hpp"

namespace byhand {

/// The shape two operands have in common: (3, 1) and (4,) give (3, 4). Error that names `op` and
/// both shapes.
Shape broadcast_shape(const char* op, const Shape& a, const Shape& b);

/// The array repeated to a larger shape. Error when the shapes do not line up.
Array broadcast_to(const Array& a, const Shape& shape);

/// The reverse of broadcasting: sums over the axes that `shape` lacks or has with size 1.
Array sum_to(Array a, const Shape& shape);

namespace detail {

/// Elements an element-wise loop gives to one thread at least.
inline constexpr std::size_t elementwise_grain = 1 << 15;

}  // namespace detail

/// A new array with f of each element.
template <class F>
Array map(const Array& x, F f) {
  Array out = empty(x.shape());
  const real* p = x.data();
  real* o = out.data();
  parallel_for(x.size(), detail::elementwise_grain, [=](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) o[i] = f(p[i]);
  });
  return out;
}

/// A new array with f of each pair of elements, under broadcasting. Error that names `op` when the
/// shapes do not line up.
template <class F>
Array map(const char* op, const Array& a, const Array& b, F f) {
  const real *p = a.data(), *q = b.data();
  if (a.shape() == b.shape()) {
    Array out = empty(a.shape());
    real* o = out.data();
    parallel_for(out.size(), detail::elementwise_grain, [=](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) o[i] = f(p[i], q[i]);
    });
    return out;
  }
  Array out = empty(broadcast_shape(op, a.shape(), b.shape()));
  real* o = out.data();
  const detail::StridedIterator walk(out.shape(), a.shape(), b.shape());
  const std::size_t n = walk.row.size;
  walk.rows(out.size(), [&](std::size_t first, std::size_t ia, std::size_t ib) {
    const real *x = p + ia, *y = q + ib;
    real* z = o + first;
    if (walk.row.a == 1 && walk.row.b == 1) {
      for (std::size_t i = 0; i < n; ++i) z[i] = f(x[i], y[i]);
    } else if (walk.row.a == 1 && walk.row.b == 0) {
      const real y0 = *y;
      for (std::size_t i = 0; i < n; ++i) z[i] = f(x[i], y0);
    } else if (walk.row.a == 0 && walk.row.b == 1) {
      const real x0 = *x;
      for (std::size_t i = 0; i < n; ++i) z[i] = f(x0, y[i]);
    } else {
      for (std::size_t i = 0; i < n; ++i) z[i] = f(x[i * walk.row.a], y[i * walk.row.b]);
    }
  });
  return out;
}

/// a * b under broadcasting, compiled once for all backward rules. Error as map.
Array multiply(const char* op, const Array& a, const Array& b);

/// a += b for arrays of one shape. (xtensor's `a += b` silently grows a when b is larger.) Error
/// when the shapes differ.
void add_into(Array& a, const Array& b);

}  // namespace byhand
