// Exercise 06.3: Find the bug in a step of negative sampling
//
// step() takes one step of gradient descent in place: the row h of W_in, the input word's, should
// predict targets[0] and none of the noise words behind it. With s = sigmoid(h . row), wanted = 1
// for the target and 0 for a noise word:
//   row += lr (wanted - s) h   and   h += lr * (sum over the words of (wanted - s) row), with the
//       rows as they were before the step
// It learns, and with a small learning rate hardly anybody would notice. One line stands in the
// wrong place. TODO: mend it.
#pragma once
#include <vector>

#include "common/tensor/array.hpp"
#include "common/tensor/functions.hpp"

namespace byhand::exercise {

/// W_in, W_out: (words, width). The targets differ from each other.
inline void step(Array& W_in, Array& W_out, std::size_t input,
                 const std::vector<std::size_t>& targets, real lr) {
  const std::size_t width = W_in.shape()[1];
  std::vector<real> d_h(width, 0);
  for (std::size_t k = 0; k < targets.size(); ++k) {
    real score = 0;
    for (std::size_t d = 0; d < width; ++d) score += W_in(input, d) * W_out(targets[k], d);
    const real gain = lr * ((k == 0 ? real(1) : real(0)) - sigmoid(score));
    for (std::size_t d = 0; d < width; ++d) {
      W_out(targets[k], d) += gain * W_in(input, d);
      d_h[d] += gain * W_out(targets[k], d);
    }
  }
  for (std::size_t d = 0; d < width; ++d) W_in(input, d) += d_h[d];
}

}  // namespace byhand::exercise
