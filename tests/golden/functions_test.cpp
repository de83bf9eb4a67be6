// Activations and losses against PyTorch: values and derivatives.
#include <functional>

#include "common/autograd/losses.hpp"
#include "common/autograd/activations.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;

namespace {

using Function = std::function<Tensor(const Tensor&)>;

/// "leaky_relu_0.01", "elu_0.5": the number behind the name is the parameter.
Function activation(const std::string& key) {
  const auto is = [&](const char* name) { return key.rfind(name, 0) == 0; };
  const auto parameter = [&] { return real(golden::numbers_in(key).at(0)); };
  if (key == "sigmoid") return [](const Tensor& x) { return sigmoid(x); };
  if (key == "tanh") return [](const Tensor& x) { return tanh(x); };
  if (key == "relu") return [](const Tensor& x) { return relu(x); };
  if (is("leaky_relu_")) return [p = parameter()](const Tensor& x) { return leaky_relu(x, p); };
  if (is("elu_")) return [p = parameter()](const Tensor& x) { return elu(x, p); };
  if (key == "gelu_exact_erf") return [](const Tensor& x) { return gelu(x, Gelu::erf); };
  if (key == "gelu_tanh") return [](const Tensor& x) { return gelu(x, Gelu::tanh); };
  if (key == "softplus") return [](const Tensor& x) { return softplus(x); };
  if (key == "silu") return [](const Tensor& x) { return silu(x); };
  if (key == "logsigmoid") return [](const Tensor& x) { return logsigmoid(x); };
  if (key == "softmax_last_dim") return [](const Tensor& x) { return softmax(x); };
  if (key == "log_softmax_last_dim") return [](const Tensor& x) { return log_softmax(x); };
  if (key == "softmax_dim0_columns") return [](const Tensor& x) { return softmax(x, 0); };
  return {};
}

}  // namespace

TEST_CASE("golden activations") {
  golden::File f("activations");
  const Array R = f.input("R"), matrix = f.input("matrix");
  for (const auto& [key, value] : f.all().items()) {
    const Function function = activation(key);
    if (!function) continue;  // the three below
    const json& expected = f.expected(key);
    const bool of_matrix = expected.contains("grad_of_sum(f*R)");
    const Tensor x(of_matrix ? matrix : f.input("x"), true), y = function(x);
    expect("activations: " + key, y, expected.at("f"), golden::forward);
    sum(of_matrix ? y * Tensor(R) : y).backward();
    expect("activations: d " + key, x.grad(), expected.at(of_matrix ? "grad_of_sum(f*R)" : "df"), golden::gradient);
  }
  const json& extreme = f.expected("extreme_inputs");
  for (const auto& [key, value] : extreme.items()) {
    if (key == "x") continue;
    expect("activations: extreme " + key, activation(key)(Tensor(f.array(extreme.at("x"), "x"))), value, golden::forward);
  }
  const std::size_t cols = matrix.shape()[1];
  Array row = empty({cols}), shifted = empty({cols}), jacobian = empty({cols, cols});
  for (std::size_t j = 0; j < cols; ++j) {
    row(j) = matrix(0, j);
    shifted(j) = matrix(0, j) + 1000;
  }
  for (std::size_t i = 0; i < cols; ++i) {
    const Tensor x(row, true);
    select(softmax(x), 0, i).backward();
    for (std::size_t j = 0; j < cols; ++j) jacobian(i, j) = x.grad()(j);
  }
  f.check("softmax_jacobian_row0", jacobian, golden::gradient);
  // x + 1000 keeps only 13 (double) or 3 (float) decimals of x.
  const golden::Tolerance after_shift = golden::is_double ? golden::Tolerance{1e-12, 1e-12} : golden::Tolerance{1e-4, 0};
  f.check("softmax_shift_invariance_+1000", softmax(Tensor(shifted)), after_shift);
}

TEST_CASE("golden losses") {
  golden::File f("losses");
  const Array logits = f.input("logits"), soft = f.input("soft_targets"), bce_t = f.input("bce_targets");
  const Ids targets = f.input_ids("targets"), ignoring = f.input_ids("targets_with_ignore");
  const auto verify = [&](const std::string& key, const std::string& leaf_name, const Array& start, const Function& loss_of) {
    const json& expected = f.expected(key);
    const Tensor x(start, true), loss = loss_of(x);
    expect("losses: " + key, loss, expected.at("loss"), golden::forward);
    loss.backward();
    f.check_gradients(key, expected.at("grads"), {{leaf_name, x}});
  };
  for (const auto& [key, value] : f.all().items()) {
    CrossEntropyOptions o;
    if (key.find("class_weights") != std::string::npos) o.weight = f.input("class_weights");
    if (key.find("label_smoothing") != std::string::npos) o.label_smoothing = golden::numbers_in(key).at(0);
    if (key.find("_sum") != std::string::npos) o.reduction = Reduction::sum;
    const bool ignores = key.find("ignore_index") != std::string::npos;
    if (ignores) o.ignore_index = -std::int64_t(golden::numbers_in(key).at(0));
    if (key.rfind("cross_entropy", 0) != 0 || key == "cross_entropy_none" || key == "cross_entropy_soft_targets_mean") continue;
    verify(key, "logits", logits, [&](const Tensor& x) { return cross_entropy(x, ignores ? ignoring : targets, o); });
  }
  verify("cross_entropy_soft_targets_mean", "logits", logits, [&](const Tensor& x) { return cross_entropy(x, soft); });
  f.check("cross_entropy_none", cross_entropy(Tensor(logits), targets, {.reduction = Reduction::none}), golden::forward);

  verify("bce_mean", "p", f.input("bce_p"), [&](const Tensor& p) { return binary_cross_entropy(p, bce_t); });
  verify("bce_with_logits_mean", "z", f.input("bce_logits"), [&](const Tensor& z) { return binary_cross_entropy_with_logits(z, bce_t); });
  for (const auto& [key, value] : f.all().items()) {
    if (key.rfind("bce_with_logits_pos_weight_", 0) != 0) continue;
    const real weight = real(golden::numbers_in(key).at(0));
    verify(key, "z", f.input("bce_logits"), [&](const Tensor& z) { return binary_cross_entropy_with_logits(z, bce_t, Reduction::mean, weight); });
  }
  const json& extreme = f.expected("bce_with_logits_extreme");
  expect("losses: bce extreme", binary_cross_entropy_with_logits(Tensor(f.array(extreme.at("z"), "z")), f.array(extreme.at("t"), "t"), Reduction::none),
         extreme.at("loss_each"), golden::forward);

  const Tensor target(f.input("target"));
  verify("mse_mean", "pred", f.input("pred"), [&](const Tensor& p) { return mse_loss(p, target); });
  verify("mse_sum", "pred", f.input("pred"), [&](const Tensor& p) { return mse_loss(p, target, Reduction::sum); });
  verify("l1_mean", "pred", f.input("pred"), [&](const Tensor& p) { return l1_loss(p, target); });

  const json& video = f.expected("statquest_cross_entropy_video");
  const Tensor minus_log_p = -log(Tensor(f.array(video.at("p"), "p")));
  expect("losses: video", minus_log_p, video.at("minus_log_p"), golden::forward);
  expect("losses: video total", sum(minus_log_p), video.at("total"), golden::forward);
}
