#include "chapters/15_rag/show.hpp"

#include <algorithm>
#include <set>

#include "chapters/15_rag/measure.hpp"
#include "chapters/15_rag/terms.hpp"
#include "common/app/chapter.hpp"

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
    letters +=
        static_cast<unsigned char>(text[i]) >= 0xE1 ? 2 : 1;  // Korean letters are two columns wide
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

void show_update(const Update& update) {
  fmt::print("{} added, {} changed, {} removed, {} as before\n", counted(update.added, "document"),
             update.changed, update.removed, update.unchanged);
}

void show_first(const std::vector<Passage>& passages, std::size_t count) {
  app::Table table({"passage", "section", "line", "words", "begins"});
  for (std::size_t i = 0; i < std::min(count, passages.size()); ++i)
    table.add_row({i, passages[i].heading, passages[i].line, count_words(passages[i].text),
                   cut(passages[i].text, 60)});
  table.print();
}

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

}  // namespace

void show_three_ways(const std::string& question, const Encoder& encoder,
                     const std::vector<Passage>& passages) {
  const Array vectors = encoder.encode(searched(passages)),
              query = encoder.encode({question});  // (passages, width), (1, width)
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
  app::agree("  by hand = matrix product", scores_of(by_hand, k), scores_of(product, k),
             2e-6);  // float: some hundred products each
  app::agree("  by hand = hnswlib", scores_of(by_hand, k), scores_of(graph, k), 2e-6);
}

void show_bm25(const std::string& question, const Store& store) {
  const text::Words asked = terms(question);
  const Postings postings = count_terms(store.passages());
  constexpr std::size_t k = 3;
  const std::vector<Match> ours = text::top_scores(bm25_scores(postings, asked), k),
                           fts5 = store.matches(asked, k);
  fmt::print("BM25: \"{}\" has the terms: {}\n", question, fmt::join(asked, " "));
  app::Table table({"rank", "section", "formula", "SQLite's FTS5"});
  for (std::size_t i = 0; i < std::min(ours.size(), fts5.size()); ++i)
    table.add_row({i + 1, store.passages()[ours[i].row].heading, ours[i].score, fts5[i].score});
  table.print();
  check_rows(ours, fts5, "formula = FTS5");
  app::agree("  formula = FTS5", scores_of(ours, k), scores_of(fts5, k), 1e-5);
}

std::vector<Score> show_scores(const Retrievers& retrievers, const std::vector<Question>& questions,
                               bool by_language) {
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

void show_refusals(const std::vector<Question>& questions, const Retriever& retriever,
                   double threshold) {
  const Postings postings = count_terms(retriever.passages());
  const auto answered_of = [&](const std::vector<Question>& asked, const char* language) {
    std::size_t near = 0, all = 0;
    for (const Question& question : asked) {
      if (*language && question.language != language) continue;
      near += answer(question.text, retriever, postings, {.threshold = threshold}).near;
      ++all;
    }
    return std::pair(near, all);
  };
  const auto line = [&](const char* what, const std::vector<Question>& asked, bool refused) {
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

void show_answer(const std::string& question, const Answer& answer,
                 const std::vector<Passage>& passages, double threshold) {
  fmt::print("{} {}\n", app::bold("Q:"), printable(question));
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
  for (const Evidence& e : answer.sentences) {
    const Passage& passage = passages[e.passage];
    fmt::print("{:.2f}  {}\n      {}\n", e.score, cut(e.text, 200),
               cut(fmt::format("{} ({}:{})", passage.place(), passage.file, passage.line), 150));
  }
}

void show_reply(const std::string& question, const std::string& reply,
                const std::vector<Passage>& sources) {
  fmt::print("{} {}\n{}\n\n", app::bold("Q:"), printable(question), printable(reply));
  for (std::size_t i = 0; i < sources.size(); ++i)
    fmt::print(
        "[{}] {}\n", i + 1,
        cut(fmt::format("{} ({}:{})", sources[i].place(), sources[i].file, sources[i].line), 150));
}

void show_measured(const app::Settings& settings) {
  app::numbered_heading(
      "Time and memory against size: ten nearest of vectors of 100 numbers, processor time of one "
      "thread");
  fmt::print(
      "vectors  exact, one query  exact, of 64 at once  graph, one query  its recall  graph built "
      "in  numbers  with links\n");
  Generator generator{settings.seed};
  for (const std::size_t n : {10'000u, 100'000u, 1'000'000u}) {
    if (settings.quick && n > 10'000) break;
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
