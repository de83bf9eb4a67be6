// Exercise 02.3: Write the chain rule for two more weights
//
// The notes (000 § 28.4) train final_bias only. Give the derivatives of one point's loss
// (output - label)^2 with regard to w11 and w10, the two weights on the way of the bottom ReLU:
//   input to bottom ReLU = input w10 + b10, bottom ReLU output = relu(that),
//   scaled by w11 into the input to final ReLU, output = relu(that)
// Both derivatives begin like that of final_bias: dLoss/dOutput * dOutput/dInputToFinalRelu.
// From there the way splits:
//   w11: what stands in front of w11 in the sum?
//   w10: through w11, then through the bottom ReLU, then to the input.
// The derivative of a ReLU is 1 where its input is above 0, else 0.
#pragma once
#include "chapters/02_first_network/dosage.hpp"

namespace byhand::exercise {

struct Derivatives {
  real d_w11, d_w10;
};

/// d (output - label)^2 / d w11 and d w10 for one point.
inline Derivatives derivatives(const dosage::Network& n, real input, real label) {
  const dosage::Steps s = dosage::forward(n, input);
  const real dLoss_dOutput = 2 * (s.output - label);
  const real dOutput_dInputToFinal = s.input_to_final_relu > 0 ? real(1) : real(0);
  const real dLoss_dInputToFinal = dLoss_dOutput * dOutput_dInputToFinal;
  // TODO: the first times dInputToFinal/dw11, the second times dInputToFinal/dBottomReluOutput,
  // dBottomReluOutput/dInputToBottom and dInputToBottom/dw10
  return {dLoss_dInputToFinal, dLoss_dInputToFinal};
}

}  // namespace byhand::exercise
