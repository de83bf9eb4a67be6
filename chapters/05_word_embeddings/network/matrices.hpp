#pragma once
/// @file
/// The network as two matrices: forward, loss and gradients.
#include "chapters/05_word_embeddings/network/by_hand.hpp"

namespace embeddings {

using byhand::Array;

/// Row i of E is the embedding of word i, row j of O what the output of word j multiplies it by:
/// outputs = x E O^T. Both (4, 2).
struct Matrices {
  Array E, O;
};
Matrices as_matrices(const Weights<real>& w);

/// The training data as matrices, (examples, 4) each, a one-hot row for each word and for the word
/// that comes next.
struct Data {
  Array inputs, labels;
};
/// examples() of the notes.
Data lecture_data();

/// x (examples, 4) -> outputs before the softmax (examples, 4).
Array forward(const Matrices& m, const Array& x);
/// The mean cross-entropy of the examples, and its gradients.
real mean_loss(const Matrices& m, const Data& data);
Matrices gradients(const Matrices& m, const Data& data);
/// For each example, the softmax at the word that does come next.
std::vector<real> probability_of_next(const Matrices& m, const Data& data);

}  // namespace embeddings
