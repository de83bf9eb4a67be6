// Multi-head attention, positions, transformer layers, and counting without numbers. Against PyTorch's outputs: tests/golden/attention_test.cpp.
#include "common/nn/transformer.hpp"
#include "common/autograd/node.hpp"
#include "common/nn/deep_copy.hpp"
#include "common/nn/meta.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/autograd/gradcheck.hpp"
#include "common/core/parallel.hpp"
#include "common/nn/position.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::values;

namespace {

Tensor leaf(const Shape& shape, std::uint32_t seed) { return Tensor(values(shape, -1, 1, seed), true); }

std::string names(const nn::Module& module) {
  std::string all;
  for (const auto& [name, tensor] : module.state_dict()) all += name + " ";
  return all;
}

Array value_of(const nn::Module& module, const std::string& wanted) {
  for (const auto& [name, tensor] : module.state_dict())
    if (name == wanted) return tensor.value();
  fail("no '{}'", wanted);
}

/// The first three numbers of a parameter and the sum of all are these.
void check_start(const nn::Module& module, const std::string& name, const std::vector<double>& first, double total) {
  const Array value = value_of(module, name);
  double got = 0;
  for (const real x : value) got += double(x);
  for (std::size_t i = 0; i < first.size(); ++i) CHECK_MESSAGE(value.data()[i] == doctest::Approx(first[i]).epsilon(1e-5), name);
  CHECK_MESSAGE(std::abs(got - total) < 1e-5, name);  // floats are drawn: 7 digits, added up
}

void check_first(const Tensor& y, const std::vector<double>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(y.value().data()[i] == doctest::Approx(expected[i]).epsilon(2e-5));
}

}  // namespace

// The numbers of the next cases: torch 1.13, torch.manual_seed(42) before each line, first three elements and sum() of a parameter.
//   nn.MultiheadAttention(6, 2);  nn.MultiheadAttention(6, 2, kdim=3, vdim=5);  nn.MultiheadAttention(6, 2, bias=False)
//   nn.TransformerEncoderLayer(4, 2, 8);  nn.TransformerDecoderLayer(4, 2, 8);  nn.Transformer(4, 2, 1, 2, 8)
// and torch.rand(1) behind each, which shows that as many numbers were drawn.

TEST_CASE("multi-head attention: names and start weights are PyTorch's") {
  Generator g{42};
  const nn::MultiheadAttention one(6, 2, g);
  CHECK(names(one) == "in_proj_weight in_proj_bias out_proj.weight out_proj.bias ");
  check_start(one, "in_proj_weight", {0.210428774, 0.446411073, 0.289029777}, -5.58277142);
  check_start(one, "out_proj.weight", {0.312121570, 0.338849336, -0.0956413448}, 1.39844321);
  CHECK((one.in_proj_bias.value() == zeros({18}) && one.out_proj.bias.value() == zeros({6})));
  CHECK(g.uniform() == doctest::Approx(0.625834));

  g.manual_seed(42);
  const nn::MultiheadAttention three(6, 2, g, {.key_size = 3, .value_size = 5});
  CHECK(names(three) == "q_proj_weight k_proj_weight v_proj_weight in_proj_bias out_proj.weight out_proj.bias ");
  check_start(three, "q_proj_weight", {0.297591209, 0.631320596, 0.408749819}, -0.230768031);
  check_start(three, "k_proj_weight", {0.292367727, 0.678446949, -0.421659559}, 0.0452751666);
  check_start(three, "v_proj_weight", {0.676261127, -0.249210417, -0.261827708}, -7.42986002);
  CHECK(g.uniform() == doctest::Approx(0.328851));

  g.manual_seed(42);
  const nn::MultiheadAttention no_bias(6, 2, g, {.bias = false});
  CHECK(names(no_bias) == "in_proj_weight out_proj.weight ");
  check_start(no_bias, "in_proj_weight", {0.0779253840, 0.403981686, 0.0546598434}, -5.94403678);
  CHECK(g.uniform() == doctest::Approx(0.413663));
}

