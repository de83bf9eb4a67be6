// Chapter 04 against tests/golden/sq_policy_gradient_fries.json and, for the pole, against numbers worked out by hand.
#include "chapters/04_policy_gradient/fry_shop.hpp"
#include "chapters/04_policy_gradient/reinforce.hpp"
#include "common/fast/cross_entropy.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;

namespace {

fries::Network network(const json& params, real bias) { return {params.at("w_GUESS").get<real>(), bias}; }

}  // namespace

TEST_CASE("the two visits of the notes") {
  golden::File f("sq_policy_gradient_fries");
  fries::Network shop = network(f.params(), f.params().at("b_start").get<real>());
  const real rate = f.params().at("learning_rate").get<real>();
  for (const json& row : f.expected("two_lecture_steps_exact")) {
    const real hunger = row.at("hunger").get<real>();
    CHECK(fries::reward(hunger, row.at("action") == "Norm" ? fries::Shop::norm : fries::Shop::squatch) == row.at("reward").get<real>());
    const fries::Visit v = fries::visit(shop, hunger, row.at("random").get<real>(), rate);
    CHECK((v.shop == fries::Shop::norm) == (row.at("action") == "Norm"));
    for (const auto& [key, got] : {std::pair{"P_norm", v.p_norm},
                                   {"cross_entropy", v.cross_entropy},
                                   {"derivative", v.derivative},
                                   {"reward", v.reward},
                                   {"updated_derivative", v.updated_derivative},
                                   {"step", v.step_size},
                                   {"new_bias", v.new_bias},
                                   {"new_P_norm", v.new_p_norm}})
      expect(std::string("visit ") + key, double(got), row.at(key), golden::forward);
  }
  for (const json& row : f.expected("formula_table")) {
    const real p = row.at("P_norm").get<real>();
    const fries::Network at{1, std::log(p / (1 - p))};  // the bias at which hunger 0 has this probability
    for (const auto& [shop_key, which] : {std::pair{"Squatch", fries::Shop::squatch}, {"Norm", fries::Shop::norm}}) {
      expect("formula dC_db", double(fries::chain_rule(at, 0, which).derivative()), row.at(std::string("dC_db_") + shop_key),
             golden::forward);
      expect("formula by autograd", double(fries::derivative_by_autograd(at, 0, which)), row.at(std::string("dC_db_") + shop_key),
             golden::forward);
      expect("formula C", double(fries::cross_entropy(at, 0, which)), row.at(std::string("C_") + shop_key), golden::forward);
    }
  }
  f.expected("deterministic_run_first_12");  // the next case
  f.expected("deterministic_run_bias_after_t");
  f.expected("deterministic_run_P_norm_at_hunger_0_and_1");
}

TEST_CASE("the run without chance") {
  golden::File f("sq_policy_gradient_fries");
  f.expected("two_lecture_steps_exact");  // the case before
  f.expected("formula_table");
  fries::Network first = network(f.params(), 0);
  for (const json& row : f.expected("deterministic_run_first_12")) {
    const fries::Draw draw = fries::golden_ratio_draw(row.at("t").get<int>());
    expect("hunger", double(draw.hunger), row.at("hunger"), golden::forward);
    expect("u", double(draw.random), row.at("u"), golden::forward);
    const fries::Visit v = fries::visit(first, draw.hunger, draw.random);
    CHECK((v.shop == fries::Shop::norm) == (row.at("action") == "Norm"));
    expect("P_norm", double(v.p_norm), row.at("P_norm"), golden::forward);
    expect("derivative", double(v.derivative), row.at("derivative"), golden::forward);
    expect("reward", double(v.reward), row.at("reward"), golden::forward);
    expect("bias", double(v.new_bias), row.at("bias"), golden::forward);
  }
  const json& marks = f.expected("deterministic_run_bias_after_t");
  fries::Network trained = network(f.params(), 0);
  const std::vector<real> bias = fries::train(trained, marks.back().at(0).get<int>(), fries::golden_ratio_draw);
  for (const json& mark : marks) {
    // double: the file's own 1e-9. float: 2000 additions near 10 (spacing 1e-6) drift by some 1e-5, seldom more than 1e-4.
    const golden::Tolerance run = golden::is_double ? golden::Tolerance{1e-9, 0} : golden::Tolerance{1e-4, 0};
    expect("bias after " + mark.at(0).dump(), double(bias.at(mark.at(0).get<std::size_t>() - 1)), mark.at(1), run);
  }
  const json& p = f.expected("deterministic_run_P_norm_at_hunger_0_and_1");
  expect("P(Norm's) at 0", double(trained.p_norm(0)), p.at(0), {1e-8, 1e-8});
  expect("P(Norm's) at 1", double(trained.p_norm(1)), p.at(1), {1e-6, 0});
}

