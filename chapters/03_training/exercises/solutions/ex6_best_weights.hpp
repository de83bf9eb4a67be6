// Exercise 03.6: Early stopping that goes back
//
// Early stopping ends a training some epochs after the validation loss was smallest, and leaves the
// network as it is then: worse.
// This one goes back: after_epoch() is called with the network and its validation loss after every
// epoch and keeps the best weights seen; put_back() loads them into the network again.
// When two epochs are equal, the earlier one counts.
// A Classifier is a handle: keeping a copy of it keeps no numbers. nn::deep_copy(model) copies
// them, and so does model.state_dict() when you take each .value(); model.load_state_dict(...)
// brings them back (common/nn/module.hpp says what it takes).
#pragma once
#include <limits>

#include "chapters/03_training/moons.hpp"

namespace byhand::exercise {

class BestWeights {
 public:
  void after_epoch(const moons::Classifier& model, double validation_loss) {
    if (!(validation_loss < best_)) return;  // also when it is NaN
    best_ = validation_loss;
    weights_.clear();
    for (const auto& [name, tensor] : model.state_dict())
      weights_.emplace_back(name, tensor.value());
  }
  void put_back(const moons::Classifier& model) const {
    if (!weights_.empty()) model.load_state_dict(weights_);
  }

 private:
  double best_ = std::numeric_limits<double>::infinity();
  std::vector<std::pair<std::string, Array>> weights_;
};

}  // namespace byhand::exercise
