#pragma once
/// @file
/// Appliance, text. Many numbers a point -> two, to be drawn.
#include "common/tensor/array.hpp"

namespace byhand::text {

/// The k directions along which the points (n, d) vary most, and the points along them: (n, k), centred. Found by power iteration with
/// deflation on the covariance; the sign is such that the number of each direction that is largest without its sign is positive. Where two
/// directions have the same variance, any pair at right angles in their plane. Error unless 1 <= k <= min(n, d) and all numbers are finite.
Array pca(const Array& points, std::size_t k = 2);

}  // namespace byhand::text
