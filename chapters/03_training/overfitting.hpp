#pragma once
/// @file
/// Under-fitting, over-fitting, dropout and early stopping: few noisy points, a network far too
/// large for them. Notes 004 § 1.3 and § 3.
#include "chapters/03_training/moons.hpp"

namespace overfitting {

struct Case {
  std::string name;
  moons::Recipe recipe;
  std::int64_t patience = 0;  ///< of early stopping, in epochs; 0: none
};
/// A straight line, the large network, with dropout, with early stopping.
std::vector<Case> cases();

struct Run {
  std::string name;
  std::size_t parameters = 0;
  byhand::train::History history = {};
  double train_loss = 0, validation_loss = 0;  ///< at the end, both in evaluation mode
  double train_accuracy = 0, validation_accuracy = 0;
  std::int64_t best_epoch = 0;  ///< with the smallest validation loss
  double best_validation_loss = 0;
};
Run fit(const Case& c, const moons::Data& train, const moons::Data& validation, int epochs,
        std::uint64_t seed);

}  // namespace overfitting
