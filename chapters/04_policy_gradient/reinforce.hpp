#pragma once
/// @file
/// The general case of the fry shop: a network chooses, the return of the episode takes the place
/// of the reward. REINFORCE, Williams 1992.
#include <vector>

#include "chapters/04_policy_gradient/cartpole.hpp"
#include "common/nn/layers.hpp"
#include "common/nn/module.hpp"

namespace cartpole {

/// A small policy: 4 numbers of the state -> 2 logits, one for each push.
struct Policy : byhand::nn::Module {
  Policy(std::size_t hidden, Generator& generator);
  byhand::Tensor operator()(const byhand::Tensor& states) const;  ///< (steps, 4) -> (steps, 2)
  byhand::nn::Linear fc1, fc2;
};

/// What was seen, done and earned in one episode. The reward is 1 for every step the pole stays up,
/// so the number of steps is the return.
struct Episode {
  std::vector<State> states;
  std::vector<int> actions;
};

/// Plays `count` episodes side by side, pushes drawn from the policy.
std::vector<Episode> play(const Policy& policy, std::size_t count, Generator& generator);

/// G_t = r_t + gamma r_(t+1) + gamma^2 r_(t+2) + … for an episode of `steps` rewards of 1.
std::vector<real> discounted_returns(std::size_t steps, real gamma);

/// The loss whose gradient is the policy gradient: the mean over all steps of cross-entropy(action
/// taken) * advantage, where the advantage is the return, shifted and scaled to mean 0 and standard
/// deviation 1 over the batch. A batch can't all be better than itself: what did worse than the
/// average gets a negative number, and its derivative is turned round as in the fry shop.
byhand::Tensor policy_loss(const Policy& policy, const std::vector<Episode>& episodes, real gamma);

struct ReinforceOptions {
  int updates = 200;
  std::size_t episodes_per_update = 16;
  double learning_rate = 0.02;
  real gamma = real(0.99);
};
/// Trains; returns the mean number of steps of each update's episodes. Stops early once `patience`
/// updates in a row held the pole for 495 steps or more on average.
std::vector<real> train(const Policy& policy, const ReinforceOptions& options, Generator& generator,
                        int patience = 5);

/// The mean number of steps of these episodes.
double mean_steps(const std::vector<Episode>& episodes);

}  // namespace cartpole
