// Exercise 03.1: How many updates?
//
// Predict: 400 points are trained on for 5 epochs. How often does the optimiser step
//   with all points in one batch, with batches of 32, and with a batch size of 1?
// The last batch of an epoch may be smaller than the others; it is not left out.
// Notes 004 § 1.3.
#pragma once

namespace byhand::exercise {

inline constexpr int updates_with_one_batch = 0;      // TODO
inline constexpr int updates_with_batches_of_32 = 0;  // TODO
inline constexpr int updates_one_at_a_time = 0;       // TODO

}  // namespace byhand::exercise
