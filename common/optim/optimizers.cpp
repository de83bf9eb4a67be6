#include "common/optim/optimizers.hpp"

#include <algorithm>
#include <cmath>

#include "common/core/parallel.hpp"

namespace byhand::optim {
namespace {

/// body(i) for every element; threads share large parameters.
template <class F>
void each(std::size_t n, F body) {
  parallel_for(n, 1 << 14, [&](std::size_t begin, std::size_t end) {
#pragma omp simd
    for (std::size_t i = begin; i < end; ++i) body(i);
  });
}

void check_decay(const char* name, double weight_decay) {
  check(weight_decay >= 0, "{}: weight_decay {} is negative", name, weight_decay);
}

void check_eps(const char* name, double eps) {
  check(eps >= 0, "{}: eps {} is not a number >= 0", name, eps);
}

}  // namespace

SGD::SGD(std::vector<Tensor> parameters, const SGDOptions& options)
    : Optimizer(std::move(parameters), options.lr,
                options.momentum != 0 ? std::vector<std::string>{"momentum_buffer"}
                                      : std::vector<std::string>{}),
      options_(options) {
  check_decay("SGD", options.weight_decay);
  check(options.momentum >= 0, "SGD: momentum {} is negative", options.momentum);
  check(!options.nesterov || (options.momentum > 0 && options.dampening == 0),
        "SGD: Nesterov needs momentum and no dampening");
}

void SGD::update(const Slot& s) const {
  const real rate = real(lr()), decay = real(options_.weight_decay), mu = real(options_.momentum);
  if (s.state.empty())
    return each(s.size,
                [=](std::size_t i) { s.value[i] -= rate * (s.grad[i] + decay * s.value[i]); });
  // The first buffer is the raw gradient: no dampening on it.
  const real keep = s.step == 1 ? real(0) : mu,
             add = s.step == 1 ? real(1) : real(1 - options_.dampening);
  const bool nesterov = options_.nesterov;
  real* v = s.state[0];
  each(s.size, [=](std::size_t i) {
    const real g = s.grad[i] + decay * s.value[i];
    v[i] = keep * v[i] + add * g;
    s.value[i] -= rate * (nesterov ? g + mu * v[i] : v[i]);
  });
}

Adagrad::Adagrad(std::vector<Tensor> parameters, const AdagradOptions& options)
    : Optimizer(std::move(parameters), options.lr, {"sum"}), options_(options) {
  check_decay("Adagrad", options.weight_decay);
  check_eps("Adagrad", options.eps);
}

void Adagrad::update(const Slot& s) const {
  const real rate = real(lr()), decay = real(options_.weight_decay), eps = real(options_.eps);
  real* sum = s.state[0];
  each(s.size, [=](std::size_t i) {
    const real g = s.grad[i] + decay * s.value[i];
    sum[i] += g * g;
    s.value[i] -= rate * g / (std::sqrt(sum[i]) + eps);
  });
}

RMSprop::RMSprop(std::vector<Tensor> parameters, const RMSpropOptions& options)
    : Optimizer(std::move(parameters), options.lr, {"square_avg", "grad_avg", "momentum_buffer"}),
      options_(options) {
  check_decay("RMSprop", options.weight_decay);
  check_eps("RMSprop", options.eps);
  check(options.alpha >= 0 && options.alpha < 1 && options.momentum >= 0,
        "RMSprop: alpha {} is not in [0, 1), or momentum {} is negative", options.alpha,
        options.momentum);
}

void RMSprop::update(const Slot& s) const {
  const real rate = real(lr()), decay = real(options_.weight_decay), alpha = real(options_.alpha),
             eps = real(options_.eps);
  const real mu = real(options_.momentum), centered = real(options_.centered);
  real *square = s.state[0], *mean = s.state[1], *buffer = s.state[2];
  each(s.size, [=](std::size_t i) {
    const real g = s.grad[i] + decay * s.value[i];
    square[i] = alpha * square[i] + (1 - alpha) * g * g;
    mean[i] = alpha * mean[i] + (1 - alpha) * g;
    buffer[i] = mu * buffer[i] + g / (std::sqrt(square[i] - centered * mean[i] * mean[i]) + eps);
    s.value[i] -= rate * buffer[i];
  });
}

Adam::Adam(std::vector<Tensor> parameters, const AdamOptions& options)
    : Adam(std::move(parameters), options, false) {}

Adam::Adam(std::vector<Tensor> parameters, const AdamOptions& options, bool decoupled)
    : Optimizer(std::move(parameters), options.lr,
                options.amsgrad
                    ? std::vector<std::string>{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"}
                    : std::vector<std::string>{"exp_avg", "exp_avg_sq"}),
      options_(options),
      decoupled_(decoupled) {
  const char* name = decoupled ? "AdamW" : "Adam";
  check_decay(name, options.weight_decay);
  check_eps(name, options.eps);
  check(options.beta1 >= 0 && options.beta1 < 1 && options.beta2 >= 0 && options.beta2 < 1,
        "{}: betas {} and {} are not in [0, 1)", name, options.beta1, options.beta2);
}

AdamW::AdamW(std::vector<Tensor> parameters, const AdamWOptions& o)
    : Adam(std::move(parameters), {o.lr, o.beta1, o.beta2, o.eps, o.weight_decay, o.amsgrad},
           true) {}

void Adam::update(const Slot& s) const {
  const real b1 = real(options_.beta1), b2 = real(options_.beta2), eps = real(options_.eps);
  const real rest1 = real(1 - options_.beta1), rest2 = real(1 - options_.beta2);
  const real l2 = decoupled_ ? real(0) : real(options_.weight_decay),
             shrink = decoupled_ ? real(1 - lr() * options_.weight_decay) : real(1);
  const double correction1 = 1 - std::pow(options_.beta1, double(s.step)),
               correction2 = 1 - std::pow(options_.beta2, double(s.step));
  const real step_size = real(lr() / correction1), root2 = real(1 / std::sqrt(correction2));
  real *m = s.state[0], *v = s.state[1], *largest = options_.amsgrad ? s.state[2] : nullptr;
  const auto moments = [=](std::size_t i) {
    const real w = s.value[i] * shrink, g = s.grad[i] + l2 * w;
    m[i] = b1 * m[i] + rest1 * g;
    v[i] = b2 * v[i] + rest2 * g * g;
    return w;
  };
  if (largest) {
    return each(s.size, [=](std::size_t i) {
      const real w = moments(i);
      largest[i] = std::max(largest[i], v[i]);
      s.value[i] = w - step_size * m[i] / (std::sqrt(largest[i]) * root2 + eps);
    });
  }
  each(s.size, [=](std::size_t i) {
    const real w = moments(i);
    s.value[i] = w - step_size * m[i] / (std::sqrt(v[i]) * root2 + eps);
  });
}

}  // namespace byhand::optim
