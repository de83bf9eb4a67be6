#include "common/fast/layer_norm.hpp"

#include "common/autograd/node.hpp"
#include "common/fast/kernels/rows.hpp"

namespace byhand {

Tensor layer_norm(const Tensor& x, const Tensor& gain, const Tensor& bias, double eps) {
  check(x.ndim() >= 1 && x.shape(-1) > 0, "layer_norm: needs a last axis that is not empty, got {}", x.shape());
  const std::size_t cols = x.shape(-1), rows = x.size() / cols;
  check(gain.shape() == Shape{cols} && bias.shape() == Shape{cols}, "layer_norm: gain {} and bias {} for an input {}", gain.shape(),
        bias.shape(), x.shape());
  Array y = empty(x.shape()), mean = empty({rows}), rstd = empty({rows});
  kernels::layer_norm(x.value().data(), gain.value().data(), bias.value().data(), eps, y.data(), mean.data(), rstd.data(), rows, cols);
  return make_op("layer_norm", std::move(y), {x, gain, bias}, [=, mean = std::move(mean), rstd = std::move(rstd)](Node& node) {
    Array dx = empty(node.value.shape()), dgain = zeros({cols}), dbias = zeros({cols});
    kernels::layer_norm_backward(node.input(0).value().data(), node.input(1).value().data(), mean.data(), rstd.data(), node.grad().data(),
                                 dx.data(), dgain.data(), dbias.data(), rows, cols);
    node.input(0).add_grad(std::move(dx));
    node.input(1).add_grad(std::move(dgain));
    node.input(2).add_grad(std::move(dbias));
  });
}

}  // namespace byhand
