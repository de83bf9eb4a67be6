#pragma once
/// @file
/// What the lesson prints: parts 1 to 3, and the tables and answers of the later ones.
#include "chapters/15_rag/answer.hpp"
#include "chapters/15_rag/measure/evaluate.hpp"

namespace rag {

/// Part 1: the passages of the small book, the first of them a line each.
void show_cut(const std::vector<Passage>& passages);

/// Part 2: the best passages of a question, found by hand, as one product and in hnswlib's graph,
/// and that the three agree; then BM25 by our formula and by SQLite's full-text index.
void show_nearest(const std::vector<Passage>& passages, const Retriever& full_text);

/// Parts 3 and 6: a line for each retriever, recall at 1 and 5, mean reciprocal rank; with
/// `by_language` those of both languages too. Returns the scores over all questions.
std::vector<Score> show_compared(const Retrievers& retrievers,
                                 const std::vector<TestQuestion>& questions,
                                 const std::string& about, bool by_language = false);

/// How often the answer is wrongly "nothing near", and how often it should have been, in all and by
/// language: two lines.
void show_refusals(const std::vector<TestQuestion>& questions, const Retriever& retriever,
                   double threshold);

/// The answer's sentences with their sources, or that there is nothing near.
void show_answer(const Question& question, const Answer& answer,
                 const std::vector<Passage>& passages, double threshold);

/// measure() of each size, a line each; when `quick` of the smallest.
void show_measured(std::uint64_t seed, bool quick);

/// How many passages, and how long they are: one line.
void show_passages(const std::vector<Passage>& passages);
/// "A small book › Pizza (small_book.md:4)".
std::string source(const Passage& passage);
/// At most `columns` letters of a text's first line, … at its end when it was longer; printable().
std::string cut(const std::string& any, std::size_t columns);
/// "1 document", "2 documents".
std::string counted(std::size_t count, const std::string& thing);

}  // namespace rag
