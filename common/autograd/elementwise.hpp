#pragma once
/// @file
/// Spine, autograd. The two patterns behind all element-wise operations: a function of one number,
/// or of two, with its derivative.
#include "common/autograd/node.hpp"
#include "common/autograd/tensor.hpp"
#include "common/tensor/broadcast.hpp"

namespace byhand::detail {

/// y = f(x) element by element; derivative(x, y) is dy/dx.
template <class F, class D>
Tensor unary(const char* name, const Tensor& x, F f, D derivative) {
  return make_op(name, map(x.value(), f), {x}, [derivative](Node& node) {
    const Array &input = node.input(0).value(), &grad = node.grad();
    Array dx = empty(input.shape());
    const real *px = input.data(), *py = node.value.data(), *g = grad.data();
    real* pdx = dx.data();
    parallel_for(dx.size(), elementwise_grain, [=](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) pdx[i] = g[i] * derivative(px[i], py[i]);
    });
    node.input(0).add_grad(std::move(dx));
  });
}

/// z = f(x, y) element by element under broadcasting; dx(x, y) and dy(x, y) are the partial
/// derivatives. The gradient of an operand that was repeated is the sum over its copies.
template <class F, class DX, class DY>
Tensor binary(const char* name, const Tensor& a, const Tensor& b, F f, DX dx, DY dy) {
  return make_op(name, map(name, a.value(), b.value(), f), {a, b}, [name, dx, dy](Node& node) {
    const auto pass_back = [&](const Tensor& input, auto derivative) {
      if (!input.requires_grad()) return;
      const Array partial = map(name, node.input(0).value(), node.input(1).value(), derivative);
      input.add_grad(sum_to(multiply(name, node.grad(), partial), input.shape()));
    };
    pass_back(node.input(0), dx);
    pass_back(node.input(1), dy);
  });
}

}  // namespace byhand::detail
