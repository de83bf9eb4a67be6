// Layers against PyTorch: forward and every gradient.
#include "common/autograd/losses.hpp"
#include "common/nn/layers.hpp"
#include "common/nn/recurrent.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;

namespace {
Generator unused{0};

/// A layer's parameters set from an object of arrays with PyTorch's names.
void load(const nn::Module& module, const json& values) {
  std::vector<std::pair<std::string, Array>> state;
  for (const auto& [name, value] : values.items()) state.emplace_back(name, io::array_from_json(value, name));
  module.load_state_dict(state);
}

Tensor leaf(Array value) { return Tensor(std::move(value), true); }
}  // namespace

TEST_CASE("golden linear_mlp") {
  golden::File f("linear_mlp");
  const Array R = f.input("R");
  const Tensor x = leaf(f.input("X")), W = leaf(f.param("W")), b = leaf(f.param("b"));
  const Tensor y = linear(x, W, b);
  f.check("linear_y", y, golden::forward);
  sum(y * Tensor(R)).backward();
  f.check_gradients("linear_grads", f.expected("linear_grads_of_sum(y*R)"), {{"x", x}, {"W", W}, {"b", b}});

  const Tensor x2 = leaf(f.input("X")), W1 = leaf(f.param("W1")), b1 = leaf(f.param("b1")), W2 = leaf(f.param("W2")), b2 = leaf(f.param("b2"));
  const Tensor hidden = tanh(linear(x2, W1, b1)), logits = linear(hidden, W2, b2), loss = cross_entropy(logits, f.input_ids("targets"));
  f.check("mlp_hidden_tanh", hidden, golden::forward);
  f.check("mlp_logits", logits, golden::forward);
  f.check("mlp_ce_mean", loss, golden::forward);
  loss.backward();
  f.check_gradients("mlp_grads", f.expected("mlp_grads"), {{"W1", W1}, {"b1", b1}, {"W2", W2}, {"b2", b2}, {"x", x2}});

  const Array A1 = f.input("A1"), A2 = f.input("A2"), point = f.input("point"), rotate = f.input("rotate"), scale = f.input("scale");
  f.check("A1@A2", matmul(A1, A2), golden::forward);
  f.check("A2@A1", matmul(A2, A1), golden::forward);
  f.check("point@rotate@scale", matmul(matmul(point, rotate), scale), golden::forward);
  f.check("point@scale@rotate", matmul(matmul(point, scale), rotate), golden::forward);
  f.check("(point@rotate)@scale == point@(rotate@scale)", matmul(point, matmul(rotate, scale)), golden::forward);
}

TEST_CASE("golden embedding") {
  golden::File f("embedding");
  const Array R = f.input("R"), E = f.param("E");
  const Ids idx = f.input_ids("idx");
  const nn::Embedding plain = nn::Embedding::from_pretrained(E, false);
  f.check("out", plain(idx), golden::forward);
  sum(plain(idx) * Tensor(R)).backward();
  expect("embedding: gradient", plain.weight.grad(), f.expected("grad_of_sum(out*R)"), golden::gradient);

  for (const auto& [key, value] : f.all().items()) {
    if (key.rfind("grad_with_padding_idx_", 0) != 0) continue;
    const nn::Embedding padded = nn::Embedding::from_pretrained(E, false, std::int64_t(golden::numbers_in(key).at(0)));
    sum(padded(idx) * Tensor(R)).backward();
    expect("embedding: " + key, padded.weight.grad(), f.expected(key), golden::gradient);
  }
  Array one_hot = zeros({idx.size(), E.shape()[0]});
  for (std::size_t i = 0; i < idx.size(); ++i) one_hot(i, std::size_t(idx.data()[i])) = 1;
  f.check("one_hot@E", reshape(matmul(one_hot, E), plain(idx).shape()), golden::forward);
}

TEST_CASE("golden layer_norm") {
  golden::File f("layer_norm");
  const Tensor x = leaf(f.input("X"));
  const std::size_t size = x.dim(-1), rows = x.size() / size;
  nn::LayerNorm norm(size, f.number(f.params().at("eps"))), plain(size, f.number(f.params().at("eps")));
  norm.weight.set_value(f.param("gamma"));
  norm.bias.set_value(f.param("beta"));
  f.check("y", norm(x), golden::forward);
  f.check("y_no_affine", plain(x), golden::forward);
  f.check("y_constant_row_no_affine", plain(Tensor(f.input("constant_row"))), golden::forward);
  f.check("mean", reshape(mean(x, {-1}), {rows}), golden::forward);
  f.check("var_biased", reshape(variance(x, {-1}), {rows}), golden::forward);
  sum(norm(x) * Tensor(f.input("R"))).backward();
  f.check_gradients("grads", f.expected("grads_of_sum(y*R)"), {{"x", x}, {"gamma", norm.weight}, {"beta", norm.bias}});
  for (const auto& [key, value] : f.all().items()) {
    if (key.rfind("y_eps_", 0) == 0) f.check(key, layer_norm(x, norm.weight, norm.bias, golden::numbers_in(key).at(0)), golden::forward);
  }
}

