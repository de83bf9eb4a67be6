// Optimisers, schedules and clipping: what the golden trajectories do not show.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <memory>

#include "common/autograd/node.hpp"
#include "common/autograd/ops.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"
#include "common/optim/schedule.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;
using test::values;

namespace {

using Make = std::function<std::unique_ptr<optim::Optimizer>(std::vector<Tensor>)>;
template <class O, class Options>
Make maker(const Options& options) {
  return [options](std::vector<Tensor> parameters) { return std::make_unique<O>(std::move(parameters), options); };
}

struct Kind {
  const char* name;
  Make make;
};
const std::vector<Kind> optimizers{
    {"SGD", maker<optim::SGD>(optim::SGDOptions{.lr = 0.05})},
    {"SGD momentum", maker<optim::SGD>(optim::SGDOptions{.lr = 0.05, .momentum = 0.9, .dampening = 0.2, .weight_decay = 0.1})},
    {"SGD Nesterov", maker<optim::SGD>(optim::SGDOptions{.lr = 0.05, .momentum = 0.9, .nesterov = true})},
    {"Adagrad", maker<optim::Adagrad>(optim::AdagradOptions{.lr = 0.05})},
    {"RMSprop", maker<optim::RMSprop>(optim::RMSpropOptions{.lr = 0.05, .momentum = 0.5, .centered = true})},
    {"Adam", maker<optim::Adam>(optim::AdamOptions{.lr = 0.05})},
    {"Adam amsgrad", maker<optim::Adam>(optim::AdamOptions{.lr = 0.05, .weight_decay = 0.1, .amsgrad = true})},
    {"AdamW", maker<optim::AdamW>(optim::AdamWOptions{.lr = 0.05})}};

/// Two parameters; each step has other gradients, so that every running state matters.
struct Run {
  Tensor a{values({3, 2}), true}, b{values({4}, -1, 1, 2), true};
  std::unique_ptr<optim::Optimizer> optimizer;
  explicit Run(const Make& make) : optimizer(make({a, b})) {}
  void step(std::uint32_t seed) {
    optimizer->zero_grad();
    (sum(square(a - Tensor(values({3, 2}, -1, 1, seed)))) + sum(b * b * Tensor(values({4}, 0, 2, seed)))).backward();
    optimizer->step();
  }
};

Tensor parameter(std::initializer_list<real> numbers) { return Tensor(array(numbers), true); }
void give_gradient(const Tensor& p, std::initializer_list<real> numbers) {
  p.zero_grad();
  p.add_grad(array(numbers));
}

}  // namespace

TEST_CASE("optim: saved, restored and continued is the same to the last bit") {
  for (const Kind& kind : optimizers) {
    CAPTURE(kind.name);
    const Make& make = kind.make;
    Run straight(make), first(make), second(make);
    for (std::uint32_t i = 0; i < 10; ++i) straight.step(i);
    for (std::uint32_t i = 0; i < 6; ++i) first.step(i);
    second.a.set_value(first.a.value());
    second.b.set_value(first.b.value());
    second.optimizer->load_state_dict(first.optimizer->state_dict());
    for (std::uint32_t i = 6; i < 10; ++i) second.step(i);
    CHECK(second.a.value() == straight.a.value());
    CHECK(second.b.value() == straight.b.value());
    const auto one = straight.optimizer->state_dict(), two = second.optimizer->state_dict();
    REQUIRE(one.size() == two.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      CHECK(one[i].first == two[i].first);
      CHECK(one[i].second == two[i].second);
    }
  }
}

