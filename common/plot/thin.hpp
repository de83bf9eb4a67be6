#pragma once
/// @file
/// Appliance, plot. Which points of a curve are drawn.
#include <cstddef>
#include <vector>

namespace byhand::plot {

/// Indices of the points to draw, in stretches between gaps. `columns` are the coordinates (x, y, …), all of one length.
/// A point with a NaN ends a stretch, one with an infinite coordinate is left out. With `thin`, curves of more than 4000 points are reduced
/// to about 2000: each of some hundred buckets keeps its smallest and largest value of every column, so no peak is lost.
std::vector<std::vector<std::size_t>> visible_points(const std::vector<const std::vector<double>*>& columns, bool thin);

}  // namespace byhand::plot
