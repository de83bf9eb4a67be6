// Exercise 10.1: Predict the shares when scores change
//
// A query has three scores, already scaled; the softmax makes the shares 0.2, 0.5 and 0.3 of them.
// Predict to 0.005 (notes 000 § 20.3):
//   the first word's share when its score grows by 2 and the others stay;
//   the first word's share when all three scores grow by 2;
//   the third word's share when the second word is hidden:
//   minus infinity before the softmax (notes 001 § 2.4).
// Then two words whose keys have 64 numbers each. Their similarities, query . key, are 8 and 4.
// Somebody forgets to scale, and the second word gets e^4 / (e^8 + e^4) = 0.018. What does it get
// when the similarities are divided by sqrt(d_k), as they should be (001 § 2.3.9)?
#pragma once

namespace byhand::exercise {

inline constexpr double first_when_it_grows = 0.6488;
inline constexpr double first_when_all_grow = 0.2;
inline constexpr double third_when_second_is_hidden = 0.6;
inline constexpr double second_with_scaling = 0.3775;

}  // namespace byhand::exercise
