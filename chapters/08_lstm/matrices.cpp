#include "chapters/08_lstm/matrices.hpp"

#include "common/tensor/matmul.hpp"

namespace lstm {
using namespace byhand;

MatrixLstm as_matrices(const Weights<real>& w) {
  return {array({4, 1}, {w.wpr2, w.wlr2, w.wp2, w.wo2}),
          array({4, 1}, {w.wpr1, w.wlr1, w.wp1, w.wo1}), array({w.bpr1, w.blr1, w.bp1, w.bo1})};
}

Array forward(const MatrixLstm& lstm, const Array& x) {
  const std::size_t time = x.shape()[0], in = x.shape()[1], hidden = lstm.U.shape()[1];
  Array h = zeros({hidden, 1}), c = zeros({hidden, 1}), states = empty({time, hidden});
  for (std::size_t t = 0; t < time; ++t) {
    const Array x_t = reshape(xt::view(x, t, xt::all()), {in, 1});
    const Array z = matmul(lstm.W, x_t) + matmul(lstm.U, h) +
                    reshape(lstm.b, {4 * hidden, 1});  // (4 hidden, 1)
    const auto gate = [&](std::size_t k) -> Array {
      return xt::view(z, xt::range(k * hidden, (k + 1) * hidden));
    };
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

}  // namespace lstm
