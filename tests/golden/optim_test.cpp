// Optimisers, schedules and clipping against PyTorch: whole trajectories.
#include <functional>
#include <memory>

#include "common/autograd/ops.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizer.hpp"
#include "common/optim/schedule.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;

namespace {

/// The optimiser a run's name begins with, with the settings of its "hyper" block. A setting nobody knows fails the test.
std::unique_ptr<optim::Optimizer> make(const std::string& name, const json& hyper, const Tensor& w) {
  std::set<std::string> used;
  const auto get = [&](const char* key, double standard) {
    used.insert(key);
    return hyper.contains(key) ? hyper.at(key).is_boolean() ? double(hyper.at(key).get<bool>()) : hyper.at(key).get<double>() : standard;
  };
  const auto beta = [&](std::size_t i, double standard) {
    used.insert("betas");
    return hyper.contains("betas") ? hyper.at("betas").at(i).get<double>() : standard;
  };
  std::unique_ptr<optim::Optimizer> made;
  if (name.rfind("sgd", 0) == 0) {
    made = std::make_unique<optim::SGD>(std::vector{w}, optim::SGDOptions{get("lr", 0), get("momentum", 0), get("dampening", 0), get("weight_decay", 0), get("nesterov", 0) != 0});
  } else if (name.rfind("adamw", 0) == 0) {
    made = std::make_unique<optim::AdamW>(std::vector{w}, optim::AdamWOptions{get("lr", 1e-3), beta(0, 0.9), beta(1, 0.999), get("eps", 1e-8), get("weight_decay", 1e-2), get("amsgrad", 0) != 0});
  } else if (name.rfind("adam", 0) == 0) {
    made = std::make_unique<optim::Adam>(std::vector{w}, optim::AdamOptions{get("lr", 1e-3), beta(0, 0.9), beta(1, 0.999), get("eps", 1e-8), get("weight_decay", 0), get("amsgrad", 0) != 0});
  } else if (name.rfind("rmsprop", 0) == 0) {
    made = std::make_unique<optim::RMSprop>(std::vector{w}, optim::RMSpropOptions{get("lr", 1e-2), get("alpha", 0.99), get("eps", 1e-8), get("momentum", 0), get("weight_decay", 0), get("centered", 0) != 0});
  } else if (name.rfind("adagrad", 0) == 0) {
    made = std::make_unique<optim::Adagrad>(std::vector{w}, optim::AdagradOptions{get("lr", 1e-2), get("eps", 1e-10), get("weight_decay", 0)});
  }
  REQUIRE_MESSAGE(made, "optimizers: no optimiser for '", name, "'");
  for (const auto& [key, value] : hyper.items()) CHECK_MESSAGE(used.count(key), "optimizers: ", name, ": unknown setting '", key, "'");
  return made;
}

// Twelve steps in float: each rounds at 6e-8; where the running squares are small, 1 / sqrt makes more of it.
const golden::Tolerance steps12 = golden::is_double ? golden::Tolerance{1e-11, 1e-11} : golden::Tolerance{2e-5, 2e-5};
// 500 steps in the curved valley of Rosenbrock's function: double as the file says; float errors grow along the valley floor.
// RMSprop ends up jumping from wall to wall by about its learning rate: there PyTorch itself moves by 8e-4 when the start moves by 2e-16.
// In double every operation is in PyTorch's order, so that even this run agrees; in float it can only agree to some jumps.
golden::Tolerance steps500(const std::string& name, const json& hyper) {
  if (golden::is_double) return {1e-8, 1e-8};
  return name == "rmsprop" ? golden::Tolerance{2.5 * hyper.at("lr").get<double>(), 0} : golden::Tolerance{3e-3, 0};
}

}  // namespace

