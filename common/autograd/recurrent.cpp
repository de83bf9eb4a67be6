#include "common/autograd/recurrent.hpp"

#include <algorithm>
#include <cmath>

#include "common/tensor/functions.hpp"

namespace byhand {
namespace {

struct Sizes {
  std::size_t time, batch, in, hidden;
  bool reverse;
  /// The time step that is worked on as number `step`: time runs backwards when `reverse`.
  std::size_t at(std::size_t step) const { return reverse ? time - 1 - step : step; }
};

/// Gates of one time step, in place: z (batch, 4 hidden) becomes i, f, g, o; writes c and h (batch, hidden).
void lstm_step(const Sizes& s, real* z, const real* c_before, real* c, real* h) {
  const std::size_t n = s.hidden;
  for (std::size_t b = 0; b < s.batch; ++b, z += 4 * n, c_before += n, c += n, h += n) {
    for (std::size_t j = 0; j < 2 * n; ++j) z[j] = sigmoid(z[j]);
    for (std::size_t j = 2 * n; j < 3 * n; ++j) z[j] = std::tanh(z[j]);
    for (std::size_t j = 3 * n; j < 4 * n; ++j) z[j] = sigmoid(z[j]);
    for (std::size_t j = 0; j < n; ++j) c[j] = z[n + j] * c_before[j] + z[j] * z[2 * n + j];
    for (std::size_t j = 0; j < n; ++j) h[j] = z[3 * n + j] * std::tanh(c[j]);
  }
}

/// The same step backwards: dh and dc arrive; dz (batch, 4 hidden) is written and dc becomes the gradient of c_before.
void lstm_step_backward(const Sizes& s, const real* gates, const real* c_before, const real* c, const real* dh, real* dc, real* dz) {
  const std::size_t n = s.hidden;
  for (std::size_t b = 0; b < s.batch; ++b, gates += 4 * n, c_before += n, c += n, dh += n, dc += n, dz += 4 * n) {
    for (std::size_t j = 0; j < n; ++j) {
      const real i = gates[j], f = gates[n + j], g = gates[2 * n + j], o = gates[3 * n + j], t = std::tanh(c[j]);
      const real dc_total = dc[j] + dh[j] * o * (1 - t * t);
      dz[j] = dc_total * g * i * (1 - i);
      dz[n + j] = dc_total * c_before[j] * f * (1 - f);
      dz[2 * n + j] = dc_total * i * (1 - g * g);
      dz[3 * n + j] = dh[j] * t * o * (1 - o);
      dc[j] = dc_total * f;
    }
  }
}

void check_shapes(const Sizes& s, const Tensor& h0, const Tensor& c0, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih, const Tensor& b_hh) {
  const Shape state{s.batch, s.hidden}, input_weight{4 * s.hidden, s.in}, hidden_weight{4 * s.hidden, s.hidden}, bias{4 * s.hidden};
  check(h0.shape() == state && c0.shape() == state, "lstm: start states {} and {} should be {} (batch, hidden)", h0.shape(), c0.shape(), state);
  check(w_ih.shape() == input_weight, "lstm: w_ih {} should be {} (4 hidden, in)", w_ih.shape(), input_weight);
  check(w_hh.shape() == hidden_weight, "lstm: w_hh {} should be {} (4 hidden, hidden)", w_hh.shape(), hidden_weight);
  check(b_ih.shape() == bias && b_hh.shape() == bias, "lstm: biases {} and {} should be {}", b_ih.shape(), b_hh.shape(), bias);
}

}  // namespace

Tensor lstm_sequence(const Tensor& x, const Tensor& h0, const Tensor& c0, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih,
                     const Tensor& b_hh, bool reverse) {
  check(x.rank() == 3 && x.dim(0) > 0 && h0.rank() == 2, "lstm: needs an input (time, batch, in) and a state (batch, hidden), got {} and {}",
        x.shape(), h0.shape());
  const Sizes s{x.dim(0), x.dim(1), x.dim(2), h0.dim(1), reverse};
  check_shapes(s, h0, c0, w_ih, w_hh, b_ih, b_hh);
  const std::size_t n = s.hidden, state = s.batch * n, gates_size = 4 * state;

  Array gates = empty({s.time, s.batch, 4 * n}), cells = empty({s.time, s.batch, n}), out = empty({s.time + 1, s.batch, n});
  for (std::size_t row = 0; row < s.time * s.batch; ++row)
    for (std::size_t j = 0; j < 4 * n; ++j) gates.data()[row * 4 * n + j] = b_ih.value().data()[j] + b_hh.value().data()[j];
  gemm(Transpose::no, Transpose::yes, s.time * s.batch, 4 * n, s.in, x.value().data(), w_ih.value().data(), gates.data(), 1);
  const real *h = h0.value().data(), *c = c0.value().data();
  for (std::size_t step = 0; step < s.time; ++step) {
    const std::size_t t = s.at(step);
    gemm(Transpose::no, Transpose::yes, s.batch, 4 * n, n, h, w_hh.value().data(), gates.data() + t * gates_size, 1);
    lstm_step(s, gates.data() + t * gates_size, c, cells.data() + t * state, out.data() + t * state);
    h = out.data() + t * state;
    c = cells.data() + t * state;
  }
  std::copy_n(c, state, out.data() + s.time * state);

  return make_op("lstm", std::move(out), {x, h0, c0, w_ih, w_hh, b_ih, b_hh}, [=, gates = std::move(gates), cells = std::move(cells)](Node& node) {
    const real* dout = node.grad().data();
    Array dz = empty(gates.shape()), dh = zeros({s.batch, n}), dc = empty({s.batch, n}), h_before = empty(cells.shape());
    std::copy_n(dout + s.time * state, state, dc.data());
    for (std::size_t step = s.time; step-- > 0;) {
      const std::size_t t = s.at(step), before = step ? s.at(step - 1) : 0;
      const real* c_before = step ? cells.data() + before * state : node.input(2).value().data();
      std::copy_n(step ? node.value.data() + before * state : node.input(1).value().data(), state, h_before.data() + t * state);
      for (std::size_t j = 0; j < state; ++j) dh.data()[j] += dout[t * state + j];
      lstm_step_backward(s, gates.data() + t * gates_size, c_before, cells.data() + t * state, dh.data(), dc.data(), dz.data() + t * gates_size);
      gemm(Transpose::no, Transpose::no, s.batch, n, 4 * n, dz.data() + t * gates_size, node.input(4).value().data(), dh.data(), 0);
    }
    node.input(1).add_grad(std::move(dh));
    node.input(2).add_grad(std::move(dc));
    const std::size_t rows = s.time * s.batch;
    const Tensor &input = node.input(0), &wi = node.input(3), &wh = node.input(4);
    if (input.requires_grad()) gemm(Transpose::no, Transpose::no, rows, s.in, 4 * n, dz.data(), wi.value().data(), input.mutable_grad().data(), 1);
    if (wi.requires_grad()) gemm(Transpose::yes, Transpose::no, 4 * n, s.in, rows, dz.data(), input.value().data(), wi.mutable_grad().data(), 1);
    if (wh.requires_grad()) gemm(Transpose::yes, Transpose::no, 4 * n, n, rows, dz.data(), h_before.data(), wh.mutable_grad().data(), 1);
    for (std::size_t bias = 5; bias < 7; ++bias) {
      if (!node.input(bias).requires_grad()) continue;
      real* db = node.input(bias).mutable_grad().data();
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t j = 0; j < 4 * n; ++j) db[j] += dz.data()[row * 4 * n + j];
    }
  });
}

}  // namespace byhand