TEST_CASE("golden batch_norm") {
  golden::File f("batch_norm");
  const double eps = f.number(f.params().at("eps")), momentum = f.number(f.params().at("momentum"));
  const Tensor x = leaf(f.input("X"));
  const nn::BatchNorm norm(x.dim(1), eps, momentum);
  norm.weight.set_value(f.param("gamma"));
  norm.bias.set_value(f.param("beta"));
  const Tensor y1 = norm(x);
  f.check("train_y1", y1, golden::forward);
  f.check("running_mean_1", norm.running_mean, golden::forward);
  f.check("running_var_1", norm.running_var, golden::forward);
  sum(y1 * Tensor(f.input("R"))).backward();
  f.check_gradients("grads", f.expected("grads_of_sum(y1*R)"), {{"x", x}, {"gamma", norm.weight}, {"beta", norm.bias}});
  f.check("train_y2", norm(Tensor(f.input("X2"))), golden::forward);
  f.check("running_mean_2", norm.running_mean, golden::forward);
  f.check("running_var_2", norm.running_var, golden::forward);
  norm.eval();
  f.check("eval_y_of_X", norm(x), golden::forward);

  const Array image = f.input("image_2x2x2x2");
  const nn::BatchNorm norm2d(image.shape()[1], eps, momentum);
  f.check("bn2d_train_y_no_affine_change", norm2d(Tensor(image)), golden::forward);
  f.check("bn2d_running_mean", norm2d.running_mean, golden::forward);
  f.check("bn2d_running_var", norm2d.running_var, golden::forward);
}

TEST_CASE("golden rnn_lstm_gru") {
  golden::File f("rnn_lstm_gru");
  const Tensor R(f.input("R"));
  const Array X = f.input("X_seq_batch_in"), H0 = f.input("h0"), C0 = f.input("c0");
  const std::size_t in = X.shape()[2], hidden = H0.shape()[2];
  const auto verify = [&](const std::string& name, const auto& layer, auto run, bool has_cell) {
    const json& expected = f.expected(name);
    load(layer, f.params().at(name));
    const Tensor x = leaf(X), h0 = leaf(H0), c0 = leaf(C0);
    const nn::RecurrentOutput out = run(x, h0, c0);
    expect(name + " output", out.output, expected.at("output"), golden::forward);
    expect(name + " h_n", out.h_n, expected.at("h_n"), golden::forward);
    Tensor loss = sum(out.output * R) + real(0.5) * sum(out.h_n);
    if (has_cell) {
      expect(name + " c_n", out.c_n, expected.at("c_n"), golden::forward);
      loss = loss + real(0.25) * sum(out.c_n);
    }
    expect(name + " loss", loss, expected.at("loss"), golden::forward);
    loss.backward();
    nn::NamedTensors leaves = layer.named_parameters();
    for (const auto& [key, tensor] : {std::pair{"x", x}, {"h0", h0}, {"c0", c0}}) leaves.emplace_back(key, tensor);
    f.check_gradients(name, expected.at("grads"), leaves);
  };
  const nn::RNN rnn(in, hidden, unused);
  const nn::LSTM lstm(in, hidden, unused);
  const nn::GRU gru(in, hidden, unused);
  verify("rnn_tanh", rnn, [&](auto& x, auto& h, auto&) { return rnn(x, h); }, false);
  verify("lstm", lstm, [&](auto& x, auto& h, auto& c) { return lstm(x, h, c); }, true);
  verify("gru", gru, [&](auto& x, auto& h, auto&) { return gru(x, h); }, false);
}

TEST_CASE("golden lstm_cell_bidirectional_stacked") {
  golden::File f("lstm_cell_bidirectional_stacked");
  const json& cell = f.expected("cell");
  const json& weights = f.params().at("cell");
  const auto weight = [&](const char* name) { return Tensor(f.array(weights.at(name), name)); };
  const Tensor x(f.input("x")), h(f.input("h")), c(f.input("c"));
  const auto [h_next, c_next] = nn::lstm_cell(x, h, c, weight("weight_ih"), weight("weight_hh"), weight("bias_ih"), weight("bias_hh"));
  expect("cell h_next", h_next, cell.at("h_next"), golden::forward);
  expect("cell c_next", c_next, cell.at("c_next"), golden::forward);
  const Tensor z = linear(x, weight("weight_ih"), weight("bias_ih")) + linear(h, weight("weight_hh"), weight("bias_hh"));
  const std::size_t n = h.dim(1);
  const auto gate = [&](std::size_t k) { return slice(z, -1, k * n, (k + 1) * n); };
  expect("cell i", sigmoid(gate(0)), cell.at("i"), golden::forward);
  expect("cell f", sigmoid(gate(1)), cell.at("f"), golden::forward);
  expect("cell g", tanh(gate(2)), cell.at("g"), golden::forward);
  expect("cell o", sigmoid(gate(3)), cell.at("o"), golden::forward);

  const Array sequence = f.input("seq_3x1x2");
  for (const auto& [name, options] : {std::pair{"bidirectional", nn::RecurrentOptions{.bidirectional = true}}, {"stacked2", {.layers = 2}}}) {
    const json& expected = f.expected(name);
    const std::size_t hidden = f.array(f.params().at(name).at("weight_hh_l0"), name).shape()[1];
    const nn::LSTM lstm(sequence.shape()[2], hidden, unused, options);
    load(lstm, f.params().at(name));
    const nn::RecurrentOutput out = lstm(Tensor(sequence));
    expect(std::string(name) + " output", out.output, expected.at("output"), golden::forward);
    expect(std::string(name) + " h_n", out.h_n, expected.at("h_n"), golden::forward);
    expect(std::string(name) + " c_n", out.c_n, expected.at("c_n"), golden::forward);
  }
  f.check("2^50", std::pow(2.0, 50), golden::forward);
  f.check("0.5^50", std::pow(0.5, 50), golden::forward);
}
