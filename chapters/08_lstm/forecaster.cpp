#include "chapters/08_lstm/forecaster.hpp"

#include "common/autograd/losses.hpp"

namespace prices {
using namespace byhand;

Forecaster::Forecaster(std::size_t hidden, double rate, Generator& g)
    : lstm(child("lstm", nn::LSTM(1, hidden, g, {.batch_first = true}))),
      head(child("head", nn::Linear(hidden, 1, g))),
      learning_rate(rate) {}

Tensor Forecaster::operator()(const Tensor& windows) const {
  const Tensor states = lstm(windows).output;         // (batch, window, hidden)
  return head(select(states, 1, states.shape(1) - 1));  // (batch, hidden) -> (batch, 1)
}

Tensor Forecaster::training_step(const train::Batch& batch) { return mse_loss((*this)(batch.tensor(0)), batch.tensor(1)); }

std::unique_ptr<optim::Optimizer> Forecaster::configure_optimizers() {
  return std::make_unique<optim::Adam>(parameters(), optim::AdamOptions{.lr = learning_rate});
}

std::vector<double> forecast(const Forecaster& model, const Part& part, const Scaler& scaler) {
  const NoGrad no_grad;
  model.eval();
  std::vector<double> returns;
  const Array scaled = model(Tensor(part.inputs)).value();
  for (const real value : scaled) returns.push_back(scaler.unscale(double(value)));
  return returns;
}

train::DataLoader loader(const Part& part, bool shuffle, const Generator& generator) {
  return train::DataLoader(train::TensorDataset(part.inputs, part.targets), {.batch_size = 32, .shuffle = shuffle}, generator);
}

}  // namespace prices
