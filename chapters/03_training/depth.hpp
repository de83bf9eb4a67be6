#pragma once
/// @file
/// Vanishing and exploding gradients: what is left of the gradient at the first layer of a deep
/// network. Notes 004 § 3.
#include "chapters/03_training/moons.hpp"

namespace depth {

using byhand::Generator;

enum class Activation { sigmoid, tanh, relu };
/// PyTorch's default (uniform on +-1 / sqrt(inputs)), Xavier's for tanh, He's for ReLU, and He's
/// weights three times as large.
enum class Start { standard, xavier, he, three_he };

struct Setup {
  std::string name;
  Activation activation;
  Start start;
  bool batch_norm = false;  ///< between each layer and its activation
};
std::vector<Setup> setups();

/// The Euclidean norm of d loss / d (weights of the first layer) of a new network of `layers`
/// hidden layers of `width` units, on these data. A float ends near 1e-45: what is smaller comes
/// out as 0.
double first_gradient(const Setup& setup, std::size_t layers, const moons::Data& data,
                      Generator& generator, std::size_t width = 32);

/// Those norms for some depths, each the geometric mean over `networks` new networks: one row for
/// each of setups().
struct Table {
  std::vector<std::size_t> layers;
  std::vector<std::vector<double>> norms;
};
Table measure(const std::vector<std::size_t>& layers, const moons::Data& data, int networks,
              std::uint64_t seed);

/// d y / d x of y = w (w (… x)), the weight applied `times` times: as a loop, and by autograd.
double applied_by_hand(double weight, int times);
double applied_by_autograd(double weight, int times);

}  // namespace depth
