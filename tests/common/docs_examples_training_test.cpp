// The rows on gradients, modules, losses, optimisers, data, training and files of docs/cpp-for-python-readers.md; docs_examples_test.cpp has the rest
// and holds the page against both. Expected numbers: by hand, or, for draws from seed 42, PyTorch's (tests/golden/torch_rng.json).
#include <doctest/doctest.h>
#include <unistd.h>

#include "common/autograd/gradcheck.hpp"
#include "common/autograd/losses.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/io/csv.hpp"
#include "common/io/npy.hpp"
#include "common/io/safetensors.hpp"
#include "common/nn/deep_copy.hpp"
#include "common/nn/init.hpp"
#include "common/nn/layers.hpp"
#include "common/nn/recurrent.hpp"
#include "common/nn/sequential.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/files.hpp"
#include "common/train/loader.hpp"
#include "common/train/run/checkpoint.hpp"
#include "common/train/trainer.hpp"

using namespace byhand;

namespace {

/// These numbers in this shape; exactly, unless a tolerance is given.
bool is(const Array& a, const Shape& shape, const std::vector<real>& numbers, double tolerance = 0) {
  return all_close(a, array(shape, numbers), tolerance);
}
bool is(const Tensor& t, const Shape& shape, const std::vector<real>& numbers, double tolerance = 0) {
  return is(t.value(), shape, numbers, tolerance);
}
bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }
constexpr double printed = 1e-4;                             // numbers written with four decimals, or a little more
constexpr double rounded = sizeof(real) == 8 ? 1e-8 : 4e-6;  // numbers written with eight decimals; float has seven digits

struct Net : nn::Module {
  explicit Net(Generator& g)
      : fc1(child("fc1", nn::Linear(2, 3, g))),
        fc2(child("fc2", nn::Linear(3, 1, g))),
        scale(parameter("scale", ones({1}))),
        steps(buffer("steps", zeros({1}))) {}
  Tensor operator()(const Tensor& x) const { return fc2(relu(fc1(x))) * scale; }
  nn::Linear fc1, fc2;
  nn::Parameter scale, steps;
};

struct Line : train::Trainable {
  explicit Line(Generator& g) : fc(child("fc", nn::Linear(1, 1, g))) {}
  Tensor operator()(const Tensor& x) const { return fc(x); }
  Tensor training_step(const train::Batch& batch) override { return mse_loss((*this)(batch.tensor(0)), batch.tensor(1)); }
  std::unique_ptr<optim::Optimizer> configure_optimizers() override {
    return std::make_unique<optim::SGD>(parameters(), optim::SGDOptions{.lr = 0.1});
  }
  nn::Linear fc;
};

/// y = w x with w = 1, whose w has a gradient.
nn::Linear weight_of_one(real gradient) {
  Generator g;
  nn::Linear net(1, 1, g, false);
  net.weight.set_value(ones({1, 1}));
  sum(net.weight * gradient).backward();
  return net;
}

}  // namespace

TEST_CASE("docs table: gradients") {
  const Tensor w(array({1, 2}), true);
  CHECK(!w.has_grad());
  const Tensor loss = sum(w * w);
  loss.backward();
  CHECK(is(w.grad(), {2}, {2, 4}));
  CHECK(loss.item() == 5);
  w.zero_grad();
  CHECK(!w.has_grad());
  CHECK(!w.detach().requires_grad());
  w.set_value(array({3, 4}));
  CHECK(is(w, {2}, {3, 4}));
  const auto f = [](const std::vector<Tensor>& inputs) { return tanh(inputs[0]); };
  CHECK(check_gradients({w}, f).worst < (sizeof(real) == 8 ? 1e-8 : 1e-2));  // the step's own error: gradcheck.hpp
  w.set_requires_grad(false);
  CHECK(!(w * 2).requires_grad());
}

