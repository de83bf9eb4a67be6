#pragma once
/// @file
/// Spine, nn. Transformer encoder, decoder and both together, with PyTorch's names, start
/// weights and defaults. Notes 003 § 14.
#include "common/nn/module_list.hpp"
#include "common/nn/transformer_layers.hpp"

namespace byhand::nn {

/// `count` copies of a layer, one after the other, and a layer norm at the end if given. As in
/// PyTorch each is a deep copy: all begin with the same weights as `layer`, and learn apart from it
/// and from each other. Error when count is 0.
/// `weights`, when given, gets one entry for each layer.
struct TransformerEncoder : Module {
  TransformerEncoder(const TransformerEncoderLayer& layer, std::size_t count,
                     const std::optional<LayerNorm>& norm = {});
  Tensor operator()(Tensor x, const AttentionMask& mask = {},
                    std::vector<Array>* weights = nullptr) const;
  /// One empty cache for each layer, with room for `capacity` tokens.
  std::vector<KeyValueCache> caches(std::size_t capacity) const {
    return std::vector<KeyValueCache>(layers.size(), KeyValueCache(capacity));
  }
  /// The tokens after those in the caches: the last rows of the whole with {.causal = true}, at the
  /// cost of these alone. x as above, with the positions it has in the whole. No gradients. Error
  /// unless there is one cache a layer, all of one size and room.
  Tensor next(Tensor x, std::vector<KeyValueCache>& caches) const;
  ModuleList<TransformerEncoderLayer> layers;
  std::optional<LayerNorm> norm;
};

struct TransformerDecoder : Module {
  TransformerDecoder(const TransformerDecoderLayer& layer, std::size_t count,
                     const std::optional<LayerNorm>& norm = {});
  Tensor operator()(Tensor x, const Tensor& memory, const AttentionMask& mask = {},
                    const AttentionMask& memory_mask = {},
                    std::vector<DecoderWeights>* weights = nullptr) const;
  ModuleList<TransformerDecoderLayer> layers;
  std::optional<LayerNorm> norm;
};

/// The masks of a Transformer. Usually {.source = {.key_padding = p}, .target = {.causal = true},
/// .memory = {.key_padding = p}}.
struct TransformerMasks {
  AttentionMask source = {}, target = {}, memory = {};
};

/// Encoder and decoder, each with a layer norm at its end; all matrices are drawn anew by
/// xavier_uniform, so that layers differ.
/// source (m, batch, size), target (n, batch, size) -> (n, batch, size). Embeddings, positions and
/// the output layer are the caller's.
/// To answer token by token, call `encoder` once and `decoder` for each token.
struct Transformer : Module {
  Transformer(std::size_t size, std::size_t heads, std::size_t encoder_layers,
              std::size_t decoder_layers, Generator& generator,
              const TransformerOptions& options = {});
  Tensor operator()(const Tensor& source, const Tensor& target,
                    const TransformerMasks& masks = {}) const;
  TransformerEncoder encoder;
  TransformerDecoder decoder;
};

}  // namespace byhand::nn
