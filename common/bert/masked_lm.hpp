#pragma once
/// @file
/// Appliance, bert. The data of BERT's two pre-training tasks: hidden words, and pairs of sentences. Notes 004 § 4.1.1, § 7. Devlin et al. 2019.
/// All of it works on token ids; where they come from does not matter here.
#include <vector>

#include "common/core/generator.hpp"
#include "common/tensor/array.hpp"

namespace byhand::text {

/// The ids of BERT's special tokens.
struct BertTokens {
  std::int64_t pad, cls, sep, mask;
};

/// What becomes of a token, named as in Hugging Face's DataCollatorForLanguageModeling: each is chosen with `mlm_probability`; a chosen one
/// becomes [MASK] with `mask_replace_prob`, a random token with `random_replace_prob`, and stays as it is otherwise.
struct MlmOptions {
  double mlm_probability = 0.15;
  double mask_replace_prob = 0.8;
  double random_replace_prob = 0.1;
};

/// What stands at places that are not to be predicted; cross_entropy leaves them out.
inline constexpr std::int64_t no_label = -100;

struct MaskedTokens {
  Ids ids;     ///< the corrupted text
  Ids labels;  ///< the token that was there where one was chosen (also when it stayed), no_label elsewhere
};

/// Hides tokens of ids (any shape). Tokens in `special` are never chosen, and never taken as random ones: those are uniform over the
/// others of 0 … vocabulary - 1, so that one in (vocabulary - special) of them is the token itself. A text may get none chosen.
/// Draws in the order of the text: one number for each token that is not special, a second one if chosen, a third for a random token.
/// Error when an id, a special or the mask's id is outside the vocabulary, no token is ordinary, or the options are not probabilities.
MaskedTokens mask_tokens(const Ids& ids, const std::vector<std::int64_t>& special, std::size_t vocabulary, std::int64_t mask_id,
                         Generator& generator, const MlmOptions& options = {});

using Sentence = std::vector<std::int64_t>;  ///< token ids, without special tokens
using Document = std::vector<Sentence>;      ///< sentences in their order

struct SentencePair {
  Sentence a, b;
  std::int64_t label;  ///< 0: b follows a in its document; 1: b is from another document. BERT's order
};

/// One pair for each sentence that has one after it, in order: with probability 1/2 that one, otherwise any sentence of any other
/// document (each document equally likely, then each of its sentences). Draw them anew for each epoch.
/// Error when there are fewer than two documents, one has no sentence, a sentence has no token, or no sentence has one after it.
std::vector<SentencePair> next_sentence_pairs(const std::vector<Document>& documents, Generator& generator);

/// Sequences of one length side by side, each (batch, length): what nn::Bert takes.
struct PackedBatch {
  Ids ids;
  Ids segments;   ///< 0 for [CLS] a [SEP], 1 for b [SEP], 0 for padding
  Array padding;  ///< 1 where a token is [PAD]
};

/// [CLS] a [SEP] b [SEP], filled up with [PAD] to the longest of the batch, which is at most max_length. A pair that is too long loses
/// tokens at the end of its longer sentence (of b when they are equal), one by one. Error when the batch or a sentence is empty, or when
/// max_length is below 5: there must be room for a token of each.
PackedBatch pack_pairs(const std::vector<SentencePair>& pairs, const BertTokens& tokens, std::size_t max_length);
/// [CLS] a [SEP], for single sentences; max_length is at least 3.
PackedBatch pack_sentences(const std::vector<Sentence>& sentences, const BertTokens& tokens, std::size_t max_length);

/// The labels of the pairs, (pairs,).
Ids pair_labels(const std::vector<SentencePair>& pairs);

}  // namespace byhand::text
