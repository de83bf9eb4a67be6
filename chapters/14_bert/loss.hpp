#pragma once
/// @file
/// The loss of masked language modelling three times: by hand, as matrices, built in. Notes 004 § 4.1.1.
#include "common/autograd/tensor.hpp"

namespace bert {

using byhand::Array;
using byhand::Ids;
using byhand::Tensor;

/// Two texts of five tokens and the scores a model gave each word of a vocabulary of nine at each place. The numbers are those of the golden
/// file masked_lm.
struct LossExample {
  Array logits;       ///< (2, 5, 9)
  Ids original;       ///< (2, 5)
  Ids labels;         ///< (2, 5): the hidden words, -100 where nothing is asked
  Array next_logits;  ///< (2, 2): b follows a, b is from elsewhere
  Ids next_labels;    ///< (2,)
  Array vectors;      ///< (5, 6): five token vectors, to be pooled
  Array padding;      ///< (5,): the last two are padding
};
LossExample loss_example();

/// The loss and the pieces it is made of.
struct MaskedLoss {
  std::vector<double> log_probabilities;  ///< log P(word i | the text with its gaps), for each hidden word
  double sum = 0, mean = 0;               ///< of their negatives
};

/// Loops: at each hidden place the score of the right word minus the logarithm of the sum of all words' exponentials.
/// Error when the shapes do not fit, a label is neither -100 nor a word, or nothing is hidden.
MaskedLoss masked_loss_by_hand(const Array& logits, const Ids& labels);

/// The same as matrices: the asked rows as one matrix Z, the right words as a matrix Y of zeros and ones; L = -sum(Y * log softmax(Z)) / n.
double masked_loss_as_matrices(const Array& logits, const Ids& labels);

/// d loss / d logits by hand: at each hidden place (softmax - one-hot) / n, elsewhere 0. The shape of the logits.
Array masked_loss_gradient(const Array& logits, const Ids& labels);

/// What a GPT is trained on, with the same scores: place t is asked for the word at t + 1; mean over all places but the last of each text.
double autoregressive_loss(const Array& logits, const Ids& original);

/// The mean of the rows that are not padding, by hand: vectors (length, size), padding (length,) -> (size,).
Array mean_pool_by_hand(const Array& vectors, const Array& padding);

}  // namespace bert
