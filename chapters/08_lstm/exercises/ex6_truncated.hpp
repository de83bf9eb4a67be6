// Exercise 08.6: Back-propagation that looks back only a few days
//
// Back-propagation through time (by_hand.cpp, gradients_by_hand) walks from the last day to the
// first. Over a year of days that is long, so one often stops after `steps` days: truncated
// back-propagation through time. The network of notes 000 § 30 stays what it is.
// Write it: the forward pass reads ALL days, as before. The loss is (short memory of the last day -
// target)^2. Only the last `steps` days add to the gradients; the memories that come into the first
// of them count as constants. With more steps than days, all days count.
// gradients_by_hand() may be copied and changed, or use lstm_unit<Tensor>() and let backward() do
// the work.
#pragma once
#include "chapters/08_lstm/by_hand.hpp"

namespace byhand::exercise {

/// The twelve gradients in the order of lstm::weight_names; steps >= 1.
inline std::array<real, lstm::weight_count> truncated_gradients(
    const std::vector<real>& days, real target, const lstm::Weights<real>& w,
    [[maybe_unused]] std::size_t steps) {
  return lstm::gradients_by_hand(days, target, w);  // TODO: this goes back through all days
}

}  // namespace byhand::exercise
