// RNN, GRU, LSTM: layouts of input and output, directions, layers and start states. (The numbers themselves: golden tests.)
#include "common/nn/recurrent.hpp"
#include "common/autograd/definitions.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "common/core/parallel.hpp"
#include "common/fast/lstm.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using nn::RecurrentOptions;
using nn::RecurrentOutput;
using test::error_of;
using test::values;

namespace {

/// The three kinds behind one face: an input, optional start states.
using Layer = std::function<RecurrentOutput(const Tensor& x, const Tensor& h0, const Tensor& c0)>;
struct Kind {
  const char* name;
  bool has_cell;
  std::function<Layer(std::size_t in, std::size_t hidden, const RecurrentOptions& options)> make;  // the same weights for the same sizes
};

const std::vector<Kind> kinds{
    {"RNN", false,
     [](std::size_t in, std::size_t hidden, const RecurrentOptions& o) -> Layer {
       Generator g{3};
       return [net = nn::RNN(in, hidden, g, o)](const Tensor& x, const Tensor& h0, const Tensor&) { return net(x, h0); };
     }},
    {"GRU", false,
     [](std::size_t in, std::size_t hidden, const RecurrentOptions& o) -> Layer {
       Generator g{3};
       return [net = nn::GRU(in, hidden, g, o)](const Tensor& x, const Tensor& h0, const Tensor&) { return net(x, h0); };
     }},
    {"LSTM", true, [](std::size_t in, std::size_t hidden, const RecurrentOptions& o) -> Layer {
       Generator g{3};
       return [net = nn::LSTM(in, hidden, g, o)](const Tensor& x, const Tensor& h0, const Tensor& c0) { return net(x, h0, c0); };
     }}};

constexpr std::size_t in = 3, hidden = 4, time_steps = 5, batch = 2;
constexpr double tolerance = 10 * test::rounding;  // a few steps of sums of 7 products
Tensor input() { return Tensor(values({time_steps, batch, in}, -2, 2)); }
bool close(const Tensor& a, const Tensor& b) { return all_close(a.value(), b.value(), tolerance); }

/// The same sequence from its end to its beginning.
Tensor reversed(const Tensor& x) {
  std::vector<Tensor> steps;
  for (std::size_t t = x.shape(0); t-- > 0;) steps.push_back(select(x, 0, t));
  return stack(steps);
}

}  // namespace

TEST_CASE("recurrent: shapes of outputs and final states") {
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    for (const std::size_t layers : {std::size_t(1), std::size_t(3)}) {
      for (const bool both : {false, true}) {
        const std::size_t directions = both ? 2 : 1;
        const RecurrentOutput out = kind.make(in, hidden, {.layers = layers, .bidirectional = both})(input(), {}, {});
        CHECK(out.output.shape() == Shape{time_steps, batch, directions * hidden});
        CHECK(out.h_n.shape() == Shape{layers * directions, batch, hidden});
        CHECK(out.c_n.defined() == kind.has_cell);
        if (kind.has_cell) CHECK(out.c_n.shape() == Shape{layers * directions, batch, hidden});
        // the last layer's forward direction ends at the last step, its backward direction at the first
        const Tensor last = slice(out.output, -1, 0, hidden), first = slice(out.output, -1, (directions - 1) * hidden, directions * hidden);
        CHECK(close(select(out.h_n, 0, (layers - 1) * directions), select(last, 0, time_steps - 1)));
        if (both) CHECK(close(select(out.h_n, 0, layers * 2 - 1), select(first, 0, 0)));
      }
    }
  }
}

TEST_CASE("recurrent: batch_first exchanges the first two axes and nothing else") {
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    const Tensor h0(values({4, batch, hidden}, -1, 1, 5)), c0(values({4, batch, hidden}, -1, 1, 6));
    const RecurrentOutput a = kind.make(in, hidden, {.layers = 2, .bidirectional = true})(input(), h0, c0);
    const RecurrentOutput b =
        kind.make(in, hidden, {.layers = 2, .bidirectional = true, .batch_first = true})(transpose(input(), 0, 1), h0, c0);
    CHECK(b.output.shape() == Shape{batch, time_steps, 2 * hidden});
    CHECK(close(transpose(b.output, 0, 1), a.output));
    CHECK(close(b.h_n, a.h_n));
    if (kind.has_cell) CHECK(close(b.c_n, a.c_n));
  }
}

