// Modules: names as in PyTorch, sharing and copying, modes, freezing, loading.
#include "common/nn/module.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "common/nn/deep_copy.hpp"
#include "common/nn/init.hpp"
#include "common/nn/layers.hpp"
#include "common/nn/recurrent.hpp"
#include "common/nn/sequential.hpp"
#include "common/optim/optimizers.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;
using test::values;

namespace {

using Layout = std::vector<std::string>;  // "name (shape)" in order

Layout layout(const nn::NamedTensors& tensors) {
  Layout lines;
  for (const auto& [name, tensor] : tensors) lines.push_back(fmt::format("{} {}", name, tensor.shape()));
  return lines;
}

struct Block : nn::Module {
  explicit Block(Generator& g)
      : fc(child("fc", nn::Linear(2, 3, g))), norm(child("norm", nn::BatchNorm(3))), scale(parameter("scale", ones({3}))) {}
  Tensor operator()(const Tensor& x) const { return norm(fc(slice(x, -1, 0, 2))) * scale; }
  nn::Linear fc;
  nn::BatchNorm norm;
  nn::Parameter scale;
};

struct Net : nn::Module {
  explicit Net(Generator& g)
      : embed(child("embed", nn::Embedding(5, 2, g))),
        blocks(child("blocks", nn::Sequential{Block(g), tanh, Block(g)})),
        steps(buffer("steps", zeros({1}))),
        gain(parameter("gain", ones({2}))),
        head(child("head", nn::Linear(3, 1, g, false))) {}
  Tensor operator()(const Ids& ids) const { return head(blocks(embed(ids) * gain)); }
  nn::Embedding embed;
  nn::Sequential blocks;
  nn::Parameter steps, gain;
  nn::Linear head;
};

/// One layer known under two names.
struct Tied : nn::Module {
  explicit Tied(Generator& g) : a(child("a", nn::Linear(2, 2, g))), b(child("b", a)) {}
  Tensor operator()(const Tensor& x) const { return b(a(x)); }
  nn::Linear a, b;
};

}  // namespace

// The names, shapes and orders that torch 1.13 prints for the same layers and the same two classes.
TEST_CASE("module: state_dict is PyTorch's") {
  Generator g{1};
  CHECK(layout(nn::Linear(2, 3, g).state_dict()) == Layout{"weight (3, 2)", "bias (3,)"});
  CHECK(layout(nn::Linear(2, 3, g, false).state_dict()) == Layout{"weight (3, 2)"});
  CHECK(layout(nn::BatchNorm(3).state_dict()) ==
        Layout{"weight (3,)", "bias (3,)", "running_mean (3,)", "running_var (3,)", "num_batches_tracked ()"});
  CHECK(layout(nn::BatchNorm(3).named_parameters()) == Layout{"weight (3,)", "bias (3,)"});
  CHECK(layout(nn::Sequential{nn::Linear(4, 16, g), tanh, nn::Linear(16, 2, g)}.state_dict()) ==
        Layout{"0.weight (16, 4)", "0.bias (16,)", "2.weight (2, 16)", "2.bias (2,)"});
  CHECK(layout(nn::LSTM(3, 4, g, {.layers = 2, .bidirectional = true}).state_dict()) ==
        Layout{"weight_ih_l0 (16, 3)", "weight_hh_l0 (16, 4)", "bias_ih_l0 (16,)", "bias_hh_l0 (16,)", "weight_ih_l0_reverse (16, 3)",
               "weight_hh_l0_reverse (16, 4)", "bias_ih_l0_reverse (16,)", "bias_hh_l0_reverse (16,)", "weight_ih_l1 (16, 8)",
               "weight_hh_l1 (16, 4)", "bias_ih_l1 (16,)", "bias_hh_l1 (16,)", "weight_ih_l1_reverse (16, 8)",
               "weight_hh_l1_reverse (16, 4)", "bias_ih_l1_reverse (16,)", "bias_hh_l1_reverse (16,)"});
  CHECK(layout(nn::GRU(2, 3, g).state_dict()) ==
        Layout{"weight_ih_l0 (9, 2)", "weight_hh_l0 (9, 3)", "bias_ih_l0 (9,)", "bias_hh_l0 (9,)"});
  CHECK(layout(nn::RNN(2, 3, g).state_dict()) ==
        Layout{"weight_ih_l0 (3, 2)", "weight_hh_l0 (3, 3)", "bias_ih_l0 (3,)", "bias_hh_l0 (3,)"});
}

