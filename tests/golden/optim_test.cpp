// Optimisers, schedules and clipping against PyTorch: whole trajectories.
#include <functional>
#include <limits>
#include <memory>

#include "common/autograd/ops.hpp"
#include "common/core/generator.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"
#include "common/optim/schedule.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::json;
using golden::number_after;
using golden::starts_with;

namespace {

/// The settings of a run. What it does not name keeps the library's default; a setting that nobody took fails the test.
class Hyper {
 public:
  Hyper(std::string where, const json& values) : where_(std::move(where)), values_(values) {}
  ~Hyper() {
    for (const auto& [key, value] : values_.items())
      if (!used_.count(key)) FAIL_CHECK(where_, ": unknown setting '", key, "'");
  }
  Hyper(const Hyper&) = delete;
  Hyper& operator=(const Hyper&) = delete;

  void set(const char* key, double& setting) {
    if (const json* value = find(key)) setting = value->get<double>();
  }
  void set(const char* key, bool& setting) {  // true or false, or 1 or 0
    if (const json* value = find(key)) setting = value->is_boolean() ? value->get<bool>() : value->get<double>() != 0;
  }
  template <class Options>
  void set_betas(Options& options) {
    const json* value = find("betas");
    if (!value) return;
    options.beta1 = value->at(0).get<double>();
    options.beta2 = value->at(1).get<double>();
  }

 private:
  const json* find(const char* key) {
    used_.insert(key);
    return values_.contains(key) ? &values_.at(key) : nullptr;
  }
  std::string where_;
  const json& values_;
  std::set<std::string> used_;
};

std::unique_ptr<optim::Optimizer> sgd(Hyper& hyper, const Tensor& w) {
  optim::SGDOptions o;
  hyper.set("lr", o.lr);
  hyper.set("momentum", o.momentum);
  hyper.set("dampening", o.dampening);
  hyper.set("weight_decay", o.weight_decay);
  hyper.set("nesterov", o.nesterov);
  return std::make_unique<optim::SGD>(std::vector{w}, o);
}

/// Adam and AdamW.
template <class Optimizer, class Options>
std::unique_ptr<optim::Optimizer> adam(Hyper& hyper, const Tensor& w) {
  Options o;
  hyper.set("lr", o.lr);
  hyper.set_betas(o);
  hyper.set("eps", o.eps);
  hyper.set("weight_decay", o.weight_decay);
  hyper.set("amsgrad", o.amsgrad);
  return std::make_unique<Optimizer>(std::vector{w}, o);
}

std::unique_ptr<optim::Optimizer> rmsprop(Hyper& hyper, const Tensor& w) {
  optim::RMSpropOptions o;
  hyper.set("lr", o.lr);
  hyper.set("alpha", o.alpha);
  hyper.set("eps", o.eps);
  hyper.set("momentum", o.momentum);
  hyper.set("weight_decay", o.weight_decay);
  hyper.set("centered", o.centered);
  return std::make_unique<optim::RMSprop>(std::vector{w}, o);
}

std::unique_ptr<optim::Optimizer> adagrad(Hyper& hyper, const Tensor& w) {
  optim::AdagradOptions o;
  hyper.set("lr", o.lr);
  hyper.set("eps", o.eps);
  hyper.set("weight_decay", o.weight_decay);
  return std::make_unique<optim::Adagrad>(std::vector{w}, o);
}

/// The optimiser a run's name begins with.
std::unique_ptr<optim::Optimizer> make(const std::string& name, const json& values, const Tensor& w) {
  Hyper hyper("optimizers.json: " + name, values);
  if (starts_with(name, "sgd")) return sgd(hyper, w);
  if (starts_with(name, "adamw")) return adam<optim::AdamW, optim::AdamWOptions>(hyper, w);
  if (starts_with(name, "adam")) return adam<optim::Adam, optim::AdamOptions>(hyper, w);
  if (starts_with(name, "rmsprop")) return rmsprop(hyper, w);
  if (starts_with(name, "adagrad")) return adagrad(hyper, w);
  fail("optimizers.json: no optimiser for '{}'", name);
}

using Loss = std::function<Tensor(const Tensor&)>;

/// A run: the weights after each step and the loss before it.
struct Run {
  std::vector<Array> weights;
  std::vector<real> losses;
};
/// With `jitter` every weight is moved by up to that part of itself after each step.
Run train(const std::string& name, const json& hyper, const Array& start, const Loss& loss_of, std::size_t steps, double jitter = 0,
          std::uint64_t seed = 0) {
  const Tensor w(start, true);
  const auto optimizer = make(name, hyper, w);
  Generator noise(seed);
  Run run;
  for (std::size_t step = 0; step < steps; ++step) {
    optimizer->zero_grad();
    const Tensor loss = loss_of(w);
    loss.backward();
    optimizer->step();
    run.losses.push_back(loss.item());
    run.weights.push_back(w.value());
    if (jitter > 0)
      for (real& v : w.mutable_value()) v = real(v * (1 + jitter * (2 * double(noise.uniform()) - 1)));
  }
  return run;
}

/// How far rounding alone can take a run, after each step. No constant fits all runs: RMSprop in the valley of Rosenbrock's function ends up
/// jumping from wall to wall by about its learning rate, and there PyTorch itself moves by 8e-4 when the start moves by 2e-16; SGD forgets
/// such errors. So the run is repeated with every weight nudged at each step by a few units in the last place; three times the largest
/// distance so far between these runs is the spread. Only this width comes from our own code, never the expected value.
struct Spread {
  std::vector<double> weights, losses;
};
Spread spread_of(const Run& run, const std::function<Run(double jitter, std::uint64_t seed)>& again) {
  Spread spread{std::vector<double>(run.weights.size()), std::vector<double>(run.weights.size())};
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Run other = again(4 * double(std::numeric_limits<real>::epsilon()), seed);
    double weights = 0, losses = 0;
    for (std::size_t step = 0; step < run.weights.size(); ++step) {
      for (std::size_t j = 0; j < run.weights[step].size(); ++j)
        weights = std::max(weights, std::abs(double(run.weights[step].data()[j]) - double(other.weights[step].data()[j])));
      losses = std::max(losses, std::abs(double(run.losses[step]) - double(other.losses[step])));
      spread.weights[step] = std::max(spread.weights[step], 3 * weights);
      spread.losses[step] = std::max(spread.losses[step], 3 * losses);
    }
  }
  return spread;
}

