#include "chapters/11_transformer/seq2seq/model.hpp"

#include <cmath>

namespace seq2seq {
using namespace byhand;

namespace {

Sizes checked(const Sizes& s) {
  check(s.size > 0 && s.size % 2 == 0,
        "Model: size {}, but the sines and cosines of positions come in pairs", s.size);
  check(s.heads > 0 && s.size % s.heads == 0, "Model: size {} does not split into {} heads", s.size,
        s.heads);
  return s;
}

/// A table that starts with standard deviation 1 / sqrt(size), as in the paper's code: times
/// sqrt(size) its rows are as large as positions.
nn::Embedding word_table(std::size_t words, std::size_t size, Generator& generator) {
  nn::Embedding table(words, size, generator);
  table.weight.mutable_value() /= std::sqrt(real(size));
  return table;
}

/// Embedding times sqrt(size) plus position: (batch, length) -> (batch, length, size).
Tensor enter(const Model& model, const nn::Embedding& words, const Ids& tokens) {
  return model.position(words(tokens) * std::sqrt(real(model.sizes.size)));
}

}  // namespace

Model::Model(const Sizes& s, Generator& g)
    : sizes(checked(s)),
      source_words(child("source_words", word_table(s.source_words, s.size, g))),
      target_words(child("target_words", word_table(s.target_words, s.size, g))),
      position(child("position", nn::PositionalEncoding(
                                     s.size, g, {.dropout = s.dropout, .batch_first = true}))),
      transformer(child(
          "transformer",
          nn::Transformer(s.size, s.heads, s.layers, s.layers, g,
                          {.feed_forward = s.neurons, .dropout = s.dropout, .batch_first = true}))),
      output(child("output", nn::Linear(s.size, s.target_words, g))) {}

Tensor Model::encode(const Ids& sources) const {
  return transformer.encoder(enter(*this, source_words, sources),
                             {.key_padding = padding_mask(sources, pad)});
}

Tensor Model::decode(const Ids& answers, const Tensor& memory, const Ids& sources,
                     bool masked) const {
  const Tensor x = enter(*this, target_words, answers);  // (batch, n, size)
  const AttentionMask padding{.key_padding = padding_mask(sources, pad)};
  return output(transformer.decoder(x, memory, {.causal = masked}, padding));  // (batch, n, words)
}

Array Model::looks(const Ids& answers, const Ids& sources) const {
  const NoGrad no_grad;
  std::vector<nn::DecoderWeights> weights;               // one entry a layer
  const Tensor x = enter(*this, target_words, answers);  // (batch, n, size)
  const AttentionMask padding{.key_padding = padding_mask(sources, pad)};
  transformer.decoder(x, encode(sources), {.causal = true}, padding, &weights);
  return weights.back().memory;
}

}  // namespace seq2seq
