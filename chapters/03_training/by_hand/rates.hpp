#pragma once
/// @file
/// Learning-rate schedules by hand: the rate at a step, counted from 0, from the formula. Notes 001
/// (training) and 004 § 1.3.
#include <string>
#include <vector>

#include "common/optim/schedule.hpp"

namespace rates {

/// Multiplied by gamma every `size` steps.
double step_decay(double base, int size, double gamma, int step);
/// Multiplied by gamma every step.
double exponential(double base, double gamma, int step);
/// Half a cosine wave from base down to `lowest` at step `total`.
double cosine(double base, double lowest, int total, int step);
/// A straight line from share * base up to base in `warmup` steps, then base.
double warm_up(double base, double share, int warmup, int step);
/// A straight line from 0 up to base in `warmup` steps, then one down to 0 at step `total`.
double warm_up_and_down(double base, int warmup, int total, int step);
/// Warm-up, then a cosine down to 0 that ends `total` steps after the start.
double warm_up_cosine(double base, double share, int warmup, int total, int step);
/// d^-0.5 min(n^-0.5, n warmup^-1.5) with n = step + 1: the transformer's.
double noam(int d_model, int warmup, int step);

/// A schedule of common/optim with its formula by hand.
struct Named {
  std::string name;
  byhand::optim::Schedule schedule;
  double (*by_hand)(int step);
};
/// Those of the figure: base rate 1, 100 steps.
std::vector<Named> hundred_steps();
/// Their rates at steps 0 to 100, schedule after schedule: by hand and by common/optim.
byhand::Array all_by_hand();
byhand::Array all_built_in();

}  // namespace rates