TEST_CASE("docs table: modules and start weights") {
  Generator g{42};
  const Net net(g);
  CHECK(near(net.fc1.weight.value()(2, 1), 0.1427, printed));  // fc1 is declared first, so it draws first
  CHECK(near(net.fc1.bias.value()(2), 0.6233, printed));
  CHECK(net.parameter_count() == 6 + 3 + 3 + 1 + 1);
  std::string names;
  for (const auto& [name, tensor] : net.named_parameters()) names += name + " ";
  CHECK(names == "scale fc1.weight fc1.bias fc2.weight fc2.bias ");
  CHECK(net.state_dict().size() == 6);
  net.eval();
  CHECK(!net.training());
  net.train();
  CHECK(net.fc2.training());
  net.freeze();
  CHECK(!net.fc1.weight.requires_grad());
  CHECK(is(nn::deep_copy(net).scale, {1}, {1}));
  const nn::Sequential stacked{nn::Linear(4, 16, g), tanh, nn::Linear(16, 2, g)};
  CHECK(stacked(Tensor(ones({5, 4}))).shape() == Shape{5, 2});

  CHECK(!nn::Linear(2, 3, g, false).bias.defined());
  g.manual_seed(42);
  CHECK(near(nn::Embedding(5, 2, g).weight.value()(0, 1), 0.1288, printed));
  CHECK(is(nn::Embedding::from_pretrained(eye(2))(ids({1})), {1, 2}, {0, 1}));
  const Tensor x(array({2, 2}, {0, -1, 2, 3}));
  CHECK(is(nn::LayerNorm(2)(x), {2, 2}, {1, -1, -1, 1}, printed));
  CHECK(is(nn::BatchNorm(2)(x), {2, 2}, {-1, -1, 1, 1}, printed));
  g.manual_seed(42);
  CHECK(is(nn::Dropout(0.5, g)(Tensor(ones({8}))), {8}, {2, 2, 2, 2, 0, 2, 0, 0}));
  const nn::LSTM lstm(1, 2, g, {.layers = 2, .batch_first = true});
  const auto [out, h, c] = lstm(Tensor(zeros({3, 4, 1})));
  CHECK((out.shape() == Shape{3, 4, 2} && h.shape() == Shape{2, 3, 2} && c.shape() == Shape{2, 3, 2}));
  g.manual_seed(42);
  CHECK(near(nn::GRU(2, 3, g).parameters()[0].value()(0, 0), 0.4414, printed));
  g.manual_seed(42);
  CHECK(near(nn::init::xavier_uniform({4, 5}, g)(0, 0), 0.6242, printed));
  g.manual_seed(42);
  CHECK(near(nn::init::kaiming_normal({4, 5}, g)(0, 0), 1.2187, printed));
  const nn::Linear layer(2, 3, g);
  layer.bias.set_value(zeros({3}));
  CHECK(is(layer(Tensor(zeros({1, 2}))), {1, 3}, {0, 0, 0}));
}

TEST_CASE("docs table: losses") {
  const real l = real(1.09861229);  // ln 3: softmax(0, ln 3) = 1/4, 3/4; ln(4/3) = 0.28768207, ln 4 = 1.38629436
  const Tensor logits(array({2, 2}, {0, l, 0, l})), y(array({1, 2, 3})), t(array({1, 0, 0}));
  const Ids target = ids({1, 0});
  CHECK(near(cross_entropy(logits, target).item(), 0.83698822, rounded));
  CHECK(near(cross_entropy(logits, ids({1, 1}), {.label_smoothing = 0.1}).item(), 0.95 * 0.28768207 + 0.05 * 1.38629436, rounded));
  CHECK(near(cross_entropy(logits, target, {.ignore_index = 0, .reduction = Reduction::sum}).item(), 0.28768207, rounded));
  CHECK(near(mse_loss(y, t).item(), 13.0 / 3, rounded));
  CHECK(mse_loss(y, t, Reduction::sum).item() == 13);
  CHECK(near(l1_loss(y, t).item(), 5.0 / 3, rounded));
  const Tensor q(array({0.5, 0.75})), z(array({0, l}));
  const Array label = array({1, 0});
  CHECK(near(binary_cross_entropy(q, label).item(), 1.03972077, rounded));  // (ln 2 + ln 4) / 2
  CHECK(near(binary_cross_entropy_with_logits(z, label).item(), 1.03972077, rounded));
}

TEST_CASE("docs table: optimisers and clipping") {
  nn::Linear net = weight_of_one(2);
  const auto weight = [&] { return double(net.weight.value()(0, 0)); };
  optim::SGD sgd(net.parameters(), {.lr = 0.1, .momentum = 0.9});
  sgd.step();  // v = 2
  CHECK(near(weight(), 0.8, rounded));
  sgd.step();  // v = 0.9 * 2 + 2 = 3.8
  CHECK(near(weight(), 0.42, rounded));
  sgd.zero_grad();
  CHECK(!net.weight.has_grad());

  net = weight_of_one(2);
  optim::Adam adam(net.parameters(), {.lr = 0.01});
  adam.step();  // the first step of Adam has the length of the learning rate
  CHECK(near(weight(), 0.99, rounded));
  adam.set_lr(0.5);
  CHECK(adam.lr() == 0.5);
  net = weight_of_one(2);
  optim::AdamW adamw(net.parameters(), {.lr = 0.01, .beta1 = 0.8, .beta2 = 0.99, .weight_decay = 0.1});
  adamw.step();  // 1 * (1 - 0.01 * 0.1) - 0.01
  CHECK(near(weight(), 0.989, rounded));
  net = weight_of_one(2);
  optim::RMSprop rmsprop(net.parameters(), {.lr = 0.01});
  rmsprop.step();  // s = 0.01 * 4, 1 - 0.01 * 2 / 0.2
  CHECK(near(weight(), 0.9, rounded));

  const Tensor w(array({1, 1}), true);
  sum(w * Tensor(array({3, 4}))).backward();
  const std::vector<Tensor> parameters{w};
  const double norm = optim::clip_grad_norm(parameters, 1);
  CHECK(near(norm, 5, rounded));
  CHECK(is(w.grad(), {2}, {real(3 / 5.000001), real(4 / 5.000001)}, rounded));  // PyTorch divides by the norm + 1e-6
  optim::clip_grad_value(parameters, 0.7);
  CHECK(is(w.grad(), {2}, {real(3 / 5.000001), real(0.7)}, rounded));
}

