#pragma once
/// @file
/// Two bent lines added up: output = w3 bend(w1 dose + b1) + w4 bend(w2 dose + b2) + b3, where bend
/// is ReLU or softplus. The ReLU networks of the book (chapters 1 and 2) and the softplus networks
/// of the videos on neural networks, parts 1 and 2.
#include <array>
#include <vector>

#include "common/autograd/activations.hpp"

namespace bent {

using byhand::real;
using byhand::Tensor;

enum class Bend { relu, softplus };

/// w1, b1, w2, b2, w3, w4, b3: the order of the book's parameters, with the last bias behind.
inline constexpr std::size_t parameter_count = 7;
inline constexpr std::array<const char*, parameter_count> parameter_names = {"w1", "b1", "w2", "b2",
                                                                             "w3", "w4", "b3"};
using Parameters = std::array<real, parameter_count>;

struct Network {
  Bend bend;
  real w1, b1, w2, b2, w3, w4, b3 = 0;
};
Network from_parameters(Bend bend, const Parameters& p);
Parameters to_parameters(const Network& n);

Network book_chapter_1();          ///< trained: outputs 0, 1.0023, -0.0038
Network book_chapter_2();          ///< before training: outputs 0, 4.658, 9.316
Network softplus_part_1();         ///< trained: outputs near 0, 1, 0
Network softplus_part_2(real b3);  ///< all trained but b3

/// Every number on the way.
struct Steps {
  real top_x, top_y, top_scaled;           ///< w1 dose + b1, its bend, times w3
  real bottom_x, bottom_y, bottom_scaled;  ///< w2 dose + b2, its bend, times w4
  real output;
};
Steps forward(const Network& n, real dose);

struct Data {
  std::vector<real> doses = {0, real(0.5), 1}, observed = {0, 1, 0};
};

/// d (output - observed)^2 / d parameter for all seven, by the chain rule written out.
Parameters gradients_by_hand(const Network& n, real dose, real observed);
/// The same from autograd.
Parameters gradients_by_autograd(const Network& n, real dose, real observed);
/// Summed over the data; SSR is the sum of squared residuals.
Parameters gradients_by_hand(const Network& n, const Data& data);
real ssr(const Network& n, const Data& data);

/// One row of the descent of b3: before the step.
struct Row {
  real b3, ssr, slope, step;
};
/// Gradient descent on b3 alone, all three points at once: step = learning_rate * slope.
std::vector<Row> descend_b3(Network n, const Data& data, real learning_rate, int steps);

/// Trains w1 … w4 and both biases, one point after the other (SGD with batches of 1), for some
/// epochs. Returns each epoch's summed loss, every point's measured just before its own step.
std::vector<real> train_one_by_one(Network& n, const Data& data, real learning_rate, int epochs);

}  // namespace bent
