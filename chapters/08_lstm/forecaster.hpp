#pragma once
/// @file
/// The built-in LSTM on real prices: it reads a window of log-returns and forecasts the next one.
#include "chapters/08_lstm/prices.hpp"
#include "common/nn/layers.hpp"
#include "common/nn/recurrent.hpp"
#include "common/train/trainer.hpp"

namespace prices {

/// window of scaled returns -> LSTM -> the last short memory -> one linear unit -> the next scaled return.
struct Forecaster : byhand::train::Trainable {
  Forecaster(std::size_t hidden, double learning_rate, byhand::Generator& generator);

  byhand::Tensor operator()(const byhand::Tensor& windows) const;  ///< (batch, window, 1) -> (batch, 1)
  byhand::Tensor training_step(const byhand::train::Batch& batch) override;
  std::unique_ptr<byhand::optim::Optimizer> configure_optimizers() override;

  byhand::nn::LSTM lstm;
  byhand::nn::Linear head;
  double learning_rate;
};

/// The forecasts for a part as log-returns, not scaled.
std::vector<double> forecast(const Forecaster& model, const Part& part, const Scaler& scaler);

/// Batches of a part; `shuffle` for training.
byhand::train::DataLoader loader(const Part& part, bool shuffle, const byhand::Generator& generator);

}  // namespace prices
