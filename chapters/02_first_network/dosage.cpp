#include "chapters/02_first_network/dosage.hpp"

#include "common/optim/optimizers.hpp"
#include "common/tensor/broadcast.hpp"
#include "common/tensor/matmul.hpp"

namespace dosage {
using namespace byhand;

Steps forward(const Network& n, real input) {
  Steps s{};
  s.input_to_top_relu = input * n.w00 + n.b00;
  s.top_relu_output = relu(s.input_to_top_relu);
  s.scaled_top_relu_output = s.top_relu_output * n.w01;
  s.input_to_bottom_relu = input * n.w10 + n.b10;
  s.bottom_relu_output = relu(s.input_to_bottom_relu);
  s.scaled_bottom_relu_output = s.bottom_relu_output * n.w11;
  s.input_to_final_relu = s.scaled_top_relu_output + s.scaled_bottom_relu_output + n.final_bias;
  s.output = relu(s.input_to_final_relu);
  return s;
}

Matrices as_matrices(const Network& n) {
  return {array({2, 1}, {n.w00, n.w10}), array({n.b00, n.b10}), array({1, 2}, {n.w01, n.w11}),
          array({n.final_bias})};
}

Array forward(const Matrices& m, const Array& doses) {
  const auto linear = [](const Array& x, const Array& W, const Array& b) {
    return Array(matmul(x, W, Transpose::no, Transpose::yes) + b);  // (doses, in) -> (doses, out)
  };
  const Array hidden =
      map(linear(doses, m.W1, m.b1), [](real x) { return relu(x); });              // (doses, 2)
  return map(linear(hidden, m.W2, m.final_bias), [](real x) { return relu(x); });  // (doses, 1)
}

namespace {
nn::Linear linear_of(const Array& weight, const Array& bias) {
  Generator unused{0};
  nn::Linear layer(weight.shape()[1], weight.shape()[0], unused);
  layer.load_state_dict({{"weight", weight}, {"bias", bias}});
  return layer;
}
}  // namespace

BuiltIn::BuiltIn(const Network& n)
    : hidden(child("hidden", linear_of(as_matrices(n).W1, as_matrices(n).b1))),
      output(child("output", linear_of(as_matrices(n).W2, as_matrices(n).final_bias))) {
  freeze();
  output.bias.set_requires_grad(true);
}

namespace {
real summed_loss(const Network& n, const Data& data) {
  real loss = 0;
  for (std::size_t i = 0; i < data.inputs.size(); ++i) {
    const real residual = forward(n, data.inputs[i]).output - data.labels[i];
    loss += residual * residual;
  }
  return loss;
}
}  // namespace

real derivative_by_hand(const Network& n, const Data& data) {
  real derivative = 0;
  for (std::size_t i = 0; i < data.inputs.size(); ++i) {
    const Steps s = forward(n, data.inputs[i]);
    const real dLoss_dOutput = 2 * (s.output - data.labels[i]);
    const real dOutput_dInput = s.input_to_final_relu > 0 ? real(1) : real(0);
    const real dInput_dFinalBias = 1;
    derivative += dLoss_dOutput * dOutput_dInput * dInput_dFinalBias;
  }
  return derivative;
}

std::vector<Step> train_by_hand(Network& n, const Data& data, real learning_rate, int epochs) {
  std::vector<Step> steps;
  for (int epoch = 0; epoch <= epochs; ++epoch) {
    steps.push_back({n.final_bias, summed_loss(n, data), derivative_by_hand(n, data)});
    if (epoch == epochs || steps.back().loss < real(1e-4)) break;
    n.final_bias -= learning_rate * steps.back().derivative;
  }
  return steps;
}

std::vector<Step> train_built_in(const BuiltIn& n, const Data& data, double learning_rate,
                                 int epochs) {
  optim::SGD optimizer(n.parameters(), {.lr = learning_rate});
  std::vector<Step> steps;
  for (int epoch = 0; epoch <= epochs; ++epoch) {
    optimizer.zero_grad();
    real total_loss = 0;
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
      const Tensor loss = sum(square(n(Tensor(full({1, 1}, data.inputs[i]))) - data.labels[i]));
      loss.backward();  // the derivatives of the three points add up
      total_loss += loss.item();
    }
    steps.push_back({n.output.bias.value()(0), total_loss, n.output.bias.grad()(0)});
    if (epoch == epochs || total_loss < real(1e-4)) break;
    optimizer.step();
  }
  return steps;
}

}  // namespace dosage
