// Exercise 04.1: Predict what 1 visit does to the bias
//
// A visit as in notes 000 § 22.2 and § 23 with other numbers: weight 20, bias -1, hunger 0.1,
// random number 0.8, learning rate 2. With pencil and calculator, on two decimals:
//   P(Norm's)  = sigmoid(weight * hunger + bias)
//   the shop   : Squatch's when the random number is below 1 - P(Norm's), otherwise Norm's
//   derivative = P(Norm's) when we went to Squatch's, P(Norm's) - 1 when we went to Norm's:
//                it takes the guess to be right
//   reward     = 1 or -1; with a hunger below 0.5 the small fries of Squatch's are right
//   new bias   = bias - learning rate * derivative * reward
// Guess first: will the bias rise or fall?
#pragma once

namespace byhand::exercise {

inline constexpr double p_norm = 0;      // TODO: before the visit
inline constexpr double derivative = 0;  // TODO: before the reward
inline constexpr double new_bias = 0;    // TODO
inline constexpr double new_p_norm = 0;  // TODO: after the visit, for the same hunger

}  // namespace byhand::exercise
