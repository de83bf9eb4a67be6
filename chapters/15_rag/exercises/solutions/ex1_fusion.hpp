// Exercise 15.1: Predict what fusion puts first
//
// Three retrievers have ranked passages for one question, the best first:
//   words    4 7 2 5 1
//   letters  4 3 2 6 5
//   vectors  1 2 5 7 3
// Notes 000 § 21.4 search in one way; reciprocal rank fusion makes several rankings one. Rank r,
// from 1, of a ranking is worth 1 / (k + r) to the passage that has it, and the passage with the
// largest sum wins.
// Predict, with pencil and paper, which passage comes first, with the usual k = 60 and with k = 0.
//
// Ten questions were put to another retriever. The right section had these ranks; 0 says that it
// was not among the first ten:
//   1 2 0 5 1 10 4 1 0 8
// Predict its recall@1, its recall@5 and its mean reciprocal rank, on three digits.
#pragma once

namespace byhand::exercise {

inline constexpr int first_with_60 = 2;   // the passage that comes first with k = 60
inline constexpr int second_with_60 = 5;  // the one behind it
inline constexpr int first_with_0 = 4;    // the passage that comes first with k = 0
inline constexpr double recall_at_1 = 0.3;
inline constexpr double recall_at_5 = 0.6;
inline constexpr double mean_reciprocal_rank = 0.4175;

}  // namespace byhand::exercise
