#pragma once
/// @file
/// The lecture's transformer word by word, in loops with the lecture's names. Notes 000 § 19, § 27.
#include "chapters/11_transformer/lecture/vocabulary.hpp"

namespace transformer {

using byhand::Array;
using byhand::real;

/// The weights of one head, each (2, 2) as PyTorch stores them:
/// row j makes number j of a query (key, value).
struct Weights {
  Array query, key, value;
};

/// All 69 weights.
struct ModelWeights {
  Array encoder_embedding;  ///< (4, 2): a row for each input word
  Weights encoder_self;
  Array decoder_embedding;              ///< (5, 2): a row for each output word
  Weights decoder_self, decoder_cross;  ///< masked self-attention, encoder-decoder attention
  Array fc_weight, fc_bias;             ///< (5, 2), (5,): the fully connected layer
};

/// Chapter 10 has dot product, softmax and attention in loops as well, under the same names: each
/// chapter can be read alone.
namespace by_hand {

/// The numbers that stand for one word: two, or one for each output word at the end.
using Numbers = std::vector<real>;
/// One Numbers for each word of a phrase.
using Phrase = std::vector<Numbers>;

/// The word embedding network for one word: its input is 1, those of all other words are 0.
Numbers word_embedding(std::int64_t word, const Array& weights);
/// What is added for position 0, 1, 2, …: (sin position, cos position). With two numbers a word
/// there is one sine and one cosine.
Numbers position_values(std::size_t position);
/// Word embedding plus position for each word.
Phrase encode_positions(const Words& words, const Array& embedding_weights);

/// Attention of one word: its query against the keys of the first `visible` of the others,
/// percentages, their values in these shares.
Numbers attend_word(const Numbers& word, const Phrase& others, std::size_t visible,
                    const Weights& weights);

/// The encoder: one Numbers of two numbers for each input word.
Phrase encode(const ModelWeights& weights, const Words& words);
/// The decoder: for each output word so far five numbers,
/// one for each word that may come next, before the softmax.
Phrase decode(const ModelWeights& weights, const Words& words, const Phrase& encodings);

/// The phrase as an array (words, values), to compare with.
Array to_array(const Phrase& phrase);

}  // namespace by_hand
}  // namespace transformer
