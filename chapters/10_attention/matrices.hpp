#pragma once
/// @file
/// Attention as matrices: softmax(Q K^T / sqrt(d_k)) V, forward with every step kept,
/// and backward without autograd.
#include "chapters/10_attention/by_hand.hpp"

namespace attention {

/// All matrices of one attention: n queries, m keys of d_k numbers, m values of d_v numbers.
struct Steps {
  Array Q;             ///< (n, d_k)
  Array K;             ///< (m, d_k)
  Array V;             ///< (m, d_v)
  Array similarities;  ///< (n, m): Q K^T
  Array scaled;        ///< (n, m): divided by sqrt(d_k)
  Array masked;        ///< (n, m): scaled, minus infinity where hidden
  Array percent;       ///< (n, m): softmax of each row, the attention pattern
  Array attention;     ///< (n, d_v): percent V
};

/// What is hidden (n, m), 1 where a query must not look: nowhere; all words after its own (n, n).
/// The second is byhand::causal_mask(n, n) written out. Chapter 11 adds a mask of 0 and minus
/// infinity, as the slides do. Each chapter can be read alone.
Array nothing_hidden(std::size_t n, std::size_t m);
Array future_hidden(std::size_t n);

/// softmax(Q K^T / sqrt(d_k)) V with some similarities hidden. Error when shapes do not fit or a
/// row is hidden altogether.
Steps scaled_dot_product(const Array& Q, const Array& K, const Array& V, const Array& hidden);

/// The rows of x (n, d) look at the rows of memory (m, d): x itself for self-attention, an
/// encoder's words for encoder-decoder attention.
Steps attend(const Array& x, const Array& memory, const Weights& weights, const Array& hidden);

/// d loss / d Q, K, V from d loss / d attention (n, d_v).
struct ProductGradients {
  Array Q, K, V;
};
ProductGradients scaled_dot_product_backward(const Steps& steps, const Array& d_attention);

/// d loss / d everything that went into attend(). In self-attention x and memory are one array:
/// add the two.
struct Gradients {
  Array x, memory;
  Weights weights;
};
Gradients attend_backward(const Steps& steps, const Array& x, const Array& memory,
                          const Weights& weights, const Array& d_attention);

/// Matrices of equal height put side by side: (n, a), (n, b), … -> (n, a + b + …).
Array side_by_side(const std::vector<Array>& parts);
/// Columns [begin, end) of a matrix.
Array columns(const Array& a, std::size_t begin, std::size_t end);
/// The matrix with rows and columns exchanged.
Array transposed(const Array& a);

}  // namespace attention
