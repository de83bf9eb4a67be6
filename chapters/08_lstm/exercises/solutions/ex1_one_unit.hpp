// Exercise 08.1: Predict what one unit remembers
//
// The unit of the video (notes 000 § 30.2) starts with long memory 2 and short memory 1. In the
// chapter its input is 1; here it is -2.
// With pencil and calculator, on two decimals:
//   percent of long memory to remember       sigmoid(2.70 short + 1.63 input + 1.62)
//   percent of potential memory to remember  sigmoid(2.00 short + 1.65 input + 0.62)
//   potential memory                            tanh(1.41 short + 0.94 input - 0.32)
// With input 1 the unit keeps 0.997 of its long memory, and the long memory grows from 2 to 2.95.
// Guess first: what will -2 do to it?
#pragma once

namespace byhand::exercise {

// sigmoid(2.70 - 3.26 + 1.62) = sigmoid(1.06)
inline constexpr double long_remember_percent = 0.74;
// 2 * 0.743 + sigmoid(-0.68) * tanh(-0.79) = 1.485 - 0.336 * 0.658
inline constexpr double new_long_memory = 1.26;

}  // namespace byhand::exercise
