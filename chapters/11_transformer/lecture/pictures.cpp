#include "chapters/11_transformer/lecture/pictures.hpp"

#include <algorithm>
#include <cmath>

namespace transformer {
using namespace byhand;

namespace {

void heat_map(plot::Axes& axes, const Array& percent, const std::vector<std::string>& rows,
              const std::vector<std::string>& columns, const std::string& title) {
  axes.heat_map(percent, rows, columns,
                {.show_values = true, .color_bar = false, .low = 0, .high = 1})
      .title(title);
  axes.x_label("looked at").y_label("word that looks");
}

/// The numbers of the stages beside their points, where no line of the word runs: at the ends away
/// from it, on the left of its way when `side` is 1 and on the right when it is -1; between, away
/// from both neighbours. `width` and `height`: how much of the axes is shown.
void number_the_stages(plot::Axes& axes, std::vector<real> x, std::vector<real> y, real side,
                       real width, real height) {
  // Shares of the panel; a label is drawn up and right of its place by `beside`.
  constexpr real away = real(0.07), beside = real(0.038);
  const std::size_t last = x.size() - 1;
  struct Direction {
    real x, y;
  };
  const auto direction = [](real a, real b) {
    const real length = std::max(std::hypot(a, b), real(1e-6));
    return Direction{a / length, b / length};
  };
  std::vector<Direction> ways;  // from a stage to the next
  for (std::size_t i = 0; i < last; ++i)
    ways.push_back(direction((x[i + 1] - x[i]) / width, (y[i + 1] - y[i]) / height));
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i <= last; ++i) {
    const Direction came = ways[i == 0 ? 0 : i - 1], goes = ways[std::min(i, last - 1)];
    const Direction to = i == 0      ? direction(-goes.x - side * goes.y, -goes.y + side * goes.x)
                         : i == last ? direction(came.x - side * came.y, came.y + side * came.x)
                                     : direction(came.x - goes.x, came.y - goes.y);
    x[i] += (away * to.x - beside) * width;
    y[i] += (away * to.y - beside) * height;
    numbers.push_back(fmt::format("{}", i));
  }
  axes.labels(x, y, numbers);
}

/// The distance between the smallest and the largest of a column, in all stages.
real span(const std::vector<Array>& stages, std::size_t column) {
  real low = stages[0](0, column), high = low;
  for (const Array& stage : stages)
    for (std::size_t word = 0; word < stage.shape()[0]; ++word) {
      low = std::min(low, stage(word, column));
      high = std::max(high, stage(word, column));
    }
  return std::max(high - low, real(1e-6));
}

/// One line for each word through its places, which are rows of the stages.
void paths(plot::Axes& axes, const std::vector<Array>& stages,
           const std::vector<std::string>& words) {
  for (std::size_t word = 0; word < words.size(); ++word) {
    std::vector<real> x, y;
    for (const Array& stage : stages) {
      x.push_back(stage(word, 0));
      y.push_back(stage(word, 1));
    }
    axes.lines(x, y, words[word], {.solid = true, .points = true});
    number_the_stages(axes, x, y, word % 2 == 0 ? 1 : -1, span(stages, 0), span(stages, 1));
  }
  axes.x_label("first number").y_label("second number");
}

}  // namespace

plot::Figure attention_figure(const Run& before, const Run& after) {
  plot::Figure figure("Percentages of the three attentions, before and after training",
                      {.width = 1000, .height = 720});
  figure.subplots(2, 3);
  for (const Run* r : {&before, &after}) {
    const std::size_t row = r == &before ? 0 : 1;
    const std::string when = row == 0 ? "before: " : "after: ";
    const auto in = names(r->input, input_words()), out = names(r->output, output_words());
    heat_map(figure.panel(row, 0), r->encoder.self.percent, in, in,
             when + "encoder self-attention");
    heat_map(figure.panel(row, 1), r->decoder.self.percent, out, out,
             when + "masked self-attention");
    heat_map(figure.panel(row, 2), r->decoder.cross.percent, out, in,
             when + "encoder-decoder attention");
  }
  return figure;
}

plot::Figure residual_figure(const Run& before, const Run& after) {
  plot::Figure figure(
      "Residual stream: 0 at first, 1 after self-attention, 2 after encoder-decoder attention",
      {.width = 1000, .height = 860});
  figure.subplots(2, 2);
  for (const Run* r : {&before, &after}) {
    const std::size_t row = r == &before ? 0 : 1;
    const std::string when = row == 0 ? ", before training" : ", after training";
    paths(figure.panel(row, 0), {r->encoder.input.encoded, r->encoder.output},
          names(r->input, input_words()));
    paths(figure.panel(row, 1),
          {r->decoder.input.encoded, r->decoder.after_self, r->decoder.after_cross},
          names(r->output, output_words()));
    figure.panel(row, 0).title("encoder" + when);
    figure.panel(row, 1).title("decoder" + when);
  }
  return figure;
}

}  // namespace transformer
