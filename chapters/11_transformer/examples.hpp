#pragma once
/// @file
/// Pairs of sequences to train on: digits to copy, reverse or sort, and their form as batches.
#include <string>
#include <vector>

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

/// What the small transformer is to do with a row of digits.
enum class Task { copy, reverse, sort };
/// "copy", "reverse", "sort". Error that lists them on any other word.
Task task_of(const std::string& name);
/// The right answer.
Tokens solve(Task task, Tokens digits);

/// `count` rows of digits, each of `shortest` to `longest`, with the right answers; none is in `not_these`. Digit d is token d + 3.
/// Error unless 1 <= shortest <= longest, or when there are hardly any rows left to draw.
Examples draw(Task task, std::size_t count, std::size_t shortest, std::size_t longest, byhand::Generator& generator,
              const Examples& not_these = {});
/// Digits and the three marks: 13 tokens.
inline constexpr std::size_t digit_vocabulary = 13;
/// "3 1 4": tokens of digits as text; marks are written <pad>, <sos>, <eos>.
std::string digits_text(const Tokens& tokens);

/// Batches of examples: ids(0) the sources (batch, m), ids(1) start, answer, end (batch, n + 2); each padded to the batch's longest.
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

}  // namespace seq2seq
