// The graph: how gradients gather, when it is freed, and what is refused.
#include "common/autograd/tensor.hpp"
#include "common/autograd/node.hpp"
#include "common/core/generator.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>

#include "common/autograd/activations.hpp"
#include "common/autograd/losses.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/fast/layer_norm.hpp"
#include "common/fast/lstm.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;
using test::values;

namespace {
Tensor leaf(std::initializer_list<real> numbers) { return Tensor(array(numbers), true); }
Tensor of(const Shape& shape) { return Tensor(values(shape), true); }
}  // namespace

TEST_CASE("tensor: a handle") {
  const Tensor nothing;
  CHECK_FALSE(nothing.defined());
  CHECK(error_of([&] { nothing.value(); }) == "tensor: used before it was given a value");
  CHECK(error_of([&] { sum(nothing); }) == "tensor: used before it was given a value");
  CHECK(error_of([&] { nothing.backward(); }) == "tensor: used before it was given a value");
  const Tensor a = leaf({1, 2}), same = a;
  same.set_value(array({3, 4}));
  CHECK(a.value() == array({3, 4}));
  const Tensor cut = a.detach();
  cut.set_value(array({0, 0}));
  CHECK(a.value() == array({3, 4}));
  CHECK_FALSE(cut.requires_grad());
  CHECK(Tensor(real(2)).shape() == Shape{});
  CHECK(Tensor(zeros({2, 3})).shape(-1) == 3);
  CHECK(Tensor(zeros({2, 3})).ndim() == 2);
  CHECK(error_of([] { Tensor(zeros({2, 3})).shape(2); }) == "shape: shape (2, 3) has no axis 2");
  CHECK(Tensor(zeros({1, 1})).item() == 0);
  CHECK(error_of([] { Tensor(zeros({2})).item(); }) == "item: needs a tensor with one element, got shape (2,)");
  CHECK(error_of([] { Tensor(zeros({0})).item(); }) == "item: needs a tensor with one element, got shape (0,)");
  CHECK(error_of([&] { a.set_value(zeros({2, 1})); }) == "set_value: a value (2, 1) for a tensor (2,)");
}

TEST_CASE("backward: gradients add up until zero_grad") {
  const Tensor x = leaf({1, 2, 3});
  CHECK_FALSE(x.has_grad());
  sum(x * 2).backward();
  CHECK(x.grad() == array({2, 2, 2}));
  sum(x * x).backward();
  CHECK(x.grad() == array({4, 6, 8}));
  x.zero_grad();
  CHECK_FALSE(x.has_grad());
  sum(x * x).backward();
  CHECK(x.grad() == array({2, 4, 6}));
  CHECK(x.mutable_grad() == array({2, 4, 6}));
}

TEST_CASE("grad_target: beta 0 while there is no gradient, then 1") {
  const Tensor x(array({2}, {1, 2}), true);
  const auto [first, none] = grad_target(x);
  CHECK(none == 0);
  first[0] = 3, first[1] = 4;
  const auto [second, all] = grad_target(x);
  CHECK((second == first && all == 1));
  CHECK(x.grad() == array({2}, {3, 4}));
  x.zero_grad();
  CHECK(grad_target(x).beta == 0);
}

TEST_CASE("backward: a tensor used several times gets the sum over its uses") {
  // f = x (x + y) + y with x = 3, y = 2:  df/dx = 2 x + y = 8,  df/dy = x + 1 = 4
  const Tensor x(real(3), true), y(real(2), true);
  const Tensor f = x * (x + y) + y;
  CHECK(f.item() == 17);
  f.backward();
  CHECK(x.grad()() == 8);
  CHECK(y.grad()() == 4);
  // A diamond whose sides have different lengths: u = x^2, v = u * 2, w = u + v = 3 x^2, dw/dx = 6 x
  x.zero_grad();
  const Tensor u = square(x), w = u + u * 2;
  w.backward();
  CHECK(x.grad()() == 18);
}

