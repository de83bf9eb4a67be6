#pragma once
/// @file
/// The update rules of five optimisers, written as loops over single numbers, and the surface they
/// walk on. Notes 002, SGD and Adam. In double whatever `real` is: the same path on every machine,
/// and a reference for common/optim in float.
#include <functional>
#include <string>
#include <vector>

#include "common/optim/optimizer.hpp"

namespace rules {

using Vector = std::vector<double>;
/// One update of the weights w along the gradient g. A rule keeps its own running state, so take a
/// new one for each run.
using Rule = std::function<void(Vector& w, const Vector& g)>;

Rule sgd(double lr);                        ///< w -= lr g
Rule momentum(double lr, double mu = 0.9);  ///< v = mu v + g, w -= lr v
/// s = alpha s + (1 - alpha) g^2, w -= lr g / (sqrt(s) + eps)
Rule rmsprop(double lr, double alpha = 0.99, double eps = 1e-8);
/// m and v are running means of g and g^2, corrected for their start at 0; w -= lr m_hat /
/// (sqrt(v_hat) + eps).
Rule adam(double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8);
/// Adam after w has shrunk to (1 - lr weight_decay) w.
Rule adamw(double lr, double weight_decay = 0.01, double beta1 = 0.9, double beta2 = 0.999,
           double eps = 1e-8);

/// Rosenbrock's valley (1 - x)^2 + 100 (y - x^2)^2: steep walls, a floor that bends and hardly
/// falls, its lowest point 0 at (1, 1).
inline const Vector start = {-1.2, 1};
double rosenbrock(const Vector& w);
Vector rosenbrock_gradient(const Vector& w);
/// The same for autograd, (2,) -> one number.
byhand::Tensor rosenbrock_loss(const byhand::Tensor& w);

/// An optimiser by hand and built in.
struct Contestant {
  std::string name;
  double lr;
  Rule rule;
  std::function<std::unique_ptr<byhand::optim::Optimizer>(const byhand::Tensor& w)> built_in;
  /// Where PyTorch's own optimiser stands after 500 steps (tests/golden/optimizers.json).
  std::string pytorch;
};
std::vector<Contestant> contestants();

/// The places visited: the start and one after each step.
using Path = std::vector<Vector>;
Path walk(Rule rule, int steps);
Path walk(const Contestant& contestant, int steps);  ///< with common/optim and autograd

/// The numbers of the first `steps` + 1 places in one row, to be compared.
byhand::Array flat(const Path& path, int steps);

/// The first step after which the surface lies below `level`; -1 when there is none.
int steps_to(const Path& path, double level);

}  // namespace rules
