// Exercise 08.2: Write the forget gate of one unit
//
// Stage 1 of the unit (notes 000 § 30.2) decides how much of the long memory is kept.
// Fill in both numbers:
//   percent    = sigmoid(short_memory * wlr1 + input * wlr2 + blr1)
//   remembered = the part of the long memory that is kept
// sigmoid is the chapter's: byhand::sigmoid. The gate reads the input and the short memory, never
// the long memory itself.
// The chapter has this already; its own function is the judge and does not count as an answer.
#pragma once
#include "chapters/08_lstm/by_hand.hpp"

namespace byhand::exercise {

struct Forgotten {
  real percent;     ///< of the long memory that is remembered, from 0 to 1
  real remembered;  ///< what is left of the long memory
};

inline Forgotten forget_gate(real input, real long_memory, real short_memory,
                             const lstm::Weights<real>& w) {
  const real percent = sigmoid(short_memory * w.wlr1 + input * w.wlr2 + w.blr1);
  const real remembered = long_memory * percent;
  return {percent, remembered};
}

}  // namespace byhand::exercise
