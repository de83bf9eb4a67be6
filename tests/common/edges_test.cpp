// What happens at the edges of the numbers: very large, very small, NaN, nothing; and options that make no sense. The values are those of
// the formulas, worked out beside each, and PyTorch's where it has the function.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "common/autograd/activations.hpp"
#include "common/autograd/ops.hpp"
#include "common/core/generator.hpp"
#include "common/fast/attention.hpp"
#include "common/nn/layers.hpp"
#include "common/nn/sequential.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;

namespace {
constexpr real nan_value = std::numeric_limits<real>::quiet_NaN();

/// A parameter whose gradient is this.
Tensor with_gradient(std::initializer_list<real> gradient) {
  const Tensor p(zeros({gradient.size()}), true);
  p.add_grad(array(gradient));
  return p;
}
}  // namespace

TEST_CASE("edges: the gradient of a / b by b does not multiply b by itself") {
  // -(a / b) / b = -(1e30 / 1e20) / 1e20 = -1e-10; b * b is infinite in float
  const Tensor a(real(1e30), true), b(real(1e20), true);
  (a / b).backward();
  CHECK(b.grad()() == doctest::Approx(-1e-10));
  // b = 1e-25, b * b is 0 in float: -(1e-20 / 1e-25) / 1e-25 = -1e30
  const Tensor c(real(1e-20), true), d(real(1e-25), true);
  (c / d).backward();
  CHECK(double(d.grad()()) / -1e30 == doctest::Approx(1));
}

TEST_CASE("edges: gelu at numbers that have lost digits: its derivative at 0 is 1/2") {
  const Tensor x(std::numeric_limits<real>::denorm_min() * 3, true);
  gelu(x).backward();
  CHECK(x.grad()() == real(0.5));
}

TEST_CASE("edges: beside NaN both sides of maximum and minimum get the gradient, as in PyTorch") {
  for (const auto f :
       {+[](const Tensor&a, const Tensor&b) { return maximum(a, b); }, +[](const Tensor&a, const Tensor&b) { return minimum(a, b); }}) {
    const Tensor a(array({nan_value, 1}), true), b(array({1, nan_value}), true);
    const Tensor y = f(a, b);
    CHECK(std::isnan(y.value()(0)));
    CHECK(std::isnan(y.value()(1)));
    sum(y).backward();
    CHECK(a.grad() == array({1, 1}));
    CHECK(b.grad() == array({1, 1}));
  }
}

TEST_CASE("edges: clipping does not lose NaN") {
  for (const double order : {2.0, 1.0, double(INFINITY)}) {
    CAPTURE(order);
    const Tensor p = with_gradient({nan_value, 1000, -3}), q = with_gradient({2, 5});
    CHECK(std::isnan(optim::clip_grad_norm({p, q}, 1, order)));
    for (const Tensor& t : {p, q})
      for (const real g : t.grad()) CHECK(std::isnan(g));
    const Tensor r = with_gradient({2, nan_value, 2});
    CHECK(std::isnan(optim::clip_grad_norm({r}, 1, order)));
  }
}

TEST_CASE("edges: reshape of nothing, with a size left over") {
  CHECK(error_of([] { reshape(zeros({0}), {0, rest}); }) == "reshape: beside a size of 0 the one that is left over could be any");
  CHECK(reshape(zeros({0}), {rest, 3}).shape() == Shape{0, 3});
}

TEST_CASE("edges: options out of range are refused") {
  const std::vector<Tensor> p{Tensor(zeros({2}), true)};
  CHECK(error_of([&] { optim::SGD(p, {.lr = 0.1, .momentum = -0.5}); }) == "SGD: momentum -0.5 is negative");
  CHECK(error_of([&] { optim::Adagrad(p, {.eps = -1}); }) == "Adagrad: eps -1 is not a number >= 0");
  CHECK(error_of([&] { optim::Adam(p, {.eps = NAN}); }) == "Adam: eps nan is not a number >= 0");
  CHECK(error_of([&] { optim::AdamW(p, {.eps = -1}); }) == "AdamW: eps -1 is not a number >= 0");
  CHECK(error_of([&] { optim::RMSprop(p, {.alpha = 1.5}); }) == "RMSprop: alpha 1.5 is not in [0, 1), or momentum 0 is negative");
  CHECK(error_of([&] { optim::RMSprop(p, {.eps = -1}); }) == "RMSprop: eps -1 is not a number >= 0");
  CHECK(error_of([&] { nn::BatchNorm(2, 1e-5, 1.5); }) == "BatchNorm: eps 1e-05 is negative, or momentum 1.5 is not in [0, 1]");
}

TEST_CASE("edges: key padding has the shape (batch, keys)") {
  const Tensor q(zeros({2, 3, 4, 5})), k(zeros({2, 3, 6, 5}));
  const auto attend = [&](const Array& padding) { scaled_dot_product_attention(q, k, k, {.mask = {.key_padding = padding}}); };
  CHECK_NOTHROW(attend(zeros({2, 6})));
  for (const Shape& shape : std::vector<Shape>{{1, 6}, {2, 1}, {6}, {3, 6}})
    CHECK(error_of([&] { attend(zeros(shape)); }) ==
          fmt::format("scaled_dot_product_attention: key_padding is (batch, keys), got {} for weights (2, 3, 4, 6)", shape));
}

TEST_CASE("edges: a frozen module keeps its running statistics, also in training mode and inside another one") {
  Generator g{42};
  struct Net : nn::Module {
    explicit Net(Generator& generator) : norm(child("norm", nn::BatchNorm(2))), out(child("out", nn::Linear(2, 1, generator))) {}
    Tensor operator()(const Tensor& x) const { return out(norm(x)); }
    nn::BatchNorm norm;
    nn::Linear out;
  } net(g);
  const Tensor x(array({3, 2}, {1, 2, 3, 5, 8, 13}));
  net(x);  // moves them once
  const Array mean = net.norm.running_mean.value(), variance = net.norm.running_var.value(), count = net.norm.num_batches_tracked.value();
  net.norm.freeze();
  net.train();  // of the whole: it must not undo the freezing
  const Tensor y = net(x);
  CHECK(net.norm.running_mean.value() == mean);
  CHECK(net.norm.running_var.value() == variance);
  CHECK(net.norm.num_batches_tracked.value() == count);
  // and what it computes is what it computes in evaluation
  net.eval();
  CHECK(y.value() == net(x).value());
  net.train();
  net.norm.unfreeze();
  net(x);
  CHECK(net.norm.num_batches_tracked.value()() == 2);
  CHECK(net.norm.weight.requires_grad());
}

TEST_CASE("edges: a state_dict goes back where it came from") {
  Generator g{1}, other{2};
  const nn::Linear a(3, 2, g), b(3, 2, other);
  b.load_state_dict(a.state_dict());
  CHECK(b.weight.value() == a.weight.value());
  CHECK(b.bias.value() == a.bias.value());
}