TEST_CASE("recurrent: without a batch axis it is a batch of one; items of a batch do not see each other") {
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    const Tensor x = input(), h0(values({2, batch, hidden}, -1, 1, 5)), c0(values({2, batch, hidden}, -1, 1, 6));
    for (const bool batch_first : {false, true}) {
      const Layer layer = kind.make(in, hidden, {.bidirectional = true}),
                  single = kind.make(in, hidden, {.bidirectional = true, .batch_first = batch_first});
      const RecurrentOutput whole = layer(x, h0, c0);
      for (std::size_t item = 0; item < batch; ++item) {
        const RecurrentOutput one = single(select(x, 1, item), select(h0, 1, item), select(c0, 1, item));
        CHECK(one.output.shape() == Shape{time_steps, 2 * hidden});
        CHECK(one.h_n.shape() == Shape{2, hidden});
        CHECK(close(one.output, select(whole.output, 1, item)));
        CHECK(close(one.h_n, select(whole.h_n, 1, item)));
        if (kind.has_cell) CHECK(close(one.c_n, select(whole.c_n, 1, item)));
      }
    }
  }
}

TEST_CASE("recurrent: start states are 0 unless given, and a sequence may be cut in two") {
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    const Layer layer = kind.make(in, hidden, {.layers = 2});
    const Tensor x = input(), none(zeros({2, batch, hidden}));
    const RecurrentOutput whole = layer(x, {}, {});
    CHECK(close(whole.output, layer(x, none, none).output));
    CHECK_FALSE(close(whole.output, layer(x, Tensor(ones({2, batch, hidden})), none).output));
    const RecurrentOutput first = layer(slice(x, 0, 0, 2), {}, {}), second = layer(slice(x, 0, 2, time_steps), first.h_n, first.c_n);
    CHECK(close(concat({first.output, second.output}), whole.output));
    CHECK(close(second.h_n, whole.h_n));
    if (kind.has_cell) CHECK(close(second.c_n, whole.c_n));
  }
}

// With equal weights for both directions, an input read backwards gives the outputs in backward order with the directions exchanged.
TEST_CASE("recurrent: reversing the input exchanges the directions") {
  Generator g{3};
  const auto check_layer = [](const auto& net, bool has_cell) {
    for (const auto& [name, tensor] : net.state_dict()) {
      if (name.find("_reverse") == std::string::npos) continue;
      for (const auto& [other, forward] : net.state_dict())
        if (other + "_reverse" == name) tensor.set_value(forward.value());
    }
    const RecurrentOutput a = net(input()), b = net(reversed(input()));
    CHECK(close(slice(a.output, -1, 0, hidden), reversed(slice(b.output, -1, hidden, 2 * hidden))));
    CHECK(close(slice(a.output, -1, hidden, 2 * hidden), reversed(slice(b.output, -1, 0, hidden))));
    CHECK(close(a.h_n, reversed(b.h_n)));  // rows: forward, backward
    if (has_cell) CHECK(close(a.c_n, reversed(b.c_n)));
    CHECK_FALSE(close(slice(a.output, -1, 0, hidden), slice(a.output, -1, hidden, 2 * hidden)));
  };
  check_layer(nn::RNN(in, hidden, g, {.bidirectional = true}), false);
  check_layer(nn::GRU(in, hidden, g, {.bidirectional = true}), false);
  check_layer(nn::LSTM(in, hidden, g, {.bidirectional = true}), true);
}

TEST_CASE("recurrent: the second layer reads the first one's output") {
  Generator g{3};
  const nn::LSTM both(in, hidden, g, {.layers = 2}), lower(in, hidden, g), upper(hidden, hidden, g);
  const nn::NamedTensors all = both.state_dict();
  for (std::size_t i = 0; i < 4; ++i) {
    lower.state_dict()[i].second.set_value(all[i].second.value());
    upper.state_dict()[i].second.set_value(all[4 + i].second.value());
  }
  const RecurrentOutput stacked = both(input()), first = lower(input()), second = upper(first.output);
  CHECK(close(stacked.output, second.output));
  CHECK(close(stacked.h_n, concat({first.h_n, second.h_n})));
  CHECK(close(stacked.c_n, concat({first.c_n, second.c_n})));
}

