#pragma once
/// @file
/// The same loss from the library, with its gradient by autograd; and what BERT adds to it.
#include "common/tensor/array.hpp"

namespace bert {

using byhand::Array;
using byhand::Ids;

struct BuiltInLoss {
  double loss;
  Array gradient;  ///< d loss / d logits
};

/// cross_entropy with ignore_index -100: logits (batch, length, words), labels (batch, length).
BuiltInLoss masked_loss_built_in(const Array& logits, const Ids& labels);

/// The loss of the next sentence: logits (batch, 2), labels (batch,).
double next_sentence_loss(const Array& logits, const Ids& labels);

/// The mean of the rows that are not padding:
/// vectors (length, size), padding (length,) -> (size,).
Array mean_pool_built_in(const Array& vectors, const Array& padding);

}  // namespace bert