TEST_CASE("backward: only leaves keep their gradient, the graph behind is freed") {
  const Tensor x = leaf({1, 2});
  const Tensor middle = x * 3, loss = sum(middle);
  CHECK_FALSE(middle.node().inputs.empty());
  loss.backward();
  CHECK(middle.node().inputs.empty());  // what it was made of is let go
  CHECK_FALSE(middle.has_grad());
  CHECK(error_of([&] { middle.grad(); }) == "grad: backward() has not reached this tensor (2,): only leaves keep their gradient");
  CHECK(middle.value() == array({3, 6}));  // the value stays
  CHECK(loss.item() == 9);
  CHECK(error_of([] { leaf({1, 2}).grad(); }) == "grad: backward() has not reached this tensor (2,)");
  CHECK(error_of([] { Tensor(1).grad(); }) == "grad: backward() has not reached this tensor (): it does not require a gradient");
}

TEST_CASE("backward: the memory a backward rule holds is released") {
  const auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = token;
  const Tensor x = leaf({1, 2});
  const Tensor y = make_op("watched", Array(x.value()), {x}, [token](Node& node) { node.input(0).add_grad(node.grad()); });
  const Tensor loss = sum(y);
  CHECK(watched.use_count() == 2);
  loss.backward();
  CHECK(watched.use_count() == 1);
  const NoGrad guard;
  const Tensor z = make_op("watched", Array(x.value()), {x}, [token](Node&) {});
  CHECK(watched.use_count() == 1);  // dropped at once
}

TEST_CASE("backward: a freed graph is refused, used again or extended") {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 2, loss = sum(y);
  loss.backward();
  CHECK(error_of([&] { loss.backward(); }) ==
        "backward: the graph behind 'sum' was used and freed by an earlier backward(); compute the loss again");
  const Tensor longer = sum(y * 3 + x);
  CHECK(error_of([&] { longer.backward(); }) ==
        "backward: the graph behind 'mul' was used and freed by an earlier backward(); compute the loss again");
  CHECK(x.grad() == array({2, 2}));  // the refused calls have added nothing
  sum(y.detach() * x).backward();    // a value that is cut off may be used
  CHECK(x.grad() == array({4, 6}));
  CHECK_THROWS_AS(y.mutable_value(), Error);
  CHECK_THROWS_AS(loss.set_requires_grad(false), Error);
}

TEST_CASE("backward: what it refuses") {
  CHECK(error_of([] { leaf({1, 2}).backward(); }) == "backward: needs a loss with one element, got shape (2,)");
  CHECK(error_of([] { sum(Tensor(ones({2}))).backward(); }) == "backward: nothing this value was computed from requires a gradient");
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 2;
  CHECK(error_of([&] { y.mutable_value(); }) == "mutable_value: the result of 'mul' cannot be changed, only a leaf can");
  CHECK(error_of([&] { y.set_value(zeros({2})); }) == "mutable_value: the result of 'mul' cannot be changed, only a leaf can");
  CHECK(error_of([&] { y.set_requires_grad(false); }) == "set_requires_grad: only for leaves, this is the result of 'mul'");
  CHECK(error_of([&] { x.add_grad(zeros({3})); }) == "leaf: a gradient (3,) for a value (2,)");
  const Tensor one(real(5), true);
  one.backward();  // a leaf is its own loss
  CHECK(one.grad()() == 1);
  Tensor(ones({1, 1}), true).backward();  // one element, whatever its shape
}

TEST_CASE("NoGrad: nothing is recorded while one is alive, also nested") {
  const Tensor x = leaf({1, 2});
  CHECK(grad_enabled());
  {
    const NoGrad outer;
    CHECK_FALSE(grad_enabled());
    { const NoGrad inner; }
    CHECK_FALSE(grad_enabled());
    const Tensor y = sum(x * 2);
    CHECK(y.item() == 6);
    CHECK_FALSE(y.requires_grad());
    CHECK(y.node().inputs.empty());
    CHECK_THROWS_AS(y.backward(), Error);
  }
  CHECK(grad_enabled());
  CHECK(sum(x * 2).requires_grad());
  CHECK_FALSE(sum(Tensor(ones({2})) * 2).requires_grad());
}

TEST_CASE("requires_grad: a frozen leaf gets no gradient, the path behind it still does") {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  w.set_requires_grad(false);
  sum(x * w).backward();
  CHECK(x.grad() == array({3, 4}));
  CHECK_FALSE(w.has_grad());
  w.set_requires_grad(true);
  sum(x * w).backward();
  CHECK(w.grad() == array({1, 2}));
}

