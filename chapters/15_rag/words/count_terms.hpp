#pragma once
/// @file
/// Retrieval by counted terms: which passages hold which term, then two ways of weighing that,
/// TF-IDF and BM25.
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/text/words.hpp"

namespace rag {

/// An inverted index: for each term the passages that hold it.
class Postings {
 public:
  struct Entry {
    std::uint32_t passage, count;
  };

  Postings() = default;
  /// The terms of each passage, in order.
  explicit Postings(const std::vector<byhand::text::Words>& passages);

  std::size_t size() const { return lengths_.size(); }  ///< passages
  /// Terms in a passage.
  std::size_t length(std::size_t passage) const { return lengths_[passage]; }
  double mean_length() const { return mean_length_; }
  /// The passages that hold a term, in order; none for an unknown one.
  const std::vector<Entry>& find(const std::string& term) const;
  /// ln((1 + n) / (1 + df)) + 1, as TF-IDF weighs a term; largest for an unknown one.
  double idf(const std::string& term) const;
  /// Calls visit(term, entries) for all terms.
  template <class F>
  void each(const F& visit) const {
    for (const auto& [term, entries] : entries_) visit(term, entries);
  }

 private:
  std::unordered_map<std::string, std::vector<Entry>> entries_;
  std::vector<std::uint32_t> lengths_;
  double mean_length_ = 0;
};

/// The two parameters of BM25: how soon more of the same term stops to count, and how much a long
/// passage must pay for its length.
/// The values are SQLite's, which are not to be changed there.
struct Bm25Options {
  double k1 = 1.2, b = 0.75;
};

/// A score for each passage, 0 without a common term. Sum over the question's terms, each as often
/// as it stands there, of
///   idf f (k1 + 1) / (f + k1 (1 - b + b length / mean length))
///   idf = ln((n - df + 0.5) / (df + 0.5)), at least 1e-6
/// f: how often the passage holds the term; n passages, df of them hold it. Robertson and Zaragoza
/// 2009, "The probabilistic relevance framework: BM25 and beyond"; the floor for terms in more than
/// half of the passages is that of SQLite's FTS5.
std::vector<double> bm25_scores(const Postings& postings, const byhand::text::Words& question,
                                const Bm25Options& options = {});

/// The cosine between question and passages as TF-IDF vectors (text::Tfidf's, but only what is not
/// 0 is kept: a book has 20,000 terms).
class TfidfScores {
 public:
  TfidfScores() = default;
  explicit TfidfScores(const Postings& postings);
  /// A cosine for each passage.
  std::vector<double> operator()(const Postings& postings,
                                 const byhand::text::Words& question) const;

 private:
  std::vector<double> lengths_;  // of the passages' vectors
};

}  // namespace rag
