#pragma once
/// @file
/// From scores to percentages in the right way,
/// and in the wrong ways of notes 001 § 2.3.9 and § 2.4.1.
#include "chapters/10_attention/matrices.hpp"

namespace attention {

/// The softmax of each row, of each column, of a matrix of scores (n, m).
Array softmax_rows(const Array& scores);
Array softmax_columns(const Array& scores);

/// Ways to hide a score. `hidden` is (n, m), 1 where hidden. Error when the shapes differ.
enum class Masking {
  minus_infinity,  ///< right: minus infinity before the softmax
  zeros_before,    ///< wrong: 0 before the softmax; e^0 is 1, so the word is still seen
  zeros_after      ///< wrong: 0 after the softmax; the row no longer adds up to 1
};
Array masked_percentages(const Array& scores, const Array& hidden, Masking masking);

/// The attention (n, d_v) that comes of it, from finished scores and values.
Array masked_attention(const Steps& unmasked, const Array& hidden, Masking masking);

/// By how much the first word's attention changes when the last word's encoding becomes 0. It may
/// not see that word, so it is 0 when the masking is right.
double leak_into_first_word(const Array& encodings, const Weights& weights, Masking masking);

}  // namespace attention
