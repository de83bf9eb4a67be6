#include "common/nn/transformer_layers.hpp"

namespace byhand::nn {
namespace {

MultiheadAttentionOptions attention_options(const TransformerOptions& options) {
  return {.dropout = options.dropout, .batch_first = options.batch_first};
}

Tensor activate(const Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::relu:
      return relu(x);
    case Activation::gelu:
      return gelu(x);
    case Activation::gelu_tanh:
      return gelu(x, Gelu::tanh);
  }
  fail("transformer: an activation that does not exist");
}

/// The two matrices, with dropout in between.
Tensor feed_forward(const Tensor& x, const Linear& linear1, const Linear& linear2,
                    Activation activation, const Dropout& drop) {
  return linear2(drop(activate(linear1(x), activation)));
}

/// One part of a layer and the way around it: norm(x + f(x)), or x + f(norm(x)).
template <class F>
Tensor around(const Tensor& x, const LayerNorm& norm, const TransformerOptions& options,
              const Dropout& drop, F&& f) {
  return options.norm_first ? x + drop(f(norm(x))) : norm(x + drop(f(x)));
}

}  // namespace

TransformerEncoderLayer::TransformerEncoderLayer(std::size_t size, std::size_t heads,
                                                 Generator& generator,
                                                 const TransformerOptions& given)
    : options(given),
      self_attn(
          child("self_attn", MultiheadAttention(size, heads, generator, attention_options(given)))),
      linear1(child("linear1", Linear(size, given.feed_forward, generator))),
      linear2(child("linear2", Linear(given.feed_forward, size, generator))),
      norm1(child("norm1", LayerNorm(size, given.layer_norm_eps))),
      norm2(child("norm2", LayerNorm(size, given.layer_norm_eps))),
      drop_(child("dropout", Dropout(given.dropout, generator))) {}

Tensor TransformerEncoderLayer::operator()(const Tensor& x, const AttentionMask& mask,
                                           Array* weights) const {
  const Tensor seen = around(x, norm1, options, drop_,
                             [&](const Tensor& t) { return self_attn(t, t, t, mask, weights); });
  return around(seen, norm2, options, drop_, [&](const Tensor& t) {
    return feed_forward(t, linear1, linear2, options.activation, drop_);
  });
}

Tensor TransformerEncoderLayer::next(const Tensor& x, KeyValueCache& cache) const {
  const NoGrad no_grad;
  const Tensor seen =
      around(x, norm1, options, drop_, [&](const Tensor& t) { return self_attn.next(t, cache); });
  return around(seen, norm2, options, drop_, [&](const Tensor& t) {
    return feed_forward(t, linear1, linear2, options.activation, drop_);
  });
}

TransformerDecoderLayer::TransformerDecoderLayer(std::size_t size, std::size_t heads,
                                                 Generator& generator,
                                                 const TransformerOptions& given)
    : options(given),
      self_attn(
          child("self_attn", MultiheadAttention(size, heads, generator, attention_options(given)))),
      multihead_attn(child("multihead_attn",
                           MultiheadAttention(size, heads, generator, attention_options(given)))),
      linear1(child("linear1", Linear(size, given.feed_forward, generator))),
      linear2(child("linear2", Linear(given.feed_forward, size, generator))),
      norm1(child("norm1", LayerNorm(size, given.layer_norm_eps))),
      norm2(child("norm2", LayerNorm(size, given.layer_norm_eps))),
      norm3(child("norm3", LayerNorm(size, given.layer_norm_eps))),
      drop_(child("dropout", Dropout(given.dropout, generator))) {}

Tensor TransformerDecoderLayer::operator()(const Tensor& x, const Tensor& memory,
                                           const AttentionMask& mask,
                                           const AttentionMask& memory_mask,
                                           DecoderWeights* weights) const {
  Array *self = weights ? &weights->self : nullptr, *cross = weights ? &weights->memory : nullptr;
  const Tensor seen = around(x, norm1, options, drop_,
                             [&](const Tensor& t) { return self_attn(t, t, t, mask, self); });
  const Tensor told = around(seen, norm2, options, drop_, [&](const Tensor& t) {
    return multihead_attn(t, memory, memory, memory_mask, cross);
  });
  return around(told, norm3, options, drop_, [&](const Tensor& t) {
    return feed_forward(t, linear1, linear2, options.activation, drop_);
  });
}

}  // namespace byhand::nn
