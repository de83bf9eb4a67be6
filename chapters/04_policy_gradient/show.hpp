#pragma once
/// @file
/// What the program prints, one function for each part, with its figures.
#include "chapters/04_policy_gradient/fry_shop.hpp"
#include "common/app/options.hpp"

namespace fries {

/// Part 1: two visits, number by number, beside the numbers of the video.
void show_visits(const Visit& first, const Visit& second);

/// Part 2: dC/dBias by the chain rule = by autograd, for many networks, hungers and both shops.
void show_chain_rule();

/// Part 3: the runs beside each other, and two figures.
void show_many_visits(const ManyVisits& runs, const byhand::app::Settings& settings);

}  // namespace fries

namespace cartpole {

/// Part 4: how long the pole stayed up, before, in training (a mean for each update) and after it.
void show_pole(double untrained, const std::vector<byhand::real>& steps, double trained,
               const byhand::app::Settings& settings);

}  // namespace cartpole