/// In double what the file asks for, 1e-11 or 1e-8: the spread is a hundred times smaller, except where a run jumps. In float the spread decides.
golden::Tolerance tolerance(double of_file, double spread) {
  return {golden::is_double ? std::max(of_file, spread) : golden::forward.absolute + spread, golden::forward.relative};
}

}  // namespace

TEST_CASE("golden optimizers: a quadratic") {
  golden::File f("optimizers");
  const Array w0 = f.input("w0");
  const Tensor c(f.input("c")), t(f.input("t"));
  const std::string text = f.inputs().at("quadratic");
  const double half = golden::numbers_in(text).at(0), mixed = number_after(text, ") + ");
  REQUIRE(text == fmt::format("{}*sum(c*(w-t)^2) + {}*w0*w1", half, mixed));
  const Loss quadratic = [&](const Tensor& w) {
    return real(half) * sum(c * square(w - t)) + real(mixed) * select(w, 0, 0) * select(w, 0, 1);
  };
  const Tensor at_start(w0, true);
  quadratic(at_start).backward();
  f.check("quadratic_grad_at_w0", at_start.grad(), golden::gradient);

  golden::Part runs = f.part("quadratic");
  for (const auto& [name, value] : runs.all().items()) {
    golden::Part expected = runs.part(name);
    const json& hyper = expected.expected("hyper");
    const std::size_t steps = expected.given("loss_before_step").size();
    const auto again = [&, &key = name](double jitter, std::uint64_t seed) {
      return train(key, hyper, w0, quadratic, steps, jitter, seed);
    };
    const Run run = again(0, 0);
    const Spread spread = spread_of(run, again);
    const double of_file = f.absolute("trajectory_abs", golden::trajectory.absolute);
    Array weights = empty({steps, w0.size()}), losses = empty({steps});
    for (std::size_t step = 0; step < steps; ++step) {
      losses(step) = run.losses[step];
      std::copy(run.weights[step].begin(), run.weights[step].end(), weights.data() + step * w0.size());
    }
    expected.check("w_after_step", weights, tolerance(of_file, spread.weights.back()));
    expected.check("loss_before_step", losses, tolerance(of_file, spread.losses.back()));
  }
  f.expected("rosenbrock");  // the next test
}

