#pragma once
/// @file
/// Batch normalisation by hand, for (batch, channels): notes 003 § 12 names it as the usual remedy
/// for unstable gradients.
#include <vector>

#include "common/tensor/array.hpp"

namespace by_hand {

using byhand::Array;
using byhand::real;

/// Each channel gets mean 0 and variance 1 over the batch, then its own scale gamma and shift beta.
struct BatchNorm {
  std::vector<double> gamma, beta;                ///< one number a channel
  std::vector<double> running_mean, running_var;  ///< used in evaluation; begin at 0 and 1
  double eps = 1e-5, momentum = 0.1;

  explicit BatchNorm(std::size_t channels);
  /// (batch, channels) -> (batch, channels); moves the running statistics, the variance by its
  /// unbiased estimate.
  Array training(const Array& x);
  /// The same with the running statistics.
  Array evaluation(const Array& x) const;

  /// From d loss / d y of training(x): the derivatives by x, gamma and beta.
  struct Gradients {
    Array x;  ///< (batch, channels)
    std::vector<double> gamma, beta;
  };
  Gradients backward(const Array& x, const Array& dy) const;
};

}  // namespace by_hand
