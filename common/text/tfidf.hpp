#pragma once
/// @file
/// Appliance, text. Texts as counts of words: bag of words and TF-IDF. Notes 003 § 16.1.
#include <string>
#include <vector>

#include "common/tensor/array.hpp"
#include "common/text/words.hpp"

namespace byhand::text {

/// How TF-IDF is computed. The defaults are scikit-learn's: idf = ln((1 + n) / (1 + df)) + 1, rows scaled to length 1.
/// Without `smooth`: ln(n / df) + 1. n is the number of documents, df the number of those that hold the word.
struct TfidfOptions {
  bool smooth = true;
  bool normalise = true;
};

/// Learns its words (in alphabetical order) from documents, then turns documents into rows of numbers.
class Tfidf {
 public:
  /// Error when there is no document.
  explicit Tfidf(const std::vector<Words>& documents, const TfidfOptions& options = {});
  const Words& vocabulary() const { return words_; }
  const Array& idf() const { return idf_; }  ///< (words,)
  /// How often each word occurs in each document: (documents, words). Unknown words do not count.
  Array counts(const std::vector<Words>& documents) const;
  /// count * idf: (documents, words), each row then scaled to length 1 if `normalise` says so; a row without a known word stays 0.
  Array transform(const std::vector<Words>& documents) const;

 private:
  TfidfOptions options_;
  Words words_;
  std::unordered_map<std::string, std::size_t> columns_;
  Array idf_;
};

}  // namespace byhand::text