TEST_CASE("docs table: schedules") {
  nn::Linear net = weight_of_one(2);
  optim::SGD optimizer(net.parameters(), {.lr = 1});
  /// The rates of steps 0 to 5.
  const auto rates = [&](optim::Schedule schedule) {
    optimizer.set_lr(1);
    optim::LRScheduler scheduler(optimizer, schedule);
    std::vector<real> all;
    for (int i = 0; i < 6; ++i) {
      all.push_back(real(optimizer.lr()));
      scheduler.step();
    }
    return array(all);
  };
  CHECK(is(rates(optim::StepLR(3, 0.1)), {6}, {1, 1, 1, real(0.1), real(0.1), real(0.1)}, rounded));
  CHECK(is(rates(optim::MultiStepLR({2, 5}, 0.5)), {6}, {1, 1, real(0.5), real(0.5), real(0.5), real(0.25)}, rounded));
  CHECK(is(rates(optim::ExponentialLR(0.9)), {6}, {1, real(0.9), real(0.81), real(0.729), real(0.6561), real(0.59049)}, rounded));
  CHECK(near(rates(optim::CosineAnnealingLR(10, 0.01))(5), 0.505, rounded));
  CHECK(is(rates(optim::LinearLR(0.1, 1, 5)), {6}, {real(0.1), real(0.28), real(0.46), real(0.64), real(0.82), 1}, rounded));
  CHECK(near(rates([](double base, std::int64_t step) { return base / double(step + 1); })(3), 0.25, rounded));
  optim::LRScheduler scheduler(optimizer, optim::StepLR(3, 0.1));
  scheduler.step();
  CHECK(scheduler.steps() == 1);
}

TEST_CASE("docs table: data and training") {
  train::DataLoader order(train::TensorDataset(arange(10)), {.batch_size = 3, .shuffle = true}, Generator(42));
  CHECK(order.size() == 4);
  std::vector<real> seen;
  for (const train::Batch& batch : order)
    for (const real number : batch.arrays[0]) seen.push_back(number);
  CHECK(seen == std::vector<real>{8, 0, 9, 1, 4, 5, 6, 3, 2, 7});  // PyTorch's DataLoader after torch.manual_seed(42)

  Generator g{42};
  const Array inputs = array({4, 1}, {-1, 0, 1, 2}), labels = array({4, 1}, {-1, 1, 3, 5});  // y = 2 x + 1
  const train::DataLoader loader(train::TensorDataset(inputs, labels), {.batch_size = 2});
  const nn::Linear net(1, 1, g);
  optim::SGD optimizer(net.parameters(), {.lr = 0.1});
  for (int epoch = 0; epoch < 100; ++epoch) {
    for (const train::Batch& batch : loader) {
      optimizer.zero_grad();
      const Tensor loss = mse_loss(net(batch.tensor(0)), batch.tensor(1));
      loss.backward();
      optimizer.step();
    }
  }
  CHECK(is(net.weight, {1, 1}, {2}, printed));
  CHECK(is(net.bias, {1}, {1}, printed));

  Line line(g);
  const train::History history =
      train::Trainer({.max_epochs = 100, .gradient_clip_norm = 1, .progress = train::ProgressMode::off}).fit(line, loader, &loader);
  CHECK(near(line.fc.weight.value()(0, 0), 2, 1e-2));
  CHECK(history.epochs.size() == 100);
  const train::TrainerOptions options{
      .max_epochs = 500, .early_stopping = train::EarlyStopping{.patience = 3}, .progress = train::ProgressMode::off};
  CHECK(train::Trainer(options).fit(line, loader).stopped_early);
}

TEST_CASE("docs table: files") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("byhand_docs_{}", ::getpid()),
                              file = folder / "net.safetensors";
  Generator g{42};
  const nn::Linear net(2, 3, g), fresh(2, 3, g);
  optim::Adam optimizer(net.parameters(), {.lr = 0.01});
  io::NamedArrays arrays;
  for (const auto& [name, tensor] : net.state_dict()) arrays.emplace_back(name, tensor.value());
  io::write_safetensors(file, arrays);
  fresh.load_state_dict(io::read_safetensors(file).arrays());
  CHECK(fresh.weight.value() == net.weight.value());
  train::RunState state;
  train::save_checkpoint(file, net, optimizer, state);
  fresh.weight.set_value(zeros({3, 2}));
  state = train::load_checkpoint(file, fresh, optimizer);
  CHECK(fresh.weight.value() == net.weight.value());
  io::write_npy(folder / "a.npy", eye(2));
  CHECK(is(io::read_npy(folder / "a.npy"), {2, 2}, {1, 0, 0, 1}));
  CHECK(io::read_csv(dataset("goog.csv")).numbers("close").size() == 1047);  // datasets/README.md
  std::filesystem::remove_all(folder);
}
