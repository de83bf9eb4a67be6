// Exercise 05.3: Find the bug in king - man + woman
//
// analogy() should find the word that is to c as a is to b (notes 003 § 16.2, § 16.5;
// WordVectors::analogy):
//   take a - b + c, each scaled to length 1, and among all words but these three the one whose
//       cosine with it is the largest.
// When all vectors have length 1 it is right for every question. With GloVe it knows the queen and
// the capital of Japan, but it takes the past of go for something else. One place is wrong. Mend
// it.
#pragma once
#include <limits>

#include "chapters/05_word_embeddings/counts.hpp"
#include "common/text/word_vectors.hpp"

namespace byhand::exercise {

/// The vector divided by its length; none of the vectors is 0.
inline Array unit(const Array& vector) {
  const double length = std::sqrt(embeddings::dot_by_hand(vector, vector));
  return vector / real(length);
}

/// There are at least four words.
inline std::string analogy(const text::WordVectors& vectors, const std::string& a,
                           const std::string& b, const std::string& c) {
  const Array wanted = unit(vectors[a]) - unit(vectors[b]) + unit(vectors[c]);
  std::string best;
  double largest = -std::numeric_limits<double>::infinity();
  for (const std::string& word : vectors.words()) {
    if (word == a || word == b || word == c) continue;
    // a short vector may point the right way
    const double score = embeddings::dot_by_hand(wanted, unit(vectors[word]));
    if (score > largest) {
      largest = score;
      best = word;
    }
  }
  return best;
}

}  // namespace byhand::exercise
