#pragma once
/// @file
/// The same attention from common/: tensors with autograd, the fused operation,
/// nn::MultiheadAttention, the table of positions.
#include "chapters/10_attention/multi_head.hpp"
#include "common/autograd/tensor.hpp"

namespace attention {

/// Attention of x over memory with the fused operation, weights as in matrices.hpp.
Array fused(const Array& x, const Array& memory, const Weights& weights, const Array& hidden);

/// Heads of the lecture's kind as one nn::MultiheadAttention (multi_head.hpp:as_one_layer).
struct LayerResult {
  Array output;   ///< (n, d * heads)
  Array percent;  ///< (heads, n, m)
};
LayerResult layer(const Array& x, const Array& memory, const std::vector<Weights>& heads,
                  const Array& hidden);

/// d sum(attention * R) / d encodings and weights, by autograd through its composition of single
/// operations. In `memory` is nothing: both ways into self-attention end in `x`.
Gradients autograd_gradients(const Array& x, const Weights& weights, const Array& hidden,
                             const Array& R);

/// The library's table of positions (words, d).
Array built_in_positions(std::size_t words, std::size_t d);

/// The shape of the percentages, (batch, queries, keys), that nn::MultiheadAttention makes of an
/// input of this shape, three sizes.
byhand::Shape weights_shape(const byhand::Shape& shape, bool batch_first);

/// The parameters of nn::MultiheadAttention(d, h) for h = 1, 2, 4, 12, counted. Error when they are
/// not all the same number.
std::size_t counted_parameters(std::size_t d);

}  // namespace attention
