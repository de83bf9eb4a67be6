#pragma once
/// @file
/// Spine, autograd. Losses, with PyTorch's names and conventions. An Error names both shapes when they do not fit.
#include <optional>

#include "common/autograd/ops.hpp"

namespace byhand {

/// What becomes of the losses of the single examples.
enum class Reduction { mean, sum, none };

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

/// -(t log p + (1 - t) log(1 - p)) for probabilities p; the logarithms are cut off at -100, as in PyTorch. t is a constant of p's shape.
Tensor binary_cross_entropy(const Tensor& p, const Array& targets, Reduction reduction = Reduction::mean);
/// The same with p = sigmoid(z), stable for any z; positive targets count `pos_weight` times.
Tensor binary_cross_entropy_with_logits(const Tensor& z, const Array& targets, Reduction reduction = Reduction::mean, real pos_weight = 1);

/// (prediction - target)^2 and |prediction - target|; the shapes must be equal, nothing is broadcast.
Tensor mse_loss(const Tensor& prediction, const Tensor& target, Reduction reduction = Reduction::mean);
Tensor l1_loss(const Tensor& prediction, const Tensor& target, Reduction reduction = Reduction::mean);

}  // namespace byhand
