#include "chapters/15_rag/show.hpp"

#include <algorithm>
#include <set>

#include "chapters/15_rag/terms.hpp"
#include "common/app/chapter.hpp"

namespace rag {
using namespace byhand;

void heading(const std::string& text) {
  static int number = 0;
  app::heading(fmt::format("{}. {}", ++number, text));
}

std::string cut(const std::string& text, std::size_t columns) {
  std::size_t letters = 0, i = 0;
  for (; i < text.size() && text[i] != '\n'; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;  // within a letter
    if (letters == columns) return text.substr(0, i) + "…";
    letters += static_cast<unsigned char>(text[i]) >= 0xE1 ? 2 : 1;  // Korean letters are two columns wide
  }
  return text.substr(0, i);
}

void show_passages(const std::vector<Passage>& passages) {
  std::set<std::string> files, sections;
  std::size_t words = 0, longest = 0, korean = 0;
  for (const Passage& p : passages) {
    files.insert(p.file);
    sections.insert(p.section());
    words += count_words(p.text);
    longest = std::max(longest, count_words(p.text));
    korean += p.language == "ko";
  }
  fmt::print("{} documents, {} sections, {} passages ({} on Korean pages), {:.1f} words on average, {} at most\n", files.size(),
             sections.size(), passages.size(), korean, double(words) / double(std::max<std::size_t>(1, passages.size())), longest);
}

void show_first(const std::vector<Passage>& passages, std::size_t count) {
  app::Table table({"passage", "section", "line", "words", "begins"});
  for (std::size_t i = 0; i < std::min(count, passages.size()); ++i)
    table.add_row({i, passages[i].heading, passages[i].line, count_words(passages[i].text), cut(passages[i].text, 60)});
  table.print();
}

namespace {

Array scores_of(const std::vector<Match>& matches, std::size_t count) {
  Array scores = zeros({count});
  for (std::size_t i = 0; i < std::min(count, matches.size()); ++i) scores.data()[i] = real(matches[i].score);
  return scores;
}

void check_rows(const std::vector<Match>& a, const std::vector<Match>& b, const char* what) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (a[i].row != b[i].row && std::abs(a[i].score - b[i].score) > 1e-6)
      fail("{}: passages {} and {} at rank {}", what, a[i].row, b[i].row, i + 1);
}

}  // namespace

void show_three_ways(const std::string& question, const Encoder& encoder, const std::vector<Passage>& passages) {
  const Array vectors = encoder.encode(searched(passages)), query = encoder.encode({question});  // (passages, width), (1, width)
  constexpr std::size_t k = 3;
  const std::vector<Match> by_hand = nearest_by_hand(query, vectors, k), product = text::top_matches(query, vectors, k).front();
  const std::vector<Match> graph = HnswIndex(vectors).nearest(query, k);

  fmt::print("{}: \"{}\", {} numbers a text\n", encoder.name(), question, encoder.width());
  app::Table table({"rank", "section", "cosine by hand", "matrix product", "hnswlib"});
  for (std::size_t i = 0; i < k; ++i)
    table.add_row({i + 1, passages[by_hand[i].row].heading, by_hand[i].score, product[i].score, graph[i].score});
  table.print();
  check_rows(by_hand, product, "by hand = matrix product");
  check_rows(by_hand, graph, "by hand = hnswlib");
  app::agree("  by hand = matrix product", scores_of(by_hand, k), scores_of(product, k), 2e-6);  // float: some hundred products each
  app::agree("  by hand = hnswlib", scores_of(by_hand, k), scores_of(graph, k), 2e-6);
}

void show_bm25(const std::string& question, const Store& store) {
  const text::Words asked = terms(question);
  const Postings postings = count_terms(store.passages());
  constexpr std::size_t k = 3;
  const std::vector<Match> ours = text::top_scores(bm25_scores(postings, asked), k), fts5 = store.matches(asked, k);
  fmt::print("BM25: \"{}\" has the terms: {}\n", question, fmt::join(asked, " "));
  app::Table table({"rank", "section", "formula", "SQLite's FTS5"});
  for (std::size_t i = 0; i < std::min(ours.size(), fts5.size()); ++i)
    table.add_row({i + 1, store.passages()[ours[i].row].heading, ours[i].score, fts5[i].score});
  table.print();
  check_rows(ours, fts5, "formula = FTS5");
  app::agree("  formula = FTS5", scores_of(ours, k), scores_of(fts5, k), 1e-5);
}

std::vector<Score> show_scores(const Retrievers& retrievers, const std::vector<Question>& questions, bool by_language) {
  std::vector<std::string> columns = {"retriever", "recall@1", "recall@5", "MRR"};
  if (by_language) columns.insert(columns.end(), {"en @1", "en @5", "ko @1", "ko @5"});
  app::Table table(columns, 3);
  std::vector<Score> all;
  for (const auto& retriever : retrievers) {
    std::vector<std::size_t> ranks, english, korean;
    for (const Question& question : questions) {
      ranks.push_back(rank_of(question, *retriever));
      (question.language == "ko" ? korean : english).push_back(ranks.back());
    }
    const Score s = all.emplace_back(score(ranks)), en = score(english), ko = score(korean);
    std::vector<app::Cell> row = {retriever->name(), s.recall_1, s.recall_5, s.mrr};
    if (by_language) row.insert(row.end(), {en.recall_1, en.recall_5, ko.recall_1, ko.recall_5});
    table.add_row(row);
  }
  table.print();
  return all;
}

void show_answer(const std::string& question, const Answer& answer, const std::vector<Passage>& passages, double threshold) {
  fmt::print("{} {}\n", app::bold("Q:"), question);
  if (!answer.near) {
    fmt::print("Nothing near: the best passage holds {:.0f} % of what the question asks about; from {:.0f} % on it is quoted.\n",
               100 * answer.coverage, 100 * threshold);
    return;
  }
  for (const Evidence& e : answer.sentences) {
    const Passage& passage = passages[e.passage];
    fmt::print("{:.2f}  {}\n      {}\n", e.score, cut(e.text, 200),
               cut(fmt::format("{} ({}:{})", passage.place(), passage.file, passage.line), 150));
  }
}

void show_sources(const std::vector<Passage>& sources) {
  for (std::size_t i = 0; i < sources.size(); ++i)
    fmt::print("[{}] {}\n", i + 1, cut(fmt::format("{} ({}:{})", sources[i].place(), sources[i].file, sources[i].line), 150));
}

}  // namespace rag
