// Exercise 10.4: Make nouns look at their adjectives
//
// One head, no word sees those after it. A word has five numbers: noun, adjective, other (one of
// them 1), its place (0, 1, 2, ...), and 1.
//   the old red house beside a tall tree            a small green frog saw the very shy bird
// Queries and keys of two numbers (notes 001 § 2.3.2 to § 2.3.8): query = query_weights x, key =
// key_weights x, so the score is query . key / sqrt(2). One pair of matrices for both sentences,
// numbers from -20 to 20, such that
//   house gives old and red, tree gives tall, frog gives small and green, bird gives shy, together
//   more than 0.9 of its attention,
//   of two adjectives neither gets less than 0.2, and beside and saw, which do not ask, leave less
//   than 0.5 to all adjectives.
// Now nouns ask loudly, and everybody likes the later of two places a little more.
#pragma once
#include "common/tensor/array.hpp"

namespace byhand::exercise {

// Columns: noun, adjective, other, place, 1.
inline Array query_weights() {
  return array({2, 5}, {12, 0, 0, 0, 0,  // number 1 of a query: nouns ask
                        0, 0, 0, 0, 1.25});
}
inline Array key_weights() {
  return array({2, 5}, {0, 1, 0, 0, 0,  // number 1 of a key: adjectives answer
                        0, 0, 0, 1, 0});
}

}  // namespace byhand::exercise
