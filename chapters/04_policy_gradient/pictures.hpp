#pragma once
/// @file
/// The figures of the chapter.
#include "chapters/04_policy_gradient/fry_shop.hpp"
#include "common/plot/figure.hpp"

namespace fries {

/// The bias after each visit, in three runs.
byhand::plot::Figure bias_figure(const ManyVisits& runs);
/// P(Norm's) at every hunger, before training and after it.
byhand::plot::Figure p_norm_figure(const Network& trained);

}  // namespace fries

namespace cartpole {

/// The mean steps of each update's episodes, and the goal.
byhand::plot::Figure pole_figure(const std::vector<byhand::real>& steps);

}  // namespace cartpole
