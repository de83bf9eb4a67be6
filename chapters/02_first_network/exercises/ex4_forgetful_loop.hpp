// Exercise 02.4: Find the bug in a training loop
//
// descend() should train final_bias as the notes do (000 § 28.4, dosage::train_built_in),
// for exactly `epochs` epochs:
//   in every epoch the derivatives of all points add up,
//   then one step: final_bias - learning rate * that sum.
// From 0 with learning rate 0.1 the first step is right, -3.202; the second should lead to -5.7636,
// and here it does not. After some more epochs final_bias has run far past -16.
// One line is in the wrong place. TODO: mend it.
#pragma once
#include "chapters/02_first_network/dosage.hpp"
#include "common/optim/optimizers.hpp"

namespace byhand::exercise {

/// Trains the network's final_bias; returns it after each epoch.
inline std::vector<real> descend(const dosage::BuiltIn& network, const dosage::Data& data,
                                 double learning_rate, int epochs) {
  optim::SGD optimizer(network.parameters(), {.lr = learning_rate});
  std::vector<real> biases;
  optimizer.zero_grad();
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
      const Tensor output = network(Tensor(full({1, 1}, data.inputs[i])));
      sum(square(output - data.labels[i])).backward();
    }
    optimizer.step();
    biases.push_back(network.output.bias.value()(0));
  }
  return biases;
}

}  // namespace byhand::exercise
