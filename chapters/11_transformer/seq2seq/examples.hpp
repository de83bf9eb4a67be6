#pragma once
/// @file
/// Pairs of sequences to train on: digits to copy, reverse or sort; real sentences and their
/// translations from a file; and their form as batches.
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/core/generator.hpp"
#include "common/train/data.hpp"

namespace seq2seq {

using byhand::Ids;

/// Token numbers. The first three are the same in every vocabulary: padding, start, end.
using Tokens = std::vector<std::int64_t>;
inline constexpr std::int64_t pad = 0, sos = 1, eos = 2, first_word = 3;

/// An input and the answer to it, without start and end.
struct Example {
  Tokens source, target;
};
using Examples = std::vector<Example>;

// ---- batches ----

/// Batches of examples: ids(0) the sources (batch, m), ids(1) start, answer, end (batch, n + 2);
/// each padded to the batch's longest.
class PairDataset : public byhand::train::Dataset {
 public:
  /// Error when there is no example, or one has no source or no target.
  explicit PairDataset(Examples examples);
  std::size_t size() const override { return examples_.size(); }
  byhand::train::Batch rows(const std::vector<std::int64_t>& indices) const override;

 private:
  Examples examples_;
};

/// Rows of different length as (rows, longest), filled up with `pad`.
Ids padded(const std::vector<Tokens>& rows);

// ---- digits ----

/// What the small transformer is to do with a row of digits.
enum class Task { copy, reverse, sort };
/// "copy", "reverse", "sort". Error that lists them on any other word.
Task task_of(const std::string& name);
/// The right answer.
Tokens solve(Task task, Tokens digits);

/// `count` rows of digits, each of `shortest` to `longest`, with the right answers; none is in
/// `not_these`. Digit d is token d + 3. Error unless 1 <= shortest <= longest, or when there are
/// hardly any rows left to draw.
Examples draw(Task task, std::size_t count, std::size_t shortest, std::size_t longest,
              byhand::Generator& generator, const Examples& not_these = {});
/// Digits and the three marks: 13 tokens.
inline constexpr std::size_t digit_vocabulary = 13;
/// "3 1 4": tokens of digits as text; marks are written <pad>, <sos>, <eos>.
std::string digits_text(const Tokens& tokens);

// ---- sentences ----

/// Sentences and their translations, line by line.
struct Sentences {
  std::vector<std::string> source, target;
  std::string file = "the sentences";  ///< where they are from, for messages
};

/// Reads lines "English TAB other [TAB another]"; `column` (from 2) says which translation to take.
/// Empty lines are skipped. Error that names the line when it has no such column or an empty cell;
/// error when the file holds no line.
Sentences read_sentences(const std::filesystem::path& file, int column = 2);

/// Small letters (Latin ones, also with accents), words at spaces,
/// each punctuation mark a word of its own.
std::vector<std::string> words_of(const std::string& sentence);

/// Words with numbers: padding, start, end, <unk> for every word not in it, then the words by
/// frequency (equals by spelling).
class Vocabulary {
 public:
  static constexpr std::int64_t unknown = first_word;
  /// The words that occur at least `least` times in the sentences, at most `most` of them.
  Vocabulary(const std::vector<std::string>& sentences, std::size_t least, std::size_t most);
  std::size_t size() const { return words_.size(); }
  Tokens encode(const std::string& sentence) const;
  /// The words with spaces between them, without start, end and padding.
  /// Error on a number without a word.
  std::string decode(const Tokens& tokens) const;

 private:
  std::vector<std::string> words_;
  std::map<std::string, std::int64_t> numbers_;
};

/// Sentences ready to be trained on.
struct TextPairs {
  Vocabulary source, target;
  Examples train, validation;  ///< nine parts to one, drawn by chance
  /// As they stand in the file.
  std::vector<std::pair<std::string, std::string>> validation_text;
  std::size_t too_long = 0;  ///< left out
};
/// Pairs of at most `longest` words on either side.
/// Words seen only once in the training part become <unk>.
/// Error that names the file when fewer than 50 pairs are left.
TextPairs prepare(const Sentences& sentences, std::size_t longest, byhand::Generator& generator);

/// Mean -log(share of each right word, and of the end, among all words of the training part): what
/// a model without any context reaches on the validation part.
double loss_of_frequencies(const TextPairs& pairs);

}  // namespace seq2seq
