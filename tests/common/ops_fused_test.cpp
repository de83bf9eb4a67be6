// Each fast operation equals its definition (autograd/definitions.hpp), in value and in every gradient. And what the functions do exactly
// at a kink, worked out by hand.
#include <doctest/doctest.h>

#include <functional>

#include "common/autograd/activations.hpp"
#include "common/autograd/definitions.hpp"
#include "common/autograd/losses.hpp"
#include "common/fast/attention.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/fast/layer_norm.hpp"
#include "common/fast/lstm.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::values;

namespace {

using Tensors = std::vector<Tensor>;
using Function = std::function<Tensor(const Tensors&)>;

/// Sums of some ten products each, carried through a few steps: ten roundings.
constexpr double tolerance = 10 * test::rounding;

/// f's value and the gradients of sum(f * fixed weights).
std::vector<Array> value_and_gradients(const std::vector<Array>& inputs, const Function& f) {
  Tensors leaves;
  for (const Array& input : inputs) leaves.emplace_back(input, true);
  const Tensor y = f(leaves);
  std::vector<Array> all{y.value()};
  sum(y * Tensor(values(y.shape(), -1, 1, 99))).backward();
  for (const Tensor& leaf : leaves) all.push_back(leaf.grad());
  return all;
}

void check_equal(const std::string& name, const std::vector<Array>& inputs, const Function& fused, const Function& composed) {
  const std::vector<Array> a = value_and_gradients(inputs, fused), b = value_and_gradients(inputs, composed);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::string what = name + (i ? ", gradient of input " + std::to_string(i - 1) : ", value");
    CHECK_MESSAGE(a[i].shape() == b[i].shape(), what);
    CHECK_MESSAGE(all_close(a[i], b[i], tolerance), what);
  }
}

/// The gradient of sum(f(x)).
Array derivative(const Array& x, const std::function<Tensor(const Tensor&)>& f) {
  const Tensor leaf(x, true);
  sum(f(leaf)).backward();
  return leaf.grad();
}

}  // namespace

TEST_CASE("fused: linear = x W^T + b") {
  for (const Shape& shape : std::vector<Shape>{{3}, {1, 3}, {5, 3}, {2, 4, 3}, {0, 3}}) {
    const std::vector<Array> inputs{values(shape), values({2, 3}, -1, 1, 2), values({2}, -1, 1, 3)};
    check_equal(
        fmt::format("linear {}", shape), inputs, [](const Tensors& x) { return linear(x[0], x[1], x[2]); },
        [](const Tensors& x) { return definition::linear(x[0], x[1], x[2]); });
    check_equal(
        fmt::format("linear without bias {}", shape), {inputs[0], inputs[1]}, [](const Tensors& x) { return linear(x[0], x[1]); },
        [](const Tensors& x) { return matmul(x[0], transpose(x[1])); });
  }
  // No input at all: what is left is the bias.
  CHECK(linear(Tensor(zeros({2, 0})), Tensor(zeros({3, 0})), Tensor(array({1, 2, 3}))).value() == array({2, 3}, {1, 2, 3, 1, 2, 3}));
  CHECK(linear(Tensor(zeros({2, 0})), Tensor(zeros({3, 0}))).value() == zeros({2, 3}));
}

TEST_CASE("fused: layer_norm = (x - mean) / sqrt(variance + eps) * gain + bias") {
  for (const Shape& shape : std::vector<Shape>{{5}, {3, 5}, {2, 3, 4}}) {
    const std::size_t n = shape.back();
    check_equal(
        fmt::format("layer_norm {}", shape), {values(shape, -2, 2), values({n}, 0.5, 2, 2), values({n}, -1, 1, 3)},
        [](const Tensors& x) { return layer_norm(x[0], x[1], x[2], 0.01); },
        [](const Tensors& x) { return definition::layer_norm(x[0], x[1], x[2], 0.01); });
  }
}

