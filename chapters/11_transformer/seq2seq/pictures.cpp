#include "chapters/11_transformer/seq2seq/pictures.hpp"

#include <algorithm>

namespace seq2seq {
using namespace byhand;

plot::Figure training_figure(const std::vector<Step>& steps, double smallest) {
  plot::Figure figure("Warm-up: the learning rate climbs, the loss falls; then both slow down",
                      {.width = 1000, .height = 440});
  figure.subplots(1, 2);
  std::vector<double> losses, rates;
  for (const Step& step : steps) {
    losses.push_back(step.loss);
    rates.push_back(step.rate);
  }
  const auto numbers = plot::counting(steps.size(), 1);
  figure.panel(0, 0).lines(numbers, losses, "a batch", {.solid = true, .width = 1});
  figure.panel(0, 0).lines({1.0, double(steps.size())}, {smallest, smallest},
                           "the least that label smoothing allows", {.dashed = true});
  figure.panel(0, 0)
      .title("loss")
      .x_label("step")
      .y_label("cross-entropy with label smoothing")
      .y_range(0, std::max(3.5, 1.05 * *std::max_element(losses.begin(), losses.end())));
  figure.panel(0, 1)
      .lines(numbers, rates, "Noam: up in a line, down with 1 / root of the step", {.solid = true})
      .title("learning rate")
      .x_label("step")
      .y_label("learning rate of Adam");
  return figure;
}

plot::Figure looks_figure(const Model& model, const Example& example, const std::string& task) {
  Tokens written{sos};
  written.insert(written.end(), example.target.begin(), example.target.end());
  const Array looks = model.looks(padded({written}), padded({example.source}));  // (1, heads, n, m)
  const std::size_t heads = looks.shape()[1], n = looks.shape()[2], m = looks.shape()[3];
  std::vector<std::string> rows, columns;
  for (const std::int64_t token : example.source) columns.push_back(digits_text({token}));
  for (std::size_t i = 0; i < n; ++i)
    rows.push_back(digits_text({i < example.target.size() ? example.target[i] : eos}));
  const auto wide = std::min<std::size_t>(heads, 4), high = (heads + wide - 1) / wide;
  plot::Figure figure(fmt::format("Which digit it reads while it writes: task {}", task),
                      {.width = int(310 * wide), .height = int(350 * high)});
  figure.subplots(high, wide);
  for (std::size_t head = 0; head < heads; ++head) {
    const Array one = xt::view(looks, 0, head);  // (n, m)
    plot::Axes& axes = figure.panel(head / wide, head % wide);
    axes.heat_map(reshape(one, {n, m}), rows, columns, {.low = 0, .high = 1})
        .title(fmt::format("head {}", head + 1));
    axes.x_label("input").y_label("written");
  }
  return figure;
}

}  // namespace seq2seq
