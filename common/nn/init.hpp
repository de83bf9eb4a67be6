#pragma once
/// @file
/// Spine, nn. Start weights, drawn in PyTorch's order (torch.nn.init). Weights are (out, in) or
/// (out, in, height, width).
#include "common/core/generator.hpp"
#include "common/tensor/array.hpp"

namespace byhand::nn::init {

/// How many inputs and outputs one unit has: (in * receptive field, out * receptive field). Error
/// on fewer than two axes or no inputs.
std::pair<std::size_t, std::size_t> fans(const Shape& shape);

/// Uniform on +-sqrt(6 / (fan_in + fan_out)), Glorot and Bengio 2010.
Array xavier_uniform(const Shape& shape, Generator& generator);
/// Uniform on +-sqrt(6 / ((1 + a^2) fan_in)), He et al. 2015. PyTorch's layers use a = sqrt(5),
/// which makes it +-1 / sqrt(fan_in).
Array kaiming_uniform(const Shape& shape, Generator& generator, double a = 0);
/// Normal with standard deviation sqrt(2 / fan_in).
Array kaiming_normal(const Shape& shape, Generator& generator);

}  // namespace byhand::nn::init
