// Chapter 03: update rules, clipping, schedules and batch norm by hand against the golden files; training runs, a real kill and resume.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <numbers>

#include "chapters/03_training/by_hand/batch_norm.hpp"
#include "chapters/03_training/by_hand/clipping.hpp"
#include "chapters/03_training/by_hand/rates.hpp"
#include "chapters/03_training/by_hand/rules.hpp"
#include "chapters/03_training/depth.hpp"
#include "chapters/03_training/descent.hpp"
#include "chapters/03_training/overfitting.hpp"
#include "chapters/03_training/resume.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;
using golden::number_after;
using golden::starts_with;

namespace {

/// The by-hand code of the rules, of clipping and of the schedules is in double in both builds, so the files' own tolerances hold.
constexpr golden::Tolerance exact{1e-12, 1e-12};

std::vector<double> doubles(const json& tensor) { return tensor.at("data").get<std::vector<double>>(); }

/// The rule a run of the file is for; none for the variants that the chapter does not write by hand (tests/golden covers them).
rules::Rule rule_of(const std::string& name, const json& hyper) {
  const double lr = hyper.at("lr");
  const std::vector<double> betas = hyper.value("betas", std::vector<double>{0.9, 0.999});
  const double eps = hyper.value("eps", 1e-8);
  if (hyper.contains("nesterov") || hyper.contains("dampening") || hyper.contains("amsgrad") || hyper.contains("centered")) return nullptr;
  if (starts_with(name, "adamw")) return rules::adamw(lr, hyper.value("weight_decay", 0.01), betas[0], betas[1], eps);
  if (hyper.contains("weight_decay")) return nullptr;
  if (starts_with(name, "adam")) return rules::adam(lr, betas[0], betas[1], eps);
  if (starts_with(name, "rmsprop")) return hyper.contains("momentum") ? nullptr : rules::rmsprop(lr, hyper.value("alpha", 0.99), eps);
  if (starts_with(name, "sgd")) return hyper.contains("momentum") ? rules::momentum(lr, hyper.at("momentum")) : rules::sgd(lr);
  return nullptr;
}

}  // namespace

TEST_CASE("five update rules by hand: a quadratic, 12 steps") {
  golden::File f("optimizers");
  const auto start = doubles(f.inputs().at("w0")), c = doubles(f.inputs().at("c")), t = doubles(f.inputs().at("t"));
  REQUIRE(f.inputs().at("quadratic") == "0.5*sum(c*(w-t)^2) + 0.3*w0*w1");
  const auto gradient = [&](const rules::Vector& w) {  // of that: c (w - t), and 0.3 times the other one of the first two
    rules::Vector g(w.size());
    for (std::size_t i = 0; i < w.size(); ++i) g[i] = c[i] * (w[i] - t[i]);
    g[0] += 0.3 * w[1];
    g[1] += 0.3 * w[0];
    return g;
  };
  expect("gradient", gradient(start), doubles(f.expected("quadratic_grad_at_w0")), exact);
  int checked = 0;
  for (const auto& [name, run] : f.expected("quadratic").items()) {
    const rules::Rule rule = rule_of(name, run.at("hyper"));
    if (!rule) continue;
    rules::Vector w = start, path;
    for (std::size_t step = 0; step < run.at("w_after_step").at("shape").at(0).get<std::size_t>(); ++step) {
      rule(w, gradient(w));
      path.insert(path.end(), w.begin(), w.end());
    }
    expect(name, path, doubles(run.at("w_after_step")), {f.absolute("trajectory_abs", 1e-11), 1e-11});
    ++checked;
  }
  CHECK(checked > 0);
  if (golden::own_values()) CHECK(checked == 7);  // SGD, momentum, Adam twice, AdamW twice, RMSprop
  f.expected("rosenbrock");
}

TEST_CASE("five update rules by hand: Rosenbrock's valley") {
  golden::File f("optimizers");
  REQUIRE(f.inputs().at("rosenbrock") == "(1-x)^2+100(y-x^2)^2");
  const bool own_start = doubles(f.inputs().at("rosenbrock_start")) == rules::start;
  if (golden::own_values()) CHECK(own_start);
  const json& runs = f.expected("rosenbrock");
  CHECK(runs.size() == rules::contestants().size());
  for (const auto& [name, run] : runs.items()) {
    const rules::Rule rule = rule_of(name, run.at("hyper"));
    REQUIRE(rule != nullptr);
    rules::Vector w = doubles(f.inputs().at("rosenbrock_start"));
    for (int step = 1; step <= 500; ++step) {
      rule(w, rules::rosenbrock_gradient(w));
      const std::string key = std::to_string(step);
      if (!run.at("w_after").contains(key)) continue;
      // RMSprop jumps from wall to wall near the floor: there PyTorch itself moves by 8e-4 when the start moves by 2e-16.
      const double absolute = name == "rmsprop" && step > 300 ? 3e-3 : f.absolute("rosenbrock_500_abs", 1e-8);
      expect(name + " after " + key, w, doubles(run.at("w_after").at(key)), {absolute, 0});
    }
  }
  f.expected("quadratic");
  f.expected("quadratic_grad_at_w0");
}

