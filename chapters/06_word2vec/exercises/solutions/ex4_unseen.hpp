// Exercise 06.4: Give an unseen word a vector
//
// fastText (notes 003 § 16.3) knows a row for each run of 3 to 6 letters, so a word that was never
// seen has a vector too: the mean of the rows of its runs. text::character_ngrams(word, n) lists
// the runs of n letters of <word>; the row of a run is word2vec::fnv1a(run) % rows.
// A run that comes twice counts twice. A word without any run, such as "" with 3 letters, gets
// zeros. vector_of() does that. word2vec::FastText is the judge and does not count as an answer.
#pragma once
#include <string>

#include "chapters/06_word2vec/fasttext.hpp"

namespace byhand::exercise {

/// table: (rows, width). Returns (width,).
inline Array vector_of(const std::string& word, const Array& table, std::size_t shortest,
                       std::size_t longest) {
  const std::size_t rows = table.shape()[0], width = table.shape()[1];
  Array vector = zeros({width});
  std::size_t runs = 0;
  for (std::size_t n = shortest; n <= longest; ++n) {
    for (const std::string& run : text::character_ngrams(word, n)) {
      const std::size_t row = word2vec::fnv1a(run) % rows;
      for (std::size_t d = 0; d < width; ++d) vector(d) += table(row, d);
      ++runs;
    }
  }
  if (runs > 0) vector /= real(runs);
  return vector;
}

}  // namespace byhand::exercise
