#pragma once
/// @file
/// Spine, nn. Transformer layers, encoder, decoder and both together, with PyTorch's names, start weights and defaults. Notes 003 § 14.
#include "common/nn/attention.hpp"
#include "common/nn/module_list.hpp"

namespace byhand::nn {

/// What stands between the two matrices of the feed-forward part; gelu is the erf form (BERT), gelu_tanh the one of GPT-2.
enum class Activation { relu, gelu, gelu_tanh };

struct TransformerOptions {
  std::size_t feed_forward = 2048;  ///< neurons between the two matrices
  double dropout = 0.1;             ///< of attention weights, of neurons, and of what each part adds; in training
  Activation activation = Activation::relu;
  bool norm_first = false;   ///< x + f(norm(x)), as in GPT-2, instead of norm(x + f(x)), as in the paper
  bool batch_first = false;  ///< input and output are (batch, length, size) instead of (length, batch, size)
  double layer_norm_eps = 1e-5;
};

/// Self-attention, then two matrices with a non-linearity between them for each token alone; each part is added to what it got.
/// x (length, batch, size) -> the same shape; (length, size) without a batch. Masks as in MultiheadAttention. With mask {.causal = true}
/// it is the layer of a GPT. `weights`, when given, gets (batch, heads, length, length).
struct TransformerEncoderLayer : Module {
  TransformerEncoderLayer(std::size_t size, std::size_t heads, Generator& generator, const TransformerOptions& options = {});
  Tensor operator()(const Tensor& x, const AttentionMask& mask = {}, Array* weights = nullptr) const;
  /// The tokens after those in the cache, as a causal layer sees them: MultiheadAttention::next. No gradients.
  Tensor next(const Tensor& x, KeyValueCache& cache) const;

  TransformerOptions options;
  MultiheadAttention self_attn;  // the members' order is the order of the draws
  Linear linear1, linear2;
  LayerNorm norm1, norm2;

 private:
  Dropout drop_;
};

/// The attention weights of a decoder layer, for each head: to the answer so far, (batch, heads, length, length), and to the encoder's
/// result, (batch, heads, length, memory length).
struct DecoderWeights {
  Array self, memory;
};

/// Self-attention, attention to the encoder's result `memory` (from which keys and values are made), then the two matrices.
/// x (length, batch, size), memory (memory length, batch, size) -> the shape of x. The mask of x is not causal unless you say so.
struct TransformerDecoderLayer : Module {
  TransformerDecoderLayer(std::size_t size, std::size_t heads, Generator& generator, const TransformerOptions& options = {});
  Tensor operator()(const Tensor& x, const Tensor& memory, const AttentionMask& mask = {}, const AttentionMask& memory_mask = {},
                    DecoderWeights* weights = nullptr) const;

  TransformerOptions options;
  MultiheadAttention self_attn, multihead_attn;
  Linear linear1, linear2;
  LayerNorm norm1, norm2, norm3;

 private:
  Dropout drop_;
};

/// `count` copies of a layer, one after the other, and a layer norm at the end if given. As in PyTorch each is a deep copy: all begin with
/// the same weights as `layer`, and learn apart from it and from each other. Error when count is 0.
/// `weights`, when given, gets one entry for each layer.
struct TransformerEncoder : Module {
  TransformerEncoder(const TransformerEncoderLayer& layer, std::size_t count, const std::optional<LayerNorm>& norm = {});
  Tensor operator()(Tensor x, const AttentionMask& mask = {}, std::vector<Array>* weights = nullptr) const;
  /// One empty cache for each layer, with room for `capacity` tokens.
  std::vector<KeyValueCache> caches(std::size_t capacity) const {
    return std::vector<KeyValueCache>(layers.size(), KeyValueCache(capacity));
  }
  /// The tokens after those in the caches: the last rows of the whole with {.causal = true}, at the cost of these alone. x as above, with
  /// the positions it has in the whole. No gradients. Error unless there is one cache a layer, all of one size and room.
  Tensor next(Tensor x, std::vector<KeyValueCache>& caches) const;
  ModuleList<TransformerEncoderLayer> layers;
  std::optional<LayerNorm> norm;
};

struct TransformerDecoder : Module {
  TransformerDecoder(const TransformerDecoderLayer& layer, std::size_t count, const std::optional<LayerNorm>& norm = {});
  Tensor operator()(Tensor x, const Tensor& memory, const AttentionMask& mask = {}, const AttentionMask& memory_mask = {},
                    std::vector<DecoderWeights>* weights = nullptr) const;
  ModuleList<TransformerDecoderLayer> layers;
  std::optional<LayerNorm> norm;
};

/// The masks of a Transformer. Usually {.source = {.key_padding = p}, .target = {.causal = true}, .memory = {.key_padding = p}}.
struct TransformerMasks {
  AttentionMask source = {}, target = {}, memory = {};
};

/// Encoder and decoder, each with a layer norm at its end; all matrices are drawn anew by xavier_uniform, so that layers differ.
/// source (m, batch, size), target (n, batch, size) -> (n, batch, size). Embeddings, positions and the output layer are the caller's.
/// To answer token by token, call `encoder` once and `decoder` for each token.
struct Transformer : Module {
  Transformer(std::size_t size, std::size_t heads, std::size_t encoder_layers, std::size_t decoder_layers, Generator& generator,
              const TransformerOptions& options = {});
  Tensor operator()(const Tensor& source, const Tensor& target, const TransformerMasks& masks = {}) const;
  TransformerEncoder encoder;
  TransformerDecoder decoder;
};

}  // namespace byhand::nn
