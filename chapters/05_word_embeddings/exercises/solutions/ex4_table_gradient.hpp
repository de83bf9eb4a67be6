// Exercise 05.4: Write the gradient of the embedding table
//
// The chapter writes it for 16 names and as a product with one-hot rows (notes 000 § 31.4;
// network/matrices.cpp:gradients, dE). Write it without one-hot rows, for a table of any size. Row
// i of E is the embedding of word i, row j of O what the output of word j multiplies it by:
//   h = row `word` of E, score of word j = h . (row j of O), p = softmax of the scores,
//   loss = -log p(next)
// By the chain rule: d loss / d score of word j = p(j), less 1 where j is the next word; d score of
// word j / d h = row j of O; h feels all the scores, so its derivatives add up. And which rows of E
// does h come from?
// autograd is the judge and does not count as an answer.
#pragma once
#include "chapters/05_word_embeddings/counts.hpp"

namespace byhand::exercise {

/// E and O are (words, width); the result has the shape of E.
inline Array table_gradient(const Array& E, const Array& O, std::size_t word, std::size_t next) {
  const std::size_t words = E.shape()[0];
  const Array h = embeddings::row(E, word);  // (width,)
  Array p = zeros({words});                  // (words,)
  double sum = 0;
  for (std::size_t j = 0; j < words; ++j)
    sum += p(j) = real(std::exp(embeddings::dot_by_hand(h, embeddings::row(O, j))));
  for (real& probability : p) probability /= real(sum);

  Array dE = zeros(E.shape());  // (words, width)
  for (std::size_t j = 0; j < words; ++j) {
    const real d_score = j == next ? p(j) - 1 : p(j);
    // the other rows had no part in it
    for (std::size_t k = 0; k < h.size(); ++k) dE(word, k) += d_score * O(j, k);
  }
  return dE;
}

}  // namespace byhand::exercise
