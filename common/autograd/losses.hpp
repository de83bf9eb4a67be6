#pragma once
/// @file
/// Spine, autograd. Losses, with PyTorch's names and conventions. An Error names both shapes when
/// they do not fit.
#include "common/autograd/ops.hpp"

namespace byhand {

/// What becomes of the losses of the single examples.
enum class Reduction { mean, sum, none };

/// -(t log p + (1 - t) log(1 - p)) for probabilities p; the logarithms are cut off at -100, as in
/// PyTorch. t is a constant of p's shape.
Tensor binary_cross_entropy(const Tensor& p, const Array& targets,
                            Reduction reduction = Reduction::mean);
/// The same with p = sigmoid(z), stable for any z; positive targets count `pos_weight` times.
Tensor binary_cross_entropy_with_logits(const Tensor& z, const Array& targets,
                                        Reduction reduction = Reduction::mean, real pos_weight = 1);

/// (prediction - target)^2 and |prediction - target|; the shapes must be equal, nothing is
/// broadcast.
Tensor mse_loss(const Tensor& prediction, const Tensor& target,
                Reduction reduction = Reduction::mean);
Tensor l1_loss(const Tensor& prediction, const Tensor& target,
               Reduction reduction = Reduction::mean);

}  // namespace byhand