TEST_CASE("fused: lstm_sequence = one lstm_cell after the other, forwards and backwards in time") {
  struct Size {
    std::size_t time, batch, in, hidden;
  };
  for (const Size s : {Size{5, 3, 2, 4}, Size{1, 1, 1, 1}, Size{4, 1, 3, 2}}) {
    for (const bool reverse : {false, true}) {
      const std::vector<Array> inputs{
          values({s.time, s.batch, s.in}, -2, 2, 1), values({s.batch, s.hidden}, -1, 1, 2),      values({s.batch, s.hidden}, -1, 1, 3),
          values({4 * s.hidden, s.in}, -1, 1, 4),    values({4 * s.hidden, s.hidden}, -1, 1, 5), values({4 * s.hidden}, -1, 1, 6),
          values({4 * s.hidden}, -1, 1, 7)};
      check_equal(
          fmt::format("lstm {} steps, reverse {}", s.time, reverse), inputs,
          [=](const Tensors& x) { return lstm_sequence(x[0], x[1], x[2], x[3], x[4], x[5], x[6], reverse); },
          [=](const Tensors& x) {
            Tensors rows(s.time + 1);
            Tensor h = x[1], c = x[2];
            for (std::size_t step = 0; step < s.time; ++step) {
              const std::size_t t = reverse ? s.time - 1 - step : step;
              std::tie(h, c) = definition::lstm_cell(select(x[0], 0, t), h, c, x[3], x[4], x[5], x[6]);
              rows[t] = h;
            }
            rows[s.time] = c;
            return stack(rows);
          });
    }
  }
}

TEST_CASE("fused: scaled_dot_product_attention = softmax(q k^T / sqrt(d_k)) v") {
  const std::vector<Array> inputs{values({2, 3, 4, 5}, -2, 2), values({2, 3, 6, 5}, -2, 2, 2), values({2, 3, 6, 2}, -1, 1, 3)};
  const Array hidden = array({4, 6}, {0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1});
  check_equal(
      "attention", inputs, [](const Tensors& x) { return scaled_dot_product_attention(x[0], x[1], x[2]); },
      [](const Tensors& x) { return definition::scaled_dot_product_attention(x[0], x[1], x[2]); });
  check_equal(
      "attention, masked", inputs,
      [&](const Tensors& x) { return scaled_dot_product_attention(x[0], x[1], x[2], {.mask = {.hidden = hidden}}); },
      [&](const Tensors& x) { return definition::scaled_dot_product_attention(x[0], x[1], x[2], hidden); });
}

TEST_CASE("fused: cross_entropy = -log_softmax at the target") {
  const Array logits = values({4, 3}, -3, 3);
  const Ids targets = ids({2, 0, 1, 1});
  const auto picked = [&](const Tensor& z) { return squeeze(gather(log_softmax(z), 1, ids({4, 1}, {2, 0, 1, 1})), 1); };
  check_equal(
      "mean", {logits}, [&](const Tensors& x) { return cross_entropy(x[0], targets); },
      [&](const Tensors& x) { return definition::cross_entropy(x[0], targets); });
  check_equal(
      "sum", {logits}, [&](const Tensors& x) { return cross_entropy(x[0], targets, {.reduction = Reduction::sum}); },
      [&](const Tensors& x) { return -sum(picked(x[0])); });
  check_equal(
      "none", {logits}, [&](const Tensors& x) { return cross_entropy(x[0], targets, {.reduction = Reduction::none}); },
      [&](const Tensors& x) { return -picked(x[0]); });
  // targets equal to ignore_index do not count, here the two of class 1
  check_equal(
      "ignore_index", {logits}, [&](const Tensors& x) { return cross_entropy(x[0], targets, {.ignore_index = 1}); },
      [&](const Tensors& x) { return -sum(slice(picked(x[0]), 0, 0, 2)) / 2; });
  // weights: each example counts as much as its class, the mean divides by the sum of these: 4 + 0.5 + 2 + 2
  check_equal(
      "weight", {logits},
      [&](const Tensors& x) {
        return cross_entropy(x[0], targets, {.weight = array({0.5, 2, 4})});
      },
      [&](const Tensors& x) {
        return -sum(picked(x[0]) * Tensor(array({4, 0.5, 2, 2}))) / real(8.5);
      });
  // smoothing 0.3: 0.7 of the usual loss and 0.3 of the mean over the classes
  check_equal(
      "label_smoothing", {logits}, [&](const Tensors& x) { return cross_entropy(x[0], targets, {.label_smoothing = 0.3}); },
      [&](const Tensors& x) { return -(mean(picked(x[0])) * real(0.7) + mean(log_softmax(x[0])) * real(0.3)); });
  const Array shares = array({4, 3}, {0.2, 0.3, 0.5, 1, 0, 0, 0, 0.5, 0.5, 0.25, 0.25, 0.5});
  check_equal(
      "shares", {logits}, [&](const Tensors& x) { return cross_entropy(x[0], shares); },
      [&](const Tensors& x) { return definition::cross_entropy(x[0], shares); });
  // A target of which nothing counts: 0 / 0, as in PyTorch; and no gradient
  const Tensor z(logits, true), nothing = cross_entropy(z, ids({-100, -100, -100, -100}));
  CHECK(std::isnan(nothing.item()));
  nothing.backward();
  CHECK(z.grad() == zeros({4, 3}));
}

