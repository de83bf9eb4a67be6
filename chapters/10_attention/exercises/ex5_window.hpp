// Exercise 10.5: Look back no further than a window
//
// Full attention keeps n x n percentages. With a window (notes 001 § 2.5.7) word i sees itself and
// w - 1 words before it: n x w numbers.
// A learned bias for each distance r = 0 ... w - 1 is added to the scaled score (not in the notes).
// In loops, no n x n matrix:
//   S_ir = q_i . k_(i-r) / sqrt(d_k) + bias_r,   P_ir = e^S_ir / sum over r' of e^S_ir',
//   A_i = sum over r of P_ir v_(i-r)
// where r goes no further than the first word: for r > i there is no word, and P_ir is 0.
// Then the derivative by hand, from d loss / d A. Each value gets back what it gave:
//   dv_(i-r) += P_ir dA_i,   dP_ir = dA_i . v_(i-r),
//   dS_ir = P_ir (dP_ir - sum over r' of P_ir' dP_ir'),   d bias_r = sum over i of dS_ir
// The judge is autograd through n x n matrices.
// No ready function keeps its percentages by distance.
#pragma once
#include <algorithm>
#include <cmath>

#include "common/tensor/array.hpp"

namespace byhand::exercise {

struct Windowed {
  Array percent;    ///< (n, w): column r is the share of the word r places back
  Array attention;  ///< (n, d_v)
};
/// Q, K (n, d_k), V (n, d_v), bias (w,); w may be larger than n.
inline Windowed window_attention([[maybe_unused]] const Array& Q, [[maybe_unused]] const Array& K,
                                 const Array& V, const Array& bias) {
  const std::size_t n = V.shape()[0], d_v = V.shape()[1], w = bias.size();
  Windowed a{zeros({n, w}), zeros({n, d_v})};
  // TODO: the forward pass
  return a;
}

struct WindowGradients {
  Array V;     ///< (n, d_v)
  Array bias;  ///< (w,)
};
/// percent (n, w) from the forward pass, d_attention (n, d_v) = d loss / d attention.
inline WindowGradients window_backward(const Array& percent, const Array& V,
                                       [[maybe_unused]] const Array& d_attention) {
  const std::size_t n = V.shape()[0], d_v = V.shape()[1], w = percent.shape()[1];
  WindowGradients d{zeros({n, d_v}), zeros({w})};
  // TODO: the backward pass
  return d;
}

}  // namespace byhand::exercise
