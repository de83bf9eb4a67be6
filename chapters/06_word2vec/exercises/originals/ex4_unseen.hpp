// Exercise 06.4: Give an unseen word a vector
//
// fastText (notes 003 § 16.3) knows a row for each run of 3 to 6 letters, so a word that was never
// seen has a vector too: the mean of the rows of its runs. text::character_ngrams(word, n) lists
// the runs of n letters of <word>; the row of a run is word2vec::fnv1a(run) % rows.
// A run that comes twice counts twice. A word without any run, such as "" with 3 letters, gets
// zeros. Fill in vector_of(). word2vec::FastText is the judge and does not count as an answer.
#pragma once
#include <string>

#include "chapters/06_word2vec/fasttext.hpp"

namespace byhand::exercise {

/// table: (rows, width). Returns (width,).
inline Array vector_of([[maybe_unused]] const std::string& word, const Array& table,
                       [[maybe_unused]] std::size_t shortest,
                       [[maybe_unused]] std::size_t longest) {
  Array vector = zeros({table.shape()[1]});
  // TODO: add up the rows of all runs, then divide by how many there were
  return vector;
}

}  // namespace byhand::exercise
