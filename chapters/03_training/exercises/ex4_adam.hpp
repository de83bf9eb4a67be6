// Exercise 03.4: An Adam that starts too slowly
//
// adam() should be Adam: m and v are running means of g and g^2, both corrected for their
// start at 0, and
//   w -= lr m_hat / (sqrt(v_hat) + eps)
//   m_hat = m / (1 - beta1^t), v_hat = v / (1 - beta2^t), t = 1, 2, 3, ...
// Whatever the gradient, its first step should be lr. This one's first step is about a third
// of that. Find the bug.
// Notes 002 § 7.2.
#pragma once
#include <cmath>
#include <vector>

namespace byhand::exercise {

using Vector = std::vector<double>;

/// What Adam remembers between steps.
struct Memory {
  Vector m, v;
  int t = 0;
};

inline void adam(Vector& w, const Vector& g, Memory& memory, double lr, double beta1 = 0.9,
                 double beta2 = 0.999, double eps = 1e-8) {
  memory.m.resize(w.size(), 0);
  memory.v.resize(w.size(), 0);
  memory.t += 1;
  for (std::size_t i = 0; i < w.size(); ++i) {
    memory.m[i] = beta1 * memory.m[i] + (1 - beta1) * g[i];
    memory.v[i] = beta2 * memory.v[i] + (1 - beta2) * g[i] * g[i];
    // TODO: is it this line,
    const double m_hat = memory.m[i] / (1 - std::pow(beta1, memory.t + 3));
    const double v_hat = memory.v[i] / (1 - std::pow(beta2, memory.t));  // or this one,
    w[i] -= lr * m_hat / (std::sqrt(v_hat) + eps);                       // or this one?
  }
}

}  // namespace byhand::exercise