TEST_CASE("golden optimizers: Rosenbrock's valley") {
  golden::File f("optimizers");
  const std::string text = f.inputs().at("rosenbrock");
  const std::vector<double> numbers = golden::numbers_in(text);
  REQUIRE(numbers.size() > 2);
  const real a = real(numbers[0]), b = real(numbers[2]);
  REQUIRE(text == fmt::format("({}-x)^2+{}(y-x^2)^2", numbers[0], numbers[2]));
  const Loss rosenbrock = [&](const Tensor& w) {
    const Tensor x = select(w, 0, 0), y = select(w, 0, 1);
    return square(a - x) + b * square(y - square(x));
  };
  golden::Part runs = f.part("rosenbrock");
  for (const auto& [name, value] : runs.all().items()) {
    golden::Part expected = runs.part(name);
    const json& hyper = expected.expected("hyper");
    golden::Part after = expected.part("w_after");
    std::size_t last = 0;
    for (const auto& [step, weights] : after.all().items()) last = std::max<std::size_t>(last, std::stoul(step));
    const auto again = [&, &key = name](double jitter, std::uint64_t seed) {
      return train(key, hyper, f.input("rosenbrock_start"), rosenbrock, last, jitter, seed);
    };
    const Run run = again(0, 0);
    const Spread spread = spread_of(run, again);
    for (const auto& [key, weights] : after.all().items()) {
      const std::size_t step = std::stoul(key) - 1;
      after.check(key, run.weights.at(step),
                  tolerance(f.absolute("rosenbrock_500_abs", golden::trajectory.absolute), spread.weights.at(step)));
    }
  }
  f.expected("quadratic");  // the test before
  f.expected("quadratic_grad_at_w0");
}

namespace {

/// The number of a key's form "…name5…", as a whole number.
std::int64_t count_after(const std::string& key, const char* name) { return std::int64_t(number_after(key, name)); }

/// A schedule and the learning rate it begins with, from a key. The base rate is in the key ("lr1") or what the list of rates begins with
/// or reaches. No schedule when the key is none.
struct Case {
  optim::Schedule schedule;
  double base;
};
Case schedule_of(const std::string& key, const json& rates) {
  const std::vector<double> numbers = golden::numbers_in(key);
  const auto rate = [&](std::int64_t step) { return rates.at(std::size_t(step)).get<double>(); };
  if (starts_with(key, "StepLR_")) return {optim::StepLR(count_after(key, "step"), number_after(key, "gamma")), rate(0)};
  if (starts_with(key, "MultiStepLR_")) {
    return {optim::MultiStepLR(std::vector<std::int64_t>(numbers.begin(), numbers.end() - 1), number_after(key, "gamma")), rate(0)};
  }
  if (starts_with(key, "ExponentialLR_")) return {optim::ExponentialLR(number_after(key, "ExponentialLR_")), rate(0)};
  if (starts_with(key, "CosineAnnealingLR_")) {
    return {optim::CosineAnnealingLR(count_after(key, "Tmax"), number_after(key, "eta")), number_after(key, "_lr")};
  }
  if (starts_with(key, "LinearLR_warmup_")) {
    const double from = number_after(key, "warmup_"), to = number_after(key, "_to_");
    return {optim::LinearLR(from, to, count_after(key, "_in_")), rate(0) / from};
  }
  if (starts_with(key, "linear_warmup")) {
    const std::int64_t warmup = count_after(key, "warmup");
    REQUIRE(golden::has(key, "_to_0_at_"));
    return {optim::LinearWarmupDecay(warmup, count_after(key, "_at_")), rate(warmup)};
  }
  if (starts_with(key, "warmup") && golden::has(key, "_then_cosine_")) {  // from rate(0) up, then the cosine down from the base to 0
    const std::int64_t warmup = count_after(key, "warmup");
    const double base = rate(warmup);
    return {optim::SequentialLR({optim::LinearLR(rate(0) / base, 1, warmup), optim::CosineAnnealingLR(count_after(key, "Tmax"))}, {warmup}),
            base};
  }
  return {nullptr, 0};
}

}  // namespace

TEST_CASE("golden lr_schedules") {
  golden::File f("lr_schedules");
  const double of_file = f.absolute("abs", golden::trajectory.absolute);
  const golden::Tolerance exact{std::min(of_file, 1e-12), 1e-12};  // learning rates are double in both builds
  for (const auto& [key, value] : f.all().items()) {
    std::vector<double> rates;
    if (const auto [schedule, base] = schedule_of(key, value); schedule) {
      const Tensor w(scalar(0), true);
      optim::SGD sgd({w}, {.lr = base});
      optim::LRScheduler scheduler(sgd, schedule);
      for (std::size_t i = 0; i < value.size(); ++i, scheduler.step()) rates.push_back(sgd.lr());
      f.check(key, rates, exact);
    } else if (starts_with(key, "noam_d")) {  // {"step": rate, …}, steps counted from 1; rates of 1e-7, so all digits count
      golden::Part expected = f.part(key);
      const optim::Schedule noam = optim::Noam(count_after(key, "_d"), count_after(key, "_warmup"));
      for (const auto& [step, rate] : expected.all().items()) expected.check(step, noam(1, std::stoll(step) - 1), {0, exact.relative});
    } else if (starts_with(key, "nanogpt_warmup")) {  // nanogpt_warmup10_decay50_6e-4_6e-5: the largest rate, then the smallest
      const std::vector<double> numbers = golden::numbers_in(key);
      const optim::Schedule nanogpt = optim::WarmupCosine(count_after(key, "_warmup"), count_after(key, "_decay"), numbers.at(3));
      for (const std::int64_t step : golden::ids_from_json(f.expected("nanogpt_iters"), "nanogpt_iters"))
        rates.push_back(nanogpt(numbers.at(2), step));
      f.check(key, rates, exact);
    }
  }
}

