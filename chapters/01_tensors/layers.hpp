#pragma once
/// @file
/// nn.Linear as a matrix, its derivatives as matrices, and a small network of such layers.
/// Notes 000 § 26.5.
#include "common/nn/layers.hpp"
#include "common/nn/sequential.hpp"

namespace tensors {

using byhand::Array;
using byhand::real;
using byhand::Tensor;

/// The numbers of one layer, as PyTorch stores them: W (out, in), b (out,).
struct Layer {
  Array W, b;
};

/// By hand: each output of each example is its bias plus weight times input for every input.
/// x (examples, in) -> (examples, out). Error when the sizes do not fit.
Array linear_by_hand(const Layer& layer, const Array& x);
/// As matrices: x W^T + b.
Array linear_as_matrices(const Layer& layer, const Array& x);
/// Built in, with these weights.
byhand::nn::Linear linear_built_in(const Layer& layer);

/// The derivatives of a loss with respect to x, W and b from the one with respect to y,
/// dy (examples, out):
/// dx = dy W, dW = dy^T x, db = the sum of dy over the examples.
struct LayerGradients {
  Array dx, dW, db;  ///< of the shapes of x, W and b
};
LayerGradients gradients_as_matrices(const Layer& layer, const Array& x, const Array& dy);

/// Two layers with an activation function between them.
struct Network {
  Layer hidden, output;
};
/// The network that tells irises apart: petal and sepal width, scaled to 0 … 1, in; Setosa,
/// Versicolor, Virginica out.
Network iris_network();
/// The widths of three irises (3, 2): a Setosa, a Virginica, a Versicolor.
Array three_irises();

/// By hand, one number after the other.
Array network_by_hand(const Network& network, const Array& x, real (*activation)(real));
/// As matrices: activation(x W1^T + b1) W2^T + b2.
Array network_as_matrices(const Network& network, const Array& x, real (*activation)(real));
/// Built in.
byhand::nn::Sequential network_built_in(const Network& network,
                                        Tensor (*activation)(const Tensor&));

/// Both layers as one, which they are without the activation function: W = W2 W1, b = W2 b1 + b2.
Layer without_activation(const Network& network);

}  // namespace tensors