TEST_CASE("golden optimizers") {
  golden::File f("optimizers");
  const Array w0 = f.input("w0");
  const Tensor c(f.input("c")), t(f.input("t"));
  // 0.5 sum(c (w - t)^2) + 0.3 w0 w1
  const auto quadratic = [&](const Tensor& w) { return real(0.5) * sum(c * square(w - t)) + real(0.3) * select(w, 0, 0) * select(w, 0, 1); };
  const Tensor at_start(w0, true);
  quadratic(at_start).backward();
  expect("optimizers: gradient at w0", at_start.grad(), f.expected("quadratic_grad_at_w0"), golden::gradient);

  for (const auto& [name, run] : f.expected("quadratic").items()) {
    const Tensor w(w0, true);
    const auto optimizer = make(name, run.at("hyper"), w);
    const Array after = f.array(run.at("w_after_step"), name);
    Array ours = empty(after.shape()), losses = empty({after.shape()[0]});
    for (std::size_t step = 0; step < after.shape()[0]; ++step) {
      optimizer->zero_grad();
      const Tensor loss = quadratic(w);
      losses(step) = loss.item();
      loss.backward();
      optimizer->step();
      for (std::size_t j = 0; j < w.size(); ++j) ours(step, j) = w.value()(j);
    }
    expect("optimizers: quadratic " + name, ours, run.at("w_after_step"), steps12);
    expect("optimizers: quadratic loss " + name, losses, run.at("loss_before_step"), steps12);
  }

  const auto rosenbrock = [](const Tensor& w) {
    const Tensor x = select(w, 0, 0), y = select(w, 0, 1);
    return square(1 - x) + 100 * square(y - square(x));
  };
  for (const auto& [name, run] : f.expected("rosenbrock").items()) {
    const Tensor w(f.input("rosenbrock_start"), true);
    const auto optimizer = make(name, run.at("hyper"), w);
    int last = 0;
    for (const auto& [step, value] : run.at("w_after").items()) last = std::max(last, std::stoi(step));
    for (int step = 1; step <= last; ++step) {
      optimizer->zero_grad();
      rosenbrock(w).backward();
      optimizer->step();
      if (const std::string key = std::to_string(step); run.at("w_after").contains(key))
        expect("optimizers: rosenbrock " + name + " step " + key, w, run.at("w_after").at(key), step <= 20 ? steps12 : steps500(name, run.at("hyper")));
    }
  }
}

TEST_CASE("golden lr_schedules") {
  golden::File f("lr_schedules");
  const golden::Tolerance exact{1e-12, 1e-12};  // learning rates are double in both builds
  const auto verify = [&](const std::string& key, double base, const optim::Schedule& schedule) {
    const json& expected = f.expected(key);
    const Tensor w(scalar(0), true);
    optim::SGD sgd({w}, {.lr = base});
    optim::LRScheduler scheduler(sgd, schedule);
    for (std::size_t i = 0; i < expected.size(); ++i, scheduler.step()) {
      const double e = expected.at(i).get<double>();
      CHECK_MESSAGE(std::abs(sgd.lr() - e) <= exact.absolute + exact.relative * e, "lr_schedules: ", key, "[", i, "]: expected ", e, ", got ", sgd.lr());
    }
  };
  for (const auto& [key, value] : f.all().items()) {
    const std::vector<double> n = golden::numbers_in(key);
    const auto is = [&, &name = key](const char* prefix) { return name.rfind(prefix, 0) == 0; };
    const auto whole = [&](std::size_t i) { return std::int64_t(n.at(i)); };
    if (is("StepLR_")) verify(key, 1, optim::StepLR(whole(0), n.at(1)));
    else if (is("MultiStepLR_")) verify(key, 1, optim::MultiStepLR({whole(0), whole(1)}, n.at(2)));
    else if (is("ExponentialLR_")) verify(key, 1, optim::ExponentialLR(n.at(0)));
    else if (is("CosineAnnealingLR_")) verify(key, n.at(2), optim::CosineAnnealingLR(whole(0), n.at(1)));
    else if (is("LinearLR_warmup_")) verify(key, 1, optim::LinearLR(n.at(0), n.at(1), whole(2)));
    else if (is("linear_warmup")) verify(key, 1, optim::LinearWarmupDecay(whole(0), whole(2)));
    else if (is("warmup") && key.find("then_cosine") != std::string::npos)  // the script warms up from 0.1
      verify(key, 1, optim::SequentialLR({optim::LinearLR(0.1, 1, whole(0)), optim::CosineAnnealingLR(whole(1))}, {whole(0)}));
    else if (is("noam_d")) {
      for (const auto& [step, expected] : f.expected(key).items()) {
        const double got = optim::Noam(whole(0), whole(1))(1, std::stoll(step) - 1), e = expected.get<double>();
        CHECK_MESSAGE(std::abs(got - e) <= exact.relative * e, "noam step ", step, ": expected ", e, ", got ", got);
      }
    } else if (is("nanogpt_warmup")) {
      const json& steps = f.expected("nanogpt_iters");
      const optim::Schedule schedule = optim::WarmupCosine(whole(0), whole(1), n.at(3));
      for (std::size_t i = 0; i < steps.size(); ++i) {
        const double got = schedule(n.at(2), steps.at(i).get<std::int64_t>()), e = f.expected(key).at(i).get<double>();
        CHECK_MESSAGE(std::abs(got - e) <= exact.absolute + exact.relative * e, key, " at ", steps.at(i).get<int>(), ": expected ", e, ", got ", got);
      }
    }
  }
}