TEST_CASE("backward: a chain of a million nodes, with and without backward") {
  const std::size_t length = 1000000;
  const Tensor x(real(1), true);
  {
    Tensor y = x;
    for (std::size_t i = 0; i < length; ++i) y = y + real(1);
    CHECK(y.item() == real(length + 1));
    y.backward();
    CHECK(x.grad()() == 1);
  }
  Tensor forgotten = x;
  for (std::size_t i = 0; i < length; ++i) forgotten = forgotten * forgotten;  // each node twice an input of the next
  forgotten = Tensor();                                                        // destroyed without a backward: no recursion either
  CHECK(x.node().requires_grad);
}

TEST_CASE("backward: a graph begun on one thread and ended on another") {
  const Tensor x(real(3), true);
  for (int i = 0; i < 100; ++i) Tensor(real(0));  // so that a count of its own would start below
  const Tensor u = x * x;
  std::thread([&] {
    const Tensor loss = u * 2 + u;  // 3 x^2, d = 6 x
    loss.backward();
  }).join();
  CHECK(x.grad()() == 18);
}

TEST_CASE("size 1 and size 0 are different things") {
  CHECK(sum(of({0})).item() == 0);
  CHECK(sum(of({0, 3}), {0}).value() == zeros({3}));
  CHECK(sum(of({2, 0}), {0}).shape() == Shape{0});
  CHECK((of({0}) + of({1})).shape() == Shape{0});
  CHECK_THROWS_AS(of({0}) + of({2}), Error);
  CHECK(concat({of({0, 2}), of({1, 2})}).shape() == Shape{1, 2});
  CHECK(matmul(of({2, 0}), of({0, 3})).value() == zeros({2, 3}));
  CHECK(slice(of({2, 3}), 0, 1, 1).shape() == Shape{0, 3});
  CHECK(softmax(of({0, 3})).shape() == Shape{0, 3});
  CHECK(std::isnan(cross_entropy(of({0, 3}), ids({0}, {})).item()));
  const Tensor empty_one = of({0, 3}), row = of({3});
  (sum(empty_one * row) + sum(tanh(empty_one))).backward();
  CHECK(empty_one.grad().shape() == Shape{0, 3});
  CHECK(row.grad() == zeros({3}));
}

TEST_CASE("empty axes are refused where there is nothing to choose or average") {
  CHECK(error_of([] { max(of({2, 0}), 1); }) == "max: axis 1 of (2, 0) is empty");
  CHECK(error_of([] { softmax(of({2, 0})); }) == "softmax: axis -1 of (2, 0) is empty");
  CHECK(error_of([] { log_softmax(of({0, 2}), 0); }) == "log_softmax: axis 0 of (0, 2) is empty");
  CHECK(error_of([] { mean(of({0})); }) == "mean: (0,) has no elements");
  CHECK(error_of([] { mean(of({0, 2}), {1}); }) == "mean: (0, 2) has no elements");
  CHECK_THROWS_AS(variance(of({0}), {0}), Error);
  CHECK(error_of([] {
          variance(of({1, 2}), {0}, false, true);
        }) == "variance: the unbiased variance needs at least 2 values, (1, 2) over these axes has 1");
  CHECK(error_of([] { layer_norm(of({2, 0}), of({0}), of({0})); }) == "layer_norm: needs a last axis that is not empty, got (2, 0)");
  CHECK(error_of([] { cross_entropy(of({2, 0}), ids({0, 0})); }) == "cross_entropy: logits need a last axis of classes, got (2, 0)");
  CHECK(error_of([] { concat({}); }) == "concat: needs at least one tensor");
  CHECK(error_of([] { stack({}); }) == "stack: needs at least one tensor");
}