TEST_CASE("module: nested names, own parts first") {
  Generator g{1};
  const Net net(g);
  CHECK(layout(net.state_dict()) == Layout{"gain (2,)",
                                           "steps (1,)",
                                           "embed.weight (5, 2)",
                                           "blocks.0.scale (3,)",
                                           "blocks.0.fc.weight (3, 2)",
                                           "blocks.0.fc.bias (3,)",
                                           "blocks.0.norm.weight (3,)",
                                           "blocks.0.norm.bias (3,)",
                                           "blocks.0.norm.running_mean (3,)",
                                           "blocks.0.norm.running_var (3,)",
                                           "blocks.0.norm.num_batches_tracked ()",
                                           "blocks.2.scale (3,)",
                                           "blocks.2.fc.weight (3, 2)",
                                           "blocks.2.fc.bias (3,)",
                                           "blocks.2.norm.weight (3,)",
                                           "blocks.2.norm.bias (3,)",
                                           "blocks.2.norm.running_mean (3,)",
                                           "blocks.2.norm.running_var (3,)",
                                           "blocks.2.norm.num_batches_tracked ()",
                                           "head.weight (1, 3)"});
  CHECK(layout(net.named_parameters()) == Layout{"gain (2,)", "embed.weight (5, 2)", "blocks.0.scale (3,)", "blocks.0.fc.weight (3, 2)",
                                                 "blocks.0.fc.bias (3,)", "blocks.0.norm.weight (3,)", "blocks.0.norm.bias (3,)",
                                                 "blocks.2.scale (3,)", "blocks.2.fc.weight (3, 2)", "blocks.2.fc.bias (3,)",
                                                 "blocks.2.norm.weight (3,)", "blocks.2.norm.bias (3,)", "head.weight (1, 3)"});
  CHECK(net.parameter_count() == 51);
}

TEST_CASE("module: names are used once and have no dot") {
  struct Twice : nn::Module {
    explicit Twice(const std::string& first, const std::string& second) {
      parameter(first, zeros({1}));
      buffer(second, zeros({1}));
    }
  };
  CHECK(error_of([] { Twice("w", "w"); }) == "module: the name 'w' is used twice");
  CHECK(error_of([] { Twice("a.b", "c"); }) == "module: 'a.b' is not a name for a part of a module");
  CHECK(error_of([] { Twice("", "c"); }) == "module: '' is not a name for a part of a module");
}

TEST_CASE("module: copies share numbers and mode") {
  Generator g{1};
  const Net net(g), copy = net;
  copy.gain.set_value(array({5, 6}));
  copy.blocks.state_dict()[0].second.set_value(array({7, 8, 9}));
  CHECK(net.gain.value() == array({5, 6}));
  CHECK(net.state_dict()[3].second.value() == array({7, 8, 9}));
  copy.eval();
  CHECK_FALSE(net.training());
  CHECK_FALSE(net.embed.training());
  net.train();
  CHECK(copy.training());
}

TEST_CASE("module: deep_copy shares nothing, inside a Sequential too") {
  Generator g{1};
  const Net net(g);
  net.eval();
  net.embed.freeze();
  const Net copy = deep_copy(net);
  CHECK(layout(copy.state_dict()) == layout(net.state_dict()));
  const Ids ids = byhand::ids({0, 3, 1});
  const Array before = net(ids).value();
  CHECK(copy(ids).value() == before);
  CHECK_FALSE(copy.training());
  CHECK_FALSE(copy.embed.weight.requires_grad());
  CHECK(copy.head.weight.requires_grad());
  const nn::NamedTensors ours = net.state_dict(), theirs = copy.state_dict();
  for (std::size_t i = 0; i < ours.size(); ++i) CHECK_MESSAGE(&ours[i].second.node() != &theirs[i].second.node(), ours[i].first);
  for (const auto& [name, tensor] : theirs) tensor.set_value(full(tensor.shape(), 0.5));
  copy.train();
  CHECK(net(ids).value() == before);  // the original does not move
  CHECK_FALSE(net.training());
  CHECK_FALSE(net.head.training());
  CHECK(copy.head.training());  // the copy's children are its own
  // What the copy computes with is what its state_dict lists: with these numbers each block gives the same for each row.
  CHECK(copy.gain.value() == array({0.5, 0.5}));
  CHECK(copy.embed.weight.value()(4, 1) == 0.5);
  copy.eval();
  CHECK(copy(ids).value()(0, 0) == copy(ids).value()(2, 0));
  CHECK(net(ids).value()(0, 0) != net(ids).value()(2, 0));
}