TEST_CASE("chance, and no reward") {
  Generator generator{42};
  fries::Network trained;
  fries::train(trained, 2000, [&](int) { return fries::random_draw(generator); });
  CHECK(trained.bias < -7);  // notes: around -10; hunger 0.4 and 0.6 hold it between -8 and -12, a single wrong draw moves it by up to 1
  CHECK(trained.bias > -13);
  // Without rewards dC/dBias has mean 0 under the network's own choices: E = P * -(1 - P) + (1 - P) * P = 0. Nothing pulls the bias to -10.
  fries::Network unrewarded;
  fries::train(unrewarded, 2000, fries::golden_ratio_draw, false);
  CHECK(unrewarded.bias > -5);
}

TEST_CASE("cart and pole: one step by hand") {
  // From rest and upright, pushed to the right: shared = 10 / 1.1, spin rate = -shared / (0.5 (4/3 - 0.1/1.1)),
  // acceleration = shared - 0.05 spin rate / 1.1; Euler moves only the velocities in the first step.
  const double shared = 10 / 1.1, spin_rate = -shared / (0.5 * (4.0 / 3 - 0.1 / 1.1)), acceleration = shared - 0.05 * spin_rate / 1.1;
  const cartpole::State next = cartpole::step({0, 0, 0, 0}, 1);
  CHECK(next[0] == 0);
  CHECK(next[1] == doctest::Approx(0.02 * acceleration).epsilon(1e-12));
  CHECK(next[2] == 0);
  CHECK(next[3] == doctest::Approx(0.02 * spin_rate).epsilon(1e-12));
  const cartpole::State mirrored = cartpole::step({0, 0, 0, 0}, 0);
  for (std::size_t i = 0; i < 4; ++i) CHECK(mirrored[i] == -next[i]);
  CHECK_FALSE(cartpole::fallen({2.39, 9, 0.2, 9}));
  CHECK(cartpole::fallen({2.41, 0, 0, 0}));
  CHECK(cartpole::fallen({0, 0, -0.21, 0}));  // 12 degrees are 0.2094
}

TEST_CASE("returns and the policy gradient") {
  const std::vector<real> returns = cartpole::discounted_returns(3, real(0.5));  // 1 + 0.5 + 0.25, 1 + 0.5, 1
  CHECK(returns == std::vector<real>{real(1.75), real(1.5), real(1)});
  // Two episodes of one step each with equal returns have advantage 0 everywhere: no gradient at all.
  Generator generator{1};
  const cartpole::Policy policy(8, generator);
  const cartpole::Episode one{{cartpole::State{0.1, 0, 0, 0}}, {1}}, other{{cartpole::State{0, 0.2, 0, 0}}, {0}};
  cartpole::policy_loss(policy, {one, other}, real(0.9)).backward();
  for (const Tensor& p : policy.parameters())
    for (const real g : p.grad()) CHECK(std::abs(g) < 1e-6);
}

TEST_CASE("the pole is learned") {
  for (const std::uint64_t seed : {42u, 7u}) {
    Generator generator{seed};
    const cartpole::Policy policy(32, generator);
    cartpole::train(policy, {}, generator);
    CHECK(cartpole::mean_steps(cartpole::play(policy, 100, generator)) >= 475);  // the benchmark's goal
  }
}
