// Exercise 11.5: Put attention and feed-forward part side by side
//
// In the paper's layer (notes 003 § 14.3) the feed-forward part reads what attention has made.
// GPT-J and PaLM let both read the same normalised input,
// so that they can be computed at the same time:
//   n = layer_norm(x),   y = x + attention(n) + W2 relu(W1 n + b1) + b2
// Fill in layer() with several heads and, if asked for, the causal mask:
// query i then sees the keys 0 … i only.
//   [queries keys values] = n W_in^T + b_in, each size columns wide; head h has the columns h * d
//   to (h + 1) * d of each, d = size / heads;
//   of each head softmax(Q K^T / sqrt(d)) V;
//   the heads beside each other again, times W_out^T, plus b_out.
// Operations of common/autograd will do; gradients must reach x and every weight. No layer of the
// library is built this way.
#pragma once
#include "common/autograd/activations.hpp"
#include "common/fast/attention.hpp"
#include "common/fast/layer_norm.hpp"

namespace byhand::exercise {

/// As PyTorch stores them: a row of a matrix makes one number of the result.
struct Weights {
  Tensor gain, shift;     ///< of the layer norm, (size,)
  Tensor W_in, b_in;      ///< (3 size, size), (3 size,): queries, then keys, then values
  Tensor W_out, b_out;    ///< (size, size), (size,)
  Tensor W1, b1, W2, b2;  ///< (neurons, size), (neurons,), (size, neurons), (size,)
};

/// x (length, size) -> (length, size). heads divides size.
inline Tensor layer(const Tensor& x, [[maybe_unused]] const Weights& w,
                    [[maybe_unused]] std::size_t heads, [[maybe_unused]] bool causal) {
  return x;  // TODO: + attention + feed-forward part
}

}  // namespace byhand::exercise
