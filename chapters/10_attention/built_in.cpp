#include "chapters/10_attention/built_in.hpp"

#include <cmath>
#include <limits>

#include "common/nn/attention.hpp"
#include "common/nn/position.hpp"
#include "common/tensor/matmul.hpp"

namespace attention {
using namespace byhand;

Array fused(const Array& x, const Array& memory, const Weights& w, const Array& hidden) {
  const Tensor Q = linear(Tensor(x), Tensor(w.query));  // (n, d_k)
  const Tensor K = linear(Tensor(memory), Tensor(w.key));
  const Tensor V = linear(Tensor(memory), Tensor(w.value));
  AttentionOptions options;
  options.mask.hidden = hidden;
  return scaled_dot_product_attention(Q, K, V, options).value();  // (n, d_v)
}

LayerResult layer(const Array& x, const Array& memory, const std::vector<Weights>& heads,
                  const Array& hidden) {
  const MultiHeadWeights w = as_one_layer(heads);
  Generator generator{0};  // the start weights are replaced at once
  const nn::MultiheadAttention attention(w.in_proj_weight.shape()[1], heads.size(), generator);
  attention.load_state_dict({{"in_proj_weight", w.in_proj_weight},
                             {"in_proj_bias", w.in_proj_bias},
                             {"out_proj.weight", w.out_proj_weight},
                             {"out_proj.bias", w.out_proj_bias}});
  const Tensor query(widened(x, heads.size()));               // (n, d * heads)
  const Tensor key_and_value(widened(memory, heads.size()));  // (m, d * heads)
  AttentionMask mask;
  mask.hidden = hidden;
  LayerResult result;
  result.output = attention(query, key_and_value, key_and_value, mask, &result.percent).value();
  return result;
}

Gradients autograd_gradients(const Array& x, const Weights& w, const Array& hidden,
                             const Array& R) {
  const Tensor encodings(x, true), query(w.query, true), key(w.key, true), value(w.value, true);
  const Tensor Q = linear(encodings, query), K = linear(encodings, key),
               V = linear(encodings, value);
  const real root_of_d_k = std::sqrt(real(K.shape(-1)));
  const Tensor scaled = matmul(Q, K, Transpose::no, Transpose::yes) / root_of_d_k;  // (n, n)
  const Tensor masked = masked_fill(scaled, hidden, -std::numeric_limits<real>::infinity());
  const Tensor percent = softmax(masked);  // (n, n)
  sum(matmul(percent, V) * Tensor(R)).backward();
  return {encodings.grad(), Array(), {query.grad(), key.grad(), value.grad()}};
}

Array built_in_positions(std::size_t words, std::size_t d) {
  return nn::sinusoidal_encoding(words, d);
}

Shape weights_shape(const Shape& shape, bool batch_first) {
  Generator generator{0};
  const nn::MultiheadAttention attention(shape[2], 1, generator, {.batch_first = batch_first});
  const Tensor x(ones(shape));
  Array percent;
  attention(x, x, x, {}, &percent);  // (batch, heads, queries, keys)
  return nn::mean_over_heads(percent).shape();
}

std::size_t counted_parameters(std::size_t d) {
  Generator generator{0};
  const std::size_t one_head = nn::MultiheadAttention(d, 1, generator).parameter_count();
  for (const std::size_t heads : {2, 4, 12}) {
    const std::size_t count = nn::MultiheadAttention(d, heads, generator).parameter_count();
    check(count == one_head,
          "nn::MultiheadAttention({}, {}) has {} parameters, with one head it has {}", d, heads,
          count, one_head);
  }
  return one_head;
}

}  // namespace attention
