#pragma once
/// @file
/// Which fry shop, given how hungry we are? Notes 000 § 22 and 23: policy gradient on a network
/// with one bias to learn.
#include <functional>
#include <vector>

#include "common/core/generator.hpp"
#include "common/core/real.hpp"
#include "common/fast/cross_entropy.hpp"

namespace fries {

using byhand::Generator;
using byhand::real;

enum class Shop { squatch, norm };
const char* name(Shop shop);

/// P(Norm's) = sigmoid(weight * hunger + bias); P(Squatch's) = 1 - P(Norm's). Only the bias is
/// trained.
struct Network {
  /// the notes give no number; 20 makes -10 the bias at which hunger 0.5 is undecided
  real weight = 20;
  real bias = 0;
  real p_norm(real hunger) const;
};

/// The shop whose part of [0, 1) the random number falls in: Squatch's first.
Shop choose(const Network& network, real hunger, real random);

/// -log of the probability of the shop: the cross-entropy if going there was the right thing to do.
real cross_entropy(const Network& network, real hunger, Shop shop);

/// d cross-entropy / d bias by the chain rule: (dC / dP) (dP / dX) (dX / dBias), with
/// X = weight * hunger + bias. Notes § 23.3.
struct ChainRule {
  real dC_dP, dP_dX, dX_dBias;
  real derivative() const { return dC_dP * dP_dX * dX_dBias; }
};
ChainRule chain_rule(const Network& network, real hunger, Shop shop);

/// The same derivative from autograd.
real derivative_by_autograd(const Network& network, real hunger, Shop shop);

/// What the fries taught: 1 when the guess was right (small fries when not hungry, large ones when
/// hungry), -1 when wrong, 0 at exactly 0.5.
real reward(real hunger, Shop shop);

/// One visit, with every number on the way.
struct Visit {
  real hunger, random, p_norm;
  Shop shop;
  real cross_entropy, derivative, reward, updated_derivative, step_size, new_bias, new_p_norm;
};
/// Guesses, goes, looks at the fries, multiplies the derivative by the reward, and moves the
/// network's bias by learning_rate times that. With `use_reward` false the guess is always taken to
/// be right.
Visit visit(Network& network, real hunger, real random, real learning_rate = 1,
            bool use_reward = true);

/// The bias after each of `visits` visits. The draw of visit t comes from `next(t)`: hunger and
/// random number.
struct Draw {
  real hunger, random;
};
std::vector<real> train(Network& network, int visits, const std::function<Draw(int)>& next,
                        bool use_reward = true);

/// A run without chance, the same in every language: hunger_t = (7 t mod 11) / 10, random_t = the
/// fraction of (t + 1) * 0.6180339887498949.
Draw golden_ratio_draw(int t);
/// A draw from the generator: hunger uniform on 0, 0.1, …, 1, random uniform on [0, 1).
Draw random_draw(Generator& generator);

/// Three long runs side by side: the bias after each visit with fixed draws, with random ones and
/// without the reward; and the network that the fixed draws trained.
struct ManyVisits {
  std::vector<real> fixed, random, unrewarded;
  Network trained;
};

}  // namespace fries
