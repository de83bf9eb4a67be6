#include "common/bert/bert.hpp"

#include <algorithm>

#include "common/bert/masked_lm.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"

namespace byhand::nn {
namespace {

const BertConfig& checked(const BertConfig& c) {
  check(c.vocabulary > 0 && c.size > 0 && c.layers > 0 && c.heads > 0 && c.feed_forward > 0 && c.max_length > 0 && c.segments > 0,
        "Bert: no size may be 0: vocabulary {}, size {}, layers {}, heads {}, feed_forward {}, max_length {}, segments {}", c.vocabulary,
        c.size, c.layers, c.heads, c.feed_forward, c.max_length, c.segments);
  check(c.size % c.heads == 0, "Bert: size {} does not split into {} heads", c.size, c.heads);
  return c;
}

TransformerEncoder encoder_of(const BertConfig& c, Generator& generator) {
  const TransformerOptions options{.feed_forward = c.feed_forward,
                                   .dropout = c.dropout,
                                   .activation = Activation::gelu,
                                   .batch_first = true,
                                   .layer_norm_eps = c.layer_norm_eps};
  return TransformerEncoder(TransformerEncoderLayer(c.size, c.heads, generator, options), c.layers);
}

/// Matrices and tables anew from a normal distribution, biases to 0. What is left are the gains of layer norms, which are 1 already.
void draw_start_weights(const Module& module, Generator& generator) {
  for (const auto& [name, p] : module.named_parameters()) {
    if (p.is_meta()) continue;
    if (p.ndim() > 1) {
      p.set_value(normal(p.shape(), 0, real(0.02), generator));
    } else if (name.ends_with("bias")) {
      p.set_value(zeros(p.shape()));
    }
  }
}

}  // namespace

BertEmbeddings::BertEmbeddings(const BertConfig& c, Generator& generator)
    : word(child("word", Embedding(c.vocabulary, c.size, generator))),
      position(child("position", LearnedPosition(c.size, generator, {.max_length = c.max_length, .batch_first = true}))),
      segment(child("segment", Embedding(c.segments, c.size, generator))),
      norm(child("norm", LayerNorm(c.size, c.layer_norm_eps))),
      drop_(child("dropout", Dropout(c.dropout, generator))) {}

Tensor BertEmbeddings::operator()(const Ids& ids, const std::optional<Ids>& segments) const {
  check(ids.dimension() == 2 && ids.size() > 0, "Bert: ids should be (batch, length), got {}", shape_of(ids));
  check(ids.shape()[1] <= position.options.max_length, "Bert: a text of {} tokens, there are positions for {}: cut it", ids.shape()[1],
        position.options.max_length);
  check(!segments || segments->shape() == ids.shape(), "Bert: ids {} and segments {} should have one shape", shape_of(ids),
        segments ? shape_of(*segments) : Shape{});
  // Without segments every token is in the first: one row for all of them
  const Tensor of_segment = segments ? segment(*segments) : slice(segment.weight, 0, 0, 1);
  return drop_(norm(position(word(ids) + of_segment)));
}

Bert::Bert(const BertConfig& given, Generator& generator)
    : config(checked(given)),
      embeddings(child("embeddings", BertEmbeddings(given, generator))),
      encoder(child("encoder", encoder_of(given, generator))),
      pooler(child("pooler", Linear(given.size, given.size, generator))) {
  draw_start_weights(*this, generator);
}

Tensor Bert::operator()(const BertInput& input, std::vector<Array>* weights) const {
  check(!input.padding || input.padding->shape() == input.ids.shape(), "Bert: ids {} and padding {} should have one shape",
        shape_of(input.ids), input.padding ? shape_of(*input.padding) : Shape{});
  return encoder(embeddings(input.ids, input.segments), {.key_padding = input.padding}, weights);
}

Tensor Bert::pooled(const Tensor& sequence) const {
  check(sequence.ndim() == 3 && sequence.shape(1) > 0 && sequence.shape(2) == config.size,
        "Bert: needs (batch, length, {}) to pool, got {}", config.size, sequence.shape());
  return tanh(pooler(select(sequence, 1, 0)));
}

Tensor Bert::sentence_vectors(const BertInput& input) const { return mean_pool((*this)(input), input.padding); }

Tensor mean_pool(const Tensor& sequence, const std::optional<Array>& padding) {
  check(sequence.ndim() == 3 && sequence.shape(1) > 0, "mean_pool: needs (batch, length, size), got {}", sequence.shape());
  const std::size_t batch = sequence.shape(0), length = sequence.shape(1);
  if (!padding) return mean(sequence, {1});
  check(padding->shape() == Shape({batch, length}), "mean_pool: the padding of {} should be ({}, {}), got {}", sequence.shape(), batch,
        length, shape_of(*padding));
  Array shares = zeros({batch, 1, length});  // each text's mean is one row of shares times its token vectors
  for (std::size_t b = 0; b < batch; ++b) {
    const real* hidden = padding->data() + b * length;
    const auto tokens = std::count(hidden, hidden + length, real(0));
    check(tokens > 0, "mean_pool: text {} of the batch is all padding", b);
    for (std::size_t i = 0; i < length; ++i) shares.data()[b * length + i] = hidden[i] == 0 ? 1 / real(tokens) : real(0);
  }
  return squeeze(matmul(Tensor(std::move(shares)), sequence), 1);
}

MaskedLmHead::MaskedLmHead(const BertConfig& c, Generator& generator)
    : dense(child("dense", Linear(c.size, c.size, generator))),
      norm(child("norm", LayerNorm(c.size, c.layer_norm_eps))),
      bias(parameter("bias", {c.vocabulary}, zeros)) {
  draw_start_weights(*this, generator);
}

Tensor MaskedLmHead::operator()(const Tensor& sequence, const Tensor& words) const {
  return linear(norm(gelu(dense(sequence))), words, bias);
}

BertForPreTraining::BertForPreTraining(const BertConfig& c, Generator& generator)
    : bert(child("bert", Bert(c, generator))),
      masked_lm(child("masked_lm", MaskedLmHead(c, generator))),
      next_sentence(child("next_sentence", Linear(c.size, 2, generator))) {
  draw_start_weights(next_sentence, generator);
}

Tensor BertForPreTraining::masked_lm_loss(const Tensor& sequence, const Ids& labels) const {
  check(sequence.ndim() == 3 && labels.shape() == Shape({sequence.shape(0), sequence.shape(1)}),
        "Bert: labels {} for a result {}; they should be (batch, length)", shape_of(labels), sequence.shape());
  std::vector<std::int64_t> places, words;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels.data()[i] == text::no_label) continue;
    places.push_back(std::int64_t(i));
    words.push_back(labels.data()[i]);
  }
  if (places.empty()) return sum(sequence) * real(0);                                          // a zero that backward() may be called on
  const Tensor asked = embedding(reshape(sequence, {rest, sequence.shape(-1)}), ids(places));  // (asked, size)
  return cross_entropy(masked_lm_logits(asked), ids(words));
}

BertLoss BertForPreTraining::loss(const BertInput& input, const BertLabels& labels) const {
  const Tensor sequence = bert(input);
  BertLoss losses;
  losses.total = losses.masked_lm = masked_lm_loss(sequence, labels.words);
  if (labels.next_sentence) {
    losses.next_sentence = cross_entropy(next_sentence_logits(sequence), *labels.next_sentence);
    losses.total = losses.masked_lm + losses.next_sentence;
  }
  return losses;
}

}  // namespace byhand::nn