TEST_CASE("fused: binary_cross_entropy_with_logits = binary_cross_entropy of the sigmoid") {
  const Array z = values({3, 4}, -4, 4), t = values({3, 4}, 0, 1, 2);
  for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::none}) {
    check_equal(
        "with logits", {z}, [&](const Tensors& x) { return binary_cross_entropy_with_logits(x[0], t, reduction); },
        [&](const Tensors& x) { return binary_cross_entropy(sigmoid(x[0]), t, reduction); });
  }
  check_equal(
      "pos_weight", {z}, [&](const Tensors& x) { return binary_cross_entropy_with_logits(x[0], t, Reduction::sum, 3); },
      [&](const Tensors& x) {
        const Tensor p = sigmoid(x[0]), target(t);
        return -sum(real(3) * target * log(p) + (1 - target) * log(1 - p));
      });
  // far out, where sigmoid is 0 or 1 and its logarithm is lost: the loss is |z|, its derivative -1 or 1
  const Array far = array({1000, -1000}), wrong = array({0, 1});
  CHECK(binary_cross_entropy_with_logits(Tensor(far), wrong, Reduction::none).value() == array({1000, 1000}));
  CHECK(derivative(far, [&](const Tensor& x) { return binary_cross_entropy_with_logits(x, wrong, Reduction::sum); }) == array({1, -1}));
}

// PyTorch 1.13 gives the same numbers for all of these.
TEST_CASE("kinks: derivatives by convention") {
  const Array x = array({-1, 0, 2, 3, -2});
  CHECK(derivative(x, [](const Tensor& t) { return relu(t); }) == array({0, 0, 1, 1, 0}));
  CHECK(derivative(x, [](const Tensor& t) { return leaky_relu(t, real(0.1)); }) == array({real(0.1), real(0.1), 1, 1, real(0.1)}));
  CHECK(derivative(x, [](const Tensor& t) { return abs(t); }) == array({-1, 0, 1, 1, -1}));
  CHECK(derivative(x, [](const Tensor& t) { return clamp(t, -1, 2); }) == array({1, 1, 1, 0, 0}));
  CHECK(all_close(derivative(x, [](const Tensor& t) { return elu(t, 2); }), array({0.7357588823, 2, 1, 1, 0.2706705665}), 1e-6));  // 2 e^x
  CHECK(derivative(array({0, 2}), [](const Tensor& t) { return pow(t, 0); }) == array({0, 0}));
  CHECK(derivative(array({0, 2}), [](const Tensor& t) { return pow(t, 1); }) == array({1, 1}));
}

TEST_CASE("kinks: ties") {
  const Tensor a(array({1, 2, 3}), true), b(array({1, 5, 0}), true);
  sum(maximum(a, b)).backward();
  CHECK(a.grad() == array({0.5, 0, 1}));
  CHECK(b.grad() == array({0.5, 1, 0}));
  a.zero_grad();
  b.zero_grad();
  sum(minimum(a, b)).backward();
  CHECK(a.grad() == array({0.5, 1, 0}));
  CHECK(b.grad() == array({0.5, 0, 1}));
  const Array rows = array({2, 3}, {4, 7, 7, 1, 1, 1});
  CHECK(derivative(rows, [](const Tensor& t) { return max(t, 1); }) == array({2, 3}, {0, 1, 0, 1, 0, 0}));
  CHECK(derivative(array({2, 2}, {3, 1, 3, 2}), [](const Tensor& t) { return max(t, 0); }) == array({2, 2}, {1, 0, 0, 1}));
}

TEST_CASE("binary_cross_entropy: the logarithm is cut off at -100") {
  const Tensor p(array({0, 1, 0.5, 1}), true);
  const Tensor loss = binary_cross_entropy(p, array({0, 1, 1, 0}), Reduction::none);
  CHECK(all_close(loss.value(), array({0, 0, 0.6931471806, 100}), 1e-6));  // log 2
  sum(loss).backward();
  CHECK(p.grad()(0) == 0);
  CHECK(p.grad()(1) == 0);
  CHECK(p.grad()(2) == doctest::Approx(-2));    // (p - t) / (p (1 - p)) = -0.5 / 0.25
  CHECK(p.grad()(3) == doctest::Approx(1e12));  // the denominator is kept at 1e-12
}