TEST_CASE("module: a weight used twice is one weight") {
  Generator g{1};
  const Tied net(g);
  // PyTorch lists a shared parameter once among the parameters and under both names in the state_dict.
  CHECK(layout(net.named_parameters()) == Layout{"a.weight (2, 2)", "a.bias (2,)"});
  CHECK(layout(net.state_dict()) == Layout{"a.weight (2, 2)", "a.bias (2,)", "b.weight (2, 2)", "b.bias (2,)"});
  CHECK(net.parameter_count() == 6);
  const Tied copy = deep_copy(net);
  CHECK(&copy.a.weight.node() == &copy.b.weight.node());
  CHECK(&copy.a.weight.node() != &net.a.weight.node());
  CHECK(&copy.parameters()[0].node() == &copy.a.weight.node());
  // One step moves it once: w - 0.5 * (its gradient from both uses)
  const Array before = net.a.weight.value();
  optim::SGD sgd(net.parameters(), {.lr = 0.5});
  sum(net(Tensor(array({1, 2}, {1, 2})))).backward();
  const Array expected = before - real(0.5) * net.a.weight.grad();
  sgd.step();
  CHECK(all_close(net.a.weight.value(), expected, test::rounding));
  CHECK(net.b.weight.value() == net.a.weight.value());
}

TEST_CASE("module: train and eval reach the children of a copy, and dropout obeys") {
  Generator g{1};
  const nn::Sequential net{nn::Linear(4, 50, g), nn::Dropout(0.5, g)}, copy = net;
  const Tensor x(ones({1, 4}));
  copy.eval();
  CHECK(net(x).value() == net(x).value());
  net.train();
  CHECK(copy(x).value() != copy(x).value());  // 50 coins twice the same: 2^-50
  CHECK(error_of([&] { nn::Dropout(1, g); }) == "Dropout: probability 1 is not in [0, 1)");
}

TEST_CASE("module: freeze and unfreeze with an optimiser") {
  Generator g{1};
  const nn::Linear first(2, 3, g), second(3, 1, g);
  const nn::Sequential net{first, tanh, second};
  optim::SGD sgd(net.parameters(), {.lr = 0.1});
  const Array w1 = first.weight.value(), w2 = second.weight.value();
  const auto train_step = [&] {
    sgd.zero_grad();
    mean(square(net(Tensor(values({4, 2}))))).backward();
    sgd.step();
  };
  first.freeze();
  train_step();
  CHECK(first.weight.value() == w1);
  CHECK(second.weight.value() != w2);
  CHECK_FALSE(first.weight.has_grad());
  first.unfreeze();
  train_step();
  CHECK(first.weight.value() != w1);
  net.zero_grad();
  CHECK_FALSE(second.weight.has_grad());
}

TEST_CASE("module: load_state_dict by name, and not at all when anything is wrong") {
  Generator g{1};
  const nn::Sequential net{nn::Linear(2, 1, g), nn::BatchNorm(1)};
  using Values = std::vector<std::pair<std::string, Array>>;
  Values good;
  for (const auto& [name, tensor] : net.state_dict()) good.insert(good.begin(), {name, full(tensor.shape(), 3)});  // any order
  const Array before = net.state_dict()[0].second.value();
  const auto refused = [&](Values values) {
    const std::string message = error_of([&] { net.load_state_dict(values); });
    CHECK(net.state_dict()[0].second.value() == before);
    CHECK(net.state_dict()[5].second.value() == ones({1}));  // 1.running_var
    return message;
  };
  Values missing = good, unknown = good, shape = good;
  missing.erase(missing.begin());  // the last name
  unknown.emplace_back("2.weight", zeros({1}));
  shape.front().second = zeros({1});  // num_batches_tracked is ()
  CHECK(refused(missing) == "load_state_dict: '1.num_batches_tracked' () is missing");
  CHECK(refused(unknown) == "load_state_dict: the model has no '2.weight'");
  CHECK(refused(shape) == "load_state_dict: '1.num_batches_tracked' is () in the model and (1,) in the file");
  CHECK(refused({}) == "load_state_dict: '0.weight' (1, 2) is missing");
  net.load_state_dict(good);
  for (const auto& entry : net.state_dict()) CHECK_MESSAGE(entry.second.value() == full(entry.second.shape(), 3), entry.first);
}

