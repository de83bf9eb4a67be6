#pragma once
/// @file
/// Real sentences and their translations from a table: words, vocabularies, and the split into training and validation.
#include <filesystem>
#include <map>

#include "chapters/11_transformer/examples.hpp"

namespace seq2seq {

/// Sentences and their translations, line by line.
struct Sentences {
  std::vector<std::string> source, target;
  std::string file = "the sentences";  ///< where they are from, for messages
};

/// Reads lines "English TAB other [TAB another]"; `column` (from 2) says which translation to take. Empty lines are skipped.
/// Error that names the line when it has no such column or an empty cell; error when the file holds no line.
Sentences read_sentences(const std::filesystem::path& file, int column = 2);

/// Small letters (Latin ones, also with accents), words at spaces, each punctuation mark a word of its own.
std::vector<std::string> split_words(const std::string& sentence);

/// Words with numbers: padding, start, end, <unk> for every word not in it, then the words by frequency (equals by spelling).
class Vocabulary {
 public:
  static constexpr std::int64_t unknown = first_word;
  /// The words that occur at least `least` times in the sentences, at most `most` of them.
  Vocabulary(const std::vector<std::string>& sentences, std::size_t least, std::size_t most);
  std::size_t size() const { return words_.size(); }
  Tokens encode(const std::string& sentence) const;
  /// The words with spaces between them, without start, end and padding. Error on a number without a word.
  std::string decode(const Tokens& tokens) const;

 private:
  std::vector<std::string> words_;
  std::map<std::string, std::int64_t> numbers_;
};

/// Sentences ready to be trained on.
struct TextPairs {
  Vocabulary source, target;
  Examples train, validation;                                        ///< nine parts to one, drawn by chance
  std::vector<std::pair<std::string, std::string>> validation_text;  ///< as they stand in the file
  std::size_t too_long = 0;                                          ///< left out
};
/// Pairs of at most `longest` words on either side. Words seen only once in the training part become <unk>.
/// Error that names the file when fewer than 50 pairs are left.
TextPairs prepare(const Sentences& sentences, std::size_t longest, byhand::Generator& generator);

/// Mean -log(share of each right word, and of the end, among all words of the training part): what a model without any context reaches on
/// the validation part.
double loss_of_frequencies(const TextPairs& pairs);

}  // namespace seq2seq
