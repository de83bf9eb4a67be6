#pragma once
/// @file
/// What the program prints.
#include "chapters/15_rag/answer.hpp"
#include "chapters/15_rag/evaluate.hpp"
#include "common/app/options.hpp"

namespace rag {

/// What an update of the store did.
void show_update(const Update& update);
/// How many passages, and how long they are.
void show_passages(const std::vector<Passage>& passages);
/// The first `count` passages, a line each.
void show_first(const std::vector<Passage>& passages, std::size_t count);

/// The best passages of a question, found by hand, as one product and in hnswlib's graph, and that the three agree.
void show_three_ways(const std::string& question, const Encoder& encoder,
                     const std::vector<Passage>& passages);
/// BM25 by our formula and by FTS5, and that they agree.
void show_bm25(const std::string& question, const Store& store);

/// A line for each retriever: recall at 1 and 5, mean reciprocal rank; with `by_language` those of both languages too.
/// Returns the scores over all questions.
std::vector<Score> show_scores(const Retrievers& retrievers, const std::vector<Question>& questions,
                               bool by_language);

/// The answer's sentences with their sources, or that there is nothing near.
void show_answer(const std::string& question, const Answer& answer,
                 const std::vector<Passage>& passages, double threshold);
/// A model's answer and the numbered sources it was given.
void show_reply(const std::string& question, const std::string& reply,
                const std::vector<Passage>& sources);

/// How often the answer is wrongly "nothing near", and how often it should have been, in all and by language: two lines.
void show_refusals(const std::vector<Question>& questions, const Retriever& retriever,
                   double threshold);

/// measure() of each size, a line each; with --quick of the smallest.
void show_measured(const byhand::app::Settings& settings);

/// At most `columns` letters of a text's first line, … at its end when it was longer; printable().
std::string cut(const std::string& any, std::size_t columns);
/// "1 document", "2 documents".
std::string counted(std::size_t count, const std::string& thing);

}  // namespace rag