TEST_CASE("optim: the running state has names; a wrong one is refused and changes nothing") {
  Run run(optimizers[5].make);  // Adam
  CHECK(run.optimizer->state_dict().empty());
  run.step(1);
  const auto good = run.optimizer->state_dict();
  std::string names;
  for (const auto& entry : good) names += entry.first + " ";
  CHECK(names == "step.0 exp_avg.0 exp_avg_sq.0 step.1 exp_avg.1 exp_avg_sq.1 ");
  const auto refused = [&](const std::function<void(std::vector<std::pair<std::string, Array>>&)>& spoil) {
    auto state = good;
    spoil(state);
    const std::string message = error_of([&] { run.optimizer->load_state_dict(state); });
    const auto now = run.optimizer->state_dict();
    CHECK(now.size() == good.size());
    for (std::size_t i = 0; i < good.size(); ++i) CHECK(now[i].second == good[i].second);
    return message;
  };
  CHECK(refused([](auto& s) { s.erase(s.begin() + 2); }) == "optimiser state: 'exp_avg_sq.0' is missing");
  CHECK(refused([](auto& s) { s[1].second = zeros({2, 3}); }) == "optimiser state: 'exp_avg.0' is (2, 3), its parameter (3, 2)");
  CHECK(refused([](auto& s) { s[0].second = zeros({3}); }) == "optimiser state: 'step.0' has shape (3,)");
  CHECK(refused([](auto& s) { s[0].second = array({0, NAN}); }) == "optimiser state: 'step.0' is no number of steps: 0, nan");
  CHECK(refused([](auto& s) { s[0].second = array({-1, 5}); }) == "optimiser state: 'step.0' is no number of steps: -1, 5");
  CHECK(refused([](auto& s) { s.emplace_back("exp_avg.2", zeros({1})); }) == "optimiser state: 7 entries, of which this optimiser knows 6");
  Run sgd(optimizers[0].make);
  CHECK_THROWS_AS(sgd.optimizer->load_state_dict(good), Error);  // another kind of optimiser
}

TEST_CASE("optim: a parameter without a gradient is left alone, its count of steps too") {
  for (const Kind& kind : optimizers) {
    CAPTURE(kind.name);
    const Make& make = kind.make;
    const Tensor a = parameter({1, 2}), b = parameter({3, 4}), alone = parameter({1, 2});
    const auto both = make({a, b}), single = make({alone});
    for (int i = 0; i < 3; ++i) {
      give_gradient(a, {1, real(-0.5)});
      give_gradient(alone, {1, real(-0.5)});
      both->step();
      single->step();
    }
    CHECK(b.value() == array({3, 4}));
    CHECK(a.value() == alone.value());
    give_gradient(b, {1, 1});  // its first step, whatever a has done
    both->step();
    const Tensor fresh = parameter({3, 4});
    const auto other = make({fresh});
    give_gradient(fresh, {1, 1});
    other->step();
    CHECK(b.value() == fresh.value());
  }
}

TEST_CASE("optim: a frozen parameter does not move and goes on when unfrozen") {
  for (const Kind& kind : optimizers) {
    CAPTURE(kind.name);
    const Make& make = kind.make;
    Run run(make);
    run.step(1);
    const Array before = run.a.value(), b = run.b.value();
    run.a.set_requires_grad(false);
    run.step(2);
    run.step(3);
    CHECK(run.a.value() == before);
    CHECK(run.b.value() != b);
    run.a.set_requires_grad(true);
    run.step(4);
    CHECK(run.a.value() != before);
  }
}

TEST_CASE("optim: zero_grad forgets, set_lr takes effect at the next step") {
  const Tensor p = parameter({10, 20});
  optim::SGD sgd({p}, {.lr = 0.5});
  give_gradient(p, {2, 4});
  sgd.step();
  CHECK(p.value() == array({9, 18}));
  sgd.set_lr(0.25);
  CHECK(sgd.lr() == 0.25);
  sgd.step();
  CHECK(p.value() == array({8.5, 17}));
  sgd.set_lr(0);
  sgd.step();
  CHECK(p.value() == array({8.5, 17}));
  sgd.zero_grad();
  CHECK_FALSE(p.has_grad());
  sgd.set_lr(1);
  sgd.step();
  CHECK(p.value() == array({8.5, 17}));
  CHECK(error_of([&] { sgd.set_lr(-1); }) == "optimiser: learning rate -1 is not a number >= 0");
  CHECK(error_of([&] { sgd.set_lr(NAN); }) == "optimiser: learning rate nan is not a number >= 0");
  CHECK_THROWS_AS(sgd.set_lr(INFINITY), Error);
  CHECK(sgd.lr() == 1);
}

