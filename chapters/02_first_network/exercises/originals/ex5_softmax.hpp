// Exercise 02.5: Write a softmax and a cross-entropy that bear any logits
//
// The chapter (iris.cpp, part 4 of its output) computes p = e^z / sum e^z and the loss
// -log(p of the truth). So does this function. Two things are left to do:
// 1 the gradient with regard to the logits: softmax - one-hot, that is p of each class,
//   minus 1 for the truth.
// 2 large numbers: e^1000 is infinity, infinity / infinity is not a number, and -log(0) is
//   infinity, although the losses behind them are plain numbers. With m = the largest logit:
//   p = e^(z - m) / sum e^(z - m)  and  loss = m + log(sum e^(z - m)) - z of the truth.
// Work with loops or with xtensor; common/autograd/losses.hpp is the judge and does not count
// as an answer.
#pragma once
#include <cmath>

#include "common/tensor/array.hpp"

namespace byhand::exercise {

struct Loss {
  real value;      ///< -log softmax(logits)[truth]
  Array gradient;  ///< (classes,): d value / d logits
};

/// logits (classes,), truth: the number of the right class.
inline Loss softmax_cross_entropy(const Array& logits, std::size_t truth) {
  Array p = empty(shape_of(logits));  // (classes,)
  real sum = 0;
  for (const real z : logits) sum += std::exp(z);  // TODO: large logits
  for (std::size_t k = 0; k < logits.size(); ++k) p(k) = std::exp(logits(k)) / sum;
  return {-std::log(p(truth)), zeros(shape_of(logits))};  // TODO: the gradient
}

}  // namespace byhand::exercise
