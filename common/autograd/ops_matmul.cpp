// Matrix products and the linear layer.
#include "common/autograd/node.hpp"
#include "common/autograd/ops.hpp"
#include "common/fast/kernels/blocks.hpp"
#include "common/fast/kernels/gemm.hpp"
#include "common/tensor/matmul.hpp"

namespace byhand {
namespace {

Transpose flip(Transpose t) { return t == Transpose::no ? Transpose::yes : Transpose::no; }

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b, Transpose a_op, Transpose b_op) {
  if (a.ndim() == 1 && b.ndim() >= 1)
    return squeeze(matmul(unsqueeze(a, 0), b, a_op, b_op), b.ndim() == 1 ? 0 : -2);
  if (b.ndim() == 1 && a.ndim() >= 1) return squeeze(matmul(a, unsqueeze(b, -1), a_op, b_op), -1);
  return make_op("matmul", matmul(a.value(), b.value(), a_op, b_op), {a, b}, [=](Node& node) {
    const Tensor &left = node.input(0), &right = node.input(1);
    const Array& dy = node.grad();
    // Y = A B:  dA = dY B^T,  dB = A^T dY. Where an operand entered transposed, its gradient is the
    // transpose of that.
    if (left.requires_grad()) {
      if (a_op == Transpose::no)
        matmul_add(left.mutable_grad(), dy, right.value(), Transpose::no, flip(b_op));
      else
        matmul_add(left.mutable_grad(), right.value(), dy, b_op, Transpose::yes);
    }
    if (right.requires_grad()) {
      if (b_op == Transpose::no)
        matmul_add(right.mutable_grad(), left.value(), dy, flip(a_op), Transpose::no);
      else
        matmul_add(right.mutable_grad(), dy, left.value(), Transpose::yes, a_op);
    }
  });
}

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  check(weight.ndim() == 2, "linear: the weight is (out, in), got {}", weight.shape());
  check(x.ndim() >= 1 && x.shape(-1) == weight.shape(1),
        "linear: an input {} for a weight {} (out, in)", x.shape(), weight.shape());
  if (bias.defined())
    check(bias.ndim() == 1 && bias.shape(0) == weight.shape(0), "linear: a bias {} for a weight {}",
          bias.shape(), weight.shape());
  const std::size_t in = weight.shape(1), out = weight.shape(0),
                    rows = element_count(Shape(x.shape().begin(), x.shape().end() - 1));
  Shape shape = x.shape();
  shape.back() = out;
  Array y = empty(shape);
  if (bias.defined()) kernels::copy_to_rows(bias.value().data(), y.data(), rows, out);
  gemm(Transpose::no, Transpose::yes, rows, out, in, x.value().data(), weight.value().data(),
       y.data(), bias.defined() ? 1 : 0);
  std::vector<Tensor> inputs{x, weight};
  if (bias.defined()) inputs.push_back(bias);
  return make_op("linear", std::move(y), std::move(inputs), [=](Node& node) {
    const Tensor &input = node.input(0), &w = node.input(1);
    const real* dy = node.grad().data();
    // dx += dY W,  dW += dY^T x,  db += the sum of dY over the rows
    if (input.requires_grad()) {
      const auto [dx, beta] = grad_target(input);
      gemm(Transpose::no, Transpose::no, rows, in, out, dy, w.value().data(), dx, beta);
    }
    if (w.requires_grad()) {
      const auto [dw, beta] = grad_target(w);
      gemm(Transpose::yes, Transpose::no, out, in, rows, dy, input.value().data(), dw, beta);
    }
    if (node.inputs.size() == 3 && node.input(2).requires_grad())
      kernels::add_rows(dy, node.input(2).mutable_grad().data(), rows, out);
  });
}

}  // namespace byhand
