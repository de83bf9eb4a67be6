#pragma once
/// @file
/// Fast, fast. Scaled dot-product attention as one operation. Its definition:
/// autograd/definitions.hpp:scaled_dot_product_attention; held equal by tests/common/ops_fused_test.cpp, with all masks and
/// dropout by attention_test.cpp. Notes 001; 003 § 14. Vaswani et al. 2017.
#include <optional>

#include "common/autograd/ops.hpp"
#include "common/core/generator.hpp"

namespace byhand {

/// Which keys a query may not see. All members work together; a key hidden by any of them gets the weight 0, exactly.
/// In every mask "not 0" means HIDDEN. PyTorch has both senses: True hides in nn.MultiheadAttention and nn.Transformer, but in
/// F.scaled_dot_product_attention True means "may be seen".
///
///   scaled_dot_product_attention(q, k, v, {.mask = {.causal = true, .key_padding = padding_mask(ids, pad)}});
struct AttentionMask {
  bool causal = false;  ///< query i sees the keys 0 … i only, as PyTorch's is_causal, also when there are more keys than queries
  std::optional<Array> hidden = {};  ///< not 0 where a key is hidden; broadcasts to (…, queries, keys)
  std::optional<Array> added = {};   ///< added to the scaled scores: -inf hides; broadcasts to (…, queries, keys)
  /// (batch, keys), not 0 where a key is padding, for all heads and queries; (keys,) without a batch.
  std::optional<Array> key_padding = {};
};

/// What else attention can be told.
struct AttentionOptions {
  AttentionMask mask = {};
  std::optional<double> scale = {};  ///< multiplies the products of queries and keys: 1 / sqrt(d_k) unless given
  double dropout = 0;  ///< each weight becomes 0 with this probability, others are divided by 1 - p; 0 in evaluation is the caller's part
  Generator* generator = nullptr;  ///< must be given when dropout > 0
};

/// softmax(scale q k^T + masks) v: q (…, queries, d_k), k (…, keys, d_k), v (…, keys, d_v) -> (…, queries, d_v). The leading axes of the
/// three are the same. The softmax is over the keys: one row for each query (notes 001 draw the transpose and normalise columns).
/// `weights`, when given, gets the result of the softmax, (…, queries, keys), after dropout as in PyTorch. One thing has many names: these
/// are PyTorch's attention weights, which the notes call attention pattern, percentages or shares.
/// A query that sees no key gets weights 0, result 0 and no gradient, as in PyTorch from 2.5 on; before, and in the composition of small
/// operations, it is NaN. Otherwise equal to that composition (a test says so).
/// Error when the shapes do not fit, a mask does not broadcast, or dropout is outside [0, 1) or without a generator.
Tensor scaled_dot_product_attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options = {},
                                    Array* weights = nullptr);

/// Several attentions side by side, of tokens to each other: qkv (batch, length, 3 size) -> (batch, length, size); with `batch_first`
/// false batch and length change places. A row of qkv is a token: columns [0, size) are its query, head after head, then come its key and
/// its value. Equal to merge_heads(scaled_dot_product_attention(split_heads(…), …)), but nothing is copied.
/// `weights`: (batch, heads, length, length). Error when the columns do not divide, and those of scaled_dot_product_attention.
Tensor self_attention(const Tensor& qkv, std::size_t heads, bool batch_first = true, const AttentionOptions& options = {},
                      Array* weights = nullptr);

/// 1 where query i may not see key j because j > i, 0 elsewhere: (queries, keys). What `causal` does, as an array to print or combine.
Array causal_mask(std::size_t queries, std::size_t keys);
/// 1 where the id is `padding`, 0 elsewhere: the key_padding of a batch of sequences, ids.shape.
Array padding_mask(const Ids& ids, std::int64_t padding);

/// Columns [begin, end) of x cut into heads: (batch, length, columns) -> (batch, heads, length, (end - begin) / heads); with `batch_first`
/// false x is (length, batch, columns). One copy in place of slice, reshape and permute. Error when the heads do not divide the columns.
Tensor split_heads(const Tensor& x, std::size_t heads, std::size_t begin, std::size_t end, bool batch_first = true);
/// The reverse: (batch, heads, length, d) -> (batch, length, heads * d), or (length, batch, heads * d).
Tensor merge_heads(const Tensor& x, bool batch_first = true);

}  // namespace byhand
