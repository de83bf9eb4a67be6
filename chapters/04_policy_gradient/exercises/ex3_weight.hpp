// Exercise 04.3: Write the derivative for the weight
//
// The chapter trains the bias only. Its chain rule (notes 000 § 23.3) reaches the weight too; just
// the last factor is another:
//   d cross-entropy / d weight = (dC / dP) (dP / dX) (dX / dWeight)
//   with P = P(Norm's) = sigmoid(X), X = weight * hunger + bias
//   C = -log(P) when we went to Norm's, -log(1 - P) when we went to Squatch's
// Fill in the three factors for both shops. Their product must equal autograd.
#pragma once
#include "chapters/04_policy_gradient/fry_shop.hpp"

namespace byhand::exercise {

struct WeightRule {
  real dC_dP, dP_dX, dX_dWeight;
  real derivative() const { return dC_dP * dP_dX * dX_dWeight; }
};

inline WeightRule weight_rule(const fries::Network& network, real hunger,
                              [[maybe_unused]] fries::Shop shop) {
  [[maybe_unused]] const real p = network.p_norm(hunger);
  return {0, 0, 0};  // TODO
}

}  // namespace byhand::exercise
