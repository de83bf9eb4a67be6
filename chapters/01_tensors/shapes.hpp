#pragma once
/// @file
/// Shapes, the order of the numbers in memory, and broadcasting by hand.
/// Notes 000 § 25.2, § 26.3, § 26.6.
#include <string>
#include <vector>

#include "common/tensor/array.hpp"

namespace tensors {

using byhand::Array;
using byhand::Shape;

/// A tensor as the notes name it: "matrix", "a gray image", (6, 6).
struct Example {
  std::string name, what;
  Shape shape;
};
/// From the scalar to the video, 0 to 4 dimensions.
std::vector<Example> examples();

/// How many places in memory one step along each axis goes, rows one after the other:
/// (2, 3, 4) -> (12, 4, 1). What PyTorch's x.stride() says of a tensor that is not a view.
Shape strides_of(const Shape& shape);

/// The place in memory of the element at `index`: the sum of index * stride. Error when the index
/// does not fit the shape.
std::size_t place_of(const Shape& shape, const std::vector<std::size_t>& index);

/// A shape seen as rows and columns: () is (1, 1), (n,) is one row (1, n). Error when it has more
/// than two axes.
Shape as_rows_and_cols(const Shape& shape);

/// a + b under broadcasting, at most two axes, by hand: along an axis of size 1 the index stays 0.
/// Error when the shapes do not line up.
Array add_by_hand(const Array& a, const Array& b);

/// What torch.rand(5) draws after torch.manual_seed(42).
Array first_draws_of_torch();

}  // namespace tensors
