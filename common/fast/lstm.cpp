#include "common/fast/lstm.hpp"

#include <algorithm>
#include <cmath>

#include "common/autograd/node.hpp"
#include "common/core/parallel.hpp"
#include "common/fast/kernels/blocks.hpp"
#include "common/fast/kernels/gemm.hpp"
#include "common/tensor/functions.hpp"

namespace byhand {
namespace {

struct Sizes {
  std::size_t time, batch, in, hidden;
  bool reverse;
  /// The time step that is worked on as number `step`: time runs backwards when `reverse`.
  std::size_t at(std::size_t step) const { return reverse ? time - 1 - step : step; }
};

/// So many that a thread has work for some 30 microseconds, far more than to wake it takes. A row costs 4 n (n + 16) each step: n products
/// for each gate, and its sigmoid or tanh, as dear as 16 of them.
std::size_t rows_a_thread(const Sizes& s) { return std::max<std::size_t>(1, (1 << 19) / (s.time * 4 * s.hidden * (s.hidden + 16) + 1)); }

/// Gates of one time step for some rows of the batch, in place: z (rows, 4 n) becomes i, f, g, o; writes c, tanh(c) and h (rows, n).
void lstm_step(std::size_t rows, std::size_t n, real* z, const real* c_before, real* c, real* tanh_c, real* h) {
  for (std::size_t b = 0; b < rows; ++b, z += 4 * n, c_before += n, c += n, tanh_c += n, h += n) {
#pragma omp simd
    for (std::size_t j = 0; j < 2 * n; ++j) z[j] = sigmoid(z[j]);
#pragma omp simd
    for (std::size_t j = 2 * n; j < 3 * n; ++j) z[j] = std::tanh(z[j]);
#pragma omp simd
    for (std::size_t j = 3 * n; j < 4 * n; ++j) z[j] = sigmoid(z[j]);
#pragma omp simd
    for (std::size_t j = 0; j < n; ++j) {
      c[j] = z[n + j] * c_before[j] + z[j] * z[2 * n + j];
      tanh_c[j] = std::tanh(c[j]);
      h[j] = z[3 * n + j] * tanh_c[j];
    }
  }
}

/// The same step backwards. From c = f c_before + i g and h = o tanh(c):
///   dc += dh o (1 - tanh(c)^2);   di = dc g,  df = dc c_before,  dg = dc i,  do = dh tanh(c);   dc_before = dc f
/// and through the gates with sigmoid' = s (1 - s), tanh' = 1 - g^2. Writes dz (rows, 4 n); dc becomes dc_before.
void lstm_step_backward(std::size_t rows, std::size_t n, const real* gates, const real* c_before, const real* tanh_c, const real* dh,
                        real* dc, real* dz) {
  for (std::size_t b = 0; b < rows; ++b, gates += 4 * n, c_before += n, tanh_c += n, dh += n, dc += n, dz += 4 * n) {
#pragma omp simd
    for (std::size_t j = 0; j < n; ++j) {
      const real i = gates[j], f = gates[n + j], g = gates[2 * n + j], o = gates[3 * n + j], t = tanh_c[j];
      const real dc_total = dc[j] + dh[j] * o * (1 - t * t);
      dz[j] = dc_total * g * i * (1 - i);
      dz[n + j] = dc_total * c_before[j] * f * (1 - f);
      dz[2 * n + j] = dc_total * i * (1 - g * g);
      dz[3 * n + j] = dh[j] * t * o * (1 - o);
      dc[j] = dc_total * f;
    }
  }
}

void check_shapes(const Sizes& s, const Tensor& h0, const Tensor& c0, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih,
                  const Tensor& b_hh) {
  const Shape state{s.batch, s.hidden}, input_weight{4 * s.hidden, s.in}, hidden_weight{4 * s.hidden, s.hidden}, bias{4 * s.hidden};
  check(h0.shape() == state && c0.shape() == state, "lstm: start states {} and {} should be {} (batch, hidden)", h0.shape(), c0.shape(),
        state);
  check(w_ih.shape() == input_weight, "lstm: w_ih {} should be {} (4 hidden, in)", w_ih.shape(), input_weight);
  check(w_hh.shape() == hidden_weight, "lstm: w_hh {} should be {} (4 hidden, hidden)", w_hh.shape(), hidden_weight);
  check(b_ih.shape() == bias && b_hh.shape() == bias, "lstm: biases {} and {} should be {}", b_ih.shape(), b_hh.shape(), bias);
}

}  // namespace

Tensor lstm_sequence(const Tensor& x, const Tensor& h0, const Tensor& c0, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih,
                     const Tensor& b_hh, bool reverse) {
  check(x.ndim() == 3 && x.shape(0) > 0 && h0.ndim() == 2,
        "lstm: needs an input (time, batch, in) and a state (batch, hidden), got {} and {}", x.shape(), h0.shape());
  const Sizes s{x.shape(0), x.shape(1), x.shape(2), h0.shape(1), reverse};
  check_shapes(s, h0, c0, w_ih, w_hh, b_ih, b_hh);
  const std::size_t n = s.hidden, state = s.batch * n, gates_size = 4 * state;

  Array gates = empty({s.time, s.batch, 4 * n}), cells = empty({s.time, s.batch, n}), tanhs = empty(cells.shape());
  Array out = empty({s.time + 1, s.batch, n}), bias = empty({4 * n}), turned = empty({n, 4 * n});
  for (std::size_t j = 0; j < 4 * n; ++j) bias.data()[j] = b_ih.value().data()[j] + b_hh.value().data()[j];
  kernels::copy_to_rows(bias.data(), gates.data(), s.time * s.batch, 4 * n);
  // (time * batch, in) (in, 4 n)
  gemm(Transpose::no, Transpose::yes, s.time * s.batch, 4 * n, s.in, x.value().data(), w_ih.value().data(), gates.data(), 1);
  // w_hh^T laid out once: OpenBLAS's small products with a transposed matrix reach two thirds of the speed of those without.
  for (std::size_t j = 0; j < 4 * n; ++j)
    for (std::size_t i = 0; i < n; ++i) turned.data()[i * 4 * n + j] = w_hh.value().data()[j * n + i];
  // Each thread takes its rows of the batch through all time steps: they never need each other.
  parallel_for(s.batch, rows_a_thread(s), [&](std::size_t begin, std::size_t end) {
    const std::size_t rows = end - begin, at_state = begin * n, at_gates = begin * 4 * n;
    const real *h = h0.value().data() + at_state, *c = c0.value().data() + at_state;
    for (std::size_t step = 0; step < s.time; ++step) {
      const std::size_t t = s.at(step), here = t * state + at_state;
      real* z = gates.data() + t * gates_size + at_gates;
      gemm(Transpose::no, Transpose::no, rows, 4 * n, n, h, turned.data(), z, 1);  // (rows, n) (n, 4 n)
      lstm_step(rows, n, z, c, cells.data() + here, tanhs.data() + here, out.data() + here);
      h = out.data() + here;
      c = cells.data() + here;
    }
    std::copy_n(c, rows * n, out.data() + s.time * state + at_state);
  });

  return make_op(
      "lstm", std::move(out), {x, h0, c0, w_ih, w_hh, b_ih, b_hh},
      [=, gates = std::move(gates), cells = std::move(cells), tanhs = std::move(tanhs)](Node& node) {
        const real *dout = node.grad().data(), *w_hh_value = node.input(4).value().data(), *c_start = node.input(2).value().data();
        Array dz = empty(gates.shape()), dh = zeros({s.batch, n}), dc = empty({s.batch, n});
        std::copy_n(dout + s.time * state, state, dc.data());
        parallel_for(s.batch, rows_a_thread(s), [&](std::size_t begin, std::size_t end) {
          const std::size_t rows = end - begin, at_state = begin * n, at_gates = begin * 4 * n;
          real *dh_rows = dh.data() + at_state, *dc_rows = dc.data() + at_state;
          for (std::size_t step = s.time; step-- > 0;) {
            const std::size_t t = s.at(step), here = t * state + at_state, at_z = t * gates_size + at_gates;
            const real* c_before = step ? cells.data() + s.at(step - 1) * state + at_state : c_start + at_state;
            for (std::size_t j = 0; j < rows * n; ++j) dh_rows[j] += dout[here + j];
            lstm_step_backward(rows, n, gates.data() + at_z, c_before, tanhs.data() + here, dh_rows, dc_rows, dz.data() + at_z);
            // dh of the step before: (rows, 4 n) (4 n, n)
            gemm(Transpose::no, Transpose::no, rows, n, 4 * n, dz.data() + at_z, w_hh_value, dh_rows, 0);
          }
        });
        node.input(1).add_grad(std::move(dh));
        node.input(2).add_grad(std::move(dc));
        const std::size_t rows = s.time * s.batch;
        const Tensor &input = node.input(0), &weight_ih = node.input(3), &weight_hh = node.input(4);
        if (input.requires_grad()) {
          const auto [dx, beta] = grad_target(input);
          gemm(Transpose::no, Transpose::no, rows, s.in, 4 * n, dz.data(), weight_ih.value().data(), dx, beta);  // (rows, in)
        }
        if (weight_ih.requires_grad()) {
          const auto [dw, beta] = grad_target(weight_ih);
          gemm(Transpose::yes, Transpose::no, 4 * n, s.in, rows, dz.data(), input.value().data(), dw, beta);  // (4 n, in)
        }
        if (weight_hh.requires_grad()) {  // (4 n, n): dz of each step with the h before it
          const auto [dw, beta] = grad_target(weight_hh);
          // The first step with h0. Then forwards dz[1…] with out[0…], in reverse dz[0…] with out[1…]; the last row of out, the final c, is
          // never reached.
          const std::size_t dz_later = s.reverse ? 0 : gates_size, h_earlier = s.reverse ? state : 0;
          gemm(Transpose::yes, Transpose::no, 4 * n, n, s.batch, dz.data() + s.at(0) * gates_size, node.input(1).value().data(), dw, beta);
          gemm(Transpose::yes, Transpose::no, 4 * n, n, rows - s.batch, dz.data() + dz_later, node.value.data() + h_earlier, dw, 1);
        }
        if (!node.input(5).requires_grad() && !node.input(6).requires_grad()) return;
        Array db = zeros({4 * n});
        kernels::add_rows(dz.data(), db.data(), rows, 4 * n);
        for (std::size_t k = 5; k < 7; ++k)
          if (node.input(k).requires_grad()) node.input(k).add_grad(Array(db));
      });
}

}  // namespace byhand
