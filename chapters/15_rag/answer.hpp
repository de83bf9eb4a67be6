#pragma once
/// @file
/// From passages to an answer without a language model: the sentences that fit best, with their sources, or a plain "nothing near".
#include <string>
#include <vector>

#include "chapters/15_rag/retrieve.hpp"

namespace rag {

/// A sentence of a found passage, with the next one where both are short.
struct Evidence {
  std::size_t passage = 0;  ///< its row
  std::string text;
  double score = 0;  ///< cosine of its terms and the question's, weighted by idf: 0 to 1
};

struct Answer {
  std::vector<Match> passages;  ///< what the retriever found, best first
  double coverage = 0;          ///< of the best covered of these passages
  bool near = false;            ///< coverage reached the threshold; if not there are no sentences
  std::vector<Evidence> sentences;
};

struct AnswerOptions {
  std::size_t passages = 5;   ///< so many are looked at
  std::size_t sentences = 3;  ///< so many are given
  double threshold = 0.4;     ///< least coverage
};

/// How much of the question stands in the passage, 0 to 1: each word of the question counts by its idf (rare words say what is meant; one
/// that no passage holds counts most). A Korean word counts by the share of its runs of syllables there, of which one, that with a particle, may
/// be missing.
/// A cosine could not be compared with one fixed number so well: it depends on how long a passage is.
double coverage(const std::string& question, const Passage& passage, const Postings& postings);

/// The sentences of a passage: they end at . ? ! or ; before white space, and at the end of a line. Table rows are
/// lines; of code (four blanks in front) only commands, ./…, are given.
std::vector<std::string> sentences_of(const std::string& text);

/// Answers extractively. `postings` are those of the retriever's passages.
Answer answer(const std::string& question, const Retriever& retriever, const Postings& postings, const AnswerOptions& options = {});

/// The terms of all passages, counted.
Postings count_terms(const std::vector<Passage>& passages);

}  // namespace rag