TEST_CASE("recurrent: each step is the formula") {
  Generator g{3};
  const Tensor x = input(), h0(values({1, batch, hidden}, -1, 1, 5)), c0(values({1, batch, hidden}, -1, 1, 6));
  const auto weights = [](const nn::Module& m) { return m.parameters(); };  // w_ih, w_hh, b_ih, b_hh

  const nn::LSTM lstm(in, hidden, g);
  auto w = weights(lstm);
  Tensor h = select(h0, 0, 0), c = select(c0, 0, 0);
  const RecurrentOutput by_lstm = lstm(x, h0, c0);
  for (std::size_t t = 0; t < time_steps; ++t) {
    std::tie(h, c) = definition::lstm_cell(select(x, 0, t), h, c, w[0], w[1], w[2], w[3]);
    CHECK(close(h, select(by_lstm.output, 0, t)));
  }
  CHECK(close(c, select(by_lstm.c_n, 0, 0)));

  const nn::RNN rnn(in, hidden, g);
  w = weights(rnn);
  h = select(h0, 0, 0);
  const RecurrentOutput by_rnn = rnn(x, h0);
  for (std::size_t t = 0; t < time_steps; ++t) {
    h = tanh(matmul(select(x, 0, t), transpose(w[0])) + w[2] + matmul(h, transpose(w[1])) + w[3]);
    CHECK(close(h, select(by_rnn.output, 0, t)));
  }

  const nn::GRU gru(in, hidden, g);
  w = weights(gru);
  h = select(h0, 0, 0);
  const RecurrentOutput by_gru = gru(x, h0);
  const auto rows = [](const Tensor& all, std::size_t k) { return slice(all, 0, k * hidden, (k + 1) * hidden); };  // r, z, n
  for (std::size_t t = 0; t < time_steps; ++t) {
    const auto from_x = [&](std::size_t k) { return matmul(select(x, 0, t), transpose(rows(w[0], k))) + rows(w[2], k); };
    const auto from_h = [&](std::size_t k) { return matmul(h, transpose(rows(w[1], k))) + rows(w[3], k); };
    const Tensor r = sigmoid(from_x(0) + from_h(0)), z = sigmoid(from_x(1) + from_h(1)), n = tanh(from_x(2) + r * from_h(2));
    h = (1 - z) * n + z * h;
    CHECK(close(h, select(by_gru.output, 0, t)));
  }
}

TEST_CASE("recurrent: gradients reach every weight, the input and the start states") {
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    const Tensor x(input().value(), true), h0(values({4, batch, hidden}, -1, 1, 5), true), c0(values({4, batch, hidden}, -1, 1, 6), true);
    const RecurrentOutput out = kind.make(in, hidden, {.layers = 2, .bidirectional = true})(x, h0, c0);
    sum(out.output).backward();
    for (const Tensor& leaf : {x, h0}) {
      REQUIRE(leaf.has_grad());
      for (const real d : leaf.grad()) CHECK(d != 0);
    }
    CHECK(c0.has_grad() == kind.has_cell);
  }
  Generator g{3};
  const nn::LSTM net(in, hidden, g, {.layers = 2, .bidirectional = true});
  sum(net(input()).h_n).backward();
  for (const auto& entry : net.named_parameters()) CHECK_MESSAGE(entry.second.has_grad(), entry.first);
}

TEST_CASE("recurrent: dropout works between the layers, in training only") {
  Generator g{3};
  const nn::GRU one(in, hidden, g, {.dropout = 0.5}), two(in, hidden, g, {.layers = 2, .dropout = 0.5});
  CHECK(one(input()).output.value() == one(input()).output.value());  // there is nothing between the layers of one
  CHECK(two(input()).output.value() != two(input()).output.value());
  two.eval();
  CHECK(two(input()).output.value() == two(input()).output.value());
}

