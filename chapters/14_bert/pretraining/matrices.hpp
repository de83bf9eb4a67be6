#pragma once
/// @file
/// The same loss as a product of matrices.
#include "common/tensor/array.hpp"

namespace bert {

using byhand::Array;
using byhand::Ids;

/// The asked rows as one matrix Z, the right words as a matrix Y of zeros and ones;
/// L = -sum(Y * log softmax(Z)) / n. Errors as for loss_sizes.
double masked_loss_as_matrices(const Array& logits, const Ids& labels);

}  // namespace bert
