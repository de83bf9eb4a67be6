// Chapter 04: policy gradient. Notes 000 § 22 and 23.
#include "chapters/04_policy_gradient/fry_shop.hpp"
#include "chapters/04_policy_gradient/reinforce.hpp"
#include "common/app/chapter.hpp"

using namespace byhand;

namespace {

/// One visit, number by number, beside the notes' numbers.
void lecture_visits() {
  app::heading("1. Two visits, as in the video (hunger 0, learning rate 1)");
  fries::Network network;
  const fries::Visit first = fries::visit(network, 0, real(0.2));   // 0.2 falls in Squatch's half
  const fries::Visit second = fries::visit(network, 0, real(0.9));  // 0.9 falls in Norm's part
  app::Table table({"", "visit 1", "video", "visit 2", "video"});
  table.add_row({"P(Norm's)", first.p_norm, "0.5", second.p_norm, "0.4 (rounded)"});
  table.add_row({"random number", first.random, "0.2", second.random, "0.9"});
  table.add_row({"shop", fries::name(first.shop), "Squatch's", fries::name(second.shop), "Norm's"});
  table.add_row({"cross-entropy", first.cross_entropy, "", second.cross_entropy, ""});
  table.add_row({"derivative", first.derivative, "0.5", second.derivative, "-0.6 (rounded)"});
  table.add_row({"reward", first.reward, "1", second.reward, "-1"});
  table.add_row({"updated derivative", first.updated_derivative, "0.5", second.updated_derivative, "0.6 (rounded)"});
  table.add_row({"new bias", first.new_bias, "-0.5", second.new_bias, "-1.1 (rounded)"});
  table.print();
  fmt::print("The second guess was wrong: the reward of -1 turned the derivative round, and the bias fell where it would have risen.\n");
}

/// dC/dBias by the chain rule = by autograd, for many networks, hungers and both shops.
void chain_rule_is_autograd() {
  app::heading("2. The derivative: chain rule by hand = autograd");
  std::vector<real> by_hand, by_autograd;
  app::Table table({"P(Norm's)", "shop", "dC/dP", "dP/dX", "dX/dBias", "product"});
  for (const real bias : {real(0), real(-0.5), real(0.8), real(-2)}) {
    for (const real hunger : {real(0), real(0.1), real(0.2)}) {
      for (const fries::Shop shop : {fries::Shop::squatch, fries::Shop::norm}) {
        const fries::Network network{20, bias};
        const fries::ChainRule rule = fries::chain_rule(network, hunger, shop);
        by_hand.push_back(rule.derivative());
        by_autograd.push_back(fries::derivative_by_autograd(network, hunger, shop));
        if (hunger == 0 && bias <= 0 && bias >= -1)
          table.add_row({network.p_norm(0), fries::name(shop), rule.dC_dP, rule.dP_dX, rule.dX_dBias, rule.derivative()});
      }
    }
  }
  table.print();
  app::agree("chain rule = autograd: 24 derivatives", array(by_hand), array(by_autograd), 1e-5);
}

/// 2000 visits: with the fixed draws, with random draws, and without the reward step. Draws the figures.
void many_visits(const app::Settings& settings) {
  app::heading("3. 2000 visits");
  Generator generator{settings.seed};
  const auto random_draws = [&](int) { return fries::random_draw(generator); };
  fries::Network fixed, random, unrewarded;
  const std::vector<real> fixed_bias = fries::train(fixed, 2000, fries::golden_ratio_draw);
  const std::vector<real> random_bias = fries::train(random, 2000, random_draws);
  const std::vector<real> unrewarded_bias = fries::train(unrewarded, 2000, fries::golden_ratio_draw, false);
  app::Table table({"after visit", "fixed draws", "random draws", "without reward"}, 2);
  for (const std::size_t t : {20u, 100u, 500u, 1000u, 2000u})
    table.add_row({t, fixed_bias[t - 1], random_bias[t - 1], unrewarded_bias[t - 1]});
  table.print();
  fmt::print("The notes: the bias ends near -10. Then P(Norm's) is {:.4f} at hunger 0 and {:.4f} at hunger 1.\n", fixed.p_norm(0),
             fixed.p_norm(1));
  fmt::print("Without the reward every guess counts as right: the bias only confirms itself.\n");

  plot::Figure bias("The bias settles near -10; without rewards it does not");
  bias.axes().lines(plot::counting(2000), fixed_bias, "fixed draws").lines(plot::counting(2000), random_bias, "random draws");
  bias.axes().lines(plot::counting(2000), unrewarded_bias, "fixed draws, no reward step").hline(-10).x_label("visit").y_label("bias");
  app::save_figure(bias, "bias", settings);

  const Array hunger = linspace(0, 1, 101);
  std::vector<real> before, after;
  for (const real h : hunger) {
    before.push_back(fries::Network{}.p_norm(h));
    after.push_back(fixed.p_norm(h));
  }
  plot::Figure p("Training moves the switch from hunger 0 to hunger 0.5");
  p.axes()
      .lines(hunger, before, "before training")
      .lines(hunger, after, "after 2000 visits")
      .vline(0.5)
      .x_label("hunger")
      .y_label("P(Norm's)");
  app::save_figure(p, "p_norm", settings);
}

/// The general case: REINFORCE on a pole and a cart.
void balance_a_pole(const app::Settings& settings) {
  app::heading("4. The general case: a network with 226 weights balances a pole");
  Generator generator{settings.seed};
  const cartpole::Policy policy(32, generator);
  const double untrained = cartpole::mean_steps(cartpole::play(policy, 100, generator));
  const std::vector<real> steps = cartpole::train(policy, {.updates = settings.epochs}, generator);
  const double trained = cartpole::mean_steps(cartpole::play(policy, 100, generator));
  app::Table table({"policy", "mean steps over 100 episodes (at most 500)"}, 1);
  table.add_row({"untrained", untrained});
  table.add_row({fmt::format("after {} updates of 16 episodes", steps.size()), trained});
  table.print();
  fmt::print("The goal of this benchmark is a mean of 475. {}\n", trained >= 475 ? "Reached." : "Not reached: give it more --epochs.");

  plot::Figure figure("The pole stays up longer and longer; 500 steps end an episode");
  figure.axes().lines(plot::counting(steps.size()), steps, "mean of 16 episodes");
  figure.axes()
      .lines({0.0, double(steps.size())}, {475.0, 475.0}, "goal: 475", {.dashed = true})
      .x_label("update")
      .y_label("steps until the pole falls")
      .y_range(0, 520);
  app::save_figure(figure, "cartpole", settings);
}

}  // namespace

int main(int argc, char** argv) {
  app::Settings settings;
  settings.epochs = 200;
  app::Options options("04_policy_gradient",
                       "Policy gradient: the fry shops of the notes, then a pole on a cart. --epochs: updates for the pole.", settings);
  return options.run(argc, argv, [&] {
    if (settings.quick) settings.epochs = std::min(settings.epochs, 20);
    lecture_visits();
    chain_rule_is_autograd();
    many_visits(settings);
    balance_a_pole(settings);
  });
}
