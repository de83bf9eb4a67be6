#pragma once
/// @file
/// The LSTM unit of notes 000 § 30, written with its names. One text serves plain numbers and
/// tensors: with `real` it computes, with Tensor it also remembers how, so that backward() can
/// check the derivatives written by hand.
#include <array>
#include <vector>

#include "common/autograd/activations.hpp"
#include "common/core/generator.hpp"

namespace lstm {

using byhand::Generator;
using byhand::real;
using byhand::Tensor;

/// The twelve weights and biases. lr: percent of the long-term memory to remember (forget gate);
/// pr: percent of the potential memory to remember (input gate); p: the potential memory; o:
/// percent of the output. 1 multiplies the short-term memory, 2 the input.
template <class Number>
struct Weights {
  Number wlr1, wlr2, blr1, wpr1, wpr2, bpr1, wp1, wp2, bp1, wo1, wo2, bo1;
};
inline constexpr std::size_t weight_count = 12;
inline constexpr std::array<const char*, weight_count> weight_names = {
    "wlr1", "wlr2", "blr1", "wpr1", "wpr2", "bpr1", "wp1", "wp2", "bp1", "wo1", "wo2", "bo1"};

/// The weights in the order of weight_names, and back.
std::array<real, weight_count> to_array(const Weights<real>& w);
Weights<real> from_array(const std::array<real, weight_count>& values);
/// Each weight as a tensor of one number that requires a gradient.
Weights<Tensor> to_tensors(const Weights<real>& w);
std::array<Tensor, weight_count> to_array(const Weights<Tensor>& w);

/// The weights of the trained unit in the video.
Weights<real> video_weights();
/// The notes' start: each w drawn from the normal distribution (mean 0, standard deviation 1) in
/// this order, each b = 0.
Weights<real> random_weights(Generator& generator);

/// What a unit hands to the next day.
template <class Number>
struct Memory {
  Number long_memory, short_memory;
};

/// Everything that happens in one unit, for the table and the backward pass.
template <class Number>
struct Unit {
  Number input;
  Memory<Number> before;
  Number long_remember_percent, potential_remember_percent, potential_memory, output_percent;
  Memory<Number> after;
};

/// One day: three stages, as in notes 000 § 30.2.
template <class Number>
Unit<Number> lstm_unit(const Number& input, const Memory<Number>& before,
                       const Weights<Number>& w) {
  using byhand::sigmoid, byhand::tanh;
  const auto& [long_memory, short_memory] = before;
  // 1. What percentage of the long-term memory is remembered?
  const Number long_remember_percent = sigmoid(short_memory * w.wlr1 + input * w.wlr2 + w.blr1);
  // 2. A potential long-term memory, and what percentage of it is added.
  const Number potential_remember_percent =
      sigmoid(short_memory * w.wpr1 + input * w.wpr2 + w.bpr1);
  const Number potential_memory = tanh(short_memory * w.wp1 + input * w.wp2 + w.bp1);
  const Number updated_long_memory =
      long_memory * long_remember_percent + potential_remember_percent * potential_memory;
  // 3. A new short-term memory from the long-term memory, and what percentage of it goes out.
  const Number output_percent = sigmoid(short_memory * w.wo1 + input * w.wo2 + w.bo1);
  const Number updated_short_memory = tanh(updated_long_memory) * output_percent;
  return {input,
          before,
          long_remember_percent,
          potential_remember_percent,
          potential_memory,
          output_percent,
          {updated_long_memory, updated_short_memory}};
}

/// The days of one company, each unit starting from the memories of the one before,
/// the first from 0. The last short memory is the prediction.
std::vector<Unit<real>> unroll(const std::vector<real>& days, const Weights<real>& w);
real predict(const std::vector<real>& days, const Weights<real>& w);
Tensor predict(const std::vector<real>& days, const Weights<Tensor>& w);

/// d (prediction - target)^2 / d weight for all twelve, written by hand: back-propagation through
/// time, the chain rule from the last day to the first.
std::array<real, weight_count> gradients_by_hand(const std::vector<real>& days, real target,
                                                 const Weights<real>& w);

/// The data of the notes: four days of two companies, and what each is on day 5.
struct Company {
  const char* name;
  std::vector<real> days;
  real day5;
};
std::vector<Company> companies();

/// One row of a training run.
struct Progress {
  int epoch;
  real loss, prediction_a, prediction_b;
};

/// Trains with Adam, one company at a time (A, then B), gradients by hand. Records every epoch that
/// `every` divides, and the last.
std::vector<Progress> train_by_hand(Weights<real>& w, double learning_rate, int epochs, int every,
                                    const std::vector<Company>& data = companies());

}  // namespace lstm
