// Layers against PyTorch: forward and every gradient.
#include "common/nn/layers.hpp"
#include "common/autograd/definitions.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/nn/recurrent.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::json;
using golden::leaf;
using golden::load;

namespace {
Generator unused{0};

/// The number of layers and directions, read off the names of the parameters.
nn::RecurrentOptions options_of(const json& parameters) {
  nn::RecurrentOptions options;
  while (parameters.contains(fmt::format("weight_ih_l{}", options.layers))) ++options.layers;
  options.bidirectional = parameters.contains("weight_ih_l0_reverse");
  return options;
}

/// One entry of a file about RNN, LSTM or GRU, from the start states h0 and c0, which may be undefined. An entry with gradients has those of
/// sum(output R) + 0.5 sum(h_n) + 0.25 sum(c_n), as its notes say.
template <class Layer>
void check_recurrent(golden::File& f, const std::string& name, const Tensor& x, const Tensor& h0, const Tensor& c0) {
  constexpr bool has_cell = std::is_same_v<Layer, nn::LSTM>;
  const json& parameters = io::member(f.params(), name, f.where());
  const std::size_t hidden = f.array(io::member(parameters, "weight_hh_l0", name), name).shape()[1];
  const Layer layer(x.shape(2), hidden, unused, options_of(parameters));
  load(layer, parameters);
  nn::RecurrentOutput out;
  if constexpr (has_cell)
    out = layer(x, h0, c0);
  else
    out = layer(x, h0);

  golden::Part expected = f.part(name);
  expected.check("output", out.output, golden::forward);
  expected.check("h_n", out.h_n, golden::forward);
  if constexpr (has_cell) expected.check("c_n", out.c_n, golden::forward);
  if (!expected.all().contains("grads")) return;
  Tensor loss = sum(out.output * Tensor(f.input("R"))) + real(0.5) * sum(out.h_n);
  if constexpr (has_cell) loss = loss + real(0.25) * sum(out.c_n);
  expected.check("loss", loss, golden::forward);
  loss.backward();
  nn::NamedTensors leaves = layer.named_parameters();
  leaves.emplace_back("x", x);
  leaves.emplace_back("h0", h0);
  if constexpr (has_cell) leaves.emplace_back("c0", c0);
  expected.check_gradients("grads", leaves);
}

}  // namespace

TEST_CASE("golden linear_mlp") {
  golden::File f("linear_mlp");
  const Tensor x = leaf(f.input("X")), W = leaf(f.param("W")), b = leaf(f.param("b"));
  const Tensor y = linear(x, W, b);
  f.check("linear_y", y, golden::forward);
  sum(y * Tensor(f.input("R"))).backward();
  f.check_gradients("linear_grads_of_sum(y*R)", {{"x", x}, {"W", W}, {"b", b}});
  const nn::Linear layer(x.shape(-1), W.shape(0), unused);
  load(layer, json{{"weight", f.params().at("W")}, {"bias", f.params().at("b")}});
  f.check("linear_y", layer(x), golden::forward);

  const Tensor x2 = leaf(f.input("X")), W1 = leaf(f.param("W1")), b1 = leaf(f.param("b1")), W2 = leaf(f.param("W2")),
               b2 = leaf(f.param("b2"));
  const Tensor hidden = tanh(linear(x2, W1, b1)), logits = linear(hidden, W2, b2), loss = cross_entropy(logits, f.input_ids("targets"));
  f.check("mlp_hidden_tanh", hidden, golden::forward);
  f.check("mlp_logits", logits, golden::forward);
  f.check("mlp_ce_mean", loss, golden::forward);
  loss.backward();
  f.check_gradients("mlp_grads", {{"W1", W1}, {"b1", b1}, {"W2", W2}, {"b2", b2}, {"x", x2}});

  const Array A1 = f.input("A1"), A2 = f.input("A2"), point = f.input("point"), rotate = f.input("rotate"), scale = f.input("scale");
  f.check("A1@A2", matmul(A1, A2), golden::forward);
  f.check("A2@A1", matmul(A2, A1), golden::forward);
  f.check("point@rotate@scale", matmul(matmul(point, rotate), scale), golden::forward);
  f.check("point@scale@rotate", matmul(matmul(point, scale), rotate), golden::forward);
  f.check("(point@rotate)@scale == point@(rotate@scale)", matmul(point, matmul(rotate, scale)), golden::forward);
}

TEST_CASE("golden embedding") {
  golden::File f("embedding");
  const Tensor R(f.input("R"));
  const Array E = f.param("E");
  const Ids idx = f.input_ids("idx");
  const nn::Embedding plain = nn::Embedding::from_pretrained(E, false);
  f.check("out", plain(idx), golden::forward);
  sum(plain(idx) * R).backward();
  f.check("grad_of_sum(out*R)", plain.weight.grad(), golden::gradient);

  for (const auto& [key, value] : f.all().items()) {
    if (!golden::starts_with(key, "grad_with_padding_idx_")) continue;
    const nn::Embedding padded = nn::Embedding::from_pretrained(E, false, std::int64_t(golden::number_after(key, "padding_idx_")));
    sum(padded(idx) * R).backward();
    f.check(key, padded.weight.grad(), golden::gradient);
  }
  Array one_hot = zeros({idx.size(), E.shape()[0]});
  for (std::size_t i = 0; i < idx.size(); ++i) one_hot(i, std::size_t(idx.data()[i])) = 1;
  f.check("one_hot@E", reshape(matmul(one_hot, E), plain(idx).shape()), golden::forward);
}

