#include "common/nn/transformer.hpp"

#include "common/nn/init.hpp"

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
Tensor feed_forward(const Tensor& x, const Linear& linear1, const Linear& linear2, Activation activation, const Dropout& drop) {
  return linear2(drop(activate(linear1(x), activation)));
}

/// One part of a layer and the way around it: norm(x + f(x)), or x + f(norm(x)).
template <class F>
Tensor around(const Tensor& x, const LayerNorm& norm, const TransformerOptions& options, const Dropout& drop, F&& f) {
  return options.norm_first ? x + drop(f(norm(x))) : norm(x + drop(f(x)));
}

}  // namespace

TransformerEncoderLayer::TransformerEncoderLayer(std::size_t size, std::size_t heads, Generator& generator, const TransformerOptions& given)
    : options(given),
      self_attn(child("self_attn", MultiheadAttention(size, heads, generator, attention_options(given)))),
      linear1(child("linear1", Linear(size, given.feed_forward, generator))),
      linear2(child("linear2", Linear(given.feed_forward, size, generator))),
      norm1(child("norm1", LayerNorm(size, given.layer_norm_eps))),
      norm2(child("norm2", LayerNorm(size, given.layer_norm_eps))),
      drop_(child("dropout", Dropout(given.dropout, generator))) {}

Tensor TransformerEncoderLayer::operator()(const Tensor& x, const AttentionMask& mask, Array* weights) const {
  const Tensor seen = around(x, norm1, options, drop_, [&](const Tensor& t) { return self_attn(t, t, t, mask, weights); });
  return around(seen, norm2, options, drop_, [&](const Tensor& t) { return feed_forward(t, linear1, linear2, options.activation, drop_); });
}

Tensor TransformerEncoderLayer::next(const Tensor& x, KeyValueCache& cache) const {
  const NoGrad no_grad;
  const Tensor seen = around(x, norm1, options, drop_, [&](const Tensor& t) { return self_attn.next(t, cache); });
  return around(seen, norm2, options, drop_, [&](const Tensor& t) { return feed_forward(t, linear1, linear2, options.activation, drop_); });
}

TransformerDecoderLayer::TransformerDecoderLayer(std::size_t size, std::size_t heads, Generator& generator, const TransformerOptions& given)
    : options(given),
      self_attn(child("self_attn", MultiheadAttention(size, heads, generator, attention_options(given)))),
      multihead_attn(child("multihead_attn", MultiheadAttention(size, heads, generator, attention_options(given)))),
      linear1(child("linear1", Linear(size, given.feed_forward, generator))),
      linear2(child("linear2", Linear(given.feed_forward, size, generator))),
      norm1(child("norm1", LayerNorm(size, given.layer_norm_eps))),
      norm2(child("norm2", LayerNorm(size, given.layer_norm_eps))),
      norm3(child("norm3", LayerNorm(size, given.layer_norm_eps))),
      drop_(child("dropout", Dropout(given.dropout, generator))) {}

Tensor TransformerDecoderLayer::operator()(const Tensor& x, const Tensor& memory, const AttentionMask& mask,
                                           const AttentionMask& memory_mask, DecoderWeights* weights) const {
  Array *self = weights ? &weights->self : nullptr, *cross = weights ? &weights->memory : nullptr;
  const Tensor seen = around(x, norm1, options, drop_, [&](const Tensor& t) { return self_attn(t, t, t, mask, self); });
  const Tensor told =
      around(seen, norm2, options, drop_, [&](const Tensor& t) { return multihead_attn(t, memory, memory, memory_mask, cross); });
  return around(told, norm3, options, drop_, [&](const Tensor& t) { return feed_forward(t, linear1, linear2, options.activation, drop_); });
}

namespace {

template <class Layer>
ModuleList<Layer> copies(const char* name, const Layer& layer, std::size_t count) {
  check(count > 0, "{}: needs at least one layer", name);
  ModuleList<Layer> list;
  for (std::size_t i = 0; i < count; ++i) list.push_back(deep_copy(layer));
  return list;
}

/// Makes room for one entry a layer, if they are asked for.
template <class T>
T* entry(std::vector<T>* all, std::size_t i, std::size_t count) {
  if (!all) return nullptr;
  if (i == 0) all->assign(count, T());
  return &(*all)[i];
}

}  // namespace

TransformerEncoder::TransformerEncoder(const TransformerEncoderLayer& layer, std::size_t count, const std::optional<LayerNorm>& last)
    : layers(child("layers", copies("TransformerEncoder", layer, count))), norm(last) {
  if (norm) child("norm", *norm);
}

Tensor TransformerEncoder::operator()(Tensor x, const AttentionMask& mask, std::vector<Array>* weights) const {
  for (std::size_t i = 0; i < layers.size(); ++i) x = layers[i](x, mask, entry(weights, i, layers.size()));
  return norm ? (*norm)(x) : x;
}

Tensor TransformerEncoder::next(Tensor x, std::vector<KeyValueCache>& caches) const {
  check(caches.size() == layers.size(), "TransformerEncoder::next: {} caches for {} layers", caches.size(), layers.size());
  for (const KeyValueCache& cache : caches)
    check(cache.size() == caches[0].size() && cache.capacity() == caches[0].capacity(),
          "TransformerEncoder::next: the caches hold {} and {} tokens, with room for {} and {}", caches[0].size(), cache.size(),
          caches[0].capacity(), cache.capacity());
  const NoGrad no_grad;
  for (std::size_t i = 0; i < layers.size(); ++i) x = layers[i].next(x, caches[i]);
  return norm ? (*norm)(x) : x;
}

TransformerDecoder::TransformerDecoder(const TransformerDecoderLayer& layer, std::size_t count, const std::optional<LayerNorm>& last)
    : layers(child("layers", copies("TransformerDecoder", layer, count))), norm(last) {
  if (norm) child("norm", *norm);
}

Tensor TransformerDecoder::operator()(Tensor x, const Tensor& memory, const AttentionMask& mask, const AttentionMask& memory_mask,
                                      std::vector<DecoderWeights>* weights) const {
  for (std::size_t i = 0; i < layers.size(); ++i) x = layers[i](x, memory, mask, memory_mask, entry(weights, i, layers.size()));
  return norm ? (*norm)(x) : x;
}

Transformer::Transformer(std::size_t size, std::size_t heads, std::size_t encoder_layers, std::size_t decoder_layers, Generator& generator,
                         const TransformerOptions& options)
    : encoder(child("encoder", TransformerEncoder(TransformerEncoderLayer(size, heads, generator, options), encoder_layers,
                                                  LayerNorm(size, options.layer_norm_eps)))),
      decoder(child("decoder", TransformerDecoder(TransformerDecoderLayer(size, heads, generator, options), decoder_layers,
                                                  LayerNorm(size, options.layer_norm_eps)))) {
  for (const Tensor& p : parameters())
    if (p.ndim() > 1 && !p.is_meta()) p.set_value(init::xavier_uniform(p.shape(), generator));
}

Tensor Transformer::operator()(const Tensor& source, const Tensor& target, const TransformerMasks& masks) const {
  return decoder(target, encoder(source, masks.source), masks.target, masks.memory);
}

}  // namespace byhand::nn
