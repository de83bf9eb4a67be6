#include "chapters/08_lstm/built_in.hpp"

#include "common/autograd/losses.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/files.hpp"
#include "common/train/loader.hpp"
#include "common/train/run/checkpoint.hpp"

namespace lstm {
using namespace byhand;

nn::LSTM as_built_in(const Weights<real>& w) {
  Generator unused{0};
  const nn::LSTM model(1, 1, unused);
  const MatrixLstm m = as_matrices(w);
  model.load_state_dict({{"weight_ih_l0", m.W},
                         {"weight_hh_l0", m.U},
                         {"bias_ih_l0", m.b},
                         {"bias_hh_l0", zeros({4})}});
  return model;
}

namespace {

/// The days as one sequence of one feature. The notes call this step a transpose; it only gives the
/// four numbers the shape (4, 1).
Tensor as_sequence(const std::vector<real>& days) { return Tensor(array({days.size(), 1}, days)); }

Tensor last_short_memory(const nn::LSTM& model, const std::vector<real>& days) {
  return select(model(as_sequence(days)).output, 0, days.size() - 1);  // (time, 1) -> (1,)
}

}  // namespace

real predict(const nn::LSTM& model, const std::vector<real>& days) {
  const NoGrad no_grad;
  return last_short_memory(model, days).item();
}

std::vector<Progress> train_built_in(const nn::LSTM& model, double learning_rate, int epochs,
                                     int every, const std::vector<Company>& data) {
  optim::Adam adam(model.parameters(), {.lr = learning_rate});
  std::vector<Progress> history;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    real total = 0;
    for (const Company& company : data) {
      const Tensor loss =
          mse_loss(last_short_memory(model, company.days), Tensor(array({company.day5})));
      total += loss.item();
      adam.zero_grad();
      loss.backward();
      adam.step();
    }
    if (epoch % every == 0 || epoch == epochs)
      history.push_back({epoch, total, predict(model, data[0].days), predict(model, data[1].days)});
  }
  return history;
}

}  // namespace lstm

namespace prices {
using namespace byhand;

Forecaster::Forecaster(std::size_t hidden, double rate, Generator& g)
    : lstm(child("lstm", nn::LSTM(1, hidden, g, {.batch_first = true}))),
      head(child("head", nn::Linear(hidden, 1, g))),
      learning_rate(rate) {}

Tensor Forecaster::operator()(const Tensor& windows) const {
  const Tensor states = lstm(windows).output;           // (batch, window, hidden)
  return head(select(states, 1, states.shape(1) - 1));  // (batch, hidden) -> (batch, 1)
}

Tensor Forecaster::training_step(const train::Batch& batch) {
  return mse_loss((*this)(batch.tensor(0)), batch.tensor(1));
}

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
  return train::DataLoader(train::TensorDataset(part.inputs, part.targets),
                           {.batch_size = 32, .shuffle = shuffle}, generator);
}

void check_checkpoint(const std::filesystem::path& checkpoint, bool resume, std::size_t hidden) {
  if (resume) {
    std::error_code error;
    check(std::filesystem::exists(checkpoint, error),
          "--resume needs a --checkpoint that exists, '{}' does not", checkpoint.string());
    Generator unused{0};
    Forecaster model(hidden, 0, unused);
    train::load_checkpoint(checkpoint, model, *model.configure_optimizers());
  }
  if (!checkpoint.empty()) check_can_write(checkpoint);
}

}  // namespace prices