TEST_CASE("transformer: names and start weights are PyTorch's") {
  const std::string attention = "A.in_proj_weight A.in_proj_bias A.out_proj.weight A.out_proj.bias ";
  const auto expand = [&](std::string text, const std::string& letter, const std::string& word) {
    for (std::size_t at; (at = text.find(letter)) != text.npos;) text.replace(at, letter.size(), word);
    return text;
  };
  const std::string self = expand(attention, "A", "self_attn"), cross = expand(attention, "A", "multihead_attn");
  const std::string matrices = "linear1.weight linear1.bias linear2.weight linear2.bias ",
                    norms = "norm1.weight norm1.bias norm2.weight norm2.bias ";
  Generator g{42};
  const nn::TransformerEncoderLayer encoder(4, 2, g, {.feed_forward = 8});
  CHECK(names(encoder) == self + matrices + norms);
  check_start(encoder, "self_attn.in_proj_weight", {-0.282142431, -0.0718146637, -0.248720169}, 0.141564983);
  check_start(encoder, "linear1.weight", {-0.298198998, -0.298216999, 0.449721396}, -1.27674180);
  check_start(encoder, "linear2.weight", {-0.309434205, -0.225120902, 0.353415102}, -2.81646194);
  check_start(encoder, "linear2.bias", {0.137646511, -0.290148348, 0.262488335}, -0.149540678);
  CHECK(g.uniform() == doctest::Approx(0.413663));

  g.manual_seed(42);
  const nn::TransformerDecoderLayer decoder(4, 2, g, {.feed_forward = 8});
  CHECK(names(decoder) == self + cross + matrices + norms + "norm3.weight norm3.bias ");
  check_start(decoder, "multihead_attn.in_proj_weight", {-0.309033602, 0.186697945, 0.129460156}, -6.38054857);
  check_start(decoder, "linear1.weight", {-0.415035248, -0.497080326, 0.143055320}, 0.0777593851);
  check_start(decoder, "linear2.bias", {-0.115245119, 0.119396456, 0.225433290}, 0.392819278);
  CHECK(g.uniform() == doctest::Approx(0.058028));

  g.manual_seed(42);
  const nn::Transformer both(4, 2, 1, 2, g, {.feed_forward = 8});
  const nn::NamedTensors state = both.state_dict();
  CHECK(state.size() == 12 + 2 + 2 * 18 + 2);
  CHECK((state[0].first == "encoder.layers.0.self_attn.in_proj_weight" && state[12].first == "encoder.norm.weight"));
  CHECK((state[32].first == "decoder.layers.1.self_attn.in_proj_weight" && state.back().first == "decoder.norm.bias"));
  check_start(both, "encoder.layers.0.self_attn.in_proj_weight", {0.370946497, -0.0565988086, -0.360858351}, -0.205079597);
  check_start(both, "encoder.layers.0.linear1.bias", {-0.286335111, 0.124901831, -0.0659965873}, -1.61971492);
  check_start(both, "decoder.layers.0.multihead_attn.out_proj.weight", {-0.0693492740, -0.762307465, 0.604398429}, -1.36513763);
  check_start(both, "decoder.layers.1.linear2.weight", {-0.474149168, -0.0589148887, 0.152562395}, 0.687376712);
  check_start(both, "decoder.layers.1.linear2.bias", {0.268743128, 0.196884736, -0.350548536}, 0.146435488);
  CHECK(g.uniform() == doctest::Approx(0.531342));
}

