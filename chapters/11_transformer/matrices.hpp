#pragma once
/// @file
/// The lecture's transformer as matrices, every one of them kept: what the slides of notes 000 § 27 show, in their order.
#include "chapters/11_transformer/by_hand.hpp"

namespace transformer {

/// All matrices of one attention. n queries, m keys, d numbers a word (2 in the lecture).
struct AttentionSteps {
  Array Q;                 ///< (n, d)
  Array K, V;              ///< (m, d)
  Array unscaled, scaled;  ///< (n, m): Q K^T, and that divided by sqrt(d)
  Array mask;              ///< (n, m): 0, or -infinity where a word may not look
  Array masked;            ///< (n, m): scaled + mask
  Array percent;           ///< (n, m): softmax of each row
  Array attention;         ///< (n, d): percent V
};

/// The way of a phrase into encoder or decoder.
struct InputSteps {
  Array one_hot;   ///< (n, vocabulary)
  Array embedded;  ///< (n, d): one_hot times the embedding weights
  Array position;  ///< (n, d): sin and cos
  Array encoded;   ///< (n, d): the sum of both
};

struct EncoderSteps {
  InputSteps input;
  AttentionSteps self;
  Array output;  ///< (n, d): self-attention plus the encoded values (residual connection)
};

struct DecoderSteps {
  InputSteps input;
  AttentionSteps self;   ///< masked
  Array after_self;      ///< (n, d): plus the encoded values
  AttentionSteps cross;  ///< queries from after_self, keys and values from the encoder
  Array after_cross;     ///< (n, d): plus after_self
  Array fc;              ///< (n, 5): after_cross W^T
  Array logits;          ///< (n, 5): plus bias
  Array percent;         ///< (n, 5): softmax of each row
};

/// (n, n): 0 on and below the diagonal, -infinity above it, where a word would see later ones.
Array minus_infinity_above(std::size_t n);

/// Attention of the rows of x (n, d) over the rows of y (m, d); `mask` is (n, m).
AttentionSteps attend(const Array& x, const Array& y, const AttentionWeights& weights, const Array& mask);
/// All steps of the encoder for a phrase, and of the decoder for the words so far and the encoder's output (m, d).
EncoderSteps encode(const Weights& weights, const Words& words);
DecoderSteps decode(const Weights& weights, const Words& words, const Array& encodings);

/// The answer chosen at each place of teacher forcing: the largest of each row of (n, 5).
Words most_likely(const Array& logits);

}  // namespace transformer
