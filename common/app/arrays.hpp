#pragma once
/// @file
/// Appliance, app. Arrays on the console, and the line that says two ways of computing agree.
#include <string_view>

#include "common/tensor/array.hpp"

namespace byhand::app {

/// Prints `what`, the largest difference between a and b, and [agree]:
/// `by hand = matrices: LSTM output   max difference 1.2e-07  [agree]`.
/// Error that names the worst place when they differ by more than `tolerance` (absolute, >= 0), when a NaN is in either, when the shapes
/// differ or there is nothing to compare.
void agree(std::string_view what, const Array& a, const Array& b, double tolerance);
void agree(std::string_view what, double a, double b, double tolerance);

/// Prints the name, the shape and the array in brackets, row by row: `W_ih (2, 3)` and its rows. A 1-d array is one row, each matrix of a
/// larger one stands under its index. Of more than 12 rows or columns the first 6 and the last 6 are shown.
void print(std::string_view name, const Array& a, int decimals = 4);

}  // namespace byhand::app