TEST_CASE("transformer: dropout draws in PyTorch's order") {
  // torch.manual_seed(42); m = nn.TransformerEncoderLayer(4, 2, 8, dropout=0.25).train(); x = (torch.arange(24.)/10-1).reshape(3,2,4); m(x)
  Tensor x(reshape(linspace(-1, real(1.3), 24), {3, 2, 4}));
  Generator g{42};
  const nn::TransformerEncoderLayer encoder(4, 2, g, {.feed_forward = 8, .dropout = 0.25});
  const Tensor y = encoder(x);
  check_first(y, {-0.464348882, -1.36950111, 0.579796255, 1.25405383, 1.12166154, -1.60382414, 0.0777380168, 0.404424518});
  CHECK(sum(y * x).item() == doctest::Approx(1.82907200).epsilon(1e-4));
  // m = nn.TransformerEncoderLayer(4, 2, 8, dropout=0.25, activation="gelu", norm_first=True).train(); m(x)
  g.manual_seed(42);
  const nn::TransformerEncoderLayer other(4, 2, g,
                                          {.feed_forward = 8, .dropout = 0.25, .activation = nn::Activation::gelu, .norm_first = true});
  check_first(other(x), {-1.15929615, -1.62946284, 0.128538489, -0.203901976, -0.626179099, -1.15601850, 0.0267241001, -1.30036783});
  // m = nn.MultiheadAttention(4, 2, dropout=0.4).train(); m(x, x, x, average_attn_weights=False)
  g.manual_seed(42);
  const nn::MultiheadAttention attention(4, 2, g, {.dropout = 0.4});
  Array weights;
  check_first(attention(x, x, x, {}, &weights), {-0.0496574156, -0.0554573387, 0.0700612441, 0.0411098860, 0.206091329, -0.0153752286});
  CHECK(weights.shape() == Shape{2, 2, 3, 3});
  check_first(Tensor(weights), {0, 0.497480333, 0, 0.518575132, 0.554715931, 0.593375444, 0, 0.520058870, 0.332023621});
  // m = nn.TransformerDecoderLayer(4, 2, 8, dropout=0.25).train(); m(x, x[:2])
  g.manual_seed(42);
  const nn::TransformerDecoderLayer decoder(4, 2, g, {.feed_forward = 8, .dropout = 0.25});
  check_first(decoder(x, slice(x, 0, 0, 2)),
              {-0.726182759, -0.989482522, 0.143069297, 1.57259595, -0.361498147, -1.44537532, 0.631608546, 1.17526495});
  // In evaluation nothing is drawn and nothing is dropped.
  decoder.eval();
  const std::string state = g.state();
  CHECK(decoder(x, x).value() == decoder(x, x).value());
  CHECK(g.state() == state);
}

TEST_CASE("multi-head attention: keys and values of other sizes, gradients, and one head by its formula") {
  Generator g{1};
  const nn::MultiheadAttention layer(4, 2, g, {.key_size = 3, .value_size = 5});
  layer.in_proj_bias.set_value(values({12}, -1, 1, 8));
  const Tensor query = leaf({2, 2, 4}, 1), key = leaf({3, 2, 3}, 2), value = leaf({3, 2, 5}, 3);
  std::vector<Tensor> inputs = layer.parameters();
  inputs.insert(inputs.end(), {query, key, value});
  const GradientCheck result = check_gradients(inputs, [&](const auto&) { return layer(query, key, value); });
  CHECK_MESSAGE(result.worst <= (sizeof(real) == 8 ? 1e-6 : 1e-2), result.message("three sizes"));

  const nn::MultiheadAttention one(4, 1, g);
  const Tensor x = leaf({3, 4}, 1), memory = leaf({5, 4}, 2), values_of = leaf({5, 4}, 3);
  const auto projected = [&](const Tensor& t, std::size_t part) { return linear(t, slice(one.in_proj_weight, 0, 4 * part, 4 * part + 4)); };
  const Tensor shares = softmax(matmul(projected(x, 0), projected(memory, 1), Transpose::no, Transpose::yes) / 2);
  Array weights;
  CHECK(all_close(one(x, memory, values_of, {}, &weights).value(), one.out_proj(matmul(shares, projected(values_of, 2))).value(),
                  test::rounding));
  CHECK(all_close(weights, reshape(shares.value(), {1, 3, 5}), test::rounding));
  CHECK(nn::mean_over_heads(array({2, 1, 2}, {1, 0, 0, 1})) == array({1, 2}, {real(0.5), real(0.5)}));
}

