#pragma once
/// @file
/// Spine, optim. Learning-rate schedules. Each is a formula: the rate at a step, given the rate the
/// optimiser began with.
#include <functional>
#include <vector>

#include "common/optim/optimizer.hpp"

namespace byhand::optim {

/// The learning rate at step 0, 1, 2, … from the base rate.
using Schedule = std::function<double(double base, std::int64_t step)>;

/// Times gamma every step_size steps.
Schedule StepLR(std::int64_t step_size, double gamma = 0.1);
/// Times gamma at each milestone.
Schedule MultiStepLR(std::vector<std::int64_t> milestones, double gamma = 0.1);
/// Times gamma every step.
Schedule ExponentialLR(double gamma);
/// Half a cosine from the base rate to eta_min in t_max steps; after that it climbs again, as in
/// PyTorch.
Schedule CosineAnnealingLR(std::int64_t t_max, double eta_min = 0);
/// Warm-up: from start_factor to end_factor times the base rate in total_steps, then constant.
Schedule LinearLR(double start_factor, double end_factor, std::int64_t total_steps);
/// From 0 up to the base rate in `warmup` steps, then down to 0 at step `total` (the schedule BERT
/// was trained with).
Schedule LinearWarmupDecay(std::int64_t warmup, std::int64_t total);
/// base * (step + 1) / (warmup + 1) for `warmup` steps, then a cosine down to `minimum` at step
/// `total`, then constant.
Schedule WarmupCosine(std::int64_t warmup, std::int64_t total, double minimum);
/// base * d_model^-0.5 * min(step^-0.5, step * warmup^-1.5), steps counted from 1: Vaswani et al.
/// 2017, equation 3. Use it with a base of 1.
Schedule Noam(std::int64_t d_model, std::int64_t warmup);
/// The first schedule up to the first milestone, then the second, counted from 0 there, and so on.
Schedule SequentialLR(std::vector<Schedule> schedules, std::vector<std::int64_t> milestones);

/// Sets an optimiser's learning rate step by step. The base rate is the optimiser's at this moment.
/// Sets the rate of step 0 at once; call step() after each optimizer.step() (or epoch). The
/// optimiser must outlive it.
class LRScheduler {
 public:
  LRScheduler(Optimizer& optimizer, Schedule schedule);
  void step() { set_step(step_ + 1); }
  std::int64_t steps() const { return step_; }
  /// Goes to a step, for a run that is resumed.
  void set_step(std::int64_t step);

 private:
  Optimizer* optimizer_;
  Schedule schedule_;
  double base_;
  std::int64_t step_ = 0;
};

}  // namespace byhand::optim