TEST_CASE("optim: dampening spares the first gradient") {
  const Tensor p = parameter({0});
  optim::SGD sgd({p}, {.lr = 1, .momentum = 0.5, .dampening = 0.25});
  give_gradient(p, {4});
  sgd.step();  // v = 4
  CHECK(p.value()(0) == -4);
  give_gradient(p, {2});
  sgd.step();  // v = 0.5 * 4 + 0.75 * 2 = 3.5
  CHECK(p.value()(0) == -7.5);
}

TEST_CASE("optim: amsgrad divides by the largest mean of squares so far") {
  // beta1 = 0, beta2 = 0.5, lr = 0.1, gradients 2 and 1. Step 1: v = 2, corrected by 1 - 0.5: 4, so w moves by 0.1 * 2 / 2. Step 2: v = 1.5,
  // the largest is still 2, corrected by 1 - 0.25: 2.6667, so w moves by 0.1 / 1.63299 (without amsgrad 0.1 / 1.41421). PyTorch 1.13 agrees.
  const Tensor w(array({3}), true);
  optim::Adam adam({w}, {.lr = 0.1, .beta1 = 0, .beta2 = 0.5, .amsgrad = true});
  for (const auto& [gradient, expected] : {std::pair<double, double>{2, 2.9000000005}, {1, 2.8387627573054206}}) {
    w.zero_grad();
    w.add_grad(array({real(gradient)}));
    adam.step();
    CHECK(double(w.value()(0)) == doctest::Approx(expected).epsilon(sizeof(real) == 8 ? 1e-12 : 1e-6));
  }
}

TEST_CASE("optim: options that make no sense") {
  const Tensor p = parameter({1});
  CHECK(error_of([] { optim::SGD({}, {.lr = 0.1}); }) == "optimiser: got no parameters");
  CHECK(error_of([&] { optim::SGD({p}, {.lr = 0.1, .nesterov = true}); }) == "SGD: Nesterov needs momentum and no dampening");
  CHECK_THROWS_AS(optim::SGD({p}, {.lr = 0.1, .momentum = 0.9, .dampening = 0.1, .nesterov = true}), Error);
  CHECK(error_of([&] { optim::SGD({p}, {.lr = 0.1, .weight_decay = -1}); }) == "SGD: weight_decay -1 is negative");
  CHECK(error_of([&] { optim::Adagrad({p}, {.weight_decay = -1}); }) == "Adagrad: weight_decay -1 is negative");
  CHECK(error_of([&] { optim::RMSprop({p}, {.lr = -1}); }) == "optimiser: learning rate -1 is not a number >= 0");
  CHECK(error_of([&] { optim::Adam({p}, {.beta1 = 1}); }) == "Adam: betas 1 and 0.999 are not in [0, 1)");
  CHECK(error_of([&] { optim::AdamW({p}, {.beta2 = -0.5}); }) == "AdamW: betas 0.9 and -0.5 are not in [0, 1)");
  const Tensor result = p * 2;
  result.node().gradient = ones({1});
  optim::SGD wrong({result}, {.lr = 0.1});
  CHECK(error_of([&] { wrong.step(); }) == "mutable_value: the result of 'mul' cannot be changed, only a leaf can");
}

TEST_CASE("schedules: the scheduler sets the rate at once and goes to any step") {
  const Tensor p = parameter({1});
  optim::SGD sgd({p}, {.lr = 8});
  optim::LRScheduler scheduler(sgd, optim::StepLR(2, 0.5));
  std::vector<double> rates;
  for (int i = 0; i < 5; ++i, scheduler.step()) rates.push_back(sgd.lr());
  CHECK(rates == std::vector<double>{8, 8, 4, 4, 2});
  CHECK(scheduler.steps() == 5);
  scheduler.set_step(1);
  CHECK(sgd.lr() == 8);
  optim::LRScheduler warm(sgd, optim::LinearLR(0.25, 1, 3));  // the base rate is what the optimiser had: 8
  CHECK(sgd.lr() == 2);
  warm.set_step(3);
  CHECK(sgd.lr() == doctest::Approx(8));
  warm.set_step(100);
  CHECK(sgd.lr() == doctest::Approx(8));
}