TEST_CASE("attention layers: without a batch, batch first and batch second are the same") {
  Generator a{5}, b{5};
  const nn::TransformerOptions options{.feed_forward = 8, .dropout = 0};
  nn::TransformerOptions first = options;
  first.batch_first = true;
  const nn::Transformer second_net(4, 2, 2, 2, a, options), first_net(4, 2, 2, 2, b, first);
  const Tensor source = leaf({2, 5, 4}, 1), target = leaf({2, 3, 4}, 2);  // batch first
  const Array padding = array({2, 5}, {0, 0, 0, 0, 0, 0, 0, 0, 1, 1});
  const nn::TransformerMasks masks{.source = {.key_padding = padding}, .target = {.causal = true}, .memory = {.key_padding = padding}};
  const Tensor y = first_net(source, target, masks), z = second_net(transpose(source, 0, 1), transpose(target, 0, 1), masks);
  CHECK(all_close(y.value(), transpose(z, 0, 1).value(), test::rounding));
  const auto sequence = [](const Tensor& t, std::size_t i) { return select(t, 0, i); };
  for (const auto& net : {first_net, second_net}) {
    const AttentionMask own{.key_padding = array({0, 0, 0, 1, 1})};  // (keys,)
    CHECK(all_close(net(sequence(source, 0), sequence(target, 0), {.target = {.causal = true}}).value(), sequence(y, 0).value(),
                    test::rounding));
    CHECK(all_close(net(sequence(source, 1), sequence(target, 1), {.source = own, .target = {.causal = true}, .memory = own}).value(),
                    sequence(y, 1).value(), test::rounding));
  }
  const nn::TransformerMasks apart{.source = masks.source, .target = {.causal = true}, .memory = {.hidden = array({1, 0, 0, 0, 0})}};
  const Tensor encoded = first_net.encoder(source, apart.source);
  CHECK(first_net(source, target, apart).value() == first_net.decoder(target, encoded, apart.target, apart.memory).value());
  CHECK(max_difference(first_net(source, target, apart).value(), y.value()) > 1e-3);
  // Padding is as good as not being there.
  const Tensor shorter = slice(sequence(source, 1), 0, 0, 3);
  CHECK(all_close(first_net(shorter, sequence(target, 1), {.target = {.causal = true}}).value(), sequence(y, 1).value(), test::rounding));
}

TEST_CASE("transformer: causal layers do not look ahead; without positions the order of tokens does not matter") {
  Generator g{5};
  const nn::TransformerEncoder gpt(
      nn::TransformerEncoderLayer(8, 2, g, {.feed_forward = 16, .dropout = 0, .norm_first = true, .batch_first = true}), 2);
  const Tensor x = leaf({1, 6, 8}, 1);
  Array changed = x.value();
  changed(0, 4, 0) += 1;  // not all of them: a layer norm would take that away
  const Tensor before = gpt(x, {.causal = true}), after = gpt(Tensor(changed), {.causal = true});
  CHECK(slice(before, 1, 0, 4).value() == slice(after, 1, 0, 4).value());  // bit for bit
  CHECK(max_difference(slice(before, 1, 4, 5).value(), slice(after, 1, 4, 5).value()) > 0.01);
  CHECK(max_difference(slice(before, 1, 5, 6).value(), slice(after, 1, 5, 6).value()) > 1e-4);
  CHECK(max_difference(slice(gpt(x), 1, 0, 4).value(), slice(gpt(Tensor(changed)), 1, 0, 4).value()) > 1e-4);  // without the mask it does

  const std::vector<std::size_t> order{3, 0, 5, 1, 4, 2};
  const auto shuffled = [&](const Tensor& t) {
    std::vector<Tensor> rows;
    for (const std::size_t i : order) rows.push_back(select(t, 1, i));
    return stack(rows, 1);
  };
  CHECK(all_close(gpt(shuffled(x)).value(), shuffled(gpt(x)).value(), 10 * test::rounding));
  const nn::PositionalEncoding position(8, g, {.batch_first = true});
  CHECK(max_difference(gpt(position(shuffled(x))).value(), shuffled(gpt(position(x))).value()) > 0.01);
}

