#pragma once
/// @file
/// The loss of masked language modelling with loops. Notes 004 § 4.1.1.
#include <vector>

#include "common/tensor/array.hpp"

namespace bert {

using byhand::Array;
using byhand::Ids;

/// How many places the labels have, and how many words the vocabulary.
struct LossSizes {
  std::size_t places, words;
};
/// Those of logits (batch, length, words) and labels (batch, length). Error when the shapes do not
/// fit, a label is neither -100 nor a word, or nothing is hidden.
LossSizes loss_sizes(const Array& logits, const Ids& labels);

/// The loss and the pieces it is made of.
struct MaskedLoss {
  /// log P(word i | the text with its gaps), for each hidden word.
  std::vector<double> log_probabilities;
  double sum = 0, mean = 0;  ///< of their negatives
};

/// Loops: at each hidden place the score of the right word minus the logarithm of the sum of all
/// words' exponentials.
/// Errors as for loss_sizes, here and in the next two.
MaskedLoss masked_loss_by_hand(const Array& logits, const Ids& labels);

/// d loss / d logits by hand: at each hidden place (softmax - one-hot) / n, elsewhere 0. The shape
/// of the logits.
Array masked_loss_gradient(const Array& logits, const Ids& labels);

/// What a GPT is trained on, with the same scores: place t is asked for the word at t + 1; mean
/// over all places but the last of each text.
double autoregressive_loss(const Array& logits, const Ids& original);

/// The mean of the rows that are not padding, by hand: vectors (length, size),
/// padding (length,) -> (size,). Error when all rows are padding.
Array mean_pool_by_hand(const Array& vectors, const Array& padding);

}  // namespace bert
