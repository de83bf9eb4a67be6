#include "chapters/03_training/by_hand/clipping.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common/optim/clip.hpp"

namespace clipping {
using namespace byhand;

double norm(const Vector& g) {
  double sum = 0;
  for (const double v : g) sum += v * v;
  return std::sqrt(sum);
}

double angle(const Vector& a, const Vector& b) {
  check(a.size() == b.size(), "angle: {} and {} numbers", a.size(), b.size());
  check(norm(a) > 0 && norm(b) > 0, "angle: a vector of length 0 has no direction");
  double product = 0;
  for (std::size_t i = 0; i < a.size(); ++i) product += a[i] * b[i];
  return std::acos(std::clamp(product / (norm(a) * norm(b)), -1.0, 1.0)) * 180 / std::numbers::pi;
}

Vector by_value(Vector g, double limit) {
  for (double& v : g) {
    if (v > limit) v = limit;
    if (v < -limit) v = -limit;
  }
  return g;
}

Vector by_norm(Vector g, double max_norm) {
  const double length = norm(g);
  if (length > max_norm)
    for (double& v : g) v *= max_norm / length;
  return g;
}

std::vector<Vector> by_global_norm(std::vector<Vector> variables, double max_norm) {
  double sum = 0;
  for (const Vector& g : variables)
    for (const double v : g) sum += v * v;
  const double scale = max_norm / (std::sqrt(sum) + 1e-6);
  if (scale < 1)
    for (Vector& g : variables)
      for (double& v : g) v *= scale;
  return variables;
}

namespace {
template <class Clip>
Vector built_in(const Vector& g, Clip clip) {
  const Tensor w(zeros({g.size()}), true);
  w.mutable_grad() = array(std::vector<real>(g.begin(), g.end()));
  clip(std::vector{w});
  return Vector(w.grad().begin(), w.grad().end());
}
}  // namespace

Vector built_in_by_value(const Vector& g, double limit) {
  return built_in(g, [=](const std::vector<Tensor>& w) { optim::clip_grad_value(w, limit); });
}

Vector built_in_by_norm(const Vector& g, double max_norm) {
  return built_in(g, [=](const std::vector<Tensor>& w) { optim::clip_grad_norm(w, max_norm); });
}

}  // namespace clipping