TEST_CASE("errors of shape name the operation and the shapes") {
  CHECK(error_of([] { of({2, 3}) + of({4}); }) == "add: shapes (2, 3) and (4,) do not line up: sizes 3 and 4 differ");
  CHECK(error_of([] { of({2, 3}) / of({2}); }) == "div: shapes (2, 3) and (2,) do not line up: sizes 3 and 2 differ");
  CHECK(error_of([] { maximum(of({2}), of({3})); }) == "maximum: shapes (2,) and (3,) do not line up: sizes 2 and 3 differ");
  CHECK(error_of([] { where(ones({2}), of({3}), of({3})); }) == "where: shapes (2,) and (3,) do not line up: sizes 2 and 3 differ");
  CHECK(error_of([] { masked_fill(of({3}), ones({2, 3}), 0); }) == "masked_fill: a mask (2, 3) does not fit (3,)");
  CHECK(error_of([] { clamp(of({2}), 1, -1); }) == "clamp: the lower limit 1 is above the upper limit -1");
  CHECK(error_of([] { sum(of({2, 3}), {2}); }) == "sum: shape (2, 3) has no axis 2");
  CHECK(error_of([] { sum(of({2, 3}), {1, -1}); }) == "sum: axis -1 of (2, 3) is named twice");
  CHECK(error_of([] { softmax(of({2, 3}), 5); }) == "softmax: shape (2, 3) has no axis 5");
  CHECK(error_of([] { matmul(of({2, 3}), of({2, 3})); }) == "matmul: (2, 3) x (2, 3): inner sizes 3 and 2 differ");
  CHECK(error_of([] { matmul(Tensor(1), of({2, 3})); }) == "matmul: needs matrices, got () x (2, 3)");
  CHECK(error_of([] { linear(of({2, 3}), of({4, 5})); }) == "linear: an input (2, 3) for a weight (4, 5) (out, in)");
  CHECK(error_of([] { linear(of({2, 3}), of({4, 3}), of({3})); }) == "linear: a bias (3,) for a weight (4, 3)");
  CHECK(error_of([] { reshape(of({2, 3}), {4, 2}); }) == "reshape: 6 elements cannot take the shape (4, 2)");
  CHECK(error_of([] { permute(of({2, 3}), {0}); }) == "permute: (2, 3) has 2 axes, 1 were named");
  CHECK(error_of([] { permute(of({2, 3}), {0, 0}); }) == "permute: axis 0 of (2, 3) is named twice");
  CHECK(error_of([] { transpose(of({2})); }) == "transpose: shape (2,) has no axis -2");
  CHECK(error_of([] { squeeze(of({2, 3}), 0); }) == "squeeze: axis 0 of (2, 3) is not of size 1");
  CHECK(error_of([] { unsqueeze(of({2, 3}), 3); }) == "unsqueeze: (2, 3) has no place 3 for a new axis");
  CHECK(error_of([] { slice(of({2, 3}), 1, 2, 4); }) == "slice: [2, 4) is not inside axis 1 of (2, 3)");
  CHECK(error_of([] { slice(of({2, 3}), 1, 2, 1); }) == "slice: [2, 1) is not inside axis 1 of (2, 3)");
  CHECK(error_of([] { select(of({2, 3}), -1, 3); }) == "select: axis -1 of (2, 3) has no element 3");
  CHECK(error_of([] { select(Tensor(1), 0, 0); }) == "select: shape () has no axis 0");
  CHECK(error_of([] { concat({of({2, 3}), of({2, 4})}); }) == "concat: (2, 3) and (2, 4) differ on another axis than 0");
  CHECK(error_of([] { concat({of({2, 3}), of({3})}); }) == "concat: (2, 3) and (3,) differ on another axis than 0");
  CHECK(error_of([] { stack({of({2}), of({3})}); }) == "stack: shapes (2,) and (3,) differ");
  CHECK(error_of([] { expand(of({2}), {3, 4}); }) == "expand: shapes (2,) and (3, 4) do not line up: sizes 2 and 4 differ");
  CHECK(error_of([] { expand(of({2, 3}), {3}); }) == "expand: (2, 3) cannot be repeated to (3,)");
  CHECK(error_of([] { embedding(of({4, 2}), ids({1, 4})); }) == "embedding: id 4 is outside a table of 4 rows");
  CHECK(error_of([] { embedding(of({4, 2}), ids({-1})); }) == "embedding: id -1 is outside a table of 4 rows");
  CHECK(error_of([] { embedding(of({4}), ids({1})); }) == "embedding: the table is (rows, size), got (4,)");
  CHECK(error_of([] { gather(of({2, 3}), 1, ids({1})); }) == "gather: ids (1,) need the rank of (2, 3)");
  CHECK(error_of([] { gather(of({2, 3}), 1, ids({3, 1}, {0, 0, 0})); }) == "gather: ids (3, 1) and (2, 3) differ on another axis than 1");
  CHECK(error_of([] { gather(of({3}), 0, ids({3})); }) == "gather: id 3 is outside axis 0 of (3,)");
  CHECK(error_of([] { scatter_add(of({3}), 0, ids({1}), of({2})); }) == "scatter_add: source (2,) and ids (1,) differ");
  Generator g{1};
  CHECK(error_of([&] { dropout(of({3}), 1, g); }) == "dropout: probability 1 is not in [0, 1)");
  CHECK_THROWS_AS(dropout(of({3}), -0.1, g), Error);
}

