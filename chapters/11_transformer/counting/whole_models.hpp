#pragma once
/// @file
/// Whole models built from layers, to be counted the other way: not by a formula but by adding up
/// their parameters. They are built with shapes only, so that GPT-3 takes no memory.
#include "chapters/11_transformer/counting/formulas.hpp"
#include "common/nn/module_list.hpp"
#include "common/nn/position.hpp"
#include "common/nn/transformer.hpp"

namespace counting {

/// One layer of GPT-3 as the lecture counts it: matrices only.
struct Gpt3Layer : byhand::nn::Module {
  Gpt3Layer(const GptSizes& sizes, byhand::Generator& generator);
  /// All heads together: (key * heads, size), the last one (size, key * heads).
  byhand::nn::Linear query, key, value_down, value_up;
  byhand::nn::Linear up, down;  ///< (neurons, size), (size, neurons)
};
struct Gpt3 : byhand::nn::Module {
  Gpt3(const GptSizes& sizes, byhand::Generator& generator);
  byhand::nn::Embedding embedding;
  byhand::nn::ModuleList<Gpt3Layer> layers;
  byhand::nn::Linear unembedding;
};

/// GPT-2: words and learned positions, pre-norm layers with its form of gelu, a last layer norm.
/// Called with {.causal = true}. Its output layer is the embedding once more.
struct Gpt2 : byhand::nn::Module {
  Gpt2(const StackSizes& sizes, std::size_t words, std::size_t positions,
       byhand::Generator& generator);
  byhand::nn::Embedding words;
  byhand::nn::LearnedPosition positions;
  byhand::nn::TransformerEncoder layers;
};

// The parameters of the models, built with shapes only.
Count built_gpt3(const GptSizes& sizes = gpt3);
Count built_gpt2();
/// nn::Bert at its default sizes: words, learned positions, segments, a layer norm, post-norm
/// layers with gelu, and a pooler.
Count built_bert();
/// The notes' stack of encoder layers, and the encoder-decoder of 2017.
/// The number of heads changes nothing.
Count built_stack(const StackSizes& sizes = notes, std::size_t heads = 12);
Count built_encoder_decoder(const StackSizes& sizes, std::size_t heads = 8);

}  // namespace counting
