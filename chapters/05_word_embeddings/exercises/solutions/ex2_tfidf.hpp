// Exercise 05.2: Weigh a word by TF-IDF
//
// The chapter fills a whole table (notes 003 § 16.1, counts.cpp:tfidf_by_hand). Fill in one cell of
// it: one word in one document.
//   TF-IDF = count * idf. count: how often the word stands in this document; df: how many of the n
//   documents hold it
//   idf = ln((1 + n) / (1 + df)) + 1 when `smooth`, otherwise ln(n / df) + 1
// A word that stands in none of the documents gets 0, smooth or not. (No row is scaled to length 1
// here.) Why is df not the sum of the counts? "the" stands twice in the chapter's first sentence
// and is in 3 of 3.
// common/text/tfidf.hpp is the judge and does not count as an answer.
#pragma once
#include <algorithm>
#include <cmath>

#include "common/text/words.hpp"

namespace byhand::exercise {

/// documents[document] exists; it may be empty.
inline double tfidf(const std::vector<text::Words>& documents, std::size_t document,
                    const std::string& word, bool smooth) {
  const text::Words& words = documents[document];
  const auto count = double(std::count(words.begin(), words.end(), word));
  if (count == 0) return 0;  // also when df is 0
  const auto n = double(documents.size());
  double df = 0;
  for (const text::Words& other : documents)
    df += std::find(other.begin(), other.end(), word) != other.end();
  const double idf = smooth ? std::log((1 + n) / (1 + df)) + 1 : std::log(n / df) + 1;
  return count * idf;
}

}  // namespace byhand::exercise