TEST_CASE("the contestants: by hand = common/optim, and PyTorch's places in the table are those of the file") {
  golden::File f("optimizers");
  const char* const keys[] = {"sgd", "sgd_momentum0.9", "rmsprop", "adam", "adamw"};
  const auto contestants = rules::contestants();
  for (std::size_t i = 0; i < contestants.size(); ++i) {
    CAPTURE(contestants[i].name);
    // 300 steps down a valley that pulls neighbouring paths together; in float each step rounds at 6e-8
    const rules::Path by_hand = rules::walk(contestants[i].rule, 300), built_in = rules::walk(contestants[i], 300);
    CHECK(max_difference(rules::flat(by_hand, 300), rules::flat(built_in, 300)) < (golden::is_double ? 1e-11 : 1e-4));
    if (!golden::own_values()) continue;
    const json& run = f.expected("rosenbrock").at(keys[i]);
    CHECK(contestants[i].lr == run.at("hyper").at("lr").get<double>());
    const std::vector<double> w = doubles(run.at("w_after").at("500"));
    CHECK(contestants[i].pytorch == fmt::format("{:.3f} {:.3f}", w[0], w[1]));
  }
  for (const char* key : {"quadratic", "rosenbrock", "quadratic_grad_at_w0"}) f.expected(key);
  // slope at the start with pencil: -2 (1 + 1.2) + 400 * 1.2 * (1 - 1.44) = -215.6 and 200 (1 - 1.44) = -88
  expect("slope", rules::rosenbrock_gradient({-1.2, 1}), std::vector<double>{-215.6, -88}, exact);
  CHECK(rules::rosenbrock({1.0, 1.0}) == 0);
  CHECK(rules::steps_to({{0, 0}, {0.5, 0.25}, {1, 1}}, 0.5) == 1);  // 1, 0.25, 0
  CHECK(rules::steps_to({{0, 0}}, 0.5) == -1);
}

TEST_CASE("gradient clipping by hand") {
  golden::File f("gradient_clipping");
  const auto g = doubles(f.inputs().at("g")), small = doubles(f.inputs().at("g_small")), matrix = doubles(f.inputs().at("g_matrix"));
  const auto check = [&](const std::string& where, const clipping::Vector& got, const json& tensor) {
    expect(where, got, doubles(tensor), exact);
  };
  const auto limit_of = [&](const char* start) { return number_after(golden::key_of(f.all(), start), start); };
  const auto whole_key = [&](const char* start) { return golden::key_of(f.all(), start); };
  const clipping::Vector value = clipping::by_value(g, limit_of("clip_value_")), norm = clipping::by_norm(g, limit_of("keras_clipnorm_"));
  check("by value", value, f.expected(whole_key("clip_value_")));
  check("by value, small", clipping::by_value(small, limit_of("value_small_")), f.expected(whole_key("value_small_")).at(0));
  check("by norm", norm, f.expected(whole_key("keras_clipnorm_")));
  CHECK(clipping::by_norm({0.3, -0.4}, 1) == clipping::Vector{0.3, -0.4});  // short enough: nothing changes
  const auto total = [](const std::vector<clipping::Vector>& all) {
    clipping::Vector together;
    for (const auto& v : all) together.insert(together.end(), v.begin(), v.end());
    return clipping::norm(together);
  };
  const double norm_limit = limit_of("torch_clip_norm_"), each_limit = limit_of("per_tensor_norm_");
  using Variables = std::vector<clipping::Vector>;
  for (const auto& [key, variables, limit] :
       {std::tuple{whole_key("torch_clip_norm_"), Variables{g}, norm_limit},
        {"small_untouched", Variables{small}, norm_limit},
        {whole_key("global_norm_two_tensors_max_"), Variables{g, matrix}, limit_of("global_norm_two_tensors_max_")}}) {
    expect(key + ": norm", total(variables), f.expected(key).at("total_norm"), exact);
    const Variables clipped = clipping::by_global_norm(variables, limit);
    REQUIRE(f.expected(key).at("grads").size() == clipped.size());
    for (std::size_t i = 0; i < clipped.size(); ++i) check(key, clipped[i], f.expected(key).at("grads").at(i));
  }
  const json& each = f.expected(whole_key("per_tensor_norm_"));
  check("each by itself", clipping::by_norm(g, each_limit), each.at(0));
  check("each by itself", clipping::by_norm(matrix, each_limit), each.at(1));
  const auto cosine = [](const clipping::Vector& a, const clipping::Vector& b) {
    return std::cos(clipping::angle(a, b) * std::numbers::pi / 180);
  };
  f.check("cosine_original_vs_value_clipped", cosine(g, value), exact);
  f.check("cosine_original_vs_norm_clipped", cosine(g, norm), exact);
  for (const char* other : {"inf_norm_max_", "l1_norm_max_"}) f.expected(whole_key(other));  // other norms: tests/golden

  // the numbers of the notes, derived with pencil in the README
  expect("notes, by value", clipping::by_value({0.9, 100}, 1), std::vector<double>{0.9, 1}, {0, 0});
  expect("notes, by norm", clipping::by_norm({0.9, 100}, 1), std::vector<double>{0.00899964, 0.99995950}, {5e-9, 0});
  const golden::Tolerance rounded{golden::is_double ? 1e-15 : 1e-7, 1e-7};
  expect("common/optim, by value", clipping::built_in_by_value(g, limit_of("clip_value_")), value, rounded);
  expect("common/optim, by norm", clipping::built_in_by_norm(g, norm_limit), clipping::by_global_norm({g}, norm_limit)[0], rounded);
  CHECK_THROWS_AS(clipping::angle({0, 0}, {1, 0}), Error);
}