TEST_CASE("golden layer_norm") {
  golden::File f("layer_norm");
  const Tensor x = leaf(f.input("X"));
  const std::size_t size = x.shape(-1);
  const double eps = f.number(f.params().at("eps"));
  const nn::LayerNorm norm(size, eps), plain(size, eps);
  load(norm, json{{"weight", f.params().at("gamma")}, {"bias", f.params().at("beta")}});
  const Tensor y = norm(x);
  f.check("y", y, golden::forward);
  f.check("y_no_affine", plain(x), golden::forward);
  f.check("y_constant_row_no_affine", plain(Tensor(f.input("constant_row"))), golden::forward);
  f.check("mean", mean(x, {-1}), golden::forward);
  f.check("var_biased", variance(x, {-1}), golden::forward);
  sum(y * Tensor(f.input("R"))).backward();
  f.check_gradients("grads_of_sum(y*R)", {{"x", x}, {"gamma", norm.weight}, {"beta", norm.bias}});
  for (const auto& [key, value] : f.all().items()) {
    if (golden::starts_with(key, "y_eps_"))
      f.check(key, layer_norm(x, norm.weight, norm.bias, golden::number_after(key, "y_eps_")), golden::forward);
  }
}

TEST_CASE("golden batch_norm") {
  golden::File f("batch_norm");
  const double eps = f.number(f.params().at("eps")), momentum = f.number(f.params().at("momentum"));
  const Tensor x = leaf(f.input("X"));
  const nn::BatchNorm norm(x.shape(1), eps, momentum);
  norm.weight.set_value(f.param("gamma"));
  norm.bias.set_value(f.param("beta"));
  const Tensor y1 = norm(x);
  f.check("train_y1", y1, golden::forward);
  f.check("running_mean_1", norm.running_mean, golden::forward);
  f.check("running_var_1", norm.running_var, golden::forward);
  sum(y1 * Tensor(f.input("R"))).backward();
  f.check_gradients("grads_of_sum(y1*R)", {{"x", x}, {"gamma", norm.weight}, {"beta", norm.bias}});
  f.check("train_y2", norm(Tensor(f.input("X2"))), golden::forward);
  f.check("running_mean_2", norm.running_mean, golden::forward);
  f.check("running_var_2", norm.running_var, golden::forward);
  norm.eval();
  f.check("eval_y_of_X", norm(x), golden::forward);

  const Array image = f.input(golden::key_of(f.inputs(), "image"));
  const nn::BatchNorm norm2d(image.shape()[1], eps, momentum);
  f.check("bn2d_train_y_no_affine_change", norm2d(Tensor(image)), golden::forward);
  f.check("bn2d_running_mean", norm2d.running_mean, golden::forward);
  f.check("bn2d_running_var", norm2d.running_var, golden::forward);
}

TEST_CASE("golden rnn_lstm_gru") {
  golden::File f("rnn_lstm_gru");
  for (const auto& [name, value] : f.all().items()) {
    const Tensor x = leaf(f.input(golden::key_of(f.inputs(), "X"))), h0 = leaf(f.input("h0")), c0 = leaf(f.input("c0"));
    if (name == "rnn_tanh")
      check_recurrent<nn::RNN>(f, name, x, h0, c0);
    else if (name == "lstm")
      check_recurrent<nn::LSTM>(f, name, x, h0, c0);
    else if (name == "gru")
      check_recurrent<nn::GRU>(f, name, x, h0, c0);
  }
}

TEST_CASE("golden lstm_cell_bidirectional_stacked") {
  golden::File f("lstm_cell_bidirectional_stacked");
  const Tensor sequence(f.input(golden::key_of(f.inputs(), "seq")));
  for (const auto& [name, value] : f.all().items()) {
    if (const std::size_t power = name.find('^'); power != name.npos) {  // "2^50": what becomes of a weight in 50 steps
      f.check(name, std::pow(std::stod(name), std::stod(name.substr(power + 1))), golden::forward);
    } else if (name != "cell") {
      check_recurrent<nn::LSTM>(f, name, sequence, {}, {});
    }
  }
  golden::Part cell = f.part("cell");
  const json& weights = io::member(f.params(), "cell", f.where());
  const auto weight = [&](const char* name) { return Tensor(f.array(io::member(weights, name, "cell"), name)); };
  const Tensor x(f.input("x")), h(f.input("h")), c(f.input("c"));
  const Tensor w_ih = weight("weight_ih"), w_hh = weight("weight_hh"), b_ih = weight("bias_ih"), b_hh = weight("bias_hh");
  const auto [h_next, c_next] = definition::lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh);
  cell.check("h_next", h_next, golden::forward);
  cell.check("c_next", c_next, golden::forward);
  // The gates in between, from the small operations they are made of; the rows of the weights are i, f, g, o.
  const Tensor z = linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh);
  const std::size_t n = h.shape(1);
  const auto gate = [&](std::size_t k) { return slice(z, -1, k * n, (k + 1) * n); };
  cell.check("i", sigmoid(gate(0)), golden::forward);
  cell.check("f", sigmoid(gate(1)), golden::forward);
  cell.check("g", tanh(gate(2)), golden::forward);
  cell.check("o", sigmoid(gate(3)), golden::forward);

  // The layer over a sequence of one step is the cell.
  json layer_weights;
  for (const auto& [name, value] : weights.items()) layer_weights[name + "_l0"] = value;
  const nn::LSTM layer(x.shape(1), n, unused);
  load(layer, layer_weights);
  const nn::RecurrentOutput out = layer(unsqueeze(x, 0), unsqueeze(h, 0), unsqueeze(c, 0));
  cell.check("h_next", select(out.h_n, 0, 0), golden::forward);
  cell.check("c_next", select(out.c_n, 0, 0), golden::forward);
}
