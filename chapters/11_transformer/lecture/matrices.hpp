#pragma once
/// @file
/// The lecture's transformer as matrices, every one of them kept:
/// what the slides of notes 000 § 27 show, in their order.
#include "chapters/11_transformer/lecture/by_hand.hpp"

namespace transformer {

/// All matrices of one attention. n queries, m keys, d numbers a word (2 in the lecture).
struct Steps {
  Array Q;             ///< (n, d)
  Array K, V;          ///< (m, d)
  Array similarities;  ///< (n, m): Q K^T
  Array scaled;        ///< (n, m): divided by sqrt(d)
  Array mask;          ///< (n, m): 0, or -infinity where a word may not look
  Array masked;        ///< (n, m): scaled + mask
  Array percent;       ///< (n, m): softmax of each row
  Array attention;     ///< (n, d): percent V
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
  Steps self;
  Array output;  ///< (n, d): self-attention plus the encoded values (residual connection)
};

struct DecoderSteps {
  InputSteps input;
  Steps self;         ///< masked
  Array after_self;   ///< (n, d): plus the encoded values
  Steps cross;        ///< queries from after_self, keys and values from the encoder
  Array after_cross;  ///< (n, d): plus after_self
  Array fc;           ///< (n, 5): after_cross W^T
  Array logits;       ///< (n, 5): plus bias
  Array percent;      ///< (n, 5): softmax of each row
};

/// A mask to be added, (n, n): 0 on and below the diagonal, -infinity above it, where a word would
/// see later ones. (In chapter 10 and in common/, what is `hidden` is 1 there.)
Array minus_infinity_above(std::size_t n);

/// The rows of x (n, d) look at the rows of memory (m, d);
/// `mask` (n, m) is added to what is scaled.
Steps attend(const Array& x, const Array& memory, const Weights& weights, const Array& mask);
/// All steps of the encoder for a phrase,
/// and of the decoder for the words so far and the encoder's output (m, d).
EncoderSteps encode(const ModelWeights& weights, const Words& words);
DecoderSteps decode(const ModelWeights& weights, const Words& words, const Array& encodings);

/// The answer chosen at each place of teacher forcing: the largest of each row of (n, 5).
Words most_likely(const Array& logits);

/// Everything the transformer computes for one pair.
struct Run {
  ModelWeights weights;
  Words input, output;  ///< as encoder and decoder read them, with SOS
  EncoderSteps encoder;
  DecoderSteps decoder;
};
Run run(const ModelWeights& weights, const Pair& pair);

}  // namespace transformer
