#pragma once
/// @file
/// The seven parts of the output, in their order; the file with a part's number prints it.
#include "common/app/options.hpp"

namespace tensors {

/// 1. Tensors of 0 to 4 dimensions: shapes, and the order of the numbers in memory.
void scalars_to_n_dimensions();

/// 2. Two shapes that meet, as boxes: what is repeated, and what is refused.
void broadcasting();

/// 3. Eight maps of the plane, and the promises that each of them keeps. Figure: grids.
void linear_or_not(const byhand::app::Settings& settings);

/// 4. Two matrices in one, and in the other order another one. Figure: order.
void two_into_one(const byhand::app::Settings& settings);

/// 5. nn.Linear and a network for irises, by hand, as matrices, built in.
void layers_are_matrices(const byhand::app::Settings& settings);

/// 6. A derivative by hand, by central differences, by autograd; what autograd remembers; how small
/// a step may be. Drawing: graph. Figure: step.
void three_derivatives(const byhand::app::Settings& settings);

/// 7. A product of two size x size matrices, computed in six ways and timed.
void speed(int size, const byhand::app::Settings& settings);

}  // namespace tensors
