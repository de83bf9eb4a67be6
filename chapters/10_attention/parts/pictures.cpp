#include "chapters/10_attention/parts/pictures.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/10_attention/patterns/sentence.hpp"
#include "chapters/10_attention/positions.hpp"
#include "common/tensor/matmul.hpp"

namespace attention {
using namespace byhand;

namespace {

using Names = std::vector<std::string>;

/// A heat map with its numbers: 0 is dark, `high` bright.
plot::Axes& number_panel(plot::Axes& axes, const Array& numbers, const Names& rows,
                         const Names& columns, double high = 1) {
  return axes.heat_map(numbers, rows, columns,
                       {.show_values = true, .color_bar = false, .low = 0, .high = high});
}

}  // namespace

plot::Figure pattern_figure() {
  plot::Figure figure(
      "creature looks at fluffy and blue, forest at verdant: one pattern, drawn in two ways",
      {.width = 1180, .height = 600});
  figure.subplots(1, 2);
  const Names words = sentence::words();
  const Array percent = sentence::run(sentence::heads()[0], true).percent;
  number_panel(figure.panel(0, 0), percent, words, words)
      .title("the formula's way: each row adds up to 1")
      .x_label("key: word looked at")
      .y_label("query: word that looks");
  number_panel(figure.panel(0, 1), transposed(percent), words, words)
      .title("the video's way: each column adds up to 1")
      .x_label("query: word that looks")
      .y_label("key: word looked at");
  return figure;
}

plot::Figure heads_figure() {
  plot::Figure figure(
      "Heads side by side ask different questions; what they hand over is added to the words",
      {.width = 1180, .height = 1100});
  figure.subplots(2, 2);
  const Names words = sentence::words();
  const std::vector<sentence::Head> heads = sentence::heads();
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const Array percent = sentence::run(heads[i], true).percent;  // (9, 9)
    number_panel(figure.panel(i / 2, i % 2), percent, words, words)
        .title(fmt::format("head {}: {}", i + 1, heads[i].name))
        .x_label("key")
        .y_label("query");
  }
  const Array before = sentence::embeddings();
  const Array after = before + sentence::change_by_output_matrix();  // residual connection
  number_panel(figure.panel(1, 1), sentence::meaning_of(after), words, sentence::meaning_names(), 2)
      .title("meaning of the words afterwards")
      .x_label("meaning")
      .y_label("word");
  return figure;
}

plot::Figure positions_figure() {
  plot::Figure figure(
      "Each place has its own numbers; how alike two are depends on how far apart they stand",
      {.width = 1180, .height = 480});
  figure.subplots(1, 2);
  const std::size_t words = 32, d = 16;
  const Array table = position_encoding(words, d);
  std::vector<std::string> none;
  figure.panel(0, 0).heat_map(table, none, none,
                              {.diverging = true, .square = false, .low = -1, .high = 1});
  figure.panel(0, 0)
      .title("sines and cosines: fast ones left, slow ones right")
      .x_label("number of the encoding, d = 16")
      .y_label("place of the word");
  const Array alike = matmul(table, table, Transpose::no, Transpose::yes);  // (words, words)
  for (const std::size_t place : {std::size_t(5), std::size_t(20)}) {
    std::vector<real> row;
    for (std::size_t j = 0; j < words; ++j) row.push_back(alike(place, j));
    figure.panel(0, 1).lines(plot::counting(words, 0), row, fmt::format("place {}", place));
  }
  figure.panel(0, 1)
      .title("dot product with every other place")
      .x_label("place of the other word")
      .y_label("dot product of two encodings");
  return figure;
}

plot::Figure cost_figure(const std::vector<Cost>& costs) {
  check(!costs.empty(), "cost_figure: nothing was measured");
  plot::Figure figure("Twice the context, at least four times the cost",
                      {.width = 1000, .height = 480});
  figure.subplots(1, 2);
  std::vector<double> words, milliseconds, megabytes, time_line;
  const Cost& middle = costs[costs.size() / 2];
  std::vector<std::string> names;
  for (const Cost& cost : costs) {
    const double ratio = double(cost.words) / double(middle.words);
    words.push_back(double(cost.words));
    names.push_back(fmt::format("{}", cost.words));
    milliseconds.push_back(1000 * cost.seconds);
    time_line.push_back(1000 * middle.seconds * ratio * ratio);
    megabytes.push_back(cost.pattern_bytes / 1e6);
  }
  const plot::LineOptions marked{.points = true};
  figure.panel(0, 0)
      .lines(words, milliseconds, "measured here", marked)
      .lines(words, time_line, "quadratic line through the middle point", {.dashed = true})
      .title("time of one head, d_k = 64")
      .y_label("milliseconds");
  figure.panel(0, 1)
      .lines(words, megabytes, "n x n percentages of 4 bytes", marked)
      .title("memory for one pattern")
      .y_label("megabytes");
  for (const std::size_t column : {0, 1})
    figure.panel(0, column).x_label("words in the context").log_x().log_y().x_ticks(words, names);
  return figure;
}

plot::Figure lookup_figure(const lookup::Tasks& tasks, const Array& before, const Array& after,
                           const std::vector<double>& losses) {
  plot::Figure figure("Trained on look-ups, each question looks at the pair with its letter",
                      {.width = 1280, .height = 470});
  figure.subplots(1, 3);
  const Names rows = lookup::question_names(tasks), columns = lookup::pair_names(tasks);
  number_panel(figure.panel(0, 0), before, rows, columns).title("before training");
  number_panel(figure.panel(0, 1), after, rows, columns).title("after training");
  for (const std::size_t column : {0, 1})
    figure.panel(0, column).x_label("key: pair").y_label("query: question");
  figure.panel(0, 2)
      .lines(plot::counting(losses.size(), 1), losses)
      .hline(std::log(8.0), "guessing: log 8")
      .title("loss")
      .x_label("step")
      .y_label("cross-entropy");
  return figure;
}

}  // namespace attention
