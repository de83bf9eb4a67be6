#include "chapters/03_training/by_hand/rules.hpp"

#include <cmath>

#include "common/autograd/ops.hpp"
#include "common/optim/optimizers.hpp"

namespace rules {
using namespace byhand;

Rule sgd(double lr) {
  return [=](Vector& w, const Vector& g) {
    for (std::size_t i = 0; i < w.size(); ++i) w[i] -= lr * g[i];
  };
}

Rule momentum(double lr, double mu) {
  return [=, v = Vector()](Vector& w, const Vector& g) mutable {
    v.resize(w.size(), 0);
    for (std::size_t i = 0; i < w.size(); ++i) {
      v[i] = mu * v[i] + g[i];
      w[i] -= lr * v[i];
    }
  };
}

Rule rmsprop(double lr, double alpha, double eps) {
  return [=, s = Vector()](Vector& w, const Vector& g) mutable {
    s.resize(w.size(), 0);
    for (std::size_t i = 0; i < w.size(); ++i) {
      s[i] = alpha * s[i] + (1 - alpha) * g[i] * g[i];
      w[i] -= lr * g[i] / (std::sqrt(s[i]) + eps);
    }
  };
}

Rule adam(double lr, double beta1, double beta2, double eps) {
  return [=, m = Vector(), v = Vector(), t = 0](Vector& w, const Vector& g) mutable {
    m.resize(w.size(), 0);
    v.resize(w.size(), 0);
    ++t;
    for (std::size_t i = 0; i < w.size(); ++i) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      const double m_hat = m[i] / (1 - std::pow(beta1, t)), v_hat = v[i] / (1 - std::pow(beta2, t));
      w[i] -= lr * m_hat / (std::sqrt(v_hat) + eps);
    }
  };
}

Rule adamw(double lr, double weight_decay, double beta1, double beta2, double eps) {
  return [=, step = adam(lr, beta1, beta2, eps)](Vector& w, const Vector& g) {
    for (double& value : w) value *= 1 - lr * weight_decay;
    step(w, g);
  };
}

double rosenbrock(const Vector& w) {
  const double x = w[0], y = w[1];
  return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x);
}

Vector rosenbrock_gradient(const Vector& w) {
  const double x = w[0], y = w[1];
  return {-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)};
}

Tensor rosenbrock_loss(const Tensor& w) {
  const Tensor x = select(w, 0, 0), y = select(w, 0, 1);
  return square(real(1) - x) + real(100) * square(y - square(x));
}

std::vector<Contestant> contestants() {
  // SGD and momentum step by lr times the slope, which is in the hundreds here; the other three
  // step by about lr itself.
  return {{"SGD", 0.001, sgd(0.001),
           [](const Tensor& w) {
             return std::make_unique<optim::SGD>(std::vector{w}, optim::SGDOptions{.lr = 0.001});
           },
           "-0.510 0.267"},
          {"momentum 0.9", 0.001, momentum(0.001),
           [](const Tensor& w) {
             return std::make_unique<optim::SGD>(std::vector{w},
                                                 optim::SGDOptions{.lr = 0.001, .momentum = 0.9});
           },
           "0.957 0.916"},
          {"RMSprop", 0.02, rmsprop(0.02),
           [](const Tensor& w) {
             return std::make_unique<optim::RMSprop>(std::vector{w},
                                                     optim::RMSpropOptions{.lr = 0.02});
           },
           "0.654 0.426"},
          {"Adam", 0.02, adam(0.02),
           [](const Tensor& w) {
             return std::make_unique<optim::Adam>(std::vector{w}, optim::AdamOptions{.lr = 0.02});
           },
           "-0.353 0.128"},
          {"AdamW", 0.02, adamw(0.02),
           [](const Tensor& w) {
             return std::make_unique<optim::AdamW>(std::vector{w}, optim::AdamWOptions{.lr = 0.02});
           },
           "-0.275 0.078"}};
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the copy's memory begins empty
Path walk(Rule rule, int steps) {
  Path path{start};
  Vector w = start;
  for (int step = 0; step < steps; ++step) {
    rule(w, rosenbrock_gradient(w));
    path.push_back(w);
  }
  return path;
}

Path walk(const Contestant& contestant, int steps) {
  Path path{start};
  const Tensor w(array({real(start[0]), real(start[1])}), true);
  const auto optimizer = contestant.built_in(w);
  for (int step = 0; step < steps; ++step) {
    optimizer->zero_grad();
    rosenbrock_loss(w).backward();
    optimizer->step();
    path.push_back({double(w.value()(0)), double(w.value()(1))});
  }
  return path;
}

Array flat(const Path& path, int steps) {
  std::vector<real> all;
  for (int i = 0; i <= steps; ++i)
    all.insert(all.end(), path[std::size_t(i)].begin(), path[std::size_t(i)].end());
  return array(all);
}

int steps_to(const Path& path, double level) {
  for (std::size_t step = 0; step < path.size(); ++step)
    if (rosenbrock(path[step]) < level) return int(step);
  return -1;
}

}  // namespace rules
