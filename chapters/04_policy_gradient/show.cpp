#include "chapters/04_policy_gradient/show.hpp"

#include "chapters/04_policy_gradient/pictures.hpp"
#include "common/app/chapter.hpp"

namespace fries {
using namespace byhand;

void show_visits(const Visit& first, const Visit& second) {
  app::heading("1. Two visits, as in the video (hunger 0, learning rate 1)");
  app::Table table({"", "visit 1", "video", "visit 2", "video"});
  table.add_row({"P(Norm's)", first.p_norm, "0.5", second.p_norm, "0.4 (rounded)"});
  table.add_row({"random number", first.random, "0.2", second.random, "0.9"});
  table.add_row({"shop", name(first.shop), "Squatch's", name(second.shop), "Norm's"});
  table.add_row({"cross-entropy", first.cross_entropy, "", second.cross_entropy, ""});
  table.add_row({"derivative", first.derivative, "0.5", second.derivative, "-0.6 (rounded)"});
  table.add_row({"reward", first.reward, "1", second.reward, "-1"});
  table.add_row({"updated derivative", first.updated_derivative, "0.5", second.updated_derivative,
                 "0.6 (rounded)"});
  table.add_row({"new bias", first.new_bias, "-0.5", second.new_bias, "-1.1 (rounded)"});
  table.print();
  fmt::print(
      "The second guess was wrong: the reward of -1 turned the derivative round, "
      "and the bias fell where it would have risen.\n");
}

void show_chain_rule() {
  app::heading("2. The derivative: chain rule by hand = autograd");
  std::vector<real> by_hand, by_autograd;
  app::Table table({"P(Norm's)", "shop", "dC/dP", "dP/dX", "dX/dBias", "product"});
  for (const real bias : {real(0), real(-0.5), real(0.8), real(-2)}) {
    for (const real hunger : {real(0), real(0.1), real(0.2)}) {
      for (const Shop shop : {Shop::squatch, Shop::norm}) {
        const Network network{20, bias};
        const ChainRule rule = chain_rule(network, hunger, shop);
        by_hand.push_back(rule.derivative());
        by_autograd.push_back(derivative_by_autograd(network, hunger, shop));
        if (hunger == 0 && bias <= 0 && bias >= -1)
          table.add_row({network.p_norm(0), name(shop), rule.dC_dP, rule.dP_dX, rule.dX_dBias,
                         rule.derivative()});
      }
    }
  }
  table.print();
  app::agree("chain rule = autograd: 24 derivatives", array(by_hand), array(by_autograd), 1e-5);
}

void show_many_visits(const ManyVisits& runs, const app::Settings& settings) {
  app::heading("3. 2000 visits");
  app::Table table({"after visit", "fixed draws", "random draws", "without reward"}, 2);
  for (const std::size_t t : {20u, 100u, 500u, 1000u, 2000u})
    table.add_row({t, runs.fixed[t - 1], runs.random[t - 1], runs.unrewarded[t - 1]});
  table.print();
  fmt::print(
      "The notes: the bias ends near -10. Then P(Norm's) is {:.4f} at hunger 0 and {:.4f} at "
      "hunger 1.\n",
      runs.trained.p_norm(0), runs.trained.p_norm(1));
  fmt::print("Without the reward every guess counts as right: the bias only confirms itself.\n");
  app::save_figure(bias_figure(runs), "bias", settings);
  app::save_figure(p_norm_figure(runs.trained), "p_norm", settings);
}

}  // namespace fries

namespace cartpole {
using namespace byhand;

void show_pole(double untrained, const std::vector<real>& steps, double trained,
               const app::Settings& settings) {
  app::heading("4. The general case: a network with 226 weights balances a pole");
  app::Table table({"policy", "mean steps over 100 episodes (at most 500)"}, 1);
  table.add_row({"untrained", untrained});
  table.add_row({fmt::format("after {} updates of 16 episodes", steps.size()), trained});
  table.print();
  fmt::print("The goal of this benchmark is a mean of 475. {}\n",
             trained >= 475 ? "Reached." : "Not reached: give it more --epochs.");
  app::save_figure(pole_figure(steps), "cartpole", settings);
}

}  // namespace cartpole
