// Exercise 06.1: Predict what is learned from
//
// A sentence of 7 words, a window of 2 words to each side. Skip-gram learns from every pair (middle
// word, word around it); words at the ends have fewer neighbours. How many pairs?
// Then subsampling: a word that makes up 0.025 of a text is kept with probability sqrt(t / f) in
// the paper, sqrt(t / f) + t / f in the authors' program, here with t = 0.001. Predict both to
// 0.002. Notes 003 § 16.3.
#pragma once

namespace byhand::exercise {

inline constexpr double pairs_of_words = 0;       // TODO
inline constexpr double kept_by_the_paper = 0;    // TODO
inline constexpr double kept_by_the_program = 0;  // TODO

}  // namespace byhand::exercise
