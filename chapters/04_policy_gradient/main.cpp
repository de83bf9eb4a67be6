// Chapter 04: policy gradient. Notes 000 § 22 and 23.
#include "chapters/04_policy_gradient/reinforce.hpp"
#include "chapters/04_policy_gradient/show.hpp"
#include "common/app/chapter.hpp"

using namespace byhand;

namespace {

void lecture_visits() {
  fries::Network network;
  const fries::Visit first = fries::visit(network, 0, real(0.2));   // 0.2 falls in Squatch's half
  const fries::Visit second = fries::visit(network, 0, real(0.9));  // 0.9 falls in Norm's part
  fries::show_visits(first, second);
}

/// 2000 visits: with the fixed draws, with random draws, and without the reward step.
void many_visits(const app::Settings& settings) {
  Generator generator{settings.seed};
  const auto random_draws = [&](int) { return fries::random_draw(generator); };
  fries::Network fixed, random, unrewarded;
  fries::ManyVisits runs;
  runs.fixed = fries::train(fixed, 2000, fries::golden_ratio_draw);
  runs.random = fries::train(random, 2000, random_draws);
  runs.unrewarded = fries::train(unrewarded, 2000, fries::golden_ratio_draw, false);
  runs.trained = fixed;
  fries::show_many_visits(runs, settings);
}

/// The general case: REINFORCE on a pole and a cart.
void balance_a_pole(const app::Settings& settings) {
  Generator generator{settings.seed};
  const cartpole::Policy policy(32, generator);
  const double untrained = cartpole::mean_steps(cartpole::play(policy, 100, generator));
  const std::vector<real> steps = cartpole::train(policy, {.updates = settings.epochs}, generator);
  const double trained = cartpole::mean_steps(cartpole::play(policy, 100, generator));
  cartpole::show_pole(untrained, steps, trained, settings);
}

}  // namespace

int main(int argc, char** argv) {
  app::Settings settings;
  settings.epochs = 200;
  app::Options options("04_policy_gradient",
                       "Policy gradient: the fry shops of the notes, then a pole on a cart. "
                       "--epochs: updates for the pole.",
                       settings);
  return options.run(argc, argv, [&] {
    if (settings.quick) settings.epochs = std::min(settings.epochs, 20);
    lecture_visits();          // 1
    fries::show_chain_rule();  // 2
    many_visits(settings);     // 3
    balance_a_pole(settings);  // 4
  });
}
