#include "common/autograd/definitions.hpp"

#include <cmath>
#include <limits>

#include "common/autograd/activations.hpp"

namespace byhand::definition {

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return matmul(x, weight, Transpose::no, Transpose::yes) + bias;
}

Tensor layer_norm(const Tensor& x, const Tensor& gain, const Tensor& bias, double eps) {
  const Tensor distance = x - mean(x, {-1}, true);
  return distance / sqrt(variance(x, {-1}, true) + real(eps)) * gain + bias;
}

Tensor cross_entropy(const Tensor& logits, const Ids& targets) {
  const Ids column = ids({targets.size(), 1}, {targets.begin(), targets.end()});
  return -mean(gather(log_softmax(logits), 1, column));
}

Tensor cross_entropy(const Tensor& logits, const Array& probabilities) {
  return -sum(Tensor(probabilities) * log_softmax(logits)) / real(logits.shape(0));
}

Tensor scaled_dot_product_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                                    const std::optional<Array>& hidden) {
  Tensor scores = matmul(q, k, Transpose::no, Transpose::yes) / std::sqrt(real(q.shape(-1)));
  if (hidden) scores = masked_fill(scores, *hidden, -std::numeric_limits<real>::infinity());
  return matmul(softmax(scores), v);  // (…, queries, keys) (…, keys, d_v)
}

std::pair<Tensor, Tensor> lstm_cell(const Tensor& x, const Tensor& h, const Tensor& c,
                                    const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih,
                                    const Tensor& b_hh) {
  const std::size_t n = h.shape(-1);
  const Tensor z =
      definition::linear(x, w_ih, b_ih) + definition::linear(h, w_hh, b_hh);  // (batch, 4 hidden)
  const auto gate = [&](std::size_t k) { return slice(z, -1, k * n, (k + 1) * n); };
  const Tensor i = sigmoid(gate(0)), f = sigmoid(gate(1)), g = tanh(gate(2)), o = sigmoid(gate(3));
  const Tensor c_next = f * c + i * g;
  return {o * tanh(c_next), c_next};
}

}  // namespace byhand::definition
