// Exercise 08.5: Write one step of a GRU
//
// The GRU (not in the notes; it came after the LSTM of notes 000 § 30) has one memory h and two
// percentages, reset r and update z:
//   r  = sigmoid(u_r + v_r)        how much of the old memory the candidate sees
//   z  = sigmoid(u_z + v_z)        how much of the old memory stays
//   n  = tanh(u_n + r v_n)         the candidate for a new memory
//   h' = (1 - z) n + z h
// where u = x w_ih^T + b_ih comes from the input and v = h w_hh^T + b_hh from the memory, both
// (batch, 3 hidden): columns r, z, n.
// Fill in the four lines. The result must equal nn::GRU, and its gradients too. Operators, sigmoid
// and tanh work on whole tensors.
#pragma once
#include "common/autograd/activations.hpp"
#include "common/autograd/ops.hpp"

namespace byhand::exercise {

struct GruWeights {
  Tensor w_ih, w_hh;  ///< (3 hidden, in), (3 hidden, hidden)
  Tensor b_ih, b_hh;  ///< (3 hidden,) each
};

/// x (batch, in), h (batch, hidden) -> the new h (batch, hidden).
inline Tensor gru_step(const Tensor& x, const Tensor& h, const GruWeights& w) {
  const std::size_t hidden = h.shape(1);
  const Tensor u = linear(x, w.w_ih, w.b_ih);              // (batch, 3 hidden)
  const Tensor v = linear(h, w.w_hh, w.b_hh);              // (batch, 3 hidden)
  const auto part = [&](const Tensor& t, std::size_t k) {  // (batch, hidden)
    return slice(t, 1, k * hidden, (k + 1) * hidden);
  };
  [[maybe_unused]] const Tensor u_r = part(u, 0), u_z = part(u, 1), u_n = part(u, 2);
  [[maybe_unused]] const Tensor v_r = part(v, 0), v_z = part(v, 1), v_n = part(v, 2);
  return h;  // TODO: r, z, n, then the new memory
}

}  // namespace byhand::exercise
