#include "common/optim/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace byhand::optim {
namespace {

void check_positive(const char* schedule, const char* name, std::int64_t value) {
  check(value > 0, "{}: {} is {}, needs at least 1", schedule, name, value);
}

double half_cosine(double from, double to, double progress) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * progress)) / 2;
}

}  // namespace

Schedule StepLR(std::int64_t step_size, double gamma) {
  check_positive("StepLR", "step_size", step_size);
  return [=](double base, std::int64_t step) {
    return base * std::pow(gamma, double(step / step_size));
  };
}

Schedule MultiStepLR(std::vector<std::int64_t> milestones, double gamma) {
  return [milestones = std::move(milestones), gamma](double base, std::int64_t step) {
    return base * std::pow(gamma, double(std::count_if(milestones.begin(), milestones.end(),
                                                       [=](std::int64_t m) { return m <= step; })));
  };
}

Schedule ExponentialLR(double gamma) {
  return [=](double base, std::int64_t step) { return base * std::pow(gamma, double(step)); };
}

Schedule CosineAnnealingLR(std::int64_t t_max, double eta_min) {
  check_positive("CosineAnnealingLR", "t_max", t_max);
  return [=](double base, std::int64_t step) {
    return half_cosine(base, eta_min, double(step) / double(t_max));
  };
}

Schedule LinearLR(double start_factor, double end_factor, std::int64_t total_steps) {
  check_positive("LinearLR", "total_steps", total_steps);
  return [=](double base, std::int64_t step) {
    return base * (start_factor + (end_factor - start_factor) *
                                      double(std::min(step, total_steps)) / double(total_steps));
  };
}

Schedule LinearWarmupDecay(std::int64_t warmup, std::int64_t total) {
  check_positive("LinearWarmupDecay", "warmup", warmup);
  check(total > warmup, "LinearWarmupDecay: total {} is not after the warm-up of {}", total,
        warmup);
  return [=](double base, std::int64_t step) {
    return step < warmup ? base * double(step) / double(warmup)
                         : base * std::max(0.0, double(total - step) / double(total - warmup));
  };
}

Schedule WarmupCosine(std::int64_t warmup, std::int64_t total, double minimum) {
  check(warmup >= 0 && total > warmup, "WarmupCosine: total {} is not after the warm-up of {}",
        total, warmup);
  return [=](double base, std::int64_t step) {
    if (step < warmup) return base * double(step + 1) / double(warmup + 1);
    if (step > total) return minimum;
    return half_cosine(base, minimum, double(step - warmup) / double(total - warmup));
  };
}

Schedule Noam(std::int64_t d_model, std::int64_t warmup) {
  check_positive("Noam", "d_model", d_model);
  check_positive("Noam", "warmup", warmup);
  return [=](double base, std::int64_t step) {
    const double n = double(step + 1);
    return base / std::sqrt(double(d_model)) *
           std::min(1 / std::sqrt(n), n * std::pow(double(warmup), -1.5));
  };
}

Schedule SequentialLR(std::vector<Schedule> schedules, std::vector<std::int64_t> milestones) {
  check(schedules.size() == milestones.size() + 1 &&
            std::is_sorted(milestones.begin(), milestones.end()),
        "SequentialLR: {} schedules and {} milestones; needs one schedule more than milestones, "
        "and these in rising order",
        schedules.size(), milestones.size());
  return [schedules = std::move(schedules), milestones = std::move(milestones)](double base,
                                                                                std::int64_t step) {
    std::size_t i = 0;
    while (i < milestones.size() && milestones[i] <= step) ++i;
    return schedules[i](base, i ? step - milestones[i - 1] : step);
  };
}

LRScheduler::LRScheduler(Optimizer& optimizer, Schedule schedule)
    : optimizer_(&optimizer), schedule_(std::move(schedule)), base_(optimizer.lr()) {
  set_step(0);
}

void LRScheduler::set_step(std::int64_t step) {
  step_ = step;
  optimizer_->set_lr(schedule_(base_, step));
}

}  // namespace byhand::optim
