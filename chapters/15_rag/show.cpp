#include "chapters/15_rag/show.hpp"

#include <algorithm>
#include <set>

#include "chapters/15_rag/measure/small_book.hpp"
#include "chapters/15_rag/measure/speed.hpp"
#include "chapters/15_rag/words/terms.hpp"
#include "common/app/arrays.hpp"
#include "common/app/console.hpp"

namespace rag {
using namespace byhand;

std::string counted(std::size_t count, const std::string& thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string cut(const std::string& any, std::size_t columns) {
  const std::string text = printable(any);
  std::size_t letters = 0, i = 0;
  for (; i < text.size() && text[i] != '\n'; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;  // within a letter
    if (letters == columns) return text.substr(0, i) + "…";
    // Korean letters are two columns wide.
    letters += static_cast<unsigned char>(text[i]) >= 0xE1 ? 2 : 1;
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
  fmt::print("{}, {}, {} ({} on Korean pages), {:.1f} words on average, {} at most\n",
             counted(files.size(), "document"), counted(sections.size(), "section"),
             counted(passages.size(), "passage"), korean,
             double(words) / double(std::max<std::size_t>(1, passages.size())), longest);
}

std::string source(const Passage& passage) {
  return cut(fmt::format("{} ({}:{})", passage.place(), passage.file, passage.line), 150);
}

// ---- 1. A small book, cut into passages ----

void show_cut(const std::vector<Passage>& passages) {
  app::numbered_heading("A small book, cut into passages by heading and length");
  show_passages(passages);
  app::Table table({"passage", "section", "line", "words", "begins"});
  for (std::size_t i = 0; i < std::min<std::size_t>(6, passages.size()); ++i)
    table.add_row({i, passages[i].heading, passages[i].line, count_words(passages[i].text),
                   cut(passages[i].text, 60)});
  table.print();
  fmt::print(
      "Coffee has more than {} words: the line that ends its first passage begins the second one, "
      "too.\n",
      small_chunks().words);
}

// ---- 2. The nearest passages, three ways ----

namespace {

Array scores_of(const std::vector<Match>& matches, std::size_t count) {
  Array scores = zeros({count});
  for (std::size_t i = 0; i < std::min(count, matches.size()); ++i)
    scores.data()[i] = real(matches[i].score);
  return scores;
}

void check_rows(const std::vector<Match>& a, const std::vector<Match>& b, const char* what) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (a[i].row != b[i].row && std::abs(a[i].score - b[i].score) > 1e-6)
      fail("{}: passages {} and {} at rank {}", what, a[i].row, b[i].row, i + 1);
}

void show_three_ways(const std::string& question, const Encoder& encoder,
                     const std::vector<Passage>& passages) {
  // (passages, width), (1, width)
  const Array vectors = encoder.encode(searched(passages)), query = encoder.encode({question});
  constexpr std::size_t k = 3;
  const std::vector<Match> by_hand = nearest_by_hand(query, vectors, k),
                           product = text::top_matches(query, vectors, k).front();
  const std::vector<Match> graph = HnswIndex(vectors).nearest(query, k);

  fmt::print("{}: \"{}\", {} numbers a text\n", encoder.name(), question, encoder.width());
  app::Table table({"rank", "section", "cosine by hand", "matrix product", "hnswlib"});
  for (std::size_t i = 0; i < k; ++i)
    table.add_row({i + 1, passages[by_hand[i].row].heading, by_hand[i].score, product[i].score,
                   graph[i].score});
  table.print();
  check_rows(by_hand, product, "by hand = matrix product");
  check_rows(by_hand, graph, "by hand = hnswlib");
  // Float: some hundred products each.
  app::agree("  by hand = matrix product", scores_of(by_hand, k), scores_of(product, k), 2e-6);
  app::agree("  by hand = hnswlib", scores_of(by_hand, k), scores_of(graph, k), 2e-6);
}

void show_bm25(const Question& question, const std::vector<Passage>& passages,
               const Retriever& full_text) {
  constexpr std::size_t k = 3;
  const std::vector<double> scores = bm25_scores(count_terms(passages), question.terms);
  const std::vector<Match> ours = text::top_scores(scores, k), fts5 = full_text.find(question, k);
  fmt::print("BM25: \"{}\" has the terms: {}\n", question.text, fmt::join(question.terms, " "));
  app::Table table({"rank", "section", "formula", "SQLite's FTS5"});
  for (std::size_t i = 0; i < std::min(ours.size(), fts5.size()); ++i)
    table.add_row({i + 1, passages[ours[i].row].heading, ours[i].score, fts5[i].score});
  table.print();
  check_rows(ours, fts5, "formula = FTS5");
  app::agree("  formula = FTS5", scores_of(ours, k), scores_of(fts5, k), 1e-5);
}

}  // namespace

void show_nearest(const std::vector<Passage>& passages, const Retriever& full_text) {
  app::numbered_heading("The nearest passages, three ways");
  show_three_ways("What is pizza made of?", TfidfEncoder(searched(passages)), passages);
  show_three_ways("Which pets protect a home?", *glove_for(searched(passages)), passages);
  show_bm25(Question("Where do light and warmth come from?"), passages, full_text);
}

// ---- 3. Retrievers compared ----

std::vector<Score> show_compared(const Retrievers& retrievers,
                                 const std::vector<TestQuestion>& questions,
                                 const std::string& about, bool by_language) {
  app::numbered_heading(fmt::format("Retrievers compared: {} about {}",
                                    counted(questions.size(), "question"), about));
  std::vector<std::string> columns = {"retriever", "recall@1", "recall@5", "MRR"};
  if (by_language) columns.insert(columns.end(), {"en @1", "en @5", "ko @1", "ko @5"});
  app::Table table(columns, 3);
  std::vector<Score> all;
  for (const auto& retriever : retrievers) {
    std::vector<std::size_t> ranks, english, korean;
    for (const TestQuestion& question : questions) {
      ranks.push_back(rank_of(question, *retriever));
      (question.question.language == "ko" ? korean : english).push_back(ranks.back());
    }
    const Score s = all.emplace_back(score(ranks)), en = score(english), ko = score(korean);
    std::vector<app::Cell> row = {retriever->name(), s.recall_1, s.recall_5, s.mrr};
    if (by_language) row.insert(row.end(), {en.recall_1, en.recall_5, ko.recall_1, ko.recall_5});
    table.add_row(row);
  }
  table.print();
  return all;
}

void show_refusals(const std::vector<TestQuestion>& questions, const Retriever& retriever,
                   double threshold) {
  const Postings postings = count_terms(retriever.passages());
  const auto answered_of = [&](const std::vector<TestQuestion>& asked, const char* language) {
    std::size_t near = 0, all = 0;
    for (const auto& [question, sections, where] : asked) {
      if (*language && question.language != language) continue;
      near += answer(question, retriever, postings, {.threshold = threshold}).near;
      ++all;
    }
    return std::pair(near, all);
  };
  const auto line = [&](const char* what, const std::vector<TestQuestion>& asked, bool refused) {
    std::vector<std::string> parts;
    for (const char* language : {"", "en", "ko"}) {
      const auto [near, all] = answered_of(asked, language);
      if (all > 0)
        parts.push_back(fmt::format("{}{}{} of {}", language, *language ? " " : "",
                                    refused ? all - near : near, all));
    }
    if (!parts.empty()) fmt::print("{}: {}\n", what, fmt::join(parts, ", "));
  };
  line("refused with \"nothing near\", though a section answers", answered(questions), true);
  line("answered, though about something else", off_topic(questions), false);
}

// ---- answers ----

void show_answer(const Question& question, const Answer& answer,
                 const std::vector<Passage>& passages, double threshold) {
  fmt::print("{} {}\n", app::bold("Q:"), printable(question.text));
  if (!answer.near && answer.coverage >= threshold) {
    fmt::print("Nothing near: the passages found hold no sentence to quote.\n");
    return;
  }
  if (!answer.near) {
    fmt::print(
        "Nothing near: the best passage holds {:.0f} % of what the question asks about; from "
        "{:.0f} % on it is quoted.\n",
        100 * answer.coverage, 100 * threshold);
    return;
  }
  for (const Evidence& e : answer.sentences)
    fmt::print("{:.2f}  {}\n      {}\n", e.score, cut(e.text, 200), source(passages[e.passage]));
}

// ---- time and memory ----

void show_measured(std::uint64_t seed, bool quick) {
  app::numbered_heading(
      "Time and memory against size: ten nearest of vectors of 100 numbers, processor time of one "
      "thread");
  fmt::print(
      "vectors  exact, one query  exact, of 64 at once  graph, one query  its recall  graph built "
      "in  numbers  with links\n");
  Generator generator{seed};
  for (const std::size_t n : {10'000u, 100'000u, 1'000'000u}) {
    if (quick && n > 10'000) break;
    const Measured m = measure(n, generator);
    fmt::print(
        "{:7}  {:13.3f} ms  {:17.3f} ms  {:13.3f} ms  {:10.3f}  {:12.1f} s  {:4.0f} MB  {:7.0f} "
        "MB\n",
        n, m.exact_ms, m.exact_batch_ms, m.graph_ms, m.graph_recall, m.build_seconds, m.exact_mb,
        m.graph_mb);
    std::fflush(stdout);
  }
}

}  // namespace rag
