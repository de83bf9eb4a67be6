// Element-wise operations: each line has the function and its derivative.
#include <cmath>

#include "common/autograd/elementwise.hpp"
#include "common/autograd/node.hpp"
#include "common/autograd/ops.hpp"
#include "common/core/generator.hpp"

namespace byhand {
using detail::binary;
using detail::unary;

Tensor operator+(const Tensor& a, const Tensor& b) {
  return make_op("add", map("add", a.value(), b.value(), [](real x, real y) { return x + y; }),
                 {a, b}, [](Node& node) {
                   if (node.input(0).requires_grad())
                     node.input(0).add_grad(sum_to(node.grad(), node.input(0).shape()));
                   if (node.input(1).requires_grad())
                     node.input(1).add_grad(sum_to(node.take_grad(), node.input(1).shape()));
                 });
}

Tensor operator-(const Tensor& a, const Tensor& b) {
  return make_op("sub", map("sub", a.value(), b.value(), [](real x, real y) { return x - y; }),
                 {a, b}, [](Node& node) {
                   if (node.input(0).requires_grad())
                     node.input(0).add_grad(sum_to(node.grad(), node.input(0).shape()));
                   if (node.input(1).requires_grad())
                     node.input(1).add_grad(sum_to(map(node.grad(), [](real g) { return -g; }),
                                                   node.input(1).shape()));
                 });
}

Tensor operator*(const Tensor& a, const Tensor& b) {
  return binary(
      "mul", a, b, [](real x, real y) { return x * y; }, [](real, real y) { return y; },
      [](real x, real) { return x; });
}

Tensor operator/(const Tensor& a, const Tensor& b) {
  return binary(
      "div", a, b, [](real x, real y) { return x / y; }, [](real, real y) { return 1 / y; },
      [](real x, real y) { return -(x / y) / y; });
}

Tensor operator+(const Tensor& a, real b) {
  return unary(
      "add", a, [b](real x) { return x + b; }, [](real, real) { return real(1); });
}
Tensor operator*(const Tensor& a, real b) {
  return unary(
      "mul", a, [b](real x) { return x * b; }, [b](real, real) { return b; });
}
Tensor operator/(const Tensor& a, real b) {
  return unary(
      "div", a, [b](real x) { return x / b; }, [b](real, real) { return 1 / b; });
}
Tensor operator-(real a, const Tensor& b) {
  return unary(
      "sub", b, [a](real x) { return a - x; }, [](real, real) { return real(-1); });
}
Tensor operator/(real a, const Tensor& b) {
  return unary(
      "div", b, [a](real x) { return a / x; }, [](real x, real y) { return -y / x; });
}
Tensor operator-(const Tensor& a, real b) { return a + (-b); }
Tensor operator+(real a, const Tensor& b) { return b + a; }
Tensor operator*(real a, const Tensor& b) { return b * a; }
Tensor operator-(const Tensor& x) { return x * real(-1); }

Tensor exp(const Tensor& x) {
  return unary(
      "exp", x, [](real v) { return std::exp(v); }, [](real, real y) { return y; });
}
Tensor log(const Tensor& x) {
  return unary(
      "log", x, [](real v) { return std::log(v); }, [](real v, real) { return 1 / v; });
}
Tensor sqrt(const Tensor& x) {
  return unary(
      "sqrt", x, [](real v) { return std::sqrt(v); }, [](real, real y) { return real(0.5) / y; });
}
Tensor square(const Tensor& x) {
  return unary(
      "square", x, [](real v) { return v * v; }, [](real v, real) { return 2 * v; });
}
Tensor abs(const Tensor& x) {
  return unary(
      "abs", x, [](real v) { return std::abs(v); },
      [](real v, real) { return real((v > 0) - (v < 0)); });
}
Tensor pow(const Tensor& x, real exponent) {
  return unary(
      "pow", x, [exponent](real v) { return std::pow(v, exponent); },
      [exponent](real v, real) {
        return exponent == 0 ? real(0) : exponent * std::pow(v, exponent - 1);
      });
}

// The side that is not smaller gets the gradient; beside NaN neither is, so both do, as in PyTorch.
Tensor maximum(const Tensor& a, const Tensor& b) {
  return binary(
      "maximum", a, b, [](real x, real y) { return x > y || std::isnan(x) ? x : y; },
      [](real x, real y) { return x == y ? real(0.5) : real(!(x < y)); },
      [](real x, real y) { return x == y ? real(0.5) : real(!(x > y)); });
}
Tensor minimum(const Tensor& a, const Tensor& b) {
  return binary(
      "minimum", a, b, [](real x, real y) { return x < y || std::isnan(x) ? x : y; },
      [](real x, real y) { return x == y ? real(0.5) : real(!(x > y)); },
      [](real x, real y) { return x == y ? real(0.5) : real(!(x < y)); });
}
Tensor clamp(const Tensor& x, real low, real high) {
  check(low <= high, "clamp: the lower limit {} is above the upper limit {}", low, high);
  return unary(
      "clamp", x, [=](real v) { return v < low    ? low
                                       : v > high ? high
                                                  : v; },
      [=](real v, real) { return real(v >= low && v <= high); });
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): see ops.hpp
Tensor where(Array mask, Tensor a, Tensor b) {
  // With m = 1 where the mask is set: y = a there and b elsewhere, so each side's gradient passes
  // only at its own places.
  const Shape shape =
      broadcast_shape("where", mask.shape(), broadcast_shape("where", a.shape(), b.shape()));
  const Array m = broadcast_to(mask, shape), va = broadcast_to(a.value(), shape),
              vb = broadcast_to(b.value(), shape);
  Array y = empty(shape);
  for (std::size_t i = 0; i < y.size(); ++i)
    y.data()[i] = m.data()[i] != 0 ? va.data()[i] : vb.data()[i];
  return make_op("where", std::move(y), {a, b}, [m](Node& node) {
    for (int side = 0; side < 2; ++side) {
      const Tensor& input = node.input(std::size_t(side));
      if (!input.requires_grad()) continue;
      input.add_grad(
          sum_to(map("where", node.grad(), m,
                     [side](real g, real set) { return (set != 0) == (side == 0) ? g : real(0); }),
                 input.shape()));
    }
  });
}

Tensor masked_fill(const Tensor& x, const Array& mask, real value) {
  check(broadcast_shape("masked_fill", x.shape(), mask.shape()) == x.shape(),
        "masked_fill: a mask {} does not fit {}", mask.shape(), x.shape());
  return make_op(
      "masked_fill",
      map("masked_fill", x.value(), mask, [value](real v, real m) { return m != 0 ? value : v; }),
      {x}, [mask](Node& node) {
        node.input(0).add_grad(map("masked_fill", node.grad(), mask,
                                   [](real g, real m) { return m != 0 ? real(0) : g; }));
      });
}

Tensor dropout(const Tensor& x, double p, Generator& generator, bool training) {
  check(p >= 0 && p < 1, "dropout: probability {} is not in [0, 1)", p);
  if (!training || p == 0) return x;
  const std::vector<float> kept = generator.bernoulli(x.size(), 1 - p);  // 1 with probability 1 - p
  Array mask = empty(x.shape());
  for (std::size_t i = 0; i < mask.size(); ++i) mask.data()[i] = real(kept[i]) / real(1 - p);
  return x * Tensor(std::move(mask));
}

}  // namespace byhand
