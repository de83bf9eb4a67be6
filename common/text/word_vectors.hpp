#pragma once
/// @file
/// Appliance, text. A vector for each word: neighbours, analogies, and the files that other programs read and write.
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/tensor/array.hpp"

namespace byhand::text {

/// a . b / (|a| |b|) of two vectors of one length; 0 when one of them is 0. Error when the lengths differ.
double cosine(const Array& a, const Array& b);

struct Neighbour {
  std::string word;
  double similarity;  ///< cosine
};

/// Words with their vectors, one row each.
class WordVectors {
 public:
  /// `vectors` is (words, width). Error when the numbers do not match or a word occurs twice.
  WordVectors(std::vector<std::string> words, Array vectors);

  std::size_t size() const { return words_.size(); }
  std::size_t width() const { return vectors_.shape()[1]; }
  const std::vector<std::string>& words() const { return words_; }
  const Array& vectors() const { return vectors_; }
  bool contains(const std::string& word) const { return rows_.contains(word); }
  /// The word's vector (width,). Error that names an unknown word.
  Array operator[](const std::string& word) const;

  double similarity(const std::string& a, const std::string& b) const;
  /// The `k` words whose vectors point most nearly the same way, best first, without those in `except`.
  std::vector<Neighbour> nearest(const Array& vector, std::size_t k, const std::vector<std::string>& except = {}) const;
  std::vector<Neighbour> nearest(const std::string& word, std::size_t k) const;
  /// What is to `c` as `a` is to `b`: near a - b + c, each scaled to length 1 before (as gensim's most_similar does); a, b and c are left
  /// out. analogy("king", "man", "woman", 1) should be queen.
  std::vector<Neighbour> analogy(const std::string& a, const std::string& b, const std::string& c, std::size_t k) const;

 private:
  std::vector<std::string> words_;
  Array vectors_, unit_;  // unit_: rows scaled to length 1
  std::unordered_map<std::string, std::size_t> rows_;
};

/// word2vec's text format: "words width", then a line per word; nine digits, so that a float comes back as it was.
/// Both: error that names a word the format cannot hold (empty, or with a blank or a control character), or whose vector is not finite.
void save_word2vec_text(const std::filesystem::path& file, const WordVectors& vectors);
/// word2vec's binary format: the same first line, then each word, a blank, its numbers as little-endian float32, a newline.
void save_word2vec_binary(const std::filesystem::path& file, const WordVectors& vectors);
/// Either format, told apart by the content; also text without a first line (GloVe's). At most `limit` words (0: all). In text, \r\n, a
/// UTF-8 mark at the start, tabs and blanks at the end of a line do no harm. Errors name the file and the line or the byte: sizes in the
/// first line that are not those of the file, a word twice or with a blank, a number that is none or not finite, a file cut short.
WordVectors load_word_vectors(const std::filesystem::path& file, std::size_t limit = 0);

/// The committed subset of GloVe's vectors: FILE.vocab has a word a line, FILE.vec first one float32 scale per word, then 100 int8 per
/// word; a number is its int8 times its word's scale. Errors name the file.
WordVectors load_glove_q8(const std::filesystem::path& file_without_ending);

}  // namespace byhand::text
