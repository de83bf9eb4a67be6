#include "chapters/08_lstm/lstm_matrices.hpp"

#include "common/autograd/losses.hpp"
#include "common/optim/optimizer.hpp"
#include "common/tensor/matmul.hpp"

namespace lstm {
using namespace byhand;

MatrixLstm as_matrices(const Weights<real>& w) {
  return {array({4, 1}, {w.wpr2, w.wlr2, w.wp2, w.wo2}), array({4, 1}, {w.wpr1, w.wlr1, w.wp1, w.wo1}),
          array({w.bpr1, w.blr1, w.bp1, w.bo1})};
}

Array forward(const MatrixLstm& lstm, const Array& x) {
  const std::size_t time = x.shape()[0], in = x.shape()[1], hidden = lstm.U.shape()[1];
  Array h = zeros({hidden, 1}), c = zeros({hidden, 1}), states = empty({time, hidden});
  for (std::size_t t = 0; t < time; ++t) {
    const Array x_t = reshape(xt::view(x, t, xt::all()), {in, 1});
    const Array z = matmul(lstm.W, x_t) + matmul(lstm.U, h) + reshape(lstm.b, {4 * hidden, 1});  // (4 hidden, 1)
    const auto gate = [&](std::size_t k) -> Array { return xt::view(z, xt::range(k * hidden, (k + 1) * hidden)); };
    const Array i = real(1) / (real(1) + xt::exp(-gate(0)));  // (hidden, 1) each
    const Array f = real(1) / (real(1) + xt::exp(-gate(1)));
    const Array g = xt::tanh(gate(2));
    const Array o = real(1) / (real(1) + xt::exp(-gate(3)));
    c = f * c + i * g;
    h = o * xt::tanh(c);
    xt::view(states, t, xt::all()) = xt::view(h, xt::all(), 0);
  }
  return states;
}

nn::LSTM as_built_in(const Weights<real>& w) {
  Generator unused{0};
  const nn::LSTM model(1, 1, unused);
  const MatrixLstm m = as_matrices(w);
  model.load_state_dict({{"weight_ih_l0", m.W}, {"weight_hh_l0", m.U}, {"bias_ih_l0", m.b}, {"bias_hh_l0", zeros({4})}});
  return model;
}

namespace {

/// The days as one sequence of one feature. The notes call this step a transpose; it only gives the four numbers the shape (4, 1).
Tensor as_sequence(const std::vector<real>& days) { return Tensor(array({days.size(), 1}, days)); }

Tensor last_short_memory(const nn::LSTM& model, const std::vector<real>& days) {
  return select(model(as_sequence(days)).output, 0, days.size() - 1);  // (time, 1) -> (1,)
}

}  // namespace

real predict(const nn::LSTM& model, const std::vector<real>& days) {
  const NoGrad no_grad;
  return last_short_memory(model, days).item();
}

std::vector<Progress> train_built_in(const nn::LSTM& model, double learning_rate, int epochs, int every, const std::vector<Company>& data) {
  optim::Adam adam(model.parameters(), {.lr = learning_rate});
  std::vector<Progress> history;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    real total = 0;
    for (const Company& company : data) {
      const Tensor loss = mse_loss(last_short_memory(model, company.days), Tensor(array({company.day5})));
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