TEST_CASE("recurrent: errors") {
  Generator g{3};
  const nn::LSTM net(in, hidden, g);
  const Tensor x = input(), state(zeros({1, batch, hidden})), wrong(zeros({2, batch, hidden}));
  CHECK(error_of([&] { net(Tensor(zeros({5}))); }) == "LSTM: needs an input (time, batch, in) or (time, in), got (5,)");
  CHECK(error_of([&] {
          net(Tensor(zeros({5, 2, 7})));
        }) == "LSTM: an input (5, 2, 7) (time, batch, in) where in should be 3 and time at least 1");
  CHECK(error_of([&] {
          net(Tensor(zeros({0, 2, 3})));
        }) == "LSTM: an input (0, 2, 3) (time, batch, in) where in should be 3 and time at least 1");
  CHECK(error_of([&] { net(x, wrong); }) == "LSTM: h0 is (2, 2, 4), needed is (1, 2, 4) (layers * directions, batch, hidden)");
  CHECK(error_of([&] { net(x, state, wrong); }) == "LSTM: c0 is (2, 2, 4), needed is (1, 2, 4) (layers * directions, batch, hidden)");
  CHECK(error_of([&] { nn::GRU(in, hidden, g)(x, wrong); }) ==
        "GRU: h0 is (2, 2, 4), needed is (1, 2, 4) (layers * directions, batch, hidden)");
  // an input without a batch, a state with one; what was given is shown as it was given
  CHECK(error_of([&] { nn::RNN(in, hidden, g)(select(x, 1, 0), state); }) ==
        "RNN: h0 is (1, 2, 4), needed is (1, 4) (layers * directions, hidden)");
  CHECK(error_of([&] {
          nn::RNN(in, hidden, g)(Tensor(zeros({5, 7})));
        }) == "RNN: an input (5, 7) (time, in) where in should be 3 and time at least 1");
  CHECK(error_of([&] {
          nn::RNN(in, hidden, g, {.batch_first = true})(Tensor(zeros({2, 5, 7})));
        }) == "RNN: an input (2, 5, 7) (batch, time, in) where in should be 3 and time at least 1");
  CHECK(error_of([&] { nn::RNN(2, 3, g, {.dropout = 1}); }) == "recurrent layer: dropout 1 is not in [0, 1)");
  CHECK(error_of([&] { nn::RNN(0, 4, g); }) == "recurrent layer: sizes in 0, hidden 4, layers 1 must be at least 1");
  CHECK(error_of([&] { nn::GRU(2, 0, g); }) == "recurrent layer: sizes in 2, hidden 0, layers 1 must be at least 1");
  CHECK(error_of([&] { nn::LSTM(2, 4, g, {.layers = 0}); }) == "recurrent layer: sizes in 2, hidden 4, layers 0 must be at least 1");
}

TEST_CASE("lstm: threads share the batch; output and every gradient are the same") {
  // 40 steps, 9 items (not the same number for each thread), 32 wide: enough that the work is split
  const int threads_before = threads();
  for (const bool reverse : {false, true}) {
    CAPTURE(reverse);
    std::vector<std::vector<Array>> results;
    for (const int count : {1, 2, 3}) {
      set_threads(count);
      std::vector<Tensor> inputs;
      const std::vector<Shape> shapes{{40, 9, 5}, {9, 32}, {9, 32}, {128, 5},
                                      {128, 32},  {128},   {128}};  // x, h0, c0, w_ih, w_hh, b_ih, b_hh
      for (std::size_t i = 0; i < shapes.size(); ++i)
        inputs.emplace_back(values(shapes[i], real(-0.3), real(0.3), std::uint32_t(i + 1)), true);
      const Tensor y = lstm_sequence(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5], inputs[6], reverse);
      sum(square(y)).backward();
      std::vector<Array>& all = results.emplace_back(std::vector<Array>{y.value()});
      for (const Tensor& t : inputs) all.push_back(t.grad());
    }
    // gradients of weights are sums of 360 numbers; BLAS may add a row's 32 products in another order for another number of rows
    for (std::size_t i = 0; i < results[0].size(); ++i)
      for (std::size_t other = 1; other < 3; ++other) CHECK(all_close(results[0][i], results[other][i], 100 * test::rounding));
  }
  set_threads(threads_before);
}
