#pragma once
/// @file
/// Several heads side by side, and the output matrix that makes one vector of theirs. Notes 001,
/// "Multiple heads" and "The output matrix".
#include "chapters/10_attention/matrices.hpp"

namespace attention {

/// The weights of nn.MultiheadAttention, with its names and layout.
struct MultiHeadWeights {
  Array in_proj_weight;  ///< (3 d, d): rows for Q, then K, then V; in each the rows of head 0 first
  Array in_proj_bias;    ///< (3 d,)
  Array out_proj_weight;  ///< (d, d): the output matrix
  Array out_proj_bias;    ///< (d,)
};

struct MultiHeadSteps {
  std::vector<Steps> heads;  ///< each with d / heads numbers for a query, key, value
  Array concatenated;        ///< (n, d): the heads' attention side by side
  Array output;              ///< (n, d): concatenated times output matrix, plus bias
};

/// x (n, d) looks at memory (m, d) with several heads; `hidden` (n, m) is common to all. Error
/// unless the heads divide d.
MultiHeadSteps multi_head(const Array& x, const Array& memory, const MultiHeadWeights& weights,
                          std::size_t heads, const Array& hidden);

/// Heads of the lecture's kind, whose keys are as long as the encodings, as one wide layer: the
/// encodings get zeros behind them until they are heads times as long, the columns of the weights
/// likewise, there are no biases, and the output matrix is the identity.
MultiHeadWeights as_one_layer(const std::vector<Weights>& heads);
/// The encodings (n, d) with zeros behind them: (n, d * times).
Array widened(const Array& encodings, std::size_t times);

/// By formula, how many numbers nn.MultiheadAttention has:
/// 4 (d^2 + d), whatever the number of heads.
std::size_t multi_head_parameters(std::size_t d);

}  // namespace attention
