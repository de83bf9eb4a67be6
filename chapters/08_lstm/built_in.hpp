#pragma once
/// @file
/// The built-in LSTM: the notes' unit as one layer of the library, and a network around it that
/// reads a window of log-returns and forecasts the next one.
#include "chapters/08_lstm/matrices.hpp"
#include "chapters/08_lstm/prices.hpp"
#include "common/nn/layers.hpp"
#include "common/nn/recurrent.hpp"
#include "common/train/loader.hpp"
#include "common/train/trainer.hpp"

namespace lstm {

/// nn::LSTM(1, 1) with these weights. It has two bias vectors where the notes have one:
/// the second is 0 here. 16 parameters, not 12.
byhand::nn::LSTM as_built_in(const Weights<real>& w);

/// The last short memory of a built-in layer for a company's days.
real predict(const byhand::nn::LSTM& model, const std::vector<real>& days);

/// Trains a built-in layer on the two companies with Adam, one company at a time.
std::vector<Progress> train_built_in(const byhand::nn::LSTM& model, double learning_rate,
                                     int epochs, int every,
                                     const std::vector<Company>& data = companies());

}  // namespace lstm

namespace prices {

/// window of scaled returns -> LSTM -> the last short memory -> one linear unit -> the next
/// scaled return.
struct Forecaster : byhand::train::Trainable {
  Forecaster(std::size_t hidden, double learning_rate, byhand::Generator& generator);

  byhand::Tensor operator()(const byhand::Tensor& windows) const;  ///< (b, window, 1) -> (b, 1)
  byhand::Tensor training_step(const byhand::train::Batch& batch) override;
  std::unique_ptr<byhand::optim::Optimizer> configure_optimizers() override;

  byhand::nn::LSTM lstm;
  byhand::nn::Linear head;
  double learning_rate;
};

/// The forecasts for a part as log-returns, not scaled.
std::vector<double> forecast(const Forecaster& model, const Part& part, const Scaler& scaler);

/// Batches of a part; `shuffle` for training.
byhand::train::DataLoader loader(const Part& part, bool shuffle,
                                 const byhand::Generator& generator);

/// Error, before anything is trained, when a checkpoint cannot be written, or is to be resumed and
/// is not there or not one of a forecaster of that size.
void check_checkpoint(const std::filesystem::path& checkpoint, bool resume, std::size_t hidden);

}  // namespace prices
