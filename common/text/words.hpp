#pragma once
/// @file
/// Appliance, text. From a text to words, n-grams and word numbers.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace byhand::text {

using Words = std::vector<std::string>;

/// The words of a text in lower case (ASCII letters only are changed). Letters, digits, apostrophes between letters (curly ones become
/// straight) and what is not ASCII belong to words, so that Korean and accented words stay whole. Everything else separates; outside ASCII
/// these are the no-break blank, « », U+2010 to U+2027 (dashes, curly quotes, dots), U+3000 to U+3003 and U+3008 to U+3011 (East Asian
/// blank, comma, full stop, brackets) and U+FEFF.
Words words(std::string_view text);

/// Runs of n words that follow each other, joined by blanks: bigrams of "the cat sat" are "the cat", "cat sat". Error when n is 0.
Words ngrams(const Words& words, std::size_t n);

/// Runs of n letters of a word between < and >: those of length 3 of "where" are <wh whe her ere re>. Letters are UTF-8 code points.
/// Bojanowski et al. 2017. The word itself, <where>, is not among them. Error when n is 0.
Words character_ngrams(std::string_view word, std::size_t n);

/// Words and their numbers, most frequent first; among equally frequent ones the first seen comes first.
class Vocabulary {
 public:
  Vocabulary() = default;
  /// Words seen at least `min_count` times.
  explicit Vocabulary(const Words& text, std::size_t min_count = 1);

  std::size_t size() const { return words_.size(); }
  bool contains(std::string_view word) const;
  /// The word's number. Error that names an unknown word.
  std::int64_t id(std::string_view word) const;
  /// The word's number, or -1.
  std::int64_t find(std::string_view word) const;
  const std::string& word(std::int64_t id) const;
  const Words& all() const { return words_; }
  /// How often a word was seen, and all words of the vocabulary together.
  std::int64_t count(std::int64_t id) const;
  std::int64_t total() const { return total_; }
  /// The numbers of the words of a text; those that are not in the vocabulary are left out.
  std::vector<std::int64_t> encode(const Words& text) const;

 private:
  Words words_;
  std::vector<std::int64_t> counts_;
  std::unordered_map<std::string, std::int64_t> ids_;
  std::int64_t total_ = 0;
};

}  // namespace byhand::text