TEST_CASE("errors of losses and fused operations") {
  CHECK(error_of([] { mse_loss(of({2, 1}), of({2})); }) == "mse_loss: shapes (2, 1) and (2,) differ");  // would broadcast to (2, 2)
  CHECK(error_of([] { l1_loss(of({2}), of({3})); }) == "l1_loss: shapes (2,) and (3,) differ");
  CHECK(error_of([] { cross_entropy(of({2, 3}), ids({0, 3})); }) == "cross_entropy: target 3 is not one of 3 classes");
  CHECK(error_of([] { cross_entropy(of({2, 3}), ids({0, -1})); }) == "cross_entropy: target -1 is not one of 3 classes");
  CHECK(error_of([] {
          cross_entropy(of({2, 3}), ids({0}));
        }) == "cross_entropy: logits without the classes, and targets: shapes (2,) and (1,) differ");
  CHECK(error_of([] {
          cross_entropy(of({1, 3}), ids({0}), {.label_smoothing = 1.5});
        }) == "cross_entropy: label smoothing 1.5 is not in [0, 1]");
  CHECK(error_of([] {
          cross_entropy(of({1, 3}), ids({0}), {.weight = ones({2})});
        }) == "cross_entropy: class weights and classes: shapes (2,) and (3,) differ");
  CHECK(error_of([] { cross_entropy(of({2, 3}), ones({3})); }) == "cross_entropy: shapes (2, 3) and (3,) differ");
  CHECK(error_of([] { binary_cross_entropy(Tensor(array({1.5})), ones({1})); }) == "binary_cross_entropy: 1.5 is not a probability");
  CHECK(error_of([] { binary_cross_entropy_with_logits(of({2}), ones({3})); }) ==
        "binary_cross_entropy_with_logits: shapes (2,) and (3,) differ");
  CHECK(error_of([] { layer_norm(of({2, 3}), of({2}), of({3})); }) == "layer_norm: gain (2,) and bias (3,) for an input (2, 3)");
  const auto lstm = [](const Shape& x, const Shape& h, const Shape& c, const Shape& w_ih, const Shape& w_hh = {8, 2},
                       const Shape& b_hh = {8}) {
    return error_of([&] { lstm_sequence(of(x), of(h), of(c), of(w_ih), of(w_hh), of({8}), of(b_hh)); });
  };
  CHECK(lstm({5, 1, 3}, {1, 2}, {1, 2}, {8, 3}) == "");
  CHECK(lstm({5, 1, 3}, {1, 2}, {2, 2}, {8, 3}) == "lstm: start states (1, 2) and (2, 2) should be (1, 2) (batch, hidden)");
  CHECK(lstm({5, 1, 3}, {1, 2}, {1, 2}, {8, 4}) == "lstm: w_ih (8, 4) should be (8, 3) (4 hidden, in)");
  CHECK(lstm({5, 1, 3}, {1, 2}, {1, 2}, {8, 3}, {2, 8}) == "lstm: w_hh (2, 8) should be (8, 2) (4 hidden, hidden)");
  CHECK(lstm({5, 1, 3}, {1, 2}, {1, 2}, {8, 3}, {8, 2}, {2}) == "lstm: biases (8,) and (2,) should be (8,)");
  CHECK(lstm({0, 1, 3}, {1, 2}, {1, 2}, {8, 3}) ==
        "lstm: needs an input (time, batch, in) and a state (batch, hidden), got (0, 1, 3) and (1, 2)");
}
