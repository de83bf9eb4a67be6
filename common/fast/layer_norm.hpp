#pragma once
/// @file
/// Fast, fast. Layer normalisation as one operation. Its definition: autograd/definitions.hpp:layer_norm; held
/// equal by tests/common/ops_fused_test.cpp.
#include "common/autograd/ops.hpp"

namespace byhand {

/// (x - mean) / sqrt(variance + eps) * gain + bias over the last axis, with the biased variance: x (…, size), gain and bias (size,).
/// Equal to its composition of small operations (a test says so). Ba, Kiros, Hinton 2016. Error when the sizes differ.
Tensor layer_norm(const Tensor& x, const Tensor& gain, const Tensor& bias, double eps = 1e-5);

}  // namespace byhand
