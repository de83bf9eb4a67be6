#include "chapters/03_training/depth.hpp"

#include <cmath>

#include "common/autograd/losses.hpp"
#include "common/nn/init.hpp"

namespace depth {
using namespace byhand;

std::vector<Setup> setups() {
  return {{"sigmoid", Activation::sigmoid, Start::standard},
          {"tanh", Activation::tanh, Start::standard},
          {"tanh, Xavier", Activation::tanh, Start::xavier},
          {"ReLU", Activation::relu, Start::standard},
          {"ReLU, He", Activation::relu, Start::he},
          {"ReLU, 3 x He", Activation::relu, Start::three_he},
          {"sigmoid, batch norm", Activation::sigmoid, Start::standard, true}};
}

namespace {

Tensor activate(Activation activation, const Tensor& x) {
  return activation == Activation::sigmoid ? sigmoid(x)
         : activation == Activation::tanh  ? tanh(x)
                                           : relu(x);
}

nn::Linear layer(std::size_t in, std::size_t out, Start start, Generator& g) {
  nn::Linear linear(in, out, g);
  if (start == Start::standard) return linear;
  const Array weight = start == Start::xavier ? nn::init::xavier_uniform({out, in}, g)
                                              : nn::init::kaiming_uniform({out, in}, g);
  linear.weight.set_value(start == Start::three_he ? Array(weight * real(3)) : weight);
  linear.bias.set_value(zeros({out}));
  return linear;
}

double norm(const Array& a) {
  double sum = 0;
  for (const real v : a) sum += double(v) * double(v);
  return std::sqrt(sum);
}

}  // namespace

double first_gradient(const Setup& setup, std::size_t layers, const moons::Data& data, Generator& g,
                      std::size_t width) {
  std::vector<nn::Linear> hidden;
  for (std::size_t i = 0; i < layers; ++i)
    hidden.push_back(layer(i == 0 ? 2 : width, width, setup.start, g));
  const nn::Linear output = layer(width, 1, Start::standard, g);
  Tensor x(data.points);  // (n, 2)
  for (const nn::Linear& linear : hidden) {
    x = linear(x);  // (n, width)
    if (setup.batch_norm) x = nn::BatchNorm(width)(x);
    x = activate(setup.activation, x);
  }
  binary_cross_entropy_with_logits(output(x), data.labels).backward();
  return norm(hidden.front().weight.grad());
}

Table measure(const std::vector<std::size_t>& layers, const moons::Data& data, int networks,
              std::uint64_t seed) {
  Table table{layers, {}};
  for (const Setup& setup : setups()) {
    table.norms.emplace_back();
    for (const std::size_t n : layers) {
      Generator generator{seed};
      double log_sum = 0;
      for (int i = 0; i < networks; ++i)
        log_sum += std::log(first_gradient(setup, n, data, generator));
      table.norms.back().push_back(std::exp(log_sum / networks));  // exp(-inf) is 0
    }
  }
  return table;
}

double applied_by_hand(double weight, int times) {
  double derivative = 1;
  for (int i = 0; i < times; ++i) derivative *= weight;
  return derivative;
}

double applied_by_autograd(double weight, int times) {
  const Tensor x(real(1), true);
  Tensor y = x;
  for (int i = 0; i < times; ++i) y = y * real(weight);
  y.backward();
  return double(x.grad().data()[0]);
}

}  // namespace depth
