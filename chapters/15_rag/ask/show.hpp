#pragma once
/// @file
/// What the application prints: parts 4 to 8 of the lesson, and answers.
#include "chapters/15_rag/ask/settings.hpp"
#include "chapters/15_rag/ask/store.hpp"
#include "chapters/15_rag/measure/evaluate.hpp"

namespace rag {

/// The best sentences for one question, or the words of --llm's language model, which was given the
/// best passages, and their list.
void show_answer_to(const Question& question, const Retriever& retriever, const Settings& settings);

/// Part 4: an answer from the small book, and a question that it does not answer.
void show_two_answers(const Retriever& retriever, const Settings& settings);

/// Part 5: what the knowledge base holds, and what is new in it.
void show_knowledge_base(const Update& update, const std::vector<Passage>& passages,
                         const Settings& settings);

/// Part 6: retrievers compared, and how often there is "nothing near", with a figure. Without
/// questions, and where --data is a table that we know (the factbook), the retrievers are asked for
/// every 13th of its entries in two wordings.
void show_comparison(const Retrievers& retrievers, const std::vector<TestQuestion>& questions,
                     const Settings& settings);

/// Part 7: a question to these pages.
void show_book_asked(const Retriever& retriever, const Settings& settings);

/// Part 8: the map of the passages, and what was measured before. The map takes longest; with
/// --quick there is none.
void show_figures(Store& store, const Settings& settings);

}  // namespace rag
