#pragma once
/// @file
/// Spine, tensor. Array (numbers), Ids (integers) and Shape, and the few ways to make them.
#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "common/core/error.hpp"
#include "common/core/real.hpp"
#include "common/tensor/xtensor.hpp"

namespace byhand {

/// An n-dimensional array of `real`, row-major. A value: copying copies the numbers.
/// `Array a = b + c;` evaluates; never `auto a = b + c;`: it keeps a formula of b and c.
using Array = xt::xarray<real>;
/// An n-dimensional array of integers: token ids, class numbers, indices.
using Ids = xt::xarray<std::int64_t>;
/// Sizes of the axes, e.g. (2, 3). A small vector: up to four axes need no allocation.
using Shape = Array::shape_type;

/// The sizes of an array's axes.
inline const Shape& shape_of(const Array& a) { return a.shape(); }
inline const Shape& shape_of(const Ids& a) { return a.shape(); }

/// The number of elements of a shape; 1 for the shape () of a single number.
std::size_t element_count(const Shape& shape);

/// An axis counted from the front: -1 is the last. Error that names `op` when there is no such
/// axis.
std::size_t axis_index(const char* op, int axis, const Shape& shape);

/// Arrays of a shape: with arbitrary content, with one value throughout, with zeros, with ones.
Array empty(const Shape& shape);
Array full(const Shape& shape, real value);
Array zeros(const Shape& shape);
Array ones(const Shape& shape);
/// A single number, shape ().
Array scalar(real value);

/// A one-dimensional array of these values. (`Array{1, 2}` also means two values, not a shape.)
Array array(std::initializer_list<real> values);
Array array(const std::vector<real>& values);
/// An array of a shape from its elements in row-major order. Error when their number differs.
Array array(const Shape& shape, const std::vector<real>& values);
Ids ids(std::initializer_list<std::int64_t> values);
Ids ids(const std::vector<std::int64_t>& values);
Ids ids(const Shape& shape, const std::vector<std::int64_t>& values);

/// 0, 1, …, n - 1.
Array arange(std::size_t n);
/// `n` values from `first` to `last`, both included, evenly spaced; n >= 2.
Array linspace(real first, real last, std::size_t n);
/// The n x n matrix with ones on the diagonal.
Array eye(std::size_t n);

/// In a shape given to reshape: the size that is left over (PyTorch's -1).
inline constexpr std::size_t rest = std::size_t(-1);
/// The shape with `rest` worked out for `count` elements. Error when it cannot be.
Shape complete_shape(Shape shape, std::size_t count);
/// The same elements in the same order under another shape, in which one size may be `rest`. Error
/// when the counts differ.
Array reshape(Array a, const Shape& shape);

/// The axes of x in another order: axis i of the result is axis axes[i] of x.
Array permute(const Array& x, const std::vector<std::size_t>& axes);

/// True when the shapes are equal and no element differs by more than absolute + relative * |b|.
/// NaN equals NaN here.
bool all_close(const Array& a, const Array& b, double absolute, double relative = 0);
/// The largest difference between two arrays of one shape; NaN when one side only is NaN.
double max_difference(const Array& a, const Array& b);
/// One number per row of the last axis: the index of its largest element, the first one on a tie.
/// (…, n) -> (…).
Ids argmax(const Array& a);

}  // namespace byhand

/// Shapes print as in PyTorch's messages: (2, 3), (4,), ().
template <>
struct fmt::formatter<byhand::Shape> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  fmt::format_context::iterator format(const byhand::Shape& shape,
                                       fmt::format_context& context) const;
};
