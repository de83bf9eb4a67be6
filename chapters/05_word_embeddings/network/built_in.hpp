#pragma once
/// @file
/// The network with built-in layers: two nn::Linear, or nn::Embedding and nn::Linear.
#include "chapters/05_word_embeddings/network/matrices.hpp"
#include "common/nn/layers.hpp"

namespace embeddings {

using byhand::Ids;

/// Built in, notes 000 § 31.6: two layers without bias. One-hot rows (examples, 4) -> outputs
/// (examples, 4).
struct TwoLinear : byhand::nn::Module {
  explicit TwoLinear(Generator& generator);  ///< PyTorch's start weights
  explicit TwoLinear(const Matrices& m);
  Tensor operator()(const Tensor& one_hot) const {
    return hidden_to_output(input_to_hidden(one_hot));
  }
  Matrices matrices() const;
  byhand::nn::Linear input_to_hidden, hidden_to_output;
};

/// Built in, notes 000 § 31.7: a row of a table in place of a product with a one-hot row. Numbers
/// of words (examples,) -> (examples, 4).
struct LookUp : byhand::nn::Module {
  explicit LookUp(Generator& generator);  ///< PyTorch's start weights
  /// The table is m.E; frozen, it stays what it is.
  LookUp(const Matrices& m, bool freeze);
  Tensor operator()(const Ids& words) const { return hidden_to_output(embedding(words)); }
  Matrices matrices() const;
  byhand::nn::Embedding embedding;
  byhand::nn::Linear hidden_to_output;
};

/// A new output layer, (4, 2): PyTorch's start weights.
Array new_outputs(Generator& generator);

}  // namespace embeddings
