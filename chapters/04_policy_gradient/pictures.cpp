#include "chapters/04_policy_gradient/pictures.hpp"

#include "common/tensor/array.hpp"

namespace fries {
using namespace byhand;

plot::Figure bias_figure(const ManyVisits& runs) {
  const plot::Numbers visits = plot::counting(2000);
  plot::Figure figure("The bias settles near -10; without rewards it does not");
  figure.axes()
      .lines(visits, runs.fixed, "fixed draws")
      .lines(visits, runs.random, "random draws")
      .lines(visits, runs.unrewarded, "fixed draws, no reward step")
      .hline(-10)
      .x_label("visit")
      .y_label("bias");
  return figure;
}

plot::Figure p_norm_figure(const Network& trained) {
  const Array hunger = linspace(0, 1, 101);
  std::vector<real> before, after;
  for (const real h : hunger) {
    before.push_back(Network{}.p_norm(h));
    after.push_back(trained.p_norm(h));
  }
  plot::Figure figure("Training moves the switch from hunger 0 to hunger 0.5");
  figure.axes()
      .lines(hunger, before, "before training")
      .lines(hunger, after, "after 2000 visits")
      .vline(0.5)
      .x_label("hunger")
      .y_label("P(Norm's)");
  return figure;
}

}  // namespace fries

namespace cartpole {
using namespace byhand;

plot::Figure pole_figure(const std::vector<real>& steps) {
  plot::Figure figure("The pole stays up longer and longer; 500 steps end an episode");
  figure.axes()
      .lines(plot::counting(steps.size()), steps, "mean of 16 episodes")
      .lines({0.0, double(steps.size())}, {475.0, 475.0}, "goal: 475", {.dashed = true})
      .x_label("update")
      .y_label("steps until the pole falls")
      .y_range(0, 520);
  return figure;
}

}  // namespace cartpole
