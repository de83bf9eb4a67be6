#pragma once
/// @file
/// Spine, train. A model that says how it is trained: everything about it in one place, as in
/// Lightning. Notes 000 § 29.
#include <memory>
#include <string>

#include "common/nn/module.hpp"
#include "common/optim/optimizer.hpp"
#include "common/train/data.hpp"
#include "common/train/run/report.hpp"

namespace byhand::train {

/// Derive a model from this to hand it to Trainer::fit:
///
///   struct Net : train::Trainable {
///     explicit Net(Generator& g) : fc(child("fc", nn::Linear(2, 1, g))) {}
///     Tensor operator()(const Tensor& x) const { return fc(x); }
///     Tensor training_step(const train::Batch& b) override {
///       return mse_loss((*this)(b.tensor(0)), b.tensor(1));
///     }
///     std::unique_ptr<optim::Optimizer> configure_optimizers() override {
///       return std::make_unique<optim::SGD>(parameters(), optim::SGDOptions{.lr = 0.1});
///     }
///     nn::Linear fc;
///   };
class Trainable : public nn::Module {
 public:
  /// The loss of a batch, one element. The Trainer does the rest: zero_grad, backward, clipping,
  /// step.
  virtual Tensor training_step(const Batch& batch) = 0;
  /// The loss of a batch of the validation set, called in evaluation mode and without a graph.
  virtual Tensor validation_step(const Batch& batch) { return training_step(batch); }
  /// The optimiser, made anew for each fit().
  virtual std::unique_ptr<optim::Optimizer> configure_optimizers() = 0;

  /// From inside a step: a number to be averaged over the epoch ("accuracy"); in validation its
  /// name gets "validation_" in front.
  /// Error when the name is not made of letters, digits and _ . / - or is one the Trainer uses
  /// itself.
  /// (Inside a step, the logarithm of a tensor is byhand::log.)
  void log(const std::string& name, double value);
  /// What was logged since the last call; the Trainer collects it after every step.
  Metrics take_logged();

 private:
  Metrics logged_;
};

}  // namespace byhand::train
