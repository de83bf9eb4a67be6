// Exercise 04.2: Find the bug that 1 visit cannot show
//
// The chapter moves the bias after every visit (notes 000 § 22.2, § 23.4-23.5). A batch is calmer:
// make some visits with the same bias, then take one step along the mean of their updated
// derivatives:
//   new bias = bias - learning rate * mean of (derivative * reward)
// new_bias() should do that. It does for a batch of one visit, and for a batch in which all guesses
// were right, or all wrong. When some were right and some wrong, it does not: the bias moves too
// little, or not at all. One place is wrong. Mend it.
#pragma once
#include <vector>

#include "chapters/04_policy_gradient/fry_shop.hpp"
#include "common/tensor/array.hpp"

namespace byhand::exercise {

/// `draws` has at least one visit: its hunger and its random number.
inline real new_bias(const fries::Network& network, const std::vector<fries::Draw>& draws,
                     real learning_rate) {
  Array derivatives = zeros({draws.size()}), rewards = zeros({draws.size()});
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const auto [hunger, random] = draws[i];
    const fries::Shop shop = fries::choose(network, hunger, random);
    derivatives(i) = fries::chain_rule(network, hunger, shop).derivative();
    rewards(i) = fries::reward(hunger, shop);
  }
  // visit by visit, then the mean
  const real updated_derivative = xt::mean(derivatives * rewards)();
  return network.bias - learning_rate * updated_derivative;
}

}  // namespace byhand::exercise
