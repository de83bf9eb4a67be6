#pragma once
/// @file
/// Spine, tensor. Arrays of random numbers.
#include "common/core/generator.hpp"
#include "common/tensor/array.hpp"

namespace byhand {

/// Numbers drawn from the generator in PyTorch's order: uniform on [0, 1), on [low, high), standard
/// normal, normal.
Array rand(const Shape& shape, Generator& generator);
Array uniform(const Shape& shape, real low, real high, Generator& generator);
Array randn(const Shape& shape, Generator& generator);
Array normal(const Shape& shape, real mean, real std, Generator& generator);

}  // namespace byhand
