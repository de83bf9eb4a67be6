#pragma once
/// @file
/// The task of this chapter: two crescents of points in the plane, and a small network that tells
/// them apart.
#include "common/nn/layers.hpp"
#include "common/train/loader.hpp"
#include "common/train/trainer.hpp"

namespace moons {

using byhand::Array;
using byhand::Generator;
using byhand::real;
using byhand::Tensor;

/// Points and their classes.
struct Data {
  Array points;  ///< (n, 2)
  Array labels;  ///< (n, 1), 0 for the upper crescent, 1 for the lower one
  std::size_t size() const { return points.shape()[0]; }
};

/// `n` points, every other one of the upper crescent (cos a, sin a) and of the lower one
/// (1 - cos a, 1/2 - sin a), with a uniform on [0, pi). Normal noise of standard deviation
/// `noise` >= 0 is added to both coordinates. Error when n is 0 or the noise negative.
Data make(std::size_t n, double noise, Generator& generator);

/// The data in batches, in a new order every epoch.
byhand::train::DataLoader loader(const Data& data, std::size_t batch_size,
                                 const Generator& generator);

enum class Optimiser { sgd, adam };

/// What a classifier is made of and how it is trained.
struct Recipe {
  std::size_t layers = 2;   ///< hidden layers; 0: one straight line
  std::size_t hidden = 16;  ///< units in each of them
  double dropout = 0;       ///< share of hidden units left out while training, in [0, 1)
  Optimiser optimiser = Optimiser::sgd;
  double learning_rate = 0.2;
};

/// 2 -> hidden -> … -> 1 with tanh between. All about its training is in one place, as in Lightning
/// (notes 000 § 29.2).
struct Classifier : byhand::train::Trainable {
  Classifier(const Recipe& recipe, Generator& generator);

  Tensor operator()(const Tensor& points) const;  ///< (n, 2) -> logits (n, 1), positive: class 1
  Tensor training_step(
      const byhand::train::Batch& batch) override;  ///< mean cross-entropy of a batch
  std::unique_ptr<byhand::optim::Optimizer> configure_optimizers() override;  ///< SGD or Adam

  Recipe recipe;
  std::vector<byhand::nn::Linear> hidden;
  byhand::nn::Dropout drop;
  byhand::nn::Linear output;
};

/// Mean cross-entropy and share of right answers, in evaluation mode and without a graph.
double loss(const Classifier& model, const Data& data);
double accuracy(const Classifier& model, const Data& data);

/// The loop of notes 000 § 28.4, which the Trainer takes over: for each batch zero_grad, loss,
/// backward, step.
void train_by_hand(Classifier& model, const byhand::train::DataLoader& loader, int epochs);

/// All weights and biases in one row, in the order of the state_dict.
Array weights(const Classifier& model);

}  // namespace moons
