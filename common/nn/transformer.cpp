#include "common/nn/transformer.hpp"

#include "common/nn/deep_copy.hpp"
#include "common/nn/init.hpp"

namespace byhand::nn {
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

TransformerEncoder::TransformerEncoder(const TransformerEncoderLayer& layer, std::size_t count,
                                       const std::optional<LayerNorm>& last)
    : layers(child("layers", copies("TransformerEncoder", layer, count))), norm(last) {
  if (norm) child("norm", *norm);
}

Tensor TransformerEncoder::operator()(Tensor x, const AttentionMask& mask,
                                      std::vector<Array>* weights) const {
  for (std::size_t i = 0; i < layers.size(); ++i)
    x = layers[i](x, mask, entry(weights, i, layers.size()));
  return norm ? (*norm)(x) : x;
}

Tensor TransformerEncoder::next(Tensor x, std::vector<KeyValueCache>& caches) const {
  check(caches.size() == layers.size(), "TransformerEncoder::next: {} caches for {} layers",
        caches.size(), layers.size());
  for (const KeyValueCache& cache : caches)
    check(cache.size() == caches[0].size() && cache.capacity() == caches[0].capacity(),
          "TransformerEncoder::next: the caches hold {} and {} tokens, with room for {} and {}",
          caches[0].size(), cache.size(), caches[0].capacity(), cache.capacity());
  const NoGrad no_grad;
  for (std::size_t i = 0; i < layers.size(); ++i) x = layers[i].next(x, caches[i]);
  return norm ? (*norm)(x) : x;
}

TransformerDecoder::TransformerDecoder(const TransformerDecoderLayer& layer, std::size_t count,
                                       const std::optional<LayerNorm>& last)
    : layers(child("layers", copies("TransformerDecoder", layer, count))), norm(last) {
  if (norm) child("norm", *norm);
}

Tensor TransformerDecoder::operator()(Tensor x, const Tensor& memory, const AttentionMask& mask,
                                      const AttentionMask& memory_mask,
                                      std::vector<DecoderWeights>* weights) const {
  for (std::size_t i = 0; i < layers.size(); ++i)
    x = layers[i](x, memory, mask, memory_mask, entry(weights, i, layers.size()));
  return norm ? (*norm)(x) : x;
}

Transformer::Transformer(std::size_t size, std::size_t heads, std::size_t encoder_layers,
                         std::size_t decoder_layers, Generator& generator,
                         const TransformerOptions& options)
    : encoder(child("encoder",
                    TransformerEncoder(TransformerEncoderLayer(size, heads, generator, options),
                                       encoder_layers, LayerNorm(size, options.layer_norm_eps)))),
      decoder(child("decoder",
                    TransformerDecoder(TransformerDecoderLayer(size, heads, generator, options),
                                       decoder_layers, LayerNorm(size, options.layer_norm_eps)))) {
  for (const Tensor& p : parameters())
    if (p.ndim() > 1 && !p.is_meta()) p.set_value(init::xavier_uniform(p.shape(), generator));
}

Tensor Transformer::operator()(const Tensor& source, const Tensor& target,
                               const TransformerMasks& masks) const {
  return decoder(target, encoder(source, masks.source), masks.target, masks.memory);
}

}  // namespace byhand::nn
