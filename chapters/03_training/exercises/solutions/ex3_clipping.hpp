// Exercise 03.3: Shorter, but not turned
//
// clip() scales ALL gradients of a network together so that their common length
// is at most max_norm.
//   norm = sqrt(sum of the squares of all numbers of all variables)
//   every number times max_norm / norm when norm > max_norm; otherwise nothing changes.
// (PyTorch adds 1e-6 to the norm; leave that out.) Notes 003 § 12.2.
#pragma once
#include <cmath>
#include <vector>

namespace byhand::exercise {

using Vector = std::vector<double>;  // the gradient of one variable

inline std::vector<Vector> clip(std::vector<Vector> gradients, double max_norm) {
  double squares = 0;
  for (const Vector& g : gradients)
    for (const double x : g) squares += x * x;
  const double norm = std::sqrt(squares);
  if (norm <= max_norm) return gradients;
  for (Vector& g : gradients)
    for (double& x : g) x *= max_norm / norm;
  return gradients;
}

}  // namespace byhand::exercise