namespace {

/// Parameters that have these gradients.
std::vector<Tensor> with_gradients(const std::vector<Array>& gradients) {
  std::vector<Tensor> parameters;
  for (const Array& gradient : gradients) {
    parameters.emplace_back(zeros(gradient.shape()), true);
    parameters.back().mutable_grad() = gradient;
  }
  return parameters;
}

/// {"total_norm": …, "grads": […]} against clip_grad_norm.
void check_clip_norm(golden::File& f, const std::string& key, const std::vector<Array>& gradients, double max_norm, double order = 2) {
  golden::Part expected = f.part(key);
  const std::vector<Tensor> parameters = with_gradients(gradients);
  expected.check("total_norm", optim::clip_grad_norm(parameters, max_norm, order), golden::forward);
  const json& grads = expected.expected("grads");
  CHECK(grads.size() == parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i)
    golden::expect(fmt::format("{}/grads[{}]", expected.where(), i), parameters[i].grad(), grads.at(i), golden::gradient);
}

/// Keras' clipnorm: each variable by itself and without the 1e-6, by which alone our function differs.
Array keras_clipped(const Array& gradient, double max_norm) {
  const auto parameter = with_gradients({gradient});
  const double norm = optim::clip_grad_norm(parameter, max_norm);
  return Array(parameter[0].grad() * real(norm > max_norm ? (norm + 1e-6) / norm : 1.0));
}

double cosine(const Array& a, const Array& b) {
  return double(xt::sum(a * b)()) / std::sqrt(double(xt::sum(a * a)()) * double(xt::sum(b * b)()));
}

}  // namespace

TEST_CASE("golden gradient_clipping") {
  golden::File f("gradient_clipping");
  const Array g = f.input("g"), small = f.input("g_small"), matrix = f.input("g_matrix");
  const auto by_value = [](const Array& gradient, double limit) {
    const auto parameter = with_gradients({gradient});
    optim::clip_grad_value(parameter, limit);
    return parameter[0].grad();
  };
  const auto limit_in = [&](const std::string& start) { return number_after(golden::key_of(f.all(), start), start); };
  const double norm_limit = limit_in("torch_clip_norm_");
  for (const auto& [key, value] : f.all().items()) {
    if (starts_with(key, "clip_value_")) {
      f.check(key, by_value(g, number_after(key, "value_")), golden::forward);
    } else if (starts_with(key, "value_small_")) {
      golden::expect(f.where() + "/" + key + "[0]", by_value(small, number_after(key, "small_")), f.expected(key).at(0), golden::forward);
    } else if (starts_with(key, "torch_clip_norm_")) {
      check_clip_norm(f, key, {g}, number_after(key, "norm_"));
    } else if (starts_with(key, "keras_clipnorm_")) {
      f.check(key, keras_clipped(g, number_after(key, "clipnorm_")), golden::gradient);
    } else if (starts_with(key, "global_norm_two_tensors_max_")) {
      check_clip_norm(f, key, {g, matrix}, number_after(key, "max_"));
    } else if (starts_with(key, "per_tensor_norm_")) {
      const std::vector<Array> both{g, matrix};
      for (std::size_t i = 0; i < both.size(); ++i)
        golden::expect(fmt::format("{}/{}[{}]", f.where(), key, i), keras_clipped(both[i], number_after(key, "norm_")),
                       f.expected(key).at(i), golden::gradient);
    } else if (starts_with(key, "inf_norm_max_")) {
      check_clip_norm(f, key, {matrix}, number_after(key, "max_"), std::numeric_limits<double>::infinity());
    } else if (key[0] == 'l' && golden::has(key, "_norm_max_")) {  // "l1_norm_max_1"
      check_clip_norm(f, key, {matrix}, number_after(key, "max_"), number_after(key, "l"));
    } else if (key == "small_untouched") {  // by the limit that g is scaled to
      check_clip_norm(f, key, {small}, norm_limit);
    }
  }
  f.check("cosine_original_vs_value_clipped", cosine(g, by_value(g, limit_in("clip_value_"))), golden::forward);
  const auto scaled = with_gradients({g});
  optim::clip_grad_norm(scaled, norm_limit);
  f.check("cosine_original_vs_norm_clipped", cosine(g, scaled[0].grad()), golden::forward);
}