TEST_CASE("module: moving in and out of a vector is safe") {
  Generator g{1};
  std::vector<Block> blocks;
  std::vector<Array> weights;
  for (int i = 0; i < 9; ++i) {  // reallocates several times
    Block block(g);
    weights.push_back(block.fc.weight.value());
    blocks.push_back(std::move(block));
  }
  Block last = std::move(blocks.back());
  blocks.pop_back();
  blocks.erase(blocks.begin());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    CHECK(blocks[i].fc.weight.value() == weights[i + 1]);
    CHECK(&blocks[i].fc.weight.node() == &blocks[i].parameters()[1].node());
    blocks[i].eval();
    CHECK_FALSE(blocks[i].norm.training());
  }
  CHECK(last.fc.weight.value() == weights[8]);
  Net net(g);
  const Net other(g);
  net = other;  // now a second handle to the other
  CHECK(&net.head.weight.node() == &other.parameters().back().node());
  CHECK(&net.parameters()[0].node() == &other.gain.node());
}

TEST_CASE("layers: embedding, padding, from_pretrained") {
  Generator g{1};
  const nn::Embedding padded(4, 3, g, 2);
  for (std::size_t j = 0; j < 3; ++j) CHECK(padded.weight.value()(2, j) == 0);
  sum(padded(ids({0, 2, 2}))).backward();
  CHECK(padded.weight.grad() == array({4, 3}, {1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  const auto table = array({2, 2}, {1, 2, 3, 4});
  CHECK_FALSE(nn::Embedding::from_pretrained(table).weight.requires_grad());
  CHECK(nn::Embedding::from_pretrained(table, false).weight.requires_grad());
  CHECK(nn::Embedding::from_pretrained(table)(ids({1})).value() == array({1, 2}, {3, 4}));
  CHECK(error_of([&] { nn::Embedding(4, 3, g, 4); }) == "Embedding: padding row 4 is outside a table of 4 rows");
  CHECK(error_of([] { nn::Embedding::from_pretrained(zeros({3})); }) == "Embedding: the table is (rows, size), got (3,)");
}

TEST_CASE("layers: batch norm by hand") {
  nn::BatchNorm norm(1, 0, 0.1);
  const Tensor x(array({3, 1}, {1, 2, 6}));  // mean 3, squared distances 4 + 1 + 9 = 14: variance 14 / 3, unbiased 7
  const real s = std::sqrt(real(14) / 3);
  CHECK(all_close(norm(x).value(), array({3, 1}, {-2 / s, -1 / s, 3 / s}), test::rounding));
  CHECK(norm.running_mean.value()(0) == doctest::Approx(0.3));       // 0.9 * 0 + 0.1 * 3
  CHECK(norm.running_var.value()(0) == doctest::Approx(0.9 + 0.7));  // 0.9 * 1 + 0.1 * 7
  CHECK(norm.num_batches_tracked.value()() == 1);
  norm.eval();
  CHECK(norm(Tensor(array({1, 1}, {2.3}))).item() == doctest::Approx(2 / std::sqrt(1.6)));
  CHECK(norm.num_batches_tracked.value()() == 1);
  norm.train();
  CHECK(error_of([&] { norm(Tensor(ones({1, 1}))); }) == "BatchNorm: needs more than one value for each channel in training, got (1, 1)");
  CHECK(error_of([&] { norm(Tensor(ones({4, 2}))); }) == "BatchNorm: needs (batch, 1, …), got (4, 2)");
}

TEST_CASE("layers: sizes that make no sense") {
  Generator g{1};
  CHECK(error_of([&] { nn::Linear(0, 3, g); }) == "init: a weight (3, 0) has no inputs");
  CHECK(error_of([&] { nn::Linear(2, 3, g)(Tensor(ones({4, 3}))); }) == "linear: an input (4, 3) for a weight (3, 2) (out, in)");
  CHECK(error_of([] { nn::init::fans({3}); }) == "init: a weight needs at least the axes (out, in), got (3,)");
  CHECK(nn::init::fans({4, 3}) == std::pair<std::size_t, std::size_t>{3, 4});
  CHECK(nn::init::fans({8, 3, 5, 5}) == std::pair<std::size_t, std::size_t>{75, 200});  // 3 * 25, 8 * 25
}
