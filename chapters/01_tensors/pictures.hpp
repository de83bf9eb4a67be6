#pragma once
/// @file
/// The figures of the chapter.
#include "chapters/01_tensors/derivatives.hpp"
#include "chapters/01_tensors/transforms.hpp"
#include "common/plot/figure.hpp"

namespace tensors {

/// A grid of straight lines before and after each of six maps.
byhand::plot::Figure grids_figure(const std::vector<NamedMap>& maps);

/// The letter F under `first` and then `second`, above; in the other order, below. Dots: the one
/// matrix that does both.
byhand::plot::Figure order_figure(const Array& first, const std::string& first_name,
                                  const Array& second, const std::string& second_name);

/// The error of central differences against the step, in float and in double, both axes
/// logarithmic.
byhand::plot::Figure step_figure(const ErrorCurve& in_float, const ErrorCurve& in_double);

}  // namespace tensors
