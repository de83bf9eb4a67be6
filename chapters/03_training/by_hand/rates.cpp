#include "chapters/03_training/by_hand/rates.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rates {
using namespace byhand;

double step_decay(double base, int size, double gamma, int step) {
  double rate = base;
  for (int i = 1; i <= step; ++i)
    if (i % size == 0) rate *= gamma;
  return rate;
}

double exponential(double base, double gamma, int step) {
  double rate = base;
  for (int i = 0; i < step; ++i) rate *= gamma;
  return rate;
}

double cosine(double base, double lowest, int total, int step) {
  return lowest + (base - lowest) * (1 + std::cos(std::numbers::pi * step / total)) / 2;
}

double warm_up(double base, double share, int warmup, int step) {
  return step >= warmup ? base : base * (share + (1 - share) * step / warmup);
}

double warm_up_and_down(double base, int warmup, int total, int step) {
  if (step < warmup) return base * step / warmup;
  return step < total ? base * (total - step) / (total - warmup) : 0;
}

double warm_up_cosine(double base, double share, int warmup, int total, int step) {
  return step < warmup ? warm_up(base, share, warmup, step)
                       : cosine(base, 0, total - warmup, step - warmup);
}

double noam(int d_model, int warmup, int step) {
  const double n = step + 1;
  return std::min(1 / std::sqrt(n), n / (warmup * std::sqrt(double(warmup)))) /
         std::sqrt(double(d_model));
}

std::vector<Named> hundred_steps() {
  return {
      {"constant", optim::LinearLR(1, 1, 1), [](int) { return 1.0; }},
      {"StepLR: times 0.5 every 25", optim::StepLR(25, 0.5),
       [](int s) { return step_decay(1, 25, 0.5, s); }},
      {"exponential: times 0.97", optim::ExponentialLR(0.97),
       [](int s) { return exponential(1, 0.97, s); }},
      {"cosine in 100", optim::CosineAnnealingLR(100), [](int s) { return cosine(1, 0, 100, s); }},
      {"warm-up 20 from 0.1, constant", optim::LinearLR(0.1, 1, 20),
       [](int s) { return warm_up(1, 0.1, 20, s); }},
      {"warm-up 20, line to 0", optim::LinearWarmupDecay(20, 100),
       [](int s) { return warm_up_and_down(1, 20, 100, s); }},
      {"warm-up 20, cosine to 0",
       optim::SequentialLR({optim::LinearLR(0.1, 1, 20), optim::CosineAnnealingLR(80)}, {20}),
       [](int s) { return warm_up_cosine(1, 0.1, 20, 100, s); }}};
}

Array all_by_hand() {
  std::vector<real> all;
  for (const Named& n : hundred_steps())
    for (int step = 0; step <= 100; ++step) all.push_back(real(n.by_hand(step)));
  return array(all);
}

Array all_built_in() {
  std::vector<real> all;
  for (const Named& n : hundred_steps())
    for (int step = 0; step <= 100; ++step) all.push_back(real(n.schedule(1, step)));
  return array(all);
}

}  // namespace rates