TEST_CASE("schedules: two after each other, each counted from its own start") {
  const optim::Schedule both = optim::SequentialLR({optim::LinearLR(0.5, 1, 2), optim::ExponentialLR(0.5)}, {2});
  CHECK(both(1, 0) == 0.5);
  CHECK(both(1, 1) == 0.75);
  CHECK(both(1, 2) == 1);
  CHECK(both(1, 4) == 0.25);
  CHECK(error_of([] { optim::SequentialLR({}, {}); }) ==
        "SequentialLR: 0 schedules and 0 milestones; needs one schedule more than milestones, and these in rising order");
  CHECK_THROWS_AS(optim::SequentialLR({optim::StepLR(1), optim::StepLR(1), optim::StepLR(1)}, {5, 2}), Error);
}

TEST_CASE("schedules: errors") {
  CHECK(error_of([] { optim::StepLR(0); }) == "StepLR: step_size is 0, needs at least 1");
  CHECK(error_of([] { optim::CosineAnnealingLR(0); }) == "CosineAnnealingLR: t_max is 0, needs at least 1");
  CHECK(error_of([] { optim::LinearLR(0.1, 1, -1); }) == "LinearLR: total_steps is -1, needs at least 1");
  CHECK(error_of([] { optim::LinearWarmupDecay(0, 5); }) == "LinearWarmupDecay: warmup is 0, needs at least 1");
  CHECK(error_of([] { optim::LinearWarmupDecay(5, 5); }) == "LinearWarmupDecay: total 5 is not after the warm-up of 5");
  CHECK(error_of([] { optim::WarmupCosine(7, 5, 0); }) == "WarmupCosine: total 5 is not after the warm-up of 7");
  CHECK(error_of([] { optim::Noam(512, 0); }) == "Noam: warmup is 0, needs at least 1");
  CHECK(error_of([] { optim::Noam(0, 4000); }) == "Noam: d_model is 0, needs at least 1");
}

TEST_CASE("clip: by value and by norm, over all gradients together, missing ones skipped") {
  const Tensor a = parameter({0, 0}), none = parameter({0}), b = parameter({0});
  give_gradient(a, {3, 0});
  give_gradient(b, {-4});
  CHECK(optim::clip_grad_norm({a, none, b}, 10) == doctest::Approx(5));  // sqrt(9 + 16), below the limit: untouched
  CHECK(a.grad() == array({3, 0}));
  CHECK(optim::clip_grad_norm({a, none, b}, 2.5) == doctest::Approx(5));
  CHECK(a.grad()(0) == doctest::Approx(1.5));
  CHECK(b.grad()(0) == doctest::Approx(-2));
  CHECK(optim::clip_grad_norm({a, b}, 100, 1) == doctest::Approx(3.5));
  CHECK(optim::clip_grad_norm({a, b}, 100, std::numeric_limits<double>::infinity()) == doctest::Approx(2));
  optim::clip_grad_value({a, none, b}, 1);
  CHECK(a.grad() == array({1, 0}));
  CHECK(b.grad() == array({-1}));
  CHECK_FALSE(none.has_grad());
  CHECK(optim::clip_grad_norm({none}, 1) == 0);
  CHECK(optim::clip_grad_norm({}, 1) == 0);
  CHECK(error_of([&] { optim::clip_grad_norm({a}, 0); }) == "clip_grad_norm: max_norm 0 is not positive");
  CHECK(error_of([&] { optim::clip_grad_norm({a}, 1, -2); }) == "clip_grad_norm: a norm of order -2 does not exist");
  CHECK(error_of([&] { optim::clip_grad_value({a}, -1); }) == "clip_grad_value: limit -1 is not positive");
}
