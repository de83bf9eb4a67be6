// Exercise 05.1: Predict which word lies nearer to tea
//
// Three words with three numbers each, made up:
//   tea = (1, 2, 2), coffee = (2, 3, 6), pea = (2, 1, 2)
// With pencil and calculator, on two decimals (notes 003 § 16.2):
//   cosine   = a . b / (|a| |b|), where a . b = a1 b1 + a2 b2 + a3 b3 and |a| = sqrt(a . a)
//   distance = |a - b|
// Guess first: which of the two lies nearer to tea by its distance, which by its cosine?
// Then two changes. What becomes of the cosine when coffee is 10 times as long? And when 1 is added
// to every number of tea and of coffee? (The notes' distance of two words, 0.43 for tea and coffee,
// is 1 - cosine. Here it is the length of the line between two points.)
#pragma once

namespace byhand::exercise {

inline constexpr double distance_tea_coffee = 4.24;     // sqrt(1 + 1 + 16)
inline constexpr double distance_tea_pea = 1.41;        // sqrt(1 + 1 + 0): the pea lies nearer
inline constexpr double cosine_tea_coffee = 0.95;       // (2 + 6 + 12) / (3 * 7): the coffee does
inline constexpr double cosine_tea_pea = 0.89;          // (2 + 2 + 4) / (3 * 3)
inline constexpr double cosine_tea_long_coffee = 0.95;  // 200 / (3 * 70): the direction is the same
inline constexpr double cosine_when_shifted = 0.97;     // 39 / (sqrt(22) * sqrt(74))

}  // namespace byhand::exercise
