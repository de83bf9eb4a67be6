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
#include <algorithm>
#include <cmath>

#include "chapters/08_lstm/by_hand.hpp"

namespace byhand::exercise {

/// The twelve gradients in the order of lstm::weight_names; steps >= 1.
inline std::array<real, lstm::weight_count> truncated_gradients(const std::vector<real>& days,
                                                                real target,
                                                                const lstm::Weights<real>& w,
                                                                std::size_t steps) {
  const std::vector<lstm::Unit<real>> units = lstm::unroll(days, w);  // forward: all days
  const std::size_t first = units.size() - std::min(steps, units.size());
  lstm::Weights<real> d{};
  real d_short = 2 * (units.back().after.short_memory - target), d_long = 0;
  for (std::size_t day = units.size(); day-- > first;) {  // back: only to `first`
    const lstm::Unit<real>& u = units[day];
    const real squashed = std::tanh(u.after.long_memory);
    d_long += d_short * u.output_percent * (1 - squashed * squashed);
    const real d_output = d_short * squashed * u.output_percent * (1 - u.output_percent);
    const real d_remember =
        d_long * u.before.long_memory * u.long_remember_percent * (1 - u.long_remember_percent);
    const real d_percent = d_long * u.potential_memory * u.potential_remember_percent *
                           (1 - u.potential_remember_percent);
    const real d_potential =
        d_long * u.potential_remember_percent * (1 - u.potential_memory * u.potential_memory);
    const auto gate = [&](real dx, real& w1, real& w2, real& b) {
      w1 += dx * u.before.short_memory;
      w2 += dx * u.input;
      b += dx;
    };
    gate(d_remember, d.wlr1, d.wlr2, d.blr1);
    gate(d_percent, d.wpr1, d.wpr2, d.bpr1);
    gate(d_potential, d.wp1, d.wp2, d.bp1);
    gate(d_output, d.wo1, d.wo2, d.bo1);
    d_short = d_remember * w.wlr1 + d_percent * w.wpr1 + d_potential * w.wp1 + d_output * w.wo1;
    d_long *= u.long_remember_percent;
  }
  return lstm::to_array(d);
}

}  // namespace byhand::exercise
