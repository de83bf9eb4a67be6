#pragma once
/// @file
/// The word embedding network of notes 000 § 31, with the lecture's names: four words in, two
/// hidden nodes without activation function, four words out. One text serves plain numbers and
/// tensors, so that backward() can check the derivatives written by hand.
#include <array>
#include <vector>

#include "common/autograd/losses.hpp"
#include "common/core/generator.hpp"

namespace embeddings {

using byhand::Generator;
using byhand::real;
using byhand::Tensor;

inline constexpr std::size_t word_count = 4;
/// The notes hear "Jim Kata"; the film is Gymkata.
inline constexpr std::array<const char*, word_count> tokens = {"Troll 2", "is", "great", "Gymkata"};

using OneHot = std::array<real, word_count>;
/// A word and the word that comes next, both one-hot.
struct Example {
  OneHot input, label;
};
/// The training data: Troll 2 -> is, is -> great, great -> Gymkata (made up, so that each word has
/// a next one), Gymkata -> is.
std::vector<Example> examples();

/// inputN_w1 goes from word N to the top hidden node, inputN_w2 to the bottom one: they are the
/// word's embedding.
/// outputN_w1 goes from the top hidden node to word N, outputN_w2 from the bottom one.
template <class Number>
struct Weights {
  Number input1_w1, input1_w2, input2_w1, input2_w2;
  Number input3_w1, input3_w2, input4_w1, input4_w2;
  Number output1_w1, output1_w2, output2_w1, output2_w2;
  Number output3_w1, output3_w2, output4_w1, output4_w2;
};
inline constexpr std::size_t weight_count = 16;

/// The weights in the order in which they stand above, and back.
std::array<real, weight_count> to_array(const Weights<real>& w);
std::array<Tensor, weight_count> to_array(const Weights<Tensor>& w);
Weights<real> from_array(const std::array<real, weight_count>& values);
/// Each weight as a tensor of one number that requires a gradient.
Weights<Tensor> to_tensors(const Weights<real>& w);

/// The weights drawn in the lecture's picture of the trained network.
Weights<real> picture_weights();
/// The notes' start: each weight drawn evenly from -0.5 … 0.5, in that order.
Weights<real> random_weights(Generator& generator);

/// What happens in the network.
template <class Number>
struct Pass {
  Number inputs_to_top_hidden, inputs_to_bottom_hidden;
  std::array<Number, word_count> output;  // before the softmax
};

template <class Number>
Pass<Number> forward(const OneHot& input, const Weights<Number>& w) {
  // The activation function is the identity: what goes into a hidden node comes out of it.
  const Number top = input[0] * w.input1_w1 + input[1] * w.input2_w1 + input[2] * w.input3_w1 +
                     input[3] * w.input4_w1;
  const Number bottom = input[0] * w.input1_w2 + input[1] * w.input2_w2 + input[2] * w.input3_w2 +
                        input[3] * w.input4_w2;
  const Number output1 = top * w.output1_w1 + bottom * w.output1_w2;
  const Number output2 = top * w.output2_w1 + bottom * w.output2_w2;
  const Number output3 = top * w.output3_w1 + bottom * w.output3_w2;
  const Number output4 = top * w.output4_w1 + bottom * w.output4_w2;
  return {top, bottom, {output1, output2, output3, output4}};
}

/// e^output / sum of all e^output; the largest output is taken off first, which changes nothing but
/// keeps e^x finite.
OneHot softmax_by_hand(const OneHot& output);
/// -log(softmax of the next word); the sum picks the word whose label is 1.
real cross_entropy_by_hand(const OneHot& output, const OneHot& label);
Tensor cross_entropy_of(const Pass<Tensor>& pass, const OneHot& label);

/// d cross-entropy / d weight of one example for all sixteen, by the chain rule.
Weights<real> gradients_by_hand(const Example& example, const Weights<real>& w);

}  // namespace embeddings
