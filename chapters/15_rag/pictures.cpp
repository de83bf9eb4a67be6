#include "chapters/15_rag/pictures.hpp"

#include <algorithm>
#include <map>

#include "common/core/error.hpp"
#include "common/text/tsne.hpp"

namespace rag {
using namespace byhand;

namespace {

/// Who is best and worst among the first five, if one alone is.
std::string recall_title(const Retrievers& retrievers, const std::vector<Score>& scores) {
  const auto less = [](const Score& a, const Score& b) { return a.recall_5 < b.recall_5; };
  const std::string best =
      retrievers[std::size_t(std::max_element(scores.begin(), scores.end(), less) - scores.begin())]
          ->name();
  const std::string worst =
      retrievers[std::size_t(std::min_element(scores.begin(), scores.end(), less) - scores.begin())]
          ->name();
  return best == "hybrid" && worst == "glove" ? "The hybrid finds most, ready-made vectors least"
                                              : "Who finds the right section?";
}

}  // namespace

plot::Figure recall_figure(const Retrievers& retrievers, const std::vector<Score>& scores) {
  std::vector<std::string> names;
  std::vector<double> first, five;
  for (std::size_t i = 0; i < retrievers.size(); ++i) {
    names.push_back(retrievers[i]->name());
    first.push_back(scores[i].recall_1);
    five.push_back(scores[i].recall_5);
  }
  plot::Figure figure(recall_title(retrievers, scores));
  figure.axes()
      .bars(names, first, "right section first", {.show_values = true})
      .bars(names, five, "among the first five", {.show_values = true});
  figure.axes().y_range(0, 1.05).y_label("share of the questions");
  return figure;
}

plot::Figure wordings_figure(const Wordings& measured) {
  plot::Figure figure("Asked in other words, counting words finds far less");
  figure.axes()
      .bars(measured.names, measured.own, "in the entry's own word", {.show_values = true})
      .bars(measured.names, measured.other, "in other words", {.show_values = true});
  figure.axes().y_range(0, 1.05).y_label("right entry among the first five, share");
  return figure;
}

namespace {

/// "10 attention: looking ..." -> "10 attention".
std::string short_title(const Passage& passage) {
  return passage.title.substr(0, passage.title.find(':'));
}

}  // namespace

plot::Figure map_figure(const std::vector<Passage>& passages, const Array& vectors,
                        Generator& generator) {
  const std::size_t width = vectors.shape()[1];
  std::map<std::string, std::vector<std::size_t>> pages;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    bool known = false;
    for (std::size_t j = 0; j < width; ++j) known |= vectors.data()[i * width + j] != 0;
    if (passages[i].language != "ko" && known) pages[short_title(passages[i])].push_back(i);
  }
  std::vector<std::pair<std::string, std::vector<std::size_t>>> largest(pages.begin(), pages.end());
  std::erase_if(largest, [](const auto& page) { return page.second.size() < 5; });
  std::stable_sort(largest.begin(), largest.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  if (largest.size() > 8) largest.resize(8);
  std::sort(largest.begin(), largest.end());
  std::vector<std::size_t> rows;
  for (auto& [page, its] : largest) {
    if (its.size() > 60) its.resize(60);
    rows.insert(rows.end(), its.begin(), its.end());
  }
  check(rows.size() >= 10, "map: only {} passages with vectors; at least 10 are needed",
        rows.size());
  Array chosen = empty({rows.size(), width});
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::copy_n(vectors.data() + rows[i] * width, width, chosen.data() + i * width);
  // (n, 2)
  const Array points =
      text::tsne(chosen, generator, {.perplexity = std::min(25.0, double(rows.size() - 1) / 4)});
  plot::Figure figure("Passages of one page lie near each other (t-SNE of their vectors)",
                      {.width = 1000, .height = 760});
  std::size_t first = 0;
  for (const auto& [page, its] : largest) {
    std::vector<double> x, y;
    for (std::size_t i = first; i < first + its.size(); ++i)
      x.push_back(double(points(i, 0))), y.push_back(double(points(i, 1)));
    figure.axes().scatter(x, y, page);
    first += its.size();
  }
  figure.axes().x_label("t-SNE, first number (no unit)").y_label("t-SNE, second number (no unit)");
  return figure;
}

namespace {

/// 1000000 -> 1,000,000.
std::string with_commas(std::size_t number) {
  std::string text = fmt::format("{}", number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

}  // namespace

plot::Figure speed_figure(const std::vector<Measured>& measured) {
  std::vector<double> n, exact, batch, graph, recalls;
  std::vector<std::string> names;
  for (const Measured& m : measured) {
    n.push_back(double(m.vectors));
    names.push_back(with_commas(m.vectors));
    exact.push_back(m.exact_ms);
    batch.push_back(m.exact_batch_ms);
    graph.push_back(m.graph_ms);
    recalls.push_back(m.graph_recall);
  }
  plot::Figure figure(
      "Exact search grows with the number of vectors, the graph hardly, but it misses some",
      {.width = 1100, .height = 480});
  figure.subplots(1, 2);
  plot::Axes& time = figure.panel(0, 0);
  time.lines(n, exact, "exact, one query", {.points = true})
      .lines(n, batch, "exact, each of 64 queries at once", {.points = true})
      .lines(n, graph, "graph (hnswlib)", {.points = true});
  time.log_x()
      .log_y()
      .x_range(n.front() * 0.7, n.back() * 1.6)
      .x_ticks(n, names)
      .x_label("vectors of 100 numbers")
      .y_label("milliseconds a query")
      .title("time");
  figure.panel(0, 1)
      .lines(n, recalls, "graph (hnswlib)", {.points = true, .color = "green"})
      .hline(1, "exact")
      .log_x()
      .x_range(n.front() * 0.7, n.back() * 1.6)
      .x_ticks(n, names)
      .y_range(0, 1.1)
      .x_label("vectors of 100 numbers")
      .y_label("share of the ten nearest that is found")
      .title("recall");
  return figure;
}

}  // namespace rag
