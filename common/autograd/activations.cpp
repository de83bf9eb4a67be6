#include "common/autograd/activations.hpp"

#include <numbers>

#include "common/autograd/elementwise.hpp"

namespace byhand {
using detail::unary;

Tensor sigmoid(const Tensor& x) {
  return unary(
      "sigmoid", x, [](real v) { return sigmoid(v); }, [](real, real y) { return y * (1 - y); });
}
Tensor tanh(const Tensor& x) {
  return unary(
      "tanh", x, [](real v) { return std::tanh(v); }, [](real, real y) { return 1 - y * y; });
}
Tensor relu(const Tensor& x) {
  return unary(
      "relu", x, [](real v) { return relu(v); },
      [](real v, real) { return v <= 0 ? real(0) : real(1); });
}
Tensor leaky_relu(const Tensor& x, real slope) {
  return unary(
      "leaky_relu", x, [slope](real v) { return v > 0 ? v : slope * v; },
      [slope](real v, real) { return v > 0 ? real(1) : slope; });
}
Tensor elu(const Tensor& x, real alpha) {
  // for x <= 0 the derivative alpha e^x is y + alpha
  return unary(
      "elu", x, [alpha](real v) { return v > 0 ? v : alpha * std::expm1(v); },
      [alpha](real v, real y) { return v > 0 ? real(1) : y + alpha; });
}
Tensor softplus(const Tensor& x) {
  return unary(
      "softplus", x, [](real v) { return softplus(v); }, [](real v, real) { return sigmoid(v); });
}
Tensor silu(const Tensor& x) {
  // s = sigmoid(x):  y = x s,  y' = s + x s (1 - s)
  return unary(
      "silu", x, [](real v) { return v * sigmoid(v); },
      [](real v, real) { return sigmoid(v) * (1 + v * (1 - sigmoid(v))); });
}
Tensor logsigmoid(const Tensor& x) {
  return unary(
      "logsigmoid", x, [](real v) { return logsigmoid(v); },
      [](real v, real) { return sigmoid(-v); });
}

Tensor gelu(const Tensor& x, Gelu form) {
  if (form == Gelu::erf) {
    // y = x Phi(x),  y' = Phi(x) + x phi(x)
    // Phi(x) = (1 + erf(x / sqrt 2)) / 2,  phi(x) = e^(-x^2 / 2) / sqrt(2 pi)
    static constexpr real root_half = real(std::numbers::sqrt2 / 2),
                          density = real(0.3989422804014327);
    return unary(
        "gelu", x, [](real v) { return real(0.5) * v * (1 + std::erf(v * root_half)); },
        [](real v, real y) {
          const real phi = density * std::exp(real(-0.5) * v * v);
          return (std::abs(v) < real(1e-30) ? real(0.5) : y / v) + v * phi;  // Phi(x) = y / x
        });
  }
  // t = tanh(a (x + b x^3)):
  // y = x (1 + t) / 2,  y' = (1 + t) / 2 + x (1 - t^2) a (1 + 3 b x^2) / 2
  static constexpr real a = real(0.7978845608028654), b = real(0.044715);  // a = sqrt(2 / pi)
  return unary(
      "gelu_tanh", x,
      [](real v) { return real(0.5) * v * (1 + std::tanh(a * (v + b * v * v * v))); },
      [](real v, real) {
        const real t = std::tanh(a * (v + b * v * v * v));
        return real(0.5) * (1 + t) + real(0.5) * v * (1 - t * t) * a * (1 + 3 * b * v * v);
      });
}

}  // namespace byhand