TEST_CASE("transformer: the layers of a stack begin equal and are apart; gradients; weights of every layer; threads") {
  Generator g{5};
  const nn::TransformerDecoderLayer layer(4, 2, g,
                                          {.feed_forward = 6, .dropout = 0, .activation = nn::Activation::gelu_tanh, .norm_first = true});
  const nn::TransformerDecoder stack(layer, 2, nn::LayerNorm(4));
  const Array start = layer.linear1.weight.value();
  CHECK((stack.layers[0].linear1.weight.value() == start && stack.layers[1].linear1.weight.value() == start));
  stack.layers[0].linear1.weight.mutable_value()(0, 0) += 1;
  CHECK((stack.layers[1].linear1.weight.value() == start && layer.linear1.weight.value() == start));
  const nn::TransformerDecoder copy = deep_copy(stack);
  copy.layers[0].linear1.weight.mutable_value()(0, 0) += 1;
  copy.norm->weight.mutable_value()(0) += 1;
  CHECK(copy.parameters()[0].value() == stack.parameters()[0].value());
  CHECK(copy.layers[0].linear1.weight.value()(0, 0) == doctest::Approx(start(0, 0) + 2));
  CHECK(stack.norm->weight.value() == ones({4}));

  const Tensor x = leaf({3, 2, 4}, 1), memory = leaf({5, 2, 4}, 2);
  std::vector<Tensor> inputs = stack.parameters();
  inputs.insert(inputs.end(), {x, memory});
  const GradientCheck result = check_gradients(inputs, [&](const auto&) { return stack(x, memory, {.causal = true}); });
  // In float a step of 0.01 is long for six layer norms of 4 numbers each: only gross mistakes show.
  CHECK_MESSAGE(result.worst <= (sizeof(real) == 8 ? 1e-6 : 0.2), result.message("decoder"));

  std::vector<nn::DecoderWeights> weights;
  const Tensor y = stack(x, memory, {.causal = true}, {}, &weights);
  REQUIRE(weights.size() == 2);
  for (const nn::DecoderWeights& w : weights) {
    CHECK((w.self.shape() == Shape{2, 2, 3, 3} && w.memory.shape() == Shape{2, 2, 3, 5}));
    CHECK(w.self(1, 1, 0, 1) == 0);
    CHECK(w.memory(1, 1, 0, 4) > 0);
  }
  CHECK(weights[0].memory != weights[1].memory);
  if (!has_openmp()) return;
  const int before = threads();
  set_threads(4);
  CHECK(stack(x, memory, {.causal = true}).value() == y.value());
  set_threads(before);
}

TEST_CASE("positions: sines by hand, learned ones, later starts, errors") {
  // sin and cos of 0, 1, 2, and of the same / 100: 10000^(2/4) = 100
  const Array table = nn::sinusoidal_encoding(3, 4);
  for (std::size_t p = 0; p < 3; ++p) {
    const Array row =
        array({real(std::sin(double(p))), real(std::cos(double(p))), real(std::sin(double(p) / 100)), real(std::cos(double(p) / 100))});
    CHECK(all_close(select(Tensor(table), 0, p).value(), row, 1e-7));
  }
  Generator g{42};
  const nn::PositionalEncoding sines(4, g, {.max_length = 6}), batch_first(4, g, {.max_length = 6, .batch_first = true});
  CHECK((sines.parameters().empty() && sines.state_dict().empty()));
  const Tensor plain = leaf({3, 4}, 1), long_first = leaf({3, 2, 4}, 2);
  CHECK(sines(plain).value() == (plain + Tensor(table)).value());
  CHECK(select(sines(long_first), 1, 1).value() == sines(select(long_first, 1, 1)).value());
  CHECK(batch_first(transpose(long_first, 0, 1)).value() == transpose(sines(long_first), 0, 1).value());
  CHECK(slice(sines(plain), 0, 2, 3).value() == sines(slice(plain, 0, 2, 3), 2).value());
  CHECK(test::error_of([&] {
          sines(leaf({7, 4}, 1));
        }) == "PositionalEncoding: 7 positions from position 0 on are wanted, the table has 6");
  CHECK(test::error_of([&] { sines(plain, 4); }) == "PositionalEncoding: 3 positions from position 4 on are wanted, the table has 6");
  CHECK(test::error_of([&] { sines(plain, std::numeric_limits<std::size_t>::max()); }) ==
        "PositionalEncoding: 3 positions from position 18446744073709551615 on are wanted, the table has 6");
  CHECK(test::error_of([&] {
          sines(leaf({3, 5}, 1));
        }) == "PositionalEncoding: needs an input (length, batch, size) or (length, size) with size 4, got (3, 5)");
  CHECK(test::error_of([&] { nn::sinusoidal_encoding(3, 5); }) == "sinusoidal_encoding: size 5, but sines and cosines come in pairs");

  g.manual_seed(42);
  const nn::LearnedPosition learned(4, g, {.max_length = 6});
  CHECK(names(learned) == "weight ");
  Generator again{42};
  CHECK(learned.weight.value() == nn::Embedding(6, 4, again).weight.value());  // drawn as an embedding
  const GradientCheck result = check_gradients({learned.weight, long_first}, [&](const auto&) { return learned(long_first, 1); });
  CHECK_MESSAGE(result.worst <= (sizeof(real) == 8 ? 1e-6 : 1e-2), result.message("learned positions"));
  const nn::PositionalEncoding dropping(4, g, {.dropout = 0.5, .max_length = 6});
  const Array dropped = dropping(Tensor(full({6, 4}, 3))).value();  // the sum is above 0 everywhere
  CHECK(std::count(dropped.begin(), dropped.end(), real(0)) > 0);
  dropping.eval();
  CHECK(dropping(plain).value() == sines(plain).value());
}

