#include <fmt/format.h>

#include <cmath>

#include "chapters/04_policy_gradient/fry_shop.hpp"
#include "chapters/08_lstm/by_hand.hpp"
#include "common/autograd/ops.hpp"
#include "common/nn/layers.hpp"
#include "common/nn/recurrent.hpp"
#include "common/optim/optimizers.hpp"
#include "common/tensor/random.hpp"
#include "tests/bench/bench.hpp"

namespace bench {
using namespace byhand;

Result lstm_by_hand(const Settings& settings) {
  Generator generator{42};
  const lstm::Weights<Tensor> weights = lstm::to_tensors(lstm::random_weights(generator));
  const auto parameters = lstm::to_array(weights);
  optim::Adam adam({parameters.begin(), parameters.end()}, {.lr = 1e-3});
  const std::vector<lstm::Company> data = lstm::companies();
  constexpr int epochs = 50;  // timed together, as one takes some 50 microseconds
  const std::vector<double> times = repeat(settings.seconds, [&] {
    for (int epoch = 0; epoch < epochs; ++epoch)
      for (const lstm::Company& company : data) {
        const Tensor loss = square(lstm::predict(company.days, weights) - company.day5);
        adam.zero_grad();
        loss.backward();
        adam.step();
      }
  });
  return {epochs / median(times), fmt::format("median of {} times {} epochs, autograd", times.size(), epochs)};
}

Result lstm_by_hand_backward(const Settings& settings) {
  Generator generator{42};
  lstm::Weights<real> weights = lstm::random_weights(generator);
  constexpr int epochs = 1000;
  const std::vector<double> times = repeat(settings.seconds, [&] { lstm::train_by_hand(weights, 1e-3, epochs, epochs); });
  return {epochs / median(times), fmt::format("median of {} times {} epochs, gradients by hand", times.size(), epochs)};
}

Result policy_gradient(const Settings& settings) {
  fries::Network network;
  Generator generator{0};
  constexpr int visits = 1000;
  const std::vector<double> times = repeat(settings.seconds, [&] {
    for (int i = 0; i < visits; ++i) {
      const real hunger = real(generator.uniform()), random = real(generator.uniform());
      fries::visit(network, hunger, random, real(0.1));
    }
  });
  check(std::isfinite(network.bias), "policy_gradient: the bias became {}", network.bias);
  return {visits / median(times), fmt::format("median of {} times {} visits", times.size(), visits)};
}

namespace {

struct Forecaster : nn::Module {
  explicit Forecaster(Generator& g)
      : lstm(child("lstm", nn::LSTM(1, 64, g, {.layers = 2, .batch_first = true}))), head(child("head", nn::Linear(64, 1, g))) {}
  Tensor operator()(const Tensor& x) const { return head(select(lstm(x).output, 1, x.shape(1) - 1)); }  // (batch, days, 1) -> (batch, 1)

  nn::LSTM lstm;
  nn::Linear head;
};

}  // namespace

Result nn_lstm(const Settings& settings) {
  constexpr std::size_t batch = 32, days = 60;
  Generator generator{0};
  const Forecaster model(generator);
  optim::Adam adam(model.parameters(), {.lr = 1e-3});
  const Tensor x(randn({batch, days, 1}, generator)), y(randn({batch, 1}, generator));
  const std::vector<double> times = repeat(settings.seconds, [&] {
    const Tensor loss = mean(square(model(x) - y));
    adam.zero_grad();
    loss.backward();
    adam.step();
  });
  Work work{.units = batch};
  add_linear(work, days * batch, 64, 256);  // the second layer's input; the first one's is a single column
  work.products.push_back({batch, 256, 64, Transpose::no, Transpose::yes, 2 * days});  // the last day's output, a day at a time
  work.products.push_back({batch, 64, 256, Transpose::no, Transpose::no, 2 * days});
  work.products.push_back({256, 64, days * batch, Transpose::yes, Transpose::no, 2});
  return {batch / median(times), fmt::format("median of {} steps", times.size()), work};
}

}  // namespace bench
