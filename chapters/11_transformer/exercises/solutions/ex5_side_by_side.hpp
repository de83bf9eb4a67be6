// Exercise 11.5: Put attention and feed-forward part side by side
//
// In the paper's layer (notes 003 § 14.3) the feed-forward part reads what attention has made.
// GPT-J and PaLM let both read the same normalised input,
// so that they can be computed at the same time:
//   n = layer_norm(x),   y = x + attention(n) + W2 relu(W1 n + b1) + b2
// layer() does it with several heads and, if asked for, the causal mask:
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
inline Tensor layer(const Tensor& x, const Weights& w, std::size_t heads, bool causal) {
  const std::size_t size = x.shape(1), d = size / heads;
  const Tensor n = layer_norm(x, w.gain, w.shift);  // (length, size)
  const Tensor all = linear(n, w.W_in, w.b_in);     // (length, 3 size)
  std::vector<Tensor> seen;
  for (std::size_t h = 0; h < heads; ++h) {
    const auto columns = [&](std::size_t part) {
      return slice(all, 1, part * size + h * d, part * size + (h + 1) * d);
    };
    seen.push_back(scaled_dot_product_attention(columns(0), columns(1), columns(2),
                                                {.mask = {.causal = causal}}));  // (length, d)
  }
  const Tensor attention = linear(concat(seen, 1), w.W_out, w.b_out);  // (length, size)
  return x + attention + linear(relu(linear(n, w.W1, w.b1)), w.W2, w.b2);
}

}  // namespace byhand::exercise
