#pragma once
/// @file
/// Spine, optim. Gradient clipping. Notes 003 § 12.
#include <vector>

#include "common/autograd/tensor.hpp"

namespace byhand::optim {

/// Limits every element of every gradient to [-limit, limit]. This can turn the direction of the
/// step.
void clip_grad_value(const std::vector<Tensor>& parameters, double limit);

/// Scales all gradients by min(1, max_norm / (norm + 1e-6)), where norm is that of all of them
/// together (order 2 unless told; infinity means the largest element). Keeps the direction. Returns
/// the norm before. Keras' clipnorm scales each variable by itself instead. Error when max_norm is
/// not positive.
double clip_grad_norm(const std::vector<Tensor>& parameters, double max_norm, double order = 2);

}  // namespace byhand::optim
