#pragma once
/// @file
/// What several parts print: boxes around numbers, a matrix in one line, why something is refused.
#include <functional>
#include <string>
#include <vector>

#include "common/tensor/array.hpp"

namespace tensors {

using byhand::Array;
using byhand::Shape;

/// The numbers of `a` (at most two axes) repeated to rows x cols, one box each, as lines of equal
/// width. Solid boxes are numbers that are in memory, dashed ones are repeated. Error when `a`
/// cannot be repeated to that size.
std::vector<std::string> boxes(const Array& a, std::size_t rows, std::size_t cols);

/// Broadcasting as a picture: a + b = sum, side by side, each under its shape. Error when a shape
/// has more than two axes, when a picture would be empty or larger than 8 x 8 boxes, or when the
/// shapes do not line up.
std::string broadcast_picture(const Array& a, const Array& b);
/// The same for two shapes: a counts 10, 20, 30, …, and b 1, 2, 3, …
std::string broadcast_picture(const Shape& a, const Shape& b);

/// A matrix rounded to whole numbers, its rows after each other: " 0  1, -1  0". Error when it is
/// none.
std::string in_one_line(const Array& matrix);

/// The message with which something that cannot work is refused; Error when it is not refused.
std::string refusal(const std::function<void()>& f);

}  // namespace tensors
