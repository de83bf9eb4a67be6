#pragma once
/// @file
/// The figures of this chapter.
#include "chapters/03_training/by_hand/rules.hpp"
#include "chapters/03_training/depth.hpp"
#include "chapters/03_training/descent.hpp"
#include "chapters/03_training/lr_find.hpp"
#include "chapters/03_training/overfitting.hpp"
#include "common/plot/figure.hpp"

namespace pictures {

using byhand::plot::Figure;

/// The points, and where the trained model changes its answer.
Figure data(const moons::Data& data, const moons::Classifier& model);
/// Loss of the whole training set against examples seen.
Figure descent(const std::vector<descent::Run>& runs);
/// Paths over Rosenbrock's valley.
Figure paths(const std::vector<rules::Contestant>& contestants,
             const std::vector<rules::Path>& paths);
Figure lr_find(const byhand::train::LrFind& found);
Figure schedules();

/// Gradient norms by depth. 0 is left out: it has no place on a logarithmic axis.
Figure depth(const depth::Table& table);
/// The gradient [0.9, 100] clipped by value and by norm.
Figure clipping();
Figure overfitting(const std::vector<overfitting::Run>& runs);

}  // namespace pictures
