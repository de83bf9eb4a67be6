#pragma once
/// @file
/// Attention as scalars, then word by word in loops, with the lecture's names. Notes 000 § 20.3.
#include <cstddef>
#include <vector>

#include "common/core/generator.hpp"
#include "common/tensor/array.hpp"

namespace attention {

using byhand::Array;
using byhand::real;

/// The weights of one head, each (d_k, d) as nn.Linear stores them: row j makes number j of a query
/// (key, value) from d numbers.
struct Weights {
  Array query, key, value;
};

/// The lecture's encodings of three words, (3, 2): word embedding plus position.
Array lecture_encodings();

/// Drawn as three nn.Linear(d, d_k, bias=False), in the order query, key, value.
Weights random_weights(std::size_t d, std::size_t d_k, byhand::Generator& generator);

/// Everything about the first of three words with two numbers each;
/// one scalar for each line of the lecture.
struct FirstWord {
  real query1, query2;                         ///< its query
  real similarity1, similarity2, similarity3;  ///< with the keys of words 1, 2, 3
  real scaled1, scaled2, scaled3;              ///< divided by sqrt(2)
  real percent1, percent2, percent3;           ///< how much of each word's value to use
  real attention1, attention2;
};
/// Error unless the encodings are (3, 2) and the weights (2, 2).
FirstWord first_word(const Array& encodings, const Weights& weights);

/// Chapter 11 has dot product, softmax and attention in loops once more, under the same names: each
/// chapter can be read alone.
namespace by_hand {

/// The numbers that stand for one word.
using Numbers = std::vector<real>;
/// One Numbers for each word of a phrase.
using Phrase = std::vector<Numbers>;

/// How alike two lists of numbers are: products of the pairs, added up.
real dot_product(const Numbers& a, const Numbers& b);
/// Query, key or value of one word: one dot product with each row of the weights.
Numbers times_weights(const Numbers& word, const Array& weights);
/// Softmax: numbers in (0, 1) that add up to 1.
Numbers percentages(const Numbers& similarities);

/// What one word looks for, finds and takes.
struct Attended {
  Numbers query, similarities, scaled, percent, attention;
};
/// Attention of one word over the first `visible` of the others (1 to all),
/// whose keys and values are made on the spot.
Attended attend_word(const Numbers& word, const Phrase& others, std::size_t visible,
                     const Weights& weights);

/// Who may be looked at: all words of the others, or, in a phrase that looks at itself, the word
/// itself and those before it.
enum class See { all, itself_and_before };
/// The attention of each word of a phrase over others; others may be the phrase itself.
Phrase attend_all(const Phrase& words, const Phrase& others, See see, const Weights& weights);

/// Rows of an array (words, numbers) as a phrase, and back.
Phrase rows_of(const Array& a);
Array to_array(const Phrase& phrase);

}  // namespace by_hand
}  // namespace attention
