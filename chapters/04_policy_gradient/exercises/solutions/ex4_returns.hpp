// Exercise 04.4: Write the discounted returns
//
// On the pole, a push is judged by all that comes after it: its return. (The notes stop at the
// reward of one visit, 000 § 23.4.)
//   G_t = r_t + gamma r_(t+1) + gamma^2 r_(t+2) + … to the end of the episode
// The chapter's cartpole::discounted_returns knows only rewards of 1. Write it for any rewards, one
// return for each reward. With gamma 0 only the reward of the step itself counts, with gamma 1 all
// later ones count in full.
#pragma once
#include <vector>

#include "common/core/real.hpp"

namespace byhand::exercise {

/// `rewards` has at least one number; gamma is from 0 to 1.
inline std::vector<real> returns(const std::vector<real>& rewards, real gamma) {
  std::vector<real> g(rewards.size());
  real later = 0;
  for (std::size_t t = rewards.size(); t-- > 0;) g[t] = later = rewards[t] + gamma * later;
  return g;
}

}  // namespace byhand::exercise
