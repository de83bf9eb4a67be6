#pragma once
/// @file
/// Spine, autograd. What the fast operations compute, as the textbook writes it: compositions of
/// small operations. Each has a fast twin in fast/ (linear: in ops.hpp; lstm_cell: a whole layer),
/// held equal in value and gradients by tests/common/ops_fused_test.cpp.
#include <optional>
#include <utility>

#include "common/autograd/ops.hpp"

namespace byhand::definition {

/// x weight^T + bias: (…, in) x (out, in) -> (…, out).
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias);

/// (x - mean) / sqrt(variance + eps) * gain + bias over the last axis. Ba, Kiros, Hinton 2016.
Tensor layer_norm(const Tensor& x, const Tensor& gain, const Tensor& bias, double eps = 1e-5);

/// -mean of log softmax(logits)[target]: logits (examples, classes), targets (examples,).
Tensor cross_entropy(const Tensor& logits, const Ids& targets);
/// The same against a distribution for each example: -mean of the sum of p log softmax(logits).
Tensor cross_entropy(const Tensor& logits, const Array& probabilities);

/// softmax(q k^T / sqrt(d_k)) v, with weight 0 where `hidden` is not 0: q (…, queries, d_k), k (…,
/// keys, d_k), v (…, keys, d_v) -> (…, queries, d_v). Vaswani et al. 2017; notes 001, 003 § 14.
Tensor scaled_dot_product_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                                    const std::optional<Array>& hidden = {});

/// One step of an LSTM: x (batch, in), h and c (batch, hidden), w_ih (4 hidden, in), w_hh (4
/// hidden, hidden), biases (4 hidden,); rows of the weights are the gates i, f, g, o. Returns the
/// new h and c.
/// Hochreiter and Schmidhuber 1997; notes 000 § 30.
std::pair<Tensor, Tensor> lstm_cell(const Tensor& x, const Tensor& h, const Tensor& c,
                                    const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih,
                                    const Tensor& b_hh);

}  // namespace byhand::definition
