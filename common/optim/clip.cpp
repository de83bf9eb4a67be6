#include "common/optim/clip.hpp"

#include <algorithm>
#include <cmath>

namespace byhand::optim {

void clip_grad_value(const std::vector<Tensor>& parameters, double limit) {
  check(limit > 0, "clip_grad_value: limit {} is not positive", limit);
  for (const Tensor& p : parameters) {
    if (!p.has_grad()) continue;
    for (real& g : p.mutable_grad()) g = std::clamp(g, real(-limit), real(limit));
  }
}

double clip_grad_norm(const std::vector<Tensor>& parameters, double max_norm, double order) {
  check(max_norm > 0, "clip_grad_norm: max_norm {} is not positive", max_norm);
  check(order > 0, "clip_grad_norm: a norm of order {} does not exist", order);
  double norm = 0;
  for (const Tensor& p : parameters) {
    if (!p.has_grad()) continue;
    const real* g = p.grad().data();
    const std::size_t size = p.grad().size();
    double sum = 0;
    if (order == 2) {
#pragma omp simd reduction(+ : sum)
      for (std::size_t i = 0; i < size; ++i) sum += double(g[i]) * double(g[i]);
    } else if (std::isinf(order)) {
      for (std::size_t i = 0; i < size; ++i) {
        const double a = std::abs(double(g[i]));
        if (a > norm || std::isnan(a)) norm = a;  // NaN stays: nothing is larger
      }
    } else {
      for (std::size_t i = 0; i < size; ++i) sum += std::pow(std::abs(double(g[i])), order);
    }
    norm += sum;
  }
  if (!std::isinf(order)) norm = order == 2 ? std::sqrt(norm) : std::pow(norm, 1 / order);
  if (const double scale = max_norm / (norm + 1e-6); !(scale >= 1)) {  // NaN too: it must be seen
    for (const Tensor& p : parameters) {
      if (!p.has_grad()) continue;
      for (real& g : p.mutable_grad()) g *= real(scale);
    }
  }
  return norm;
}

}  // namespace byhand::optim