TEST_CASE("schedules by hand") {
  golden::File f("lr_schedules");
  int checked = 0;
  for (const auto& item : f.all().items()) {
    const std::string& key = item.key();
    const golden::json& value = item.value();
    const auto check = [&](const auto& rate) {
      const std::vector<double> expected = f.expected(key).get<std::vector<double>>();
      std::vector<double> got;
      for (std::size_t step = 0; step < expected.size(); ++step) got.push_back(rate(int(step)));
      expect(key, got, expected, exact);
      ++checked;
    };
    const auto number = [&](const char* word) { return number_after(key, word); };  // the settings stand in the key
    const auto whole = [&](const char* word) { return int(number(word)); };
    if (starts_with(key, "StepLR_"))
      check([&](int s) { return rates::step_decay(value.at(0), whole("step"), number("gamma"), s); });
    else if (starts_with(key, "ExponentialLR_"))
      check([&](int s) { return rates::exponential(value.at(0), number("LR_"), s); });
    else if (starts_with(key, "Cosine"))
      check([&](int s) { return rates::cosine(number("_lr"), number("eta"), whole("Tmax"), s); });
    else if (starts_with(key, "LinearLR_warmup_")) {
      const double share = number("warmup_"), base = value.at(0).get<double>() / share;
      check([&](int s) { return rates::warm_up(base, share, whole("_in_"), s); });
    } else if (starts_with(key, "linear_warmup")) {
      const int warmup = whole("warmup");
      check([&](int s) { return rates::warm_up_and_down(value.at(std::size_t(warmup)), warmup, whole("_at_"), s); });
    } else if (golden::has(key, "_then_cosine_")) {
      const int warmup = whole("warmup");
      const double base = value.at(std::size_t(warmup)), share = value.at(0).get<double>() / base;
      check([&](int s) { return rates::warm_up_cosine(base, share, warmup, warmup + whole("Tmax"), s); });
    } else if (starts_with(key, "noam_d")) {  // {"step": rate, …}, steps counted from 1
      for (const auto& [step, rate] : f.expected(key).items())
        expect(key + " " + step, rates::noam(whole("_d"), whole("_warmup"), std::stoi(step) - 1), rate, {0, 1e-12});
      ++checked;
    } else {
      f.expected(key);  // not written by hand in the chapter; tests/golden checks it
    }
  }
  if (golden::own_values()) CHECK(checked == 7);
  CHECK(rates::hundred_steps().size() == 7);
  CHECK(max_difference(rates::all_by_hand(), rates::all_built_in()) < 1e-6);  // a float holds 7 digits
}

