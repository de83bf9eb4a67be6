#include "chapters/11_transformer/counting/whole_models.hpp"

#include "common/bert/bert.hpp"
#include "common/nn/meta.hpp"

namespace counting {
using namespace byhand;

namespace {

nn::TransformerEncoder stack(const StackSizes& s, std::size_t heads, Generator& generator,
                             nn::TransformerOptions options = {},
                             const std::optional<nn::LayerNorm>& last_norm = {}) {
  options.feed_forward = s.neurons;
  return {nn::TransformerEncoderLayer(s.size, heads, generator, options), s.layers, last_norm};
}

/// The parameters of what `build` makes from a generator, without their numbers.
template <class Build>
Count counted(const Build& build) {
  const nn::MetaGuard no_memory;
  Generator unused{0};
  return build(unused).parameter_count();
}

constexpr std::size_t gpt2_words = 50257, gpt2_positions = 1024, bert_words = 30522;

}  // namespace

Gpt3Layer::Gpt3Layer(const GptSizes& s, Generator& g)
    : query(child("query", nn::Linear(s.size, s.key * s.heads, g, false))),
      key(child("key", nn::Linear(s.size, s.key * s.heads, g, false))),
      value_down(child("value_down", nn::Linear(s.size, s.key * s.heads, g, false))),
      value_up(child("value_up", nn::Linear(s.key * s.heads, s.size, g, false))),
      up(child("up", nn::Linear(s.size, s.neurons, g, false))),
      down(child("down", nn::Linear(s.neurons, s.size, g, false))) {}

namespace {

nn::ModuleList<Gpt3Layer> gpt3_layers(const GptSizes& sizes, Generator& generator) {
  nn::ModuleList<Gpt3Layer> layers;
  for (Count i = 0; i < sizes.layers; ++i) layers.push_back(Gpt3Layer(sizes, generator));
  return layers;
}

}  // namespace

Gpt3::Gpt3(const GptSizes& s, Generator& g)
    : embedding(child("embedding", nn::Embedding(s.vocabulary, s.size, g))),
      layers(child("layers", gpt3_layers(s, g))),
      unembedding(child("unembedding", nn::Linear(s.size, s.vocabulary, g, false))) {}

Gpt2::Gpt2(const StackSizes& s, std::size_t word_count, std::size_t position_count, Generator& g)
    : words(child("words", nn::Embedding(word_count, s.size, g))),
      positions(child("positions", nn::LearnedPosition(s.size, g, {.max_length = position_count}))),
      layers(child("layers",
                   stack(s, 12, g, {.activation = nn::Activation::gelu_tanh, .norm_first = true},
                         nn::LayerNorm(s.size)))) {}

Count built_gpt3(const GptSizes& sizes) {
  return counted([&](Generator& g) { return Gpt3(sizes, g); });
}
Count built_gpt2() {
  return counted([](Generator& g) { return Gpt2(notes, gpt2_words, gpt2_positions, g); });
}
Count built_bert() {
  return counted([](Generator& g) { return nn::Bert({.vocabulary = bert_words}, g); });
}
Count built_stack(const StackSizes& sizes, std::size_t heads) {
  return counted([&](Generator& g) { return stack(sizes, heads, g); });
}
Count built_encoder_decoder(const StackSizes& s, std::size_t heads) {
  return counted([&](Generator& g) {
    return nn::Transformer(s.size, heads, s.layers, s.layers, g, {.feed_forward = s.neurons});
  });
}

}  // namespace counting
