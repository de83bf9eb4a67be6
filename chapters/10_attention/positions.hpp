#pragma once
/// @file
/// Where a word stands, as sines and cosines. Notes 000 § 20.2, § 32.3.
#include "chapters/10_attention/by_hand.hpp"

namespace attention {

/// Row pos holds sin(pos / 10000^(2i/d)) and cos of the same, for i = 0, 1, …: (words, d). Error
/// unless d is even and above 0. nn::sinusoidal_encoding does the same;
/// this is the formula to read.
Array position_encoding(std::size_t words, std::size_t d);

/// Self-attention over "Squatch eats pizza" and over "pizza eats Squatch", word embeddings and
/// weights drawn from the generator.
struct WordOrder {
  /// Largest difference between the two vectors of one word: 0 up to rounding.
  double without_positions;
  double with_positions;  ///< the same with positions added
};
WordOrder compare_word_orders(byhand::Generator& generator);

}  // namespace attention
