#pragma once
/// @file
/// The network of notes 000 § 28: is a dose effective? One input, two ReLUs, one output. Only
/// final_bias is trained.
#include <vector>

#include "common/autograd/activations.hpp"
#include "common/nn/layers.hpp"

namespace dosage {

using byhand::Array;
using byhand::real;
using byhand::Tensor;

/// The weights and biases with the notes' names and values; final_bias is -16 in the trained
/// network and 0 before training.
struct Network {
  /// Top unit: weight, bias, weight of its output.
  real w00 = real(1.7), b00 = real(-0.85), w01 = real(-40.8);
  /// Bottom unit.
  real w10 = real(12.6), b10 = 0, w11 = real(2.7);
  real final_bias = -16;
};

/// By hand: every number on the way, in the order of the notes' forward().
struct Steps {
  real input_to_top_relu, top_relu_output, scaled_top_relu_output;
  real input_to_bottom_relu, bottom_relu_output, scaled_bottom_relu_output;
  real input_to_final_relu, output;
};
Steps forward(const Network& n, real input);

/// As matrices: relu(relu(x W1^T + b1) W2^T + final_bias) for all doses at once.
/// x (doses, 1) -> (doses, 1).
struct Matrices {
  Array W1, b1, W2, final_bias;  ///< (2, 1), (2,), (1, 2), (1,)
};
Matrices as_matrices(const Network& n);
Array forward(const Matrices& m, const Array& doses);

/// Built in: two linear layers. Everything is frozen except the bias of the second one, which is
/// final_bias.
struct BuiltIn : byhand::nn::Module {
  explicit BuiltIn(const Network& n);
  /// (doses, 1) -> (doses, 1)
  Tensor operator()(const Tensor& doses) const { return relu(output(relu(hidden(doses)))); }
  byhand::nn::Linear hidden, output;
};

/// The training data: low and high doses do nothing, the middle one works.
struct Data {
  std::vector<real> inputs = {0, real(0.5), 1}, labels = {0, 1, 0};
};

/// d sum of (output - label)^2 / d final_bias, by the chain rule:
/// 2 (output - label) * relu'(input to the final ReLU) * 1.
real derivative_by_hand(const Network& n, const Data& data);

/// One row of a training run: the bias before the step, the summed loss, the derivative.
struct Step {
  real final_bias, loss, derivative;
};
/// Gradient descent on final_bias, at most `epochs` steps; stops before the step when the loss is
/// below 1e-4, as the notes' loop does. The last row is the one at which it stopped.
std::vector<Step> train_by_hand(Network& n, const Data& data, real learning_rate, int epochs);
/// The same with autograd and SGD.
std::vector<Step> train_built_in(const BuiltIn& n, const Data& data, double learning_rate,
                                 int epochs);

}  // namespace dosage
