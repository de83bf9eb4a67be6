#pragma once
/// @file
/// From passages to an answer without a language model: the sentences that fit best, with their
/// sources, or a plain "nothing near".
#include <string>
#include <vector>

#include "chapters/15_rag/retrieve.hpp"

namespace rag {

/// A sentence of a found passage, with the next one where both are short.
struct Evidence {
  std::size_t passage = 0;  ///< its row
  std::string text;
  /// Cosine of its terms and the question's, weighted by idf: 0 to 1. Asked words of its title and
  /// headings count half.
  double score = 0;
};

struct Answer {
  std::vector<Match> passages;  ///< what the retriever found, best first
  double coverage = 0;          ///< of the best covered of these passages
  /// Coverage reached the threshold, and there is a sentence to quote.
  bool near = false;
  std::vector<Evidence> sentences;
};

struct AnswerOptions {
  std::size_t passages = 5;   ///< so many are looked at
  std::size_t sentences = 3;  ///< so many are given
  double threshold = 0.25;    ///< least coverage
};

/// How much of the question stands in the passage (title and headings too), 0 to almost 1: the idf
/// of its terms that are there, divided by that of all its terms and half that of an unknown one.
/// Rare words say what is meant and count more; the half makes a single word that stands in a
/// passage by chance count less than several. A cosine could not be compared with one fixed number
/// so well: it depends on how long a passage is.
double coverage(const Question& question, const Passage& passage, const Postings& postings);

/// Answers extractively. `postings` are those of the retriever's passages.
Answer answer(const Question& question, const Retriever& retriever, const Postings& postings,
              const AnswerOptions& options = {});

/// The terms of all passages, counted.
Postings count_terms(const std::vector<Passage>& passages);

}  // namespace rag
