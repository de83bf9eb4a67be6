#include "chapters/01_tensors/layers.hpp"

#include "common/tensor/broadcast.hpp"
#include "common/tensor/matmul.hpp"

namespace tensors {
using namespace byhand;

Array linear_by_hand(const Layer& layer, const Array& x) {
  check(x.dimension() == 2 && layer.W.dimension() == 2 && x.shape()[1] == layer.W.shape()[1] &&
            layer.b.size() == layer.W.shape()[0],
        "linear_by_hand: an input {} for weights {} and a bias {}", x.shape(), layer.W.shape(),
        layer.b.shape());
  Array y = empty({x.shape()[0], layer.W.shape()[0]});
  for (std::size_t example = 0; example < y.shape()[0]; ++example) {
    for (std::size_t output = 0; output < y.shape()[1]; ++output) {
      real sum = layer.b(output);
      for (std::size_t input = 0; input < x.shape()[1]; ++input)
        sum += layer.W(output, input) * x(example, input);
      y(example, output) = sum;
    }
  }
  return y;
}

Array linear_as_matrices(const Layer& layer, const Array& x) {
  // (examples, in) (in, out) + (out,) -> (examples, out)
  return matmul(x, layer.W, Transpose::no, Transpose::yes) + layer.b;
}

nn::Linear linear_built_in(const Layer& layer) {
  check(layer.W.dimension() == 2, "linear_built_in: the weights are (out, in), got {}",
        layer.W.shape());
  Generator unused{0};
  nn::Linear linear(layer.W.shape()[1], layer.W.shape()[0], unused);
  linear.load_state_dict({{"weight", layer.W}, {"bias", layer.b}});
  return linear;
}

LayerGradients gradients_as_matrices(const Layer& layer, const Array& x, const Array& dy) {
  const Array dx = matmul(dy, layer.W);  // (examples, out) (out, in) -> (examples, in)
  // (out, examples) (examples, in) -> (out, in)
  const Array dW = matmul(dy, x, Transpose::yes, Transpose::no);
  // (examples, out) -> (out,): the bias was repeated for every example
  const Array db = sum_to(dy, layer.b.shape());
  return {dx, dW, db};
}

Network iris_network() {
  return {{array({2, 2}, {real(-2.5), real(0.6), real(-1.5), real(0.4)}),
           array({real(1.6), real(0.7)})},
          {array({3, 2}, {real(-0.1), real(1.5), real(2.4), real(-5.2), real(-2.2), real(3.7)}),
           array({0, 0, 1})}};
}

Array three_irises() {
  return array({3, 2}, {real(0.04), real(0.42), 1, real(0.54), real(0.5), real(0.37)});
}

Array network_by_hand(const Network& network, const Array& x, real (*activation)(real)) {
  Array hidden = linear_by_hand(network.hidden, x);  // (examples, hidden)
  for (real& value : hidden) value = activation(value);
  return linear_by_hand(network.output, hidden);  // (examples, out)
}

Array network_as_matrices(const Network& network, const Array& x, real (*activation)(real)) {
  return linear_as_matrices(network.output, map(linear_as_matrices(network.hidden, x), activation));
}

nn::Sequential network_built_in(const Network& network, Tensor (*activation)(const Tensor&)) {
  return nn::Sequential{linear_built_in(network.hidden), activation,
                        linear_built_in(network.output)};
}

Layer without_activation(const Network& network) {
  const Layer &first = network.hidden, &second = network.output;
  const Array b1 = reshape(first.b, {1, first.b.size()});  // (1, hidden)
  return {matmul(second.W, first.W), reshape(linear_as_matrices(second, b1), second.b.shape())};
}

}  // namespace tensors
