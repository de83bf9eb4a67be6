#pragma once
/// @file
/// Spine, nn. Transformer layers, with PyTorch's names, start weights and defaults. Notes 003 § 14.
#include "common/nn/attention.hpp"

namespace byhand::nn {

/// What stands between the two matrices of the feed-forward part; gelu is the erf form (BERT),
/// gelu_tanh the one of GPT-2.
enum class Activation { relu, gelu, gelu_tanh };

struct TransformerOptions {
  std::size_t feed_forward = 2048;  ///< neurons between the two matrices
  /// of attention weights, of neurons, and of what each part adds; in training
  double dropout = 0.1;
  Activation activation = Activation::relu;
  /// x + f(norm(x)), as in GPT-2, instead of norm(x + f(x)), as in the paper
  bool norm_first = false;
  /// input and output are (batch, length, size) instead of (length, batch, size)
  bool batch_first = false;
  double layer_norm_eps = 1e-5;
};

/// Self-attention, then two matrices with a non-linearity between them for each token alone; each
/// part is added to what it got.
/// x (length, batch, size) -> the same shape; (length, size) without a batch. Masks as in
/// MultiheadAttention. With mask {.causal = true} it is the layer of a GPT. `weights`, when given,
/// gets (batch, heads, length, length).
struct TransformerEncoderLayer : Module {
  TransformerEncoderLayer(std::size_t size, std::size_t heads, Generator& generator,
                          const TransformerOptions& options = {});
  Tensor operator()(const Tensor& x, const AttentionMask& mask = {},
                    Array* weights = nullptr) const;
  /// The tokens after those in the cache, as a causal layer sees them: MultiheadAttention::next. No
  /// gradients.
  Tensor next(const Tensor& x, KeyValueCache& cache) const;

  TransformerOptions options;
  MultiheadAttention self_attn;  // the members' order is the order of the draws
  Linear linear1, linear2;
  LayerNorm norm1, norm2;

 private:
  Dropout drop_;
};

/// The attention weights of a decoder layer, for each head: to the answer so far, (batch, heads,
/// length, length), and to the encoder's result, (batch, heads, length, memory length).
struct DecoderWeights {
  Array self, memory;
};

/// Self-attention, attention to the encoder's result `memory` (from which keys and values are
/// made), then the two matrices.
/// x (length, batch, size), memory (memory length, batch, size) -> the shape of x. The mask of x is
/// not causal unless you say so.
struct TransformerDecoderLayer : Module {
  TransformerDecoderLayer(std::size_t size, std::size_t heads, Generator& generator,
                          const TransformerOptions& options = {});
  Tensor operator()(const Tensor& x, const Tensor& memory, const AttentionMask& mask = {},
                    const AttentionMask& memory_mask = {}, DecoderWeights* weights = nullptr) const;

  TransformerOptions options;
  MultiheadAttention self_attn, multihead_attn;
  Linear linear1, linear2;
  LayerNorm norm1, norm2, norm3;

 private:
  Dropout drop_;
};

}  // namespace byhand::nn
