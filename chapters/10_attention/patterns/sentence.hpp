#pragma once
/// @file
/// "a fluffy blue creature roaming through the verdant forest" with weights made by hand, so that
/// every number has a meaning. Notes 001, "The attention pattern" to "The output matrix".
#include <string>

#include "chapters/10_attention/matrices.hpp"

namespace attention::sentence {

/// What a word is, and what it means: the first columns of an embedding. Behind them stands a
/// column for each place in the sentence.
enum Kind : std::size_t { noun, adjective, verb, other };
enum Meaning : std::size_t { fluffy, blue, green, alive, place, moving };
inline constexpr std::size_t kinds = 4, meanings = 6;

/// The nine words.
std::vector<std::string> words();
/// The names of the meanings, in order.
std::vector<std::string> meaning_names();
/// (9, 19): kind (4), meaning (6), place (9),
/// each word with ones where it applies and zeros elsewhere.
Array embeddings();

/// One head: what it asks, what answers, what is handed over.
struct Head {
  std::string name;  ///< the question in words
  Weights weights;   ///< query and key (10, 19); value (3, 19) is the value-down matrix
  Array value_up;    ///< (19, 3): from the three numbers back to the size of an embedding
};
/// "Are there adjectives before me?", "Who does this?", "Which word comes before me?"
std::vector<Head> heads();

/// What a head does with the sentence, words after a word hidden or not.
Steps run(const Head& head, bool hide_future);

/// What attention adds to the embeddings (9, 19):
/// each head's values put through its value-up matrix, summed.
Array change_by_value_up();
/// The same as the notes write it: the heads' values side by side (9, 9), times the output matrix
/// W^O, which is all value-up matrices side by side (19, 9).
Array change_by_output_matrix();
/// The meaning columns (9, 6) of an array (9, 19).
Array meaning_of(const Array& embeddings);

}  // namespace attention::sentence
