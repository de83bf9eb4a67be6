#include "chapters/04_policy_gradient/fry_shop.hpp"

#include <cmath>

#include "common/autograd/activations.hpp"
#include "common/fast/cross_entropy.hpp"

namespace fries {
using namespace byhand;

const char* name(Shop shop) { return shop == Shop::norm ? "Norm's" : "Squatch's"; }

real Network::p_norm(real hunger) const { return sigmoid(weight * hunger + bias); }

Shop choose(const Network& network, real hunger, real random) {
  return random < 1 - network.p_norm(hunger) ? Shop::squatch : Shop::norm;
}

real cross_entropy(const Network& network, real hunger, Shop shop) {
  // -log P(Norm's) = softplus(-X) and -log(1 - P(Norm's)) = softplus(X): no 1 - P that rounds to 0
  const real x = network.weight * hunger + network.bias;
  return shop == Shop::norm ? softplus(-x) : softplus(x);
}

ChainRule chain_rule(const Network& network, real hunger, Shop shop) {
  const real p_norm = network.p_norm(hunger),
             p_squatch = sigmoid(-(network.weight * hunger + network.bias));
  // C = -log(P) for Norm's, -log(1 - P) for Squatch's;  P = sigmoid(X);  X = weight * hunger + bias
  return {shop == Shop::norm ? -1 / p_norm : 1 / p_squatch, p_norm * p_squatch, 1};
}

real derivative_by_autograd(const Network& network, real hunger, Shop shop) {
  const Tensor bias(network.bias, true);
  const Tensor x = network.weight * hunger + bias;
  // -log P(Norm's), -log P(Squatch's)
  const Tensor loss = shop == Shop::norm ? -logsigmoid(x) : -logsigmoid(-x);
  loss.backward();
  return bias.grad().data()[0];
}

real reward(real hunger, Shop shop) {
  if (hunger == real(0.5)) return 0;
  return (shop == Shop::norm) == (hunger > real(0.5)) ? real(1) : real(-1);
}

Visit visit(Network& network, real hunger, real random, real learning_rate, bool use_reward) {
  Visit v{};
  v.hunger = hunger;
  v.random = random;
  v.p_norm = network.p_norm(hunger);
  v.shop = choose(network, hunger, random);  // guess that this was right …
  v.cross_entropy = cross_entropy(network, hunger, v.shop);
  v.derivative = chain_rule(network, hunger, v.shop).derivative();
  v.reward = use_reward ? reward(hunger, v.shop) : real(1);
  v.updated_derivative = v.derivative * v.reward;  // … and turn the derivative round if it was not
  v.step_size = learning_rate * v.updated_derivative;
  network.bias -= v.step_size;
  v.new_bias = network.bias;
  v.new_p_norm = network.p_norm(hunger);
  return v;
}

std::vector<real> train(Network& network, int visits, const std::function<Draw(int)>& next,
                        bool use_reward) {
  std::vector<real> biases;
  for (int t = 0; t < visits; ++t) {
    const Draw draw = next(t);
    biases.push_back(visit(network, draw.hunger, draw.random, 1, use_reward).new_bias);
  }
  return biases;
}

Draw golden_ratio_draw(int t) {
  const double turns = double(t + 1) * 0.6180339887498949;
  return {real(double(t * 7 % 11) / 10), real(turns - std::floor(turns))};
}

Draw random_draw(Generator& generator) {
  const real hunger = real(double(generator.randint(0, 11, 1)[0]) / 10);
  return {hunger, generator.uniform()};
}

}  // namespace fries