TEST_CASE("batch norm by hand") {
  golden::File f("batch_norm");
  by_hand::BatchNorm norm(f.param("gamma").size());
  norm.gamma = doubles(f.params().at("gamma"));
  norm.beta = doubles(f.params().at("beta"));
  norm.eps = f.params().at("eps");
  norm.momentum = f.params().at("momentum");
  const Array X = f.input("X"), R = f.input("R");
  f.check("train_y1", norm.training(X), golden::forward);
  const auto check = [&](const char* key, const std::vector<double>& got) { expect(key, got, doubles(f.expected(key)), golden::forward); };
  check("running_mean_1", norm.running_mean);
  check("running_var_1", norm.running_var);
  const json& gradients = f.expected("grads_of_sum(y1*R)");
  const by_hand::BatchNorm::Gradients d = norm.backward(X, R);
  expect("dx", d.x, gradients.at("x"), golden::gradient);
  expect("dgamma", d.gamma, doubles(gradients.at("gamma")), golden::gradient);
  expect("dbeta", d.beta, doubles(gradients.at("beta")), golden::gradient);
  f.check("train_y2", norm.training(f.input("X2")), golden::forward);
  check("running_mean_2", norm.running_mean);
  check("running_var_2", norm.running_var);
  f.check("eval_y_of_X", norm.evaluation(X), golden::forward);
  for (const char* images : {"bn2d_train_y_no_affine_change", "bn2d_running_mean", "bn2d_running_var"}) f.expected(images);  // tests/golden
  CHECK_THROWS_AS(norm.training(zeros({1, 4})), Error);
  CHECK_THROWS_AS(norm.training(zeros({3, 5})), Error);
}

TEST_CASE("crescents: noise of 0 lies on the two half circles, the classes take turns") {
  Generator g{7};
  const moons::Data data = moons::make(50, 0, g);
  for (std::size_t i = 0; i < 50; ++i) {
    const double x = double(data.points(i, 0)), y = double(data.points(i, 1)), label = double(data.labels(i, 0));
    CHECK(label == double(i % 2));
    const double dx = label == 0 ? x : x - 1, dy = label == 0 ? y : y - 0.5;
    CHECK(std::sqrt(dx * dx + dy * dy) == doctest::Approx(1).epsilon(1e-6));
    CHECK((label == 0 ? dy : -dy) >= -1e-6);
  }
  CHECK_THROWS_AS(moons::make(0, 0.1, g), Error);
  CHECK_THROWS_AS(moons::make(5, -0.1, g), Error);
}

TEST_CASE("batches: updates are counted, the gradient is a mean, small batches err more") {
  Generator g{1};
  const moons::Data data = moons::make(60, 0.2, g);
  const moons::Classifier model({}, g);
  CHECK(model.parameter_count() == 2 * 16 + 16 + 16 * 16 + 16 + 16 + 1);
  // sums of 60 numbers below 1 in another order
  CHECK(max_difference(descent::gradient(model, data), descent::mean_of_single_gradients(model, data)) <
        (golden::is_double ? 1e-15 : 1e-6));
  const double one = descent::mean_angle(model, data, 1, 60, g), ten = descent::mean_angle(model, data, 10, 60, g);
  CHECK(one > ten + 10);
  CHECK(descent::mean_angle(model, data, 60, 2, g) < 0.1);  // all the data: the same gradient; acos near 1 magnifies rounding
  const descent::Run batch = descent::descend("batch", data, data, 60, 8, 3), small = descent::descend("7", data, data, 7, 8, 3);
  CHECK(batch.updates_per_epoch == 1);
  CHECK(small.updates_per_epoch == 9);  // 60 / 7 = 8 batches of 7, and one of 4
  CHECK(batch.losses.size() == 9);
  CHECK(batch.losses.front() == small.losses.front());
  CHECK(batch.examples_seen.back() == 480);
  CHECK(small.losses.back() < batch.losses.back());
}

