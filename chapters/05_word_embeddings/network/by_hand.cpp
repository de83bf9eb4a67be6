#include "chapters/05_word_embeddings/network/by_hand.hpp"

#include <algorithm>
#include <cmath>

#include "common/fast/cross_entropy.hpp"

namespace embeddings {
using namespace byhand;

namespace {

template <class Number>
std::array<Number, weight_count> in_order(const Weights<Number>& w) {
  return {w.input1_w1,  w.input1_w2,  w.input2_w1,  w.input2_w2,  w.input3_w1,  w.input3_w2,
          w.input4_w1,  w.input4_w2,  w.output1_w1, w.output1_w2, w.output2_w1, w.output2_w2,
          w.output3_w1, w.output3_w2, w.output4_w1, w.output4_w2};
}

template <class Number>
Weights<Number> named(const std::array<Number, weight_count>& v) {
  return {v[0], v[1], v[2],  v[3],  v[4],  v[5],  v[6],  v[7],
          v[8], v[9], v[10], v[11], v[12], v[13], v[14], v[15]};
}

}  // namespace

std::vector<Example> examples() {
  return {{{1, 0, 0, 0}, {0, 1, 0, 0}},   // Troll 2 -> is
          {{0, 1, 0, 0}, {0, 0, 1, 0}},   // is -> great
          {{0, 0, 1, 0}, {0, 0, 0, 1}},   // great -> Gymkata
          {{0, 0, 0, 1}, {0, 1, 0, 0}}};  // Gymkata -> is
}

std::array<real, weight_count> to_array(const Weights<real>& w) { return in_order(w); }
std::array<Tensor, weight_count> to_array(const Weights<Tensor>& w) { return in_order(w); }
Weights<real> from_array(const std::array<real, weight_count>& values) { return named(values); }

Weights<Tensor> to_tensors(const Weights<real>& w) {
  std::array<Tensor, weight_count> tensors;
  std::ranges::transform(to_array(w), tensors.begin(),
                         [](real number) { return Tensor(number, true); });
  return named(tensors);
}

Weights<real> picture_weights() {
  return from_array({2, 2, real(-2.2), real(2.5),                      // Troll 2, is
                     real(-2.1), real(-2.2), real(1.7), 2,             // great, Gymkata
                     real(1.2), real(-1.7), real(3.2), real(1.3),      // to Troll 2, to is
                     real(-1.7), real(0.9), real(-1.7), real(-3.4)});  // to great, to Gymkata
}

Weights<real> random_weights(Generator& generator) {
  std::array<real, weight_count> values;
  for (real& value : values) value = generator.uniform(1, -0.5f, 0.5f)[0];
  return from_array(values);
}

OneHot softmax_by_hand(const OneHot& output) {
  const real largest = *std::max_element(output.begin(), output.end());
  OneHot softmax;
  real sum = 0;
  for (std::size_t i = 0; i < word_count; ++i) sum += softmax[i] = std::exp(output[i] - largest);
  for (real& probability : softmax) probability /= sum;
  return softmax;
}

real cross_entropy_by_hand(const OneHot& output, const OneHot& label) {
  // log softmax_i = output_i - log(sum of e^output): no logarithm of a number that has become 0
  const real largest = *std::max_element(output.begin(), output.end());
  real sum = 0, loss = 0;
  for (const real o : output) sum += std::exp(o - largest);
  for (std::size_t i = 0; i < word_count; ++i)
    loss -= label[i] * (output[i] - largest - std::log(sum));
  return loss;
}

Tensor cross_entropy_of(const Pass<Tensor>& pass, const OneHot& label) {
  // (4,), still in the graph
  const Tensor outputs = stack({pass.output[0], pass.output[1], pass.output[2], pass.output[3]});
  return cross_entropy(outputs, array({label[0], label[1], label[2], label[3]}));
}

Weights<real> gradients_by_hand(const Example& example, const Weights<real>& w) {
  const auto& [input, label] = example;
  const auto [top, bottom, output] = forward(input, w);
  const OneHot softmax = softmax_by_hand(output);
  // d loss / d output = softmax - label
  const real d1 = softmax[0] - label[0], d2 = softmax[1] - label[1];
  const real d3 = softmax[2] - label[2], d4 = softmax[3] - label[3];
  // each hidden node feels all four outputs, through its weight to each
  const real d_top = d1 * w.output1_w1 + d2 * w.output2_w1 + d3 * w.output3_w1 + d4 * w.output4_w1;
  const real d_bottom =
      d1 * w.output1_w2 + d2 * w.output2_w2 + d3 * w.output3_w2 + d4 * w.output4_w2;
  Weights<real> d;
  // output = top * w1 + bottom * w2
  d.output1_w1 = d1 * top, d.output1_w2 = d1 * bottom;
  d.output2_w1 = d2 * top, d.output2_w2 = d2 * bottom;
  d.output3_w1 = d3 * top, d.output3_w2 = d3 * bottom;
  d.output4_w1 = d4 * top, d.output4_w2 = d4 * bottom;
  // top = sum of input * w1: only the word whose input is 1 gets a gradient
  d.input1_w1 = d_top * input[0], d.input1_w2 = d_bottom * input[0];
  d.input2_w1 = d_top * input[1], d.input2_w2 = d_bottom * input[1];
  d.input3_w1 = d_top * input[2], d.input3_w2 = d_bottom * input[2];
  d.input4_w1 = d_top * input[3], d.input4_w2 = d_bottom * input[3];
  return d;
}

}  // namespace embeddings
