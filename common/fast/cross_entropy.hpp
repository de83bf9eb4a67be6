#pragma once
/// @file
/// Fast, fast. Cross-entropy as one operation. Its definition: autograd/definitions.hpp:cross_entropy; held equal by
/// tests/common/ops_fused_test.cpp.
#include <optional>

#include "common/autograd/losses.hpp"

namespace byhand {

struct CrossEntropyOptions {
  std::int64_t ignore_index = -100;  ///< targets with this value do not count
  std::optional<Array> weight = {};  ///< (classes,): a factor for each class; the mean divides by the sum of the factors used
  double label_smoothing = 0;        ///< in [0, 1]: this share of the target is spread evenly over all classes
  Reduction reduction = Reduction::mean;
};

/// -log softmax(logits)[target]: logits (…, classes), targets (…) of class numbers. (PyTorch wants the classes on axis 1.)
/// The mean over no counted target is NaN, as in PyTorch. Error on a class number that does not exist.
Tensor cross_entropy(const Tensor& logits, const Ids& targets, const CrossEntropyOptions& options = {});
/// The same against a distribution for each example: -sum(p log softmax(logits)), p (…, classes).
Tensor cross_entropy(const Tensor& logits, const Array& probabilities, Reduction reduction = Reduction::mean);

}  // namespace byhand
