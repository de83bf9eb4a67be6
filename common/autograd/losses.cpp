#include "common/autograd/losses.hpp"

#include <algorithm>
#include <cmath>

#include "common/autograd/elementwise.hpp"
#include "common/tensor/functions.hpp"

namespace byhand {
namespace {

/// The losses of single examples added up, averaged (divided by `count`), or left as they are.
Tensor reduce(const Tensor& losses, Reduction reduction) {
  if (reduction == Reduction::none) return losses;
  return reduction == Reduction::sum ? sum(losses) : mean(losses);
}

void check_same(const char* op, const Shape& a, const Shape& b) {
  check(a == b, "{}: shapes {} and {} differ", op, a, b);
}

}  // namespace

Tensor binary_cross_entropy(const Tensor& p, const Array& targets, Reduction reduction) {
  check_same("binary_cross_entropy", p.shape(), targets.shape());
  for (const real v : p.value())
    check(!(v < 0 || v > 1), "binary_cross_entropy: {} is not a probability", double(v));
  const auto cut_log = [](real v) {
    return v > 0 ? std::max(std::log(v), real(-100)) : real(-100);
  };
  // d loss / dp = (p - t) / (p (1 - p)), the denominator kept away from 0
  const Tensor losses = detail::binary(
      "binary_cross_entropy", p, Tensor(targets),
      [=](real v, real t) { return -(t * cut_log(v) + (1 - t) * cut_log(1 - v)); },
      [](real v, real t) { return (v - t) / std::max(v * (1 - v), real(1e-12)); },
      [](real, real) { return real(0); });
  return reduce(losses, reduction);
}

Tensor binary_cross_entropy_with_logits(const Tensor& z, const Array& targets, Reduction reduction,
                                        real pos_weight) {
  check_same("binary_cross_entropy_with_logits", z.shape(), targets.shape());
  // -w t log s(z) - (1 - t) log(1 - s(z)) with log s(z) = -softplus(-z) and log(1 - s(z)) =
  // -softplus(z)
  const Tensor losses = detail::binary(
      "binary_cross_entropy_with_logits", z, Tensor(targets),
      [=](real v, real t) { return pos_weight * t * softplus(-v) + (1 - t) * softplus(v); },
      [=](real v, real t) { return (1 - t) * sigmoid(v) - pos_weight * t * sigmoid(-v); },
      [](real, real) { return real(0); });
  return reduce(losses, reduction);
}

Tensor mse_loss(const Tensor& prediction, const Tensor& target, Reduction reduction) {
  check_same("mse_loss", prediction.shape(), target.shape());
  return reduce(square(prediction - target), reduction);
}

Tensor l1_loss(const Tensor& prediction, const Tensor& target, Reduction reduction) {
  check_same("l1_loss", prediction.shape(), target.shape());
  return reduce(abs(prediction - target), reduction);
}

}  // namespace byhand
