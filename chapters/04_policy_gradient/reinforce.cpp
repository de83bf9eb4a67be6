#include "chapters/04_policy_gradient/reinforce.hpp"

#include <cmath>

#include "common/autograd/losses.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"

namespace cartpole {
using namespace byhand;

Policy::Policy(std::size_t hidden, Generator& g)
    : fc1(child("fc1", nn::Linear(state_size, hidden, g))),
      fc2(child("fc2", nn::Linear(hidden, action_count, g))) {}

Tensor Policy::operator()(const Tensor& states) const { return fc2(tanh(fc1(states))); }

namespace {

Array as_array(const std::vector<const State*>& states) {
  Array rows = empty({states.size(), state_size});
  for (std::size_t i = 0; i < states.size(); ++i)
    for (std::size_t j = 0; j < state_size; ++j) rows(i, j) = real((*states[i])[j]);
  return rows;
}

}  // namespace

std::vector<Episode> play(const Policy& policy, std::size_t count, Generator& generator) {
  const NoGrad no_grad;
  std::vector<Episode> episodes(count);
  std::vector<State> now;
  std::vector<std::size_t> up;  // the episodes whose pole still stands
  for (std::size_t i = 0; i < count; ++i) {
    now.push_back(start(generator));
    up.push_back(i);
  }
  for (int t = 0; t < max_steps && !up.empty(); ++t) {
    std::vector<const State*> states;
    for (const std::size_t i : up) states.push_back(&now[i]);
    const Array logits = policy(Tensor(as_array(states))).value();  // (standing, 2)
    std::vector<std::size_t> still_up;
    for (std::size_t row = 0; row < up.size(); ++row) {
      Episode& episode = episodes[up[row]];
      const real p_right = sigmoid(logits(row, 1) - logits(row, 0));  // softmax of two logits
      const int action = generator.uniform() < float(p_right);
      State& state = now[up[row]];
      episode.states.push_back(state);
      episode.actions.push_back(action);
      state = step(state, action);
      if (!fallen(state)) still_up.push_back(up[row]);
    }
    up = std::move(still_up);
  }
  return episodes;
}

std::vector<real> discounted_returns(std::size_t steps, real gamma) {
  std::vector<real> returns(steps);
  real later = 0;
  for (std::size_t t = steps; t-- > 0;) returns[t] = later = 1 + gamma * later;
  return returns;
}

Tensor policy_loss(const Policy& policy, const std::vector<Episode>& episodes, real gamma) {
  std::vector<const State*> states;
  std::vector<std::int64_t> actions;
  std::vector<real> returns;
  for (const Episode& episode : episodes) {
    for (const State& state : episode.states) states.push_back(&state);
    actions.insert(actions.end(), episode.actions.begin(), episode.actions.end());
    const std::vector<real> g = discounted_returns(episode.states.size(), gamma);
    returns.insert(returns.end(), g.begin(), g.end());
  }
  const Array G = array(returns);  // (steps,)
  const double mean_return = xt::mean(G)(),
               spread = std::sqrt(xt::mean(xt::square(G - real(mean_return)))());
  const Array advantage = (G - real(mean_return)) / real(spread + 1e-8);
  // (steps,)
  const Tensor guess =
      cross_entropy(policy(Tensor(as_array(states))), ids(actions), {.reduction = Reduction::none});
  return mean(guess * Tensor(advantage));
}

std::vector<real> train(const Policy& policy, const ReinforceOptions& options, Generator& generator,
                        int patience) {
  optim::Adam adam(policy.parameters(), {.lr = options.learning_rate});
  std::vector<real> history;
  for (int update = 0, good = 0; update < options.updates && good < patience; ++update) {
    const std::vector<Episode> episodes = play(policy, options.episodes_per_update, generator);
    history.push_back(real(mean_steps(episodes)));
    good = history.back() >= 495 ? good + 1 : 0;
    adam.zero_grad();
    policy_loss(policy, episodes, options.gamma).backward();
    optim::clip_grad_norm(policy.parameters(), 1);
    adam.step();
  }
  return history;
}

double mean_steps(const std::vector<Episode>& episodes) {
  double steps = 0;
  for (const Episode& episode : episodes) steps += double(episode.actions.size());
  return steps / double(episodes.size());
}

}  // namespace cartpole
