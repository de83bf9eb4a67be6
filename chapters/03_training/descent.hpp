#pragma once
/// @file
/// Batch, stochastic and mini-batch gradient descent: one task, one start, one learning rate, three
/// batch sizes. Notes 004 § 1.3.
#include "chapters/03_training/moons.hpp"

namespace descent {

using byhand::Array;

/// One training run.
struct Run {
  std::string name;
  std::size_t batch_size, updates_per_epoch;
  moons::Classifier model;  ///< as it is at the end
  std::vector<double> examples_seen,
      losses;  ///< before the first epoch and after each: loss of the whole training set
  double train_accuracy = 0, test_accuracy = 0;  ///< at the end
};

/// Trains a new classifier, whose start depends on the seed alone, through Trainer and DataLoader.
Run descend(const std::string& name, const moons::Data& train, const moons::Data& test,
            std::size_t batch_size, int epochs, std::uint64_t seed,
            double learning_rate = moons::Recipe{}.learning_rate);

/// The gradient of a batch's mean loss, all parameters in one row: in one go, and as the mean of
/// the gradients of its single examples.
Array gradient(const moons::Classifier& model, const moons::Data& data);
Array mean_of_single_gradients(const moons::Classifier& model, const moons::Data& data);

/// How far the gradient of a random batch points away from that of all the data, in degrees: mean
/// over `draws` batches.
double mean_angle(const moons::Classifier& model, const moons::Data& data, std::size_t batch_size,
                  int draws, byhand::Generator& generator);

}  // namespace descent
