#pragma once
/// @file
/// The lecture's transformer word by word, in loops with the lecture's names. Notes 000 § 19, § 27.
#include "chapters/11_transformer/vocabulary.hpp"

namespace transformer {

using byhand::Array;
using byhand::real;

/// The weights of one attention, each (2, 2) as PyTorch stores them: row j makes number j of the query (key, value).
struct AttentionWeights {
  Array query, key, value;
};

/// All 69 weights.
struct Weights {
  Array encoder_embedding;  ///< (4, 2): a row for each input word
  AttentionWeights encoder_self;
  Array decoder_embedding;                       ///< (5, 2): a row for each output word
  AttentionWeights decoder_self, decoder_cross;  ///< masked self-attention, encoder-decoder attention
  Array fc_weight, fc_bias;                      ///< (5, 2), (5,): the fully connected layer
};

namespace by_hand {

/// The numbers of one word: two, or one for each output word at the end.
using Values = std::vector<real>;
/// One Values for each word of a phrase.
using Phrase = std::vector<Values>;

/// The word embedding network for one word: its input is 1, those of all other words are 0.
Values word_embedding(std::int64_t word, const Array& weights);
/// What is added for position 0, 1, 2, …: (sin position, cos position). With two numbers a word there is one sine and one cosine.
Values position_values(std::size_t position);
/// Word embedding plus position for each word.
Phrase encode_positions(const Words& words, const Array& embedding_weights);

/// Attention for one word: its query against the keys of the first `visible` words, percentages, their values in these shares.
Values attention(const Values& word, const Phrase& others, std::size_t visible, const AttentionWeights& weights);

/// The encoder: one Values of two numbers for each input word.
Phrase encode(const Weights& weights, const Words& words);
/// The decoder: for each output word so far five numbers, one for each word that may come next, before the softmax.
Phrase decode(const Weights& weights, const Words& words, const Phrase& encodings);

/// The phrase as an array (words, values), to compare with.
Array to_array(const Phrase& phrase);

}  // namespace by_hand
}  // namespace transformer
