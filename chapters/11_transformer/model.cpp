#include "chapters/11_transformer/model.hpp"

#include <cmath>

#include "common/nn/position.hpp"

namespace seq2seq {
using namespace byhand;

namespace {

/// A table that starts with standard deviation 1 / sqrt(size), as in the paper's code: times sqrt(size) its rows are as large as positions.
nn::Embedding word_table(std::size_t words, std::size_t size, Generator& generator) {
  nn::Embedding table(words, size, generator);
  table.weight.mutable_value() /= std::sqrt(real(size));
  return table;
}

/// Embedding times sqrt(size) plus position: (batch, length) -> (batch, length, size).
Tensor enter(const Model& model, const nn::Embedding& words, const Ids& tokens) {
  const std::size_t size = model.sizes.size;
  return model.dropout(words(tokens) * std::sqrt(real(size)) + Tensor(nn::sinusoidal_encoding(tokens.shape()[1], size)));
}

}  // namespace

Model::Model(const Sizes& s, Generator& g)
    : sizes(s),
      source_words(child("source_words", word_table(s.source_words, s.size, g))),
      target_words(child("target_words", word_table(s.target_words, s.size, g))),
      dropout(child("dropout", nn::Dropout(s.dropout, g))),
      transformer(child("transformer", nn::Transformer(s.size, s.heads, s.layers, s.layers, g,
                                                       {.feed_forward = s.neurons, .dropout = s.dropout, .batch_first = true}))),
      output(child("output", nn::Linear(s.size, s.target_words, g))) {}

Tensor Model::encode(const Ids& sources) const {
  return transformer.encoder(enter(*this, source_words, sources), {.key_padding = padding_mask(sources, pad)});
}

Tensor Model::decode(const Ids& answers, const Tensor& memory, const Ids& sources, bool masked) const {
  const Tensor x = enter(*this, target_words, answers);                                                            // (batch, n, size)
  return output(transformer.decoder(x, memory, {.causal = masked}, {.key_padding = padding_mask(sources, pad)}));  // (batch, n, words)
}

Array Model::looks(const Ids& answers, const Ids& sources) const {
  const NoGrad no_grad;
  std::vector<nn::DecoderWeights> weights;  // one entry a layer
  transformer.decoder(enter(*this, target_words, answers), encode(sources), {.causal = true}, {.key_padding = padding_mask(sources, pad)},
                      &weights);
  return weights.back().memory;
}

}  // namespace seq2seq