TEST_CASE("MetaGuard: a model of any size is built and counted, and cannot be computed with") {
  Generator g{42};
  const std::string state = g.state();
  const auto gpt3 = [&] {
    const nn::MetaGuard guard;
    const nn::TransformerEncoder stack(nn::TransformerEncoderLayer(12288, 96, g, {.feed_forward = 4 * 12288, .norm_first = true}), 96,
                                       nn::LayerNorm(12288));
    // A layer: 4 d^2 + 4 d for attention, 8 d^2 + 5 d for the matrices, 4 d for the norms: 12 d^2 + 13 d; at the end 2 d
    CHECK(stack.parameter_count() == 96 * (12 * std::size_t(12288) * 12288 + 13 * 12288) + 2 * 12288);
    CHECK(nn::Embedding(50257, 12288, g, 0).parameter_count() == std::size_t(50257) * 12288);
    CHECK(nn::LearnedPosition(12288, g, {.max_length = 2048}).parameter_count() == std::size_t(2048) * 12288);
    const nn::PositionalEncoding sines(12288, g, {.max_length = std::size_t(1) << 40});  // 50 petabytes, if it had numbers
    CHECK((sines.parameter_count() == 0 && sines.table.is_meta() && sines.table.shape() == Shape{std::size_t(1) << 40, 12288}));
    CHECK(test::error_of([&] { nn::PositionalEncoding(5, g); }) == "sinusoidal_encoding: size 5, but sines and cosines come in pairs");
    CHECK(nn::Transformer(512, 8, 6, 6, g).parameter_count() == 44140544);  // sum(p.numel() for p in torch.nn.Transformer().parameters())
    return stack;
  }();
  CHECK(g.state() == state);                             // nothing was drawn
  const Tensor weight = gpt3.layers[95].linear1.weight;  // beyond the guard it is what it was
  CHECK((weight.is_meta() && weight.shape() == Shape{49152, 12288} && weight.requires_grad()));
  CHECK((weight.ndim() == 2 && weight.shape(-1) == 12288 && weight.size() == std::size_t(49152) * 12288));
  const std::string why = ": a meta tensor has a shape and no numbers; it can be counted, not computed with";
  CHECK(test::error_of([&] { weight.value(); }) == "tensor (49152, 12288)" + why);
  CHECK(test::error_of([&] { weight.mutable_value(); }) == "tensor (49152, 12288)" + why);
  CHECK(test::error_of([&] { weight.mutable_grad(); }) == "tensor (49152, 12288)" + why);
  CHECK(test::error_of([&] { grad_target(weight); }) == "tensor (49152, 12288)" + why);
  CHECK(test::error_of([&] { gpt3(Tensor(zeros({1, 1, 12288}))); }) == "tensor (12288,)" + why);  // the first norm
  CHECK(test::error_of([&] { weight + 1; }) == "tensor (49152, 12288)" + why);
  CHECK(test::error_of([&] {
          gpt3.norm->load_state_dict({{"weight", ones({12288})}, {"bias", ones({12288})}});
        }) == "tensor (12288,)" + why);

  CHECK_FALSE(nn::PositionalEncoding(4, g).table.is_meta());
  const nn::Linear usual(2, 3, g);  // without a guard everything is as ever
  CHECK((!usual.weight.is_meta() && usual(Tensor(ones({2}))).shape() == Shape{3}));
  {
    const nn::MetaGuard outer;
    { const nn::MetaGuard inner; }
    CHECK(nn::Linear(2, 3, g).weight.is_meta());
    CHECK_FALSE(deep_copy(usual).weight.is_meta());  // what has numbers keeps them
    CHECK(nn::BatchNorm(3).weight.is_meta());
  }
}