TEST_CASE("deep networks: vanishing, exploding, kept") {
  CHECK(depth::applied_by_hand(2, 50) == 1125899906842624.0);  // 2^50
  CHECK(depth::applied_by_hand(0.5, 50) == 1 / 1125899906842624.0);
  for (const double w : {2.0, 0.5}) CHECK(depth::applied_by_autograd(w, 50) == depth::applied_by_hand(w, 50));
  Generator g{5};
  const moons::Data data = moons::make(40, 0.2, g);
  const depth::Table table = depth::measure({5, 20}, data, 3, 5);
  REQUIRE(table.norms.size() == depth::setups().size());
  const auto factor = [&](const std::string& name) {
    for (std::size_t i = 0; i < table.norms.size(); ++i)
      if (depth::setups()[i].name == name) return std::pow(table.norms[i][1] / table.norms[i][0], 1 / 15.0);
    fail("no setup '{}'", name);
  };
  // Backwards a layer multiplies the gradient's variance by width * var(weight) * mean slope^2. PyTorch's start has width * var = 1/3, so
  // a factor of sqrt(1/3) * 1/4 = 0.144 for the sigmoid near 0, sqrt(1/3) = 0.577 for tanh near 0, sqrt(1/6) = 0.408 for ReLU (half of
  // the slopes are 1). Xavier and He make it about 1, and 3 times He's weights make it 3. Few networks of width 32 scatter around that.
  CHECK(factor("sigmoid") == doctest::Approx(0.144).epsilon(0.1));
  CHECK(factor("tanh") == doctest::Approx(0.577).epsilon(0.1));
  CHECK(factor("ReLU") == doctest::Approx(0.408).epsilon(0.15));
  CHECK(factor("tanh, Xavier") == doctest::Approx(1).epsilon(0.15));
  CHECK(factor("ReLU, He") == doctest::Approx(1).epsilon(0.15));
  CHECK(factor("ReLU, 3 x He") == doctest::Approx(3).epsilon(0.15));
  CHECK(factor("sigmoid, batch norm") == doctest::Approx(1).epsilon(0.2));
}

TEST_CASE("over-fitting, and what early stopping does about it") {
  Generator g{11};
  const moons::Data few = moons::make(30, 0.35, g), many = moons::make(200, 0.35, g);
  const auto cases = overfitting::cases();
  REQUIRE(cases.size() == 4);
  const overfitting::Run line = overfitting::fit(cases[0], few, many, 100, 2), large = overfitting::fit(cases[1], few, many, 150, 2);
  const overfitting::Run stopped = overfitting::fit(cases[3], few, many, 150, 2);
  CHECK(line.parameters == 3);
  CHECK(large.parameters == 2 * 128 + 128 + 128 * 128 + 128 + 128 + 1);
  CHECK(large.train_loss < line.train_loss);
  CHECK(large.validation_loss > 2 * large.train_loss);
  CHECK(large.validation_loss > large.best_validation_loss + 0.1);
  CHECK(stopped.history.stopped_early);
  CHECK(std::int64_t(stopped.history.epochs.size()) == stopped.best_epoch + cases[3].patience);
  CHECK(stopped.best_epoch == large.best_epoch);  // the same run, cut short
  CHECK(stopped.validation_loss < large.validation_loss);
}

TEST_CASE("the loop by hand = the Trainer, bit for bit") {
  Generator g{3};
  const moons::Data data = moons::make(50, 0.2, g);
  for (const double dropout : {0.0, 0.3}) {
    Generator first{4}, second{4};
    moons::Classifier a({.dropout = dropout}, first), b({.dropout = dropout}, second);
    const Array start = moons::weights(a);
    moons::train_by_hand(a, moons::loader(data, 8, first), 2);
    train::Trainer({.max_epochs = 2, .progress = train::ProgressMode::off}).fit(b, moons::loader(data, 8, second));
    CHECK(max_difference(moons::weights(a), moons::weights(b)) == 0);
    CHECK(max_difference(moons::weights(a), start) > 0.01);
  }
}

TEST_CASE("stopped or killed and resumed: the same bits") {
  Generator g{3};
  const moons::Data data = moons::make(50, 0.2, g);
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("byhand_training_{}", ::getpid());
  const resume::Result whole = resume::run(data, {});
  const auto check_same = [&](const resume::Result& resumed) {
    CHECK(max_difference(whole.weights, resumed.weights) == 0);
    CHECK(whole.losses == resumed.losses);
  };
  SUBCASE("stopped after 3 epochs") {
    const resume::Result half = resume::run(data, {.epochs = 3, .checkpoint = folder / "stopped"});
    CHECK(half.losses.size() == 3);
    CHECK(max_difference(whole.weights, half.weights) > 0);
    check_same(resume::run(data, {.checkpoint = folder / "stopped", .from_checkpoint = true, .seed = 99}));
  }
  SUBCASE("kill -9 at the end of epoch 4, before its checkpoint") {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      resume::run(data, {.checkpoint = folder / "killed", .after_epoch = [](std::int64_t epoch) {
                           if (epoch == 4) ::kill(::getpid(), SIGKILL);
                         }});
      ::_exit(0);  // not reached
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    std::int64_t first = 0;
    check_same(
        resume::run(data, {.checkpoint = folder / "killed", .from_checkpoint = true, .seed = 99, .after_epoch = [&](std::int64_t epoch) {
                             if (first == 0) first = epoch;
                           }}));
    CHECK(first == 4);  // the checkpoint of epoch 3 was the last one
  }
  std::filesystem::remove_all(folder);
}
