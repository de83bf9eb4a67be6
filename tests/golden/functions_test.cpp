// Activations and losses against PyTorch: values and derivatives.
#include <functional>
#include <limits>

#include "common/autograd/activations.hpp"
#include "common/autograd/losses.hpp"
#include "common/fast/cross_entropy.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::has;
using golden::json;
using golden::starts_with;

namespace {

using Function = std::function<Tensor(const Tensor&)>;

/// The function of a key, or none. "leaky_relu_0.01", "elu_0.5": the number behind the name is the parameter.
Function activation(const std::string& key) {
  const auto parameter = [&](const char* name) { return real(golden::number_after(key, name)); };
  if (key == "sigmoid") return [](const Tensor& x) { return sigmoid(x); };
  if (key == "tanh") return [](const Tensor& x) { return tanh(x); };
  if (key == "relu") return [](const Tensor& x) { return relu(x); };
  if (starts_with(key, "leaky_relu_")) return [p = parameter("leaky_relu_")](const Tensor& x) { return leaky_relu(x, p); };
  if (starts_with(key, "elu_")) return [p = parameter("elu_")](const Tensor& x) { return elu(x, p); };
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

/// d softmax(row)_i / d row_j, one backward() for each i.
Array softmax_jacobian(const Array& row) {
  const std::size_t n = row.size();
  Array jacobian = empty({n, n});
  for (std::size_t i = 0; i < n; ++i) {
    const Tensor x(row, true);
    select(softmax(x), 0, i).backward();
    for (std::size_t j = 0; j < n; ++j) jacobian(i, j) = x.grad()(j);
  }
  return jacobian;
}

Array row_of(const Array& matrix, std::size_t i, double shift = 0) {
  Array row = empty({matrix.shape()[1]});
  for (std::size_t j = 0; j < row.size(); ++j) row(j) = real(matrix(i, j) + shift);
  return row;
}

/// A loss as its key describes it: of which leaf, starting where.
struct Loss {
  std::string leaf;
  Array start;
  Function function;  // none when the key is not that of a loss
};

Loss cross_entropy_loss(const golden::File& f, const std::string& key, Reduction reduction) {
  if (has(key, "soft_targets")) {
    return {"logits", f.input("logits"), [=, p = f.input("soft_targets")](const Tensor& x) { return cross_entropy(x, p, reduction); }};
  }
  CrossEntropyOptions o;
  o.reduction = reduction;
  if (has(key, "class_weights")) o.weight = f.input("class_weights");
  if (has(key, "label_smoothing_")) o.label_smoothing = golden::number_after(key, "label_smoothing_");
  if (has(key, "ignore_index_")) o.ignore_index = std::int64_t(golden::number_after(key, "ignore_index_"));
  const Ids targets = f.input_ids(has(key, "ignore_index_") ? "targets_with_ignore" : "targets");
  return {"logits", f.input("logits"), [=](const Tensor& x) { return cross_entropy(x, targets, o); }};
}

Loss loss_of(const golden::File& f, const std::string& key) {
  const Reduction reduction = has(key, "_none") ? Reduction::none : has(key, "_sum") ? Reduction::sum : Reduction::mean;
  if (starts_with(key, "cross_entropy")) return cross_entropy_loss(f, key, reduction);
  if (starts_with(key, "bce_with_logits")) {
    const real weight = has(key, "pos_weight_") ? real(golden::number_after(key, "pos_weight_")) : real(1);
    const Array t = f.input("bce_targets");
    return {"z", f.input("bce_logits"), [=](const Tensor& z) { return binary_cross_entropy_with_logits(z, t, reduction, weight); }};
  }
  if (starts_with(key, "bce")) {
    return {"p", f.input("bce_p"), [=, t = f.input("bce_targets")](const Tensor& p) { return binary_cross_entropy(p, t, reduction); }};
  }
  if (starts_with(key, "mse")) {
    return {"pred", f.input("pred"), [=, t = Tensor(f.input("target"))](const Tensor& p) { return mse_loss(p, t, reduction); }};
  }
  if (starts_with(key, "l1")) {
    return {"pred", f.input("pred"), [=, t = Tensor(f.input("target"))](const Tensor& p) { return l1_loss(p, t, reduction); }};
  }
  return {};
}

}  // namespace

TEST_CASE("golden activations") {
  golden::File f("activations");
  const Array R = f.input("R"), matrix = f.input("matrix");
  for (const auto& [key, value] : f.all().items()) {
    if (const Function function = activation(key)) {
      golden::Part expected = f.part(key);
      const bool of_matrix = expected.all().contains("grad_of_sum(f*R)");
      const Tensor x(of_matrix ? matrix : f.input("x"), true), y = function(x);
      expected.check("f", y, golden::forward);
      sum(of_matrix ? y * Tensor(R) : y).backward();
      expected.check(of_matrix ? "grad_of_sum(f*R)" : "df", x.grad(), golden::gradient);
    } else if (starts_with(key, "softmax_jacobian_row")) {
      f.check(key, softmax_jacobian(row_of(matrix, std::size_t(golden::number_after(key, "row")))), golden::gradient);
    } else if (starts_with(key, "softmax_shift_invariance_")) {
      // x + shift is rounded to the precision of numbers as large as shift; softmax passes that absolute error on as a relative one.
      const double shift = golden::number_after(key, "invariance_"),
                   rounding = std::abs(shift) * double(std::numeric_limits<real>::epsilon());
      f.check(key, softmax(Tensor(row_of(matrix, 0, shift))), {golden::forward.absolute + rounding, golden::forward.relative + rounding});
    }
  }
  golden::Part extreme = f.part("extreme_inputs");
  const Tensor x(extreme.given("x"));
  for (const auto& [key, value] : extreme.all().items()) {
    if (const Function function = activation(key)) extreme.check(key, function(x), golden::forward);
  }
}

TEST_CASE("golden losses") {
  golden::File f("losses");
  for (const auto& [key, value] : f.all().items()) {
    if (key == "bce_with_logits_extreme") continue;  // below
    const Loss loss = loss_of(f, key);
    if (!loss.function) continue;
    const Tensor x(loss.start, true), result = loss.function(x);
    if (value.contains("grads")) {
      golden::Part expected = f.part(key);
      expected.check("loss", result, golden::forward);
      result.backward();
      expected.check_gradients("grads", {{loss.leaf, x}});
    } else {
      f.check(key, result, golden::forward);
    }
    // Each example by itself, added up, has the gradient of the sum.
    if (const std::size_t none = key.find("_none"); none != key.npos) {
      const std::string of_sum = key.substr(0, none) + "_sum";
      if (!f.all().contains(of_sum)) continue;
      sum(result).backward();
      golden::expect(f.where() + "/" + of_sum + "/grads, from " + key, x.grad(), f.all().at(of_sum).at("grads").at(loss.leaf),
                     golden::gradient);
    }
  }
  golden::Part extreme = f.part("bce_with_logits_extreme");
  const Tensor z(extreme.given("z"));
  extreme.check("loss_each", binary_cross_entropy_with_logits(z, extreme.given("t"), Reduction::none), golden::forward);

  golden::Part video = f.part("statquest_cross_entropy_video");
  const Tensor minus_log_p = -log(Tensor(video.given("p")));
  video.check("minus_log_p", minus_log_p, golden::forward);
  video.check("total", sum(minus_log_p), golden::forward);
}