TEST_CASE("attention layers: what they refuse") {
  Generator g{1};
  const auto layer = [&](std::size_t size, std::size_t heads, const nn::MultiheadAttentionOptions& options = {}) {
    return test::error_of([&] { nn::MultiheadAttention(size, heads, g, options); });
  };
  const std::string state = g.state();
  CHECK(layer(10, 3) == "MultiheadAttention: size 10 does not split into 3 heads");
  CHECK(layer(10, 0) == "MultiheadAttention: size 10 does not split into 0 heads");
  CHECK(layer(0, 1) == "MultiheadAttention: size 0 does not split into 1 heads");
  CHECK(layer(4, 2, {.dropout = 1}) == "MultiheadAttention: dropout 1 is not in [0, 1)");
  CHECK(g.state() == state);
  const nn::MultiheadAttention attention(4, 2, g, {.key_size = 3});
  const auto call = [&](const Shape& q, const Shape& k, const Shape& v, const AttentionMask& mask = {}) {
    return test::error_of([&] { attention(Tensor(zeros(q)), Tensor(zeros(k)), Tensor(zeros(v)), mask); });
  };
  const std::string axes = " need a last axis of 4, 3 and 4, and all an axis for the batch or none";
  CHECK(call({2, 1, 4}, {2, 1, 4}, {2, 1, 4}) == "MultiheadAttention: query (2, 1, 4), key (2, 1, 4) and value (2, 1, 4)" + axes);
  CHECK(call({2, 1, 4}, {2, 3}, {2, 4}) == "MultiheadAttention: query (2, 1, 4), key (2, 3) and value (2, 4)" + axes);
  const std::string agree = " should be (length, batch, size): batches must agree, and keys and values in their length";
  CHECK(call({2, 1, 4}, {2, 5, 3}, {2, 5, 4}) == "MultiheadAttention: query (2, 1, 4), key (2, 5, 3) and value (2, 5, 4)" + agree);
  CHECK(call({2, 1, 4}, {2, 1, 3}, {3, 1, 4}) == "MultiheadAttention: query (2, 1, 4), key (2, 1, 3) and value (3, 1, 4)" + agree);
  CHECK(call({2, 1, 4}, {5, 1, 3}, {5, 1, 4}, {.key_padding = zeros({5, 1})}) ==
        "scaled_dot_product_attention: key_padding is (batch, keys), got (5, 1) for weights (1, 2, 2, 5)");
  const nn::TransformerEncoderLayer one(4, 2, g, {.feed_forward = 8});
  CHECK(test::error_of([&] { nn::TransformerEncoder(one, 0); }) == "TransformerEncoder: needs at least one layer");
  const nn::TransformerEncoder two(one, 2);
  CHECK(test::error_of([&] { two.layers[2]; }) == "ModuleList: layer 2 of 2");
  CHECK(test::error_of([&] { nn::mean_over_heads(zeros({2, 3})); }) == "mean_over_heads: needs (…, heads, queries, keys), got (2, 3)");
}
