#include "common/nn/attention.hpp"

#include "common/nn/init.hpp"

namespace byhand::nn {
namespace {

/// The output projection, checked before anything is drawn. Its bias is drawn as any Linear's, so
/// that the stream stays PyTorch's, then set to 0.
Linear output_projection(std::size_t size, std::size_t heads, Generator& generator,
                         const MultiheadAttentionOptions& options) {
  check(size > 0 && heads > 0 && size % heads == 0,
        "MultiheadAttention: size {} does not split into {} heads", size, heads);
  check(options.dropout >= 0 && options.dropout < 1,
        "MultiheadAttention: dropout {} is not in [0, 1)", options.dropout);
  Linear projection(size, size, generator, options.bias);
  if (options.bias && !projection.bias.is_meta()) projection.bias.set_value(zeros({size}));
  return projection;
}

}  // namespace

MultiheadAttention::MultiheadAttention(std::size_t all, std::size_t count, Generator& generator,
                                       const MultiheadAttentionOptions& given)
    : size(all),
      heads(count),
      options(given),
      out_proj(child("out_proj", output_projection(all, count, generator, given))),
      generator_(generator) {
  if (options.key_size == 0) options.key_size = size;
  if (options.value_size == 0) options.value_size = size;
  const auto draw = [&](const Shape& shape) { return init::xavier_uniform(shape, generator); };
  if (options.key_size == size && options.value_size == size) {
    in_proj_weight = parameter("in_proj_weight", {3 * size, size}, draw);
  } else {
    q_proj_weight = parameter("q_proj_weight", {size, size}, draw);
    k_proj_weight = parameter("k_proj_weight", {size, options.key_size}, draw);
    v_proj_weight = parameter("v_proj_weight", {size, options.value_size}, draw);
  }
  if (options.bias) in_proj_bias = parameter("in_proj_bias", {3 * size}, zeros);
}

bool MultiheadAttention::of_one_sequence(const Tensor& query, const Tensor& key,
                                         const Tensor& value) const {
  return in_proj_weight.defined() && &query.node() == &key.node() && &key.node() == &value.node();
}

/// Queries, keys and values, each (batch, heads, length, size / heads).
std::array<Tensor, 3> MultiheadAttention::project(const Tensor& query, const Tensor& key,
                                                  const Tensor& value, bool batch_first) const {
  const auto heads_of = [&](const Tensor& x, std::size_t part) {
    return split_heads(x, heads, part * size, (part + 1) * size, batch_first);
  };
  // one product for the three
  if (of_one_sequence(query, key, value)) {
    const Tensor projected = linear(query, in_proj_weight, in_proj_bias);  // (…, 3 size)
    return {heads_of(projected, 0), heads_of(projected, 1), heads_of(projected, 2)};
  }
  const auto rows = [&](const Tensor& t, std::size_t from, std::size_t to) {
    return t.defined() ? slice(t, 0, from * size, to * size) : Tensor();
  };
  // keys and values from one sequence: one product for the two
  if (in_proj_weight.defined() && &key.node() == &value.node()) {
    // (…, size)
    const Tensor q = linear(query, rows(in_proj_weight, 0, 1), rows(in_proj_bias, 0, 1));
    // (…, 2 size)
    const Tensor kv = linear(key, rows(in_proj_weight, 1, 3), rows(in_proj_bias, 1, 3));
    return {heads_of(q, 0), heads_of(kv, 0), heads_of(kv, 1)};
  }
  const auto one = [&](const Tensor& x, const Tensor& own_weight, std::size_t part) {
    const Tensor weight = own_weight.defined() ? own_weight : rows(in_proj_weight, part, part + 1);
    return heads_of(linear(x, weight, rows(in_proj_bias, part, part + 1)), 0);
  };
  return {one(query, q_proj_weight, 0), one(key, k_proj_weight, 1), one(value, v_proj_weight, 2)};
}

Tensor MultiheadAttention::operator()(const Tensor& query, const Tensor& key, const Tensor& value,
                                      const AttentionMask& mask, Array* weights) const {
  const std::size_t rank = query.ndim();
  check((rank == 2 || rank == 3) && key.ndim() == rank && value.ndim() == rank &&
            query.shape(-1) == size && key.shape(-1) == options.key_size &&
            value.shape(-1) == options.value_size,
        "MultiheadAttention: query {}, key {} and value {} need a last axis of {}, {} and {}, and "
        "all an axis for the batch or none",
        query.shape(), key.shape(), value.shape(), size, options.key_size, options.value_size);
  if (rank == 2) {  // a batch of one
    const auto batched = [](const Tensor& x) { return unsqueeze(x, 0); };
    const bool self = &query.node() == &key.node() && &key.node() == &value.node();
    const Tensor q = batched(query);
    const Tensor y =
        attend(q, self ? q : batched(key), self ? q : batched(value), true, mask, weights);
    if (weights) {
      const Shape without_batch(weights->shape().begin() + 1, weights->shape().end());
      *weights = reshape(std::move(*weights), without_batch);
    }
    return squeeze(y, 0);
  }
  return attend(query, key, value, options.batch_first, mask, weights);
}

Tensor MultiheadAttention::attend(const Tensor& query, const Tensor& key, const Tensor& value,
                                  bool batch_first, const AttentionMask& mask,
                                  Array* weights) const {
  const int batch = batch_first ? 0 : 1, length = 1 - batch;
  check(key.shape(batch) == query.shape(batch) && value.shape(batch) == query.shape(batch) &&
            key.shape(length) == value.shape(length),
        "MultiheadAttention: query {}, key {} and value {} should be {}: batches must agree, and "
        "keys and values in their length",
        query.shape(), key.shape(), value.shape(),
        batch_first ? "(batch, length, size)" : "(length, batch, size)");
  const AttentionOptions how{
      .mask = mask, .dropout = training() ? options.dropout : 0, .generator = &generator_};
  // one product for the three, whose columns the heads read in place
  if (of_one_sequence(query, key, value))
    return out_proj(self_attention(linear(query, in_proj_weight, in_proj_bias), heads, batch_first,
                                   how, weights));
  // (batch, heads, length, size / heads)
  const auto [q, k, v] = project(query, key, value, batch_first);
  const Tensor y = scaled_dot_product_attention(q, k, v, how, weights);
  return out_proj(merge_heads(y, batch_first));
}

Tensor MultiheadAttention::next(const Tensor& x, KeyValueCache& cache) const {
  check(x.ndim() == 3 && x.shape(-1) == size && in_proj_weight.defined(),
        "MultiheadAttention::next: needs (batch, new, {}) or (new, batch, {}), got {}; keys and "
        "values are made of the same tokens",
        size, size, x.shape());
  check(!training() || options.dropout == 0,
        "MultiheadAttention::next: gives answers, not training: call eval() first");
  const NoGrad no_grad;
  // (batch, heads, new, size / heads)
  const auto [q, k, v] = project(x, x, x, options.batch_first);
  return out_proj(
      merge_heads(Tensor(cache.attend(q.value(), k.value(), v.value())), options.batch_first));
}

Array mean_over_heads(const Array& weights) {
  check(weights.dimension() >= 3 && weights.shape()[weights.dimension() - 3] > 0,
        "mean_over_heads: needs (…, heads, queries, keys), got {}", weights.shape());
  return mean(Tensor(weights), {-3}).value();
}

}  // namespace byhand::nn
