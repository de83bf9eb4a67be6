#pragma once
/// @file
/// What the program prints.
#include "chapters/15_rag/answer.hpp"
#include "chapters/15_rag/evaluate.hpp"

namespace rag {

/// A heading with the next number.
void heading(const std::string& text);

/// How many passages, and how long they are.
void show_passages(const std::vector<Passage>& passages);
/// The first `count` passages, a line each.
void show_first(const std::vector<Passage>& passages, std::size_t count);

/// The best passages of a question, found by hand, as one product and in hnswlib's graph, and that the three agree.
void show_three_ways(const std::string& question, const Encoder& encoder, const std::vector<Passage>& passages);
/// BM25 by our formula and by FTS5, and that they agree.
void show_bm25(const std::string& question, const Store& store);

/// A line for each retriever: recall at 1 and 5, mean reciprocal rank; with `by_language` those of both languages too.
/// Returns the scores over all questions.
std::vector<Score> show_scores(const Retrievers& retrievers, const std::vector<Question>& questions, bool by_language);

/// The answer's sentences with their sources, or that there is nothing near.
void show_answer(const std::string& question, const Answer& answer, const std::vector<Passage>& passages, double threshold);
/// The numbered sources of a model's answer.
void show_sources(const std::vector<Passage>& sources);

/// At most `columns` letters of a text's first line, … at its end when it was longer.
std::string cut(const std::string& text, std::size_t columns);

}  // namespace rag
