#pragma once
/// @file
/// The transformer of 2017 in any size: embeddings, positions, encoder and decoder layers, output
/// layer. Notes 003 § 14.
#include "chapters/11_transformer/seq2seq/examples.hpp"
#include "common/nn/position.hpp"
#include "common/nn/transformer.hpp"

namespace seq2seq {

using byhand::Array;
using byhand::Tensor;

/// How large it is.
struct Sizes {
  std::size_t source_words, target_words;
  std::size_t size = 32, heads = 4;
  std::size_t layers = 2;  ///< of the encoder, and as many of the decoder
  std::size_t neurons = 64;
  double dropout = 0;
};

/// Token numbers in, logits out. Rows are padded with `pad`, which nobody looks at.
struct Model : byhand::nn::Module {
  /// Error when heads do not divide the size, or the size is odd.
  Model(const Sizes& sizes, byhand::Generator& generator);
  /// (batch, m) -> (batch, m, size)
  Tensor encode(const Ids& sources) const;
  /// Answers so far (batch, n), each from `sos` on, and what encode() made of the sources -> logits
  /// (batch, n, target_words): row i is for the token after i. `masked` false lets earlier tokens
  /// see later ones, to show what the mask is for.
  Tensor decode(const Ids& answers, const Tensor& memory, const Ids& sources,
                bool masked = true) const;
  /// The encoder-decoder attention of the last layer:
  /// the share of each source token, (batch, heads, n, m).
  Array looks(const Ids& answers, const Ids& sources) const;

  Sizes sizes;
  byhand::nn::Embedding source_words, target_words;
  byhand::nn::PositionalEncoding position;
  byhand::nn::Transformer transformer;
  byhand::nn::Linear output;
};

}  // namespace seq2seq
