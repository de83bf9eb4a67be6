#pragma once
/// @file
/// From a text to what BERT is pre-trained on: documents of sentences of token ids, pairs of
/// sentences drawn anew for each batch, words hidden.
#include <filesystem>
#include <memory>

#include "chapters/14_bert/pretraining/stories.hpp"
#include "common/bert/masked_lm.hpp"
#include "common/text/wordpiece.hpp"
#include "common/train/data.hpp"

namespace bert {

using byhand::Array;
using byhand::Generator;
using byhand::Ids;

/// Documents, each a list of sentences.
using Texts = std::vector<std::vector<std::string>>;

Texts texts_of(const std::vector<Story>& stories);

/// How many documents a text must have, so that each 20th can be held back.
inline constexpr std::size_t fewest_documents = 22;

/// The lines of a file without the blanks around them (tabs stay). A line in which BERT's tokenizer
/// finds no word - blanks of any kind, control and zero-width characters only - comes out empty.
/// Error when the file is larger than 256 MiB.
std::vector<std::string> read_lines(const std::filesystem::path& file);

/// A text file with a sentence a line. Empty lines (read_lines) end documents if that makes at
/// least 22 documents of two sentences or more; with fewer, such as a title and its text, they mean
/// nothing, and each 20 lines are a document.
/// Error that names the file when it cannot be read or has fewer than 40 sentences.
Texts read_texts(const std::filesystem::path& file);

/// How texts with Korean syllables are split into words: stripping accents would take the syllables
/// apart. BERT's way without any.
byhand::text::WordPieceOptions tokenizer_for(const std::vector<std::string>& texts);

/// A vocabulary of at most `size` pieces trained on these texts, and applied as tokenizer_for says.
byhand::text::WordPiece train_vocabulary(const Texts& texts, std::size_t size);

/// The ids of BERT's special tokens in a vocabulary. Error when one is missing.
byhand::text::BertTokens special_tokens(const byhand::text::WordPiece& vocabulary);
/// The same and [UNK], as a list: they are never hidden.
std::vector<std::int64_t> special_ids(const byhand::text::WordPiece& vocabulary);

/// Sentences as token ids. Sentences and documents without any token are left out.
std::vector<byhand::text::Document> encode(const Texts& texts,
                                           const byhand::text::WordPiece& vocabulary);

/// One pair for sentence s of document d, by hand: with probability 1/2 the sentence after it,
/// otherwise any sentence of another document.
/// In the order of next_sentence_pairs, and with its draws: called for each sentence in turn it
/// gives the same pairs.
byhand::text::SentencePair draw_pair(const std::vector<byhand::text::Document>& documents,
                                     std::size_t d, std::size_t s, Generator& generator);

/// What a batch needs to be made. The generator is a handle.
struct PairPlan {
  byhand::text::BertTokens tokens;
  std::vector<std::int64_t> special;
  std::size_t vocabulary, max_length = 64;
  /// Pairs; otherwise single sentences, for a text whose lines are in no order.
  bool next_sentence = true;
};

/// Where the parts stand in a batch.
enum Part : std::size_t { ids_part, segments_part, labels_part, follows_part };

/// `size` examples an epoch, drawn anew whenever they are asked for: a random place in the
/// documents, a pair, hidden words. A batch has the id arrays ids, segments, labels (batch, length)
/// and follows (batch,), and the array padding (batch, length).
/// The numbers of the rows do not matter.
class PairDataset : public byhand::train::Dataset {
 public:
  /// Error when there are fewer than two documents, or none has two sentences (one, without
  /// next_sentence).
  PairDataset(std::vector<byhand::text::Document> documents, const PairPlan& plan, std::size_t size,
              const Generator& generator);
  std::size_t size() const override { return size_; }
  byhand::train::Batch rows(const std::vector<std::int64_t>& indices) const override;

 private:
  std::vector<byhand::text::Document> documents_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;
  PairPlan plan_;
  std::size_t size_;
  mutable Generator generator_;
};

}  // namespace bert
