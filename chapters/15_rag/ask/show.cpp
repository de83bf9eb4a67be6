#include "chapters/15_rag/ask/show.hpp"

#include "chapters/15_rag/encoders/lsa.hpp"
#include "chapters/15_rag/pictures.hpp"
#include "chapters/15_rag/show.hpp"
#include "common/app/chapter.hpp"

namespace rag {
using namespace byhand;

namespace {

/// --data's name, fit for a terminal.
std::string name_of_data(const Settings& settings) {
  return printable(settings.data.filename().string());
}

void show_reply(const Question& question, const std::string& reply,
                const std::vector<Passage>& sources) {
  fmt::print("{} {}\n{}\n\n", app::bold("Q:"), printable(question.text), printable(reply));
  for (std::size_t i = 0; i < sources.size(); ++i)
    fmt::print("[{}] {}\n", i + 1, source(sources[i]));
}

}  // namespace

void show_answer_to(const Question& question, const Retriever& retriever,
                    const Settings& settings) {
  const std::vector<Passage>& passages = retriever.passages();
  const Answer found =
      answer(question, retriever, count_terms(passages), {.threshold = settings.threshold});
  if (settings.llm.url.empty() || !found.near)
    return show_answer(question, found, passages, settings.threshold);
  std::vector<Passage> sources;
  for (const Match& match : found.passages) sources.push_back(passages[match.row]);
  show_reply(question, ask(question.text, sources, settings.llm), sources);
}

// ---- 4. An answer with its source, and none ----

void show_two_answers(const Retriever& retriever, const Settings& settings) {
  app::numbered_heading("An answer with its source, and none");
  show_answer_to(Question("What is pizza?"), retriever, settings);  // the notes' question
  show_answer_to(Question("How do I repair a leaking kitchen tap?"), retriever, settings);
}

// ---- 5. The pages of this project as a knowledge base ----

void show_knowledge_base(const Update& update, const std::vector<Passage>& passages,
                         const Settings& settings) {
  app::numbered_heading(
      (settings.data.empty() ? "The pages of this project" : name_of_data(settings)) +
      " as a knowledge base");
  fmt::print("{} added, {} changed, {} removed, {} as before\n", counted(update.added, "document"),
             update.changed, update.removed, update.unchanged);
  show_passages(passages);
}

// ---- 6. Retrievers compared ----

namespace {

void compare_by_wordings(const Retrievers& retrievers, const Settings& settings) {
  const std::vector<Passage>& passages = retrievers.front()->passages();
  constexpr std::size_t every = 13;
  const std::vector<TestQuestion> plain = templated_questions(passages, every, Wording::own);
  if (plain.empty()) return;  // no table that we know
  const auto own = show_compared(retrievers, plain, "the headings by name");
  const auto other = show_compared(retrievers, templated_questions(passages, every, Wording::other),
                                   "the same in other words");
  app::save_figure(wordings_figure(wordings(retrievers, own, other)), "factbook", settings);
}

}  // namespace

void show_comparison(const Retrievers& retrievers, const std::vector<TestQuestion>& questions,
                     const Settings& settings) {
  if (questions.empty()) return compare_by_wordings(retrievers, settings);
  const bool book = settings.data.empty();
  const auto scores = show_compared(retrievers, answered(questions),
                                    book ? "these pages" : name_of_data(settings), book);
  show_refusals(questions, *retrievers.back(), settings.threshold);
  app::save_figure(recall_figure(retrievers, scores),
                   settings.questions.empty() ? "recall" : "recall_questions", settings);
}

// ---- 7. Ask the book ----

void show_book_asked(const Retriever& retriever, const Settings& settings) {
  app::numbered_heading("Ask the book");
  show_answer_to(Question("why divide by the square root of d_k?"), retriever, settings);
}

// ---- 8. Figures ----

void show_figures(Store& store, const Settings& settings) {
  app::numbered_heading("Figures");
  if (!settings.quick) {
    Generator generator{settings.seed};
    // (passages, width)
    const Array vectors = store.vectors(LsaEncoder(searched(store.passages())));
    app::save_figure(map_figure(store.passages(), vectors, generator), "map", settings);
  }
  app::save_figure(speed_figure(measured_before()), "speed", settings);
  app::save_figure(wordings_figure(factbook_before()), "factbook", settings);
}

}  // namespace rag
