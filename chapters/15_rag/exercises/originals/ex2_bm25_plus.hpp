// Exercise 15.2: Write a BM25 that is fair to long passages
//
// In BM25 a long passage pays for its length, and a very long one gets next to nothing for a term
// it does hold. BM25+ (Lv and Zhai 2011) gives each term that is there at least delta. Score one
// passage: the sum over the question's terms that stand in the passage, each as often as the
// question has it, of
//   idf (f (k1 + 1) / (f + k1 (1 - b + b length / mean)) + delta),
//   idf = ln((n - df + 0.5) / (df + 0.5)), but at least 1e-6
// f: how often the passage holds the term; length: its number of terms, mean: that of all passages
// on average; n: number of passages; df: how many of them hold the term. A term that the passage
// does not hold adds nothing, delta neither.
// Fill in score() with plain loops. The chapter's bm25_scores has no delta; with delta = 0 yours is
// the same.
#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace byhand::exercise {

using Terms = std::vector<std::string>;

struct Options {
  double k1, b, delta;
};

/// How often the term stands in the list.
inline double count(const Terms& terms, const std::string& term) {
  return double(std::count(terms.begin(), terms.end(), term));
}

/// The score of passages[which].
inline double score([[maybe_unused]] const Terms& question,
                    [[maybe_unused]] const std::vector<Terms>& passages,
                    [[maybe_unused]] std::size_t which, [[maybe_unused]] const Options& options) {
  return 0;  // TODO
}

}  // namespace byhand::exercise
