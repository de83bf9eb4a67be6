#pragma once
/// @file
/// Spine, autograd. Activation functions, element by element; conventions at the kinks are
/// PyTorch's. Notes 004 § 1.3.3.
#include "common/autograd/ops.hpp"
#include "common/tensor/functions.hpp"

namespace byhand {

/// 1 / (1 + e^-x), values in (0, 1).
Tensor sigmoid(const Tensor& x);
/// (e^x - e^-x) / (e^x + e^-x), values in (-1, 1).
Tensor tanh(const Tensor& x);
/// max(x, 0); the derivative at 0 is 0.
Tensor relu(const Tensor& x);
/// x, or slope * x when x <= 0.
Tensor leaky_relu(const Tensor& x, real slope = real(0.01));
/// x, or alpha (e^x - 1) when x <= 0.
Tensor elu(const Tensor& x, real alpha = 1);
/// x Phi(x) with the normal distribution function Phi: exactly, through erf (BERT), or by the tanh
/// formula (GPT-2).
enum class Gelu { erf, tanh };
Tensor gelu(const Tensor& x, Gelu form = Gelu::erf);
/// log(1 + e^x), a smooth ReLU.
Tensor softplus(const Tensor& x);
/// x sigmoid(x), also called swish.
Tensor silu(const Tensor& x);
/// log(sigmoid(x)), without underflow.
Tensor logsigmoid(const Tensor& x);

}  // namespace byhand
