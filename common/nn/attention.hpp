#pragma once
/// @file
/// Spine, nn. Multi-head attention, with PyTorch's parameter names and start weights.
#include <array>

#include "common/fast/attention.hpp"
#include "common/fast/key_value_cache.hpp"
#include "common/nn/layers.hpp"

namespace byhand::nn {

struct MultiheadAttentionOptions {
  double dropout = 0;        ///< of the weights, in training
  bool bias = true;          ///< of all four projections
  std::size_t key_size = 0;  ///< the last axis of keys; 0: the same as of queries (PyTorch: kdim)
  /// the last axis of values; 0: the same as of queries (PyTorch: vdim)
  std::size_t value_size = 0;
  /// input and output are (batch, length, size) instead of (length, batch, size)
  bool batch_first = false;
};

/// Several attentions side by side, each on its own share of the columns: head h uses columns h *
/// size / heads and on. Queries, keys and values are projected, attended to with scale 1 /
/// sqrt(size / heads), put beside each other and projected once more.
/// Start weights: in_proj xavier_uniform, out_proj as Linear, all biases 0. Error when heads do not
/// divide the size.
struct MultiheadAttention : Module {
  MultiheadAttention(std::size_t size, std::size_t heads, Generator& generator,
                     const MultiheadAttentionOptions& options = {});

  /// query (queries, batch, size), key (keys, batch, key_size), value (keys, batch, value_size) ->
  /// (queries, batch, size); with batch_first the first two axes change places; without a batch
  /// axis they are (queries, size), (keys, key_size), (keys, value_size). Masks: "not 0" hides.
  /// `hidden` and `added` broadcast to (batch, heads, queries, keys), key_padding is (batch, keys).
  /// A mask for each sequence, (batch, queries, keys), must be reshaped to (batch, 1, queries,
  /// keys): broadcasting begins at the last axis, so its batch would be taken for the heads, an
  /// error only where the two numbers differ.
  /// `weights`, when given, gets those of each head, (batch, heads, queries, keys), or (heads,
  /// queries, keys) without a batch axis.
  Tensor operator()(const Tensor& query, const Tensor& key, const Tensor& value,
                    const AttentionMask& mask = {}, Array* weights = nullptr) const;

  /// Causal self-attention of the tokens that follow those in the cache, which then holds them,
  /// too: x (new, batch, size), or (batch, new, size) with batch_first -> the same shape; the rows
  /// that the whole sequence with .causal would give. No gradients.
  /// Error in training with dropout, when keys or values have sizes of their own, or when the cache
  /// is full or another batch's.
  Tensor next(const Tensor& x, KeyValueCache& cache) const;

  std::size_t size, heads;
  MultiheadAttentionOptions options;
  Linear out_proj;  ///< (size, size); drawn first, as in PyTorch
  /// (3 size, size): rows of queries, keys, values. Undefined when the sizes differ
  Parameter in_proj_weight;
  /// these instead then: (size, size), (size, key_size), (size, value_size)
  Parameter q_proj_weight, k_proj_weight, v_proj_weight;
  Parameter in_proj_bias;  ///< (3 size,), undefined without bias

 private:
  bool of_one_sequence(const Tensor& query, const Tensor& key, const Tensor& value) const;
  std::array<Tensor, 3> project(const Tensor& query, const Tensor& key, const Tensor& value,
                                bool batch_first) const;
  Tensor attend(const Tensor& query, const Tensor& key, const Tensor& value, bool batch_first,
                const AttentionMask& mask, Array* weights) const;
  mutable Generator generator_;  // for dropout
};

/// The mean of the weights over the heads, as PyTorch returns them unless told otherwise: (…,
/// heads, queries, keys) -> (…, queries, keys).
Array mean_over_heads(const Array& weights);

}  // namespace byhand::nn