TEST_CASE("golden gradient_clipping") {
  golden::File f("gradient_clipping");
  const Array g = f.input("g"), small = f.input("g_small"), matrix = f.input("g_matrix");
  const auto with_gradients = [](const std::vector<Array>& gradients) {
    std::vector<Tensor> parameters;
    for (const Array& gradient : gradients) {
      parameters.emplace_back(zeros(gradient.shape()), true);
      parameters.back().mutable_grad() = gradient;
    }
    return parameters;
  };
  const auto by_norm = [&](const std::string& key, const std::vector<Array>& gradients, double max_norm, double order = 2) {
    const std::vector<Tensor> parameters = with_gradients(gradients);
    const json& expected = f.expected(key);
    expect(key + " norm", optim::clip_grad_norm(parameters, max_norm, order), expected.at("total_norm"), golden::forward);
    for (std::size_t i = 0; i < parameters.size(); ++i) expect(key, parameters[i].grad(), expected.at("grads").at(i), golden::gradient);
    return parameters[0].grad();
  };
  const auto cosine = [](const Array& a, const Array& b) { return double(xt::sum(a * b)()) / std::sqrt(double(xt::sum(a * a)()) * double(xt::sum(b * b)())); };

  Array by_value, small_by_value;
  double largest_norm = 1;
  for (const auto& [key, value] : f.all().items()) {
    const std::vector<double> n = golden::numbers_in(key);
    if (key.rfind("clip_value_", 0) == 0) {
      const auto p = with_gradients({g});
      optim::clip_grad_value(p, n.at(0));
      f.check(key, by_value = p[0].grad(), golden::forward);
    } else if (key.rfind("value_small_", 0) == 0) {
      const auto p = with_gradients({small});
      optim::clip_grad_value(p, n.at(0));
      expect(key, p[0].grad(), f.expected(key).at(0), golden::forward);
    } else if (key.rfind("torch_clip_norm_", 0) == 0) {
      largest_norm = n.at(0);
      const Array scaled = by_norm(key, {g}, largest_norm);
      f.check("cosine_original_vs_norm_clipped", cosine(g, scaled), golden::forward);
    } else if (key.rfind("keras_clipnorm_", 0) == 0) {  // per variable and without 1e-6: our function differs by just that
      const auto p = with_gradients({g});
      const double norm = optim::clip_grad_norm(p, n.at(0));
      f.check(key, Array(p[0].grad() * real((norm + 1e-6) / norm)), golden::gradient);
    } else if (key.rfind("global_norm_two_tensors_max_", 0) == 0) {
      by_norm(key, {g, matrix}, n.at(0));
    } else if (key.rfind("per_tensor_norm_", 0) == 0) {
      const std::vector<Array> both{g, matrix};
      for (std::size_t i = 0; i < both.size(); ++i) {
        const auto p = with_gradients({both[i]});
        const double norm = optim::clip_grad_norm(p, n.at(0));
        expect(key, Array(p[0].grad() * real(norm > n.at(0) ? (norm + 1e-6) / norm : 1.0)), f.expected(key).at(i), golden::gradient);
      }
    } else if (key.rfind("inf_norm_max_", 0) == 0) {
      by_norm(key, {matrix}, n.at(0), std::numeric_limits<double>::infinity());
    } else if (key.rfind("l1_norm_max_", 0) == 0) {
      by_norm(key, {matrix}, n.at(1), 1);
    } else if (key == "small_untouched") {
      by_norm(key, {small}, 1);
    }
  }
  f.check("cosine_original_vs_value_clipped", cosine(g, by_value), golden::forward);
}
