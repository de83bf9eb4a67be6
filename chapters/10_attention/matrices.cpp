#include "chapters/10_attention/matrices.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/fast/kernels/blocks.hpp"
#include "common/fast/kernels/rows.hpp"
#include "common/tensor/matmul.hpp"

namespace attention {
using namespace byhand;

namespace {

Array times_transposed(const Array& a, const Array& b) {
  return matmul(a, b, Transpose::no, Transpose::yes);
}
Array transposed_times(const Array& a, const Array& b) {
  return matmul(a, b, Transpose::yes, Transpose::no);
}

/// A row with everything hidden would be 0 / 0.
void check_hidden(const Array& hidden, std::size_t n, std::size_t m) {
  check(hidden.shape() == Shape{n, m},
        "attention: the mask is {}, {} queries and {} keys need ({}, {})", hidden.shape(), n, m, n,
        m);
  for (std::size_t i = 0; i < n; ++i) {
    const real* row = hidden.data() + i * m;
    check(std::any_of(row, row + m, [](real h) { return h == 0; }),
          "attention: the mask hides every key from query {}", i);
  }
}

}  // namespace

Array nothing_hidden(std::size_t n, std::size_t m) { return zeros({n, m}); }

Array future_hidden(std::size_t n) {
  Array hidden = zeros({n, n});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) hidden(i, j) = 1;
  return hidden;
}

Steps scaled_dot_product(const Array& Q, const Array& K, const Array& V, const Array& hidden) {
  check(Q.dimension() == 2 && K.dimension() == 2 && V.dimension() == 2 &&
            K.shape()[0] == V.shape()[0],
        "attention: Q {}, K {}, V {}: three matrices, and a value for each key", Q.shape(),
        K.shape(), V.shape());
  const std::size_t n = Q.shape()[0], m = K.shape()[0];
  check_hidden(hidden, n, m);
  Steps s;
  s.Q = Q;                                                    // (n, d_k)
  s.K = K;                                                    // (m, d_k)
  s.V = V;                                                    // (m, d_v)
  s.similarities = times_transposed(Q, K);                    // (n, d_k) x (d_k, m) -> (n, m)
  s.scaled = s.similarities / std::sqrt(real(K.shape()[1]));  // d_k is the length of a key
  s.masked = s.scaled;
  for (std::size_t i = 0; i < hidden.size(); ++i)
    if (hidden.data()[i] != 0) s.masked.data()[i] = -std::numeric_limits<real>::infinity();
  s.percent = empty({n, m});
  kernels::softmax(s.masked.data(), s.percent.data(), n, m);  // each row adds up to 1
  s.attention = matmul(s.percent, V);                         // (n, m) x (m, d_v) -> (n, d_v)
  return s;
}

Steps attend(const Array& x, const Array& memory, const Weights& w, const Array& hidden) {
  const Array Q = times_transposed(x, w.query);     // (n, d) x (d, d_k) -> (n, d_k)
  const Array K = times_transposed(memory, w.key);  // (m, d_k)
  const Array V = times_transposed(memory, w.value);
  return scaled_dot_product(Q, K, V, hidden);
}

ProductGradients scaled_dot_product_backward(const Steps& s, const Array& d_attention) {
  check(d_attention.shape() == s.attention.shape(),
        "attention backward: gradient {} for an output {}", d_attention.shape(),
        s.attention.shape());
  const std::size_t n = s.percent.shape()[0], m = s.percent.shape()[1];
  ProductGradients d;
  d.V = transposed_times(s.percent, d_attention);              // A = P V     =>  dV = P^T dA
  const Array d_percent = times_transposed(d_attention, s.V);  //                 dP = dA V^T
  Array d_similarities = empty({n, m});
  for (std::size_t i = 0; i < n; ++i) {
    // P = softmax(S / sqrt(d_k)), row by row
    //   =>  dS_j = P_j (dP_j - sum over l of P_l dP_l) / sqrt(d_k).
    // Where a place was hidden P is 0, and so is its gradient.
    real mean = 0;
    for (std::size_t j = 0; j < m; ++j) mean += s.percent(i, j) * d_percent(i, j);
    for (std::size_t j = 0; j < m; ++j)
      d_similarities(i, j) =
          s.percent(i, j) * (d_percent(i, j) - mean) / std::sqrt(real(s.K.shape()[1]));
  }
  d.Q = matmul(d_similarities, s.K);            // S = Q K^T   =>  dQ = dS K
  d.K = transposed_times(d_similarities, s.Q);  //                 dK = dS^T Q
  return d;
}

Gradients attend_backward(const Steps& s, const Array& x, const Array& memory, const Weights& w,
                          const Array& d_attention) {
  const ProductGradients d = scaled_dot_product_backward(s, d_attention);
  Gradients g;
  g.weights.query = transposed_times(d.Q, x);  // Q = x Wq^T  =>  dWq = dQ^T x, and dx = dQ Wq
  g.weights.key = transposed_times(d.K, memory);
  g.weights.value = transposed_times(d.V, memory);
  g.x = matmul(d.Q, w.query);
  const Array through_keys = matmul(d.K, w.key), through_values = matmul(d.V, w.value);
  g.memory = through_keys + through_values;
  return g;
}

Array side_by_side(const std::vector<Array>& parts) {
  check(!parts.empty(), "side_by_side: nothing to put side by side");
  std::size_t width = 0;
  for (const Array& part : parts) {
    check(part.dimension() == 2 && part.shape()[0] == parts.front().shape()[0],
          "side_by_side: {} beside {}", part.shape(), parts.front().shape());
    width += part.shape()[1];
  }
  Array all = empty({parts.front().shape()[0], width});
  std::size_t column = 0;
  for (const Array& part : parts) {
    kernels::copy_blocks(part.data(), part.shape()[1], all.data() + column, width, part.shape()[1],
                         part.shape()[0]);
    column += part.shape()[1];
  }
  return all;
}

Array columns(const Array& a, std::size_t begin, std::size_t end) {
  check(a.dimension() == 2 && begin < end && end <= a.shape()[1],
        "columns: there are no columns {} to {} in {}", begin, end, a.shape());
  Array part = empty({a.shape()[0], end - begin});
  kernels::copy_blocks(a.data() + begin, a.shape()[1], part.data(), end - begin, end - begin,
                       a.shape()[0]);
  return part;
}

Array transposed(const Array& a) {
  check(a.dimension() == 2, "transposed: needs a matrix, got {}", a.shape());
  return permute(a, {1, 0});
}

}  // namespace attention
