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
#include <vector>

#include "common/tensor/array.hpp"

namespace byhand::exercise {

struct Windowed {
  Array percent;    ///< (n, w): column r is the share of the word r places back
  Array attention;  ///< (n, d_v)
};
/// Q, K (n, d_k), V (n, d_v), bias (w,); w may be larger than n.
inline Windowed window_attention(const Array& Q, const Array& K, const Array& V,
                                 const Array& bias) {
  const std::size_t n = V.shape()[0], d_k = K.shape()[1], d_v = V.shape()[1], w = bias.size();
  Windowed a{zeros({n, w}), zeros({n, d_v})};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t seen = std::min(w, i + 1);
    std::vector<real> scores(seen, 0);
    for (std::size_t r = 0; r < seen; ++r) {
      for (std::size_t k = 0; k < d_k; ++k) scores[r] += Q(i, k) * K(i - r, k);
      scores[r] = scores[r] / std::sqrt(real(d_k)) + bias(r);
    }
    const real largest = *std::max_element(scores.begin(), scores.end());
    real total = 0;
    for (std::size_t r = 0; r < seen; ++r) total += a.percent(i, r) = std::exp(scores[r] - largest);
    for (std::size_t r = 0; r < seen; ++r) {
      a.percent(i, r) /= total;
      for (std::size_t k = 0; k < d_v; ++k) a.attention(i, k) += a.percent(i, r) * V(i - r, k);
    }
  }
  return a;
}

struct WindowGradients {
  Array V;     ///< (n, d_v)
  Array bias;  ///< (w,)
};
/// percent (n, w) from the forward pass, d_attention (n, d_v) = d loss / d attention.
inline WindowGradients window_backward(const Array& percent, const Array& V,
                                       const Array& d_attention) {
  const std::size_t n = V.shape()[0], d_v = V.shape()[1], w = percent.shape()[1];
  WindowGradients d{zeros({n, d_v}), zeros({w})};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t seen = std::min(w, i + 1);
    std::vector<real> d_percent(seen, 0);
    real mean = 0;  // of d_percent, in the shares of the words
    for (std::size_t r = 0; r < seen; ++r) {
      for (std::size_t k = 0; k < d_v; ++k) {
        d_percent[r] += d_attention(i, k) * V(i - r, k);
        d.V(i - r, k) += percent(i, r) * d_attention(i, k);
      }
      mean += percent(i, r) * d_percent[r];
    }
    for (std::size_t r = 0; r < seen; ++r) d.bias(r) += percent(i, r) * (d_percent[r] - mean);
  }
  return d;
}

}  // namespace byhand::exercise
