#pragma once
/// @file
/// Two texts of five tokens, to compute a loss of.
#include "common/tensor/array.hpp"

namespace bert {

using byhand::Array;
using byhand::Ids;

/// Two texts of five tokens and the scores a model gave each word of a vocabulary of nine at each
/// place. The numbers are those of the golden file masked_lm.
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

}  // namespace bert
