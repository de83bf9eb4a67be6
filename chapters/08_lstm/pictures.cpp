#include "chapters/08_lstm/pictures.hpp"

#include <cmath>

namespace lstm {
using namespace byhand;

plot::Figure gates_figure(const Weights<real>& w) {
  plot::Figure figure("The unit remembers day 1: company A ends at 0, company B at 1",
                      {.width = 1000, .height = 480});
  figure.subplots(1, 2);
  const std::vector<Company> data = companies();
  for (std::size_t i = 0; i < data.size(); ++i) {
    std::vector<real> days, remember, percent, output, long_memory, short_memory;
    for (const Unit<real>& unit : unroll(data[i].days, w)) {
      days.push_back(real(days.size() + 1));
      remember.push_back(unit.long_remember_percent);
      percent.push_back(unit.potential_remember_percent);
      output.push_back(unit.output_percent);
      long_memory.push_back(unit.after.long_memory);
      short_memory.push_back(unit.after.short_memory);
    }
    const plot::LineOptions marked{.points = true};
    plot::Axes& axes = figure.panel(0, i);
    axes.title(fmt::format("company {}", data[i].name))
        .x_label("day")
        .y_label("value")
        .y_range(-0.5, 3.2)
        .x_range(0.8, 4.2);
    axes.x_ticks({1, 2, 3, 4}, {"1", "2", "3", "4"});
    axes.lines(days, remember, "long memory kept (f)", marked)
        .lines(days, percent, "potential added (i)", marked);
    axes.lines(days, output, "output (o)", marked)
        .lines(days, long_memory, "long memory (c)", marked);
    axes.lines(days, short_memory, "short memory (h)", marked);
  }
  return figure;
}

plot::Figure training_figure(const std::vector<Progress>& by_hand,
                             const std::vector<Progress>& built_in,
                             const std::vector<Progress>& by_hand_fast) {
  plot::Figure figure("The learning rate, not the built-in layer, turns 5000 epochs into 300",
                      {.width = 1000, .height = 820});
  figure.subplots(2, 2);
  const auto curves = [&](std::size_t column, const std::vector<Progress>& run,
                          const std::string& name) {
    std::vector<real> epochs, a, b, loss;
    for (const Progress& p : run) {
      epochs.push_back(real(p.epoch));
      a.push_back(p.prediction_a);
      b.push_back(p.prediction_b);
      loss.push_back(p.loss);
    }
    figure.panel(0, column)
        .lines(epochs, a, name + ": company A")
        .lines(epochs, b, name + ": company B");
    figure.panel(1, column).lines(epochs, loss, name);
  };
  curves(0, by_hand, "by hand");
  curves(1, built_in, "nn::LSTM");
  curves(1, by_hand_fast, "by hand");
  for (std::size_t column = 0; column < 2; ++column) {
    const std::string rate = column == 0 ? "learning rate 0.001" : "learning rate 0.1";
    figure.panel(0, column)
        .title(rate + ": predictions")
        .x_label("epoch")
        .y_label("prediction for day 5")
        .y_range(-0.1, 1.1)
        .hline(0)
        .hline(1);
    figure.panel(1, column)
        .title(rate + ": loss")
        .x_label("epoch")
        .y_label("squared residuals, A + B (logarithmic)")
        .log_y();
  }
  return figure;
}

}  // namespace lstm

namespace prices {
using namespace byhand;

plot::Figure forecast_figure(const Split& split, const std::vector<double>& forecasts,
                             const train::History& history) {
  const Part& test = split.test;
  plot::Figure figure("Close to the price, blind to the return", {.width = 1000, .height = 760});
  figure.subplots(2, 2);
  std::vector<double> forecast_price;
  for (std::size_t i = 0; i < forecasts.size(); ++i)
    forecast_price.push_back(test.price_before[i] * std::exp(forecasts[i]));
  const auto days = plot::counting(test.dates.size());
  const std::size_t eighth = test.dates.size() / 8;
  for (std::size_t col = 0; col < 2; ++col)
    figure.panel(0, col).x_ticks(
        {double(eighth), double(4 * eighth), double(7 * eighth)},
        {test.dates[eighth], test.dates[4 * eighth], test.dates[7 * eighth]});
  figure.panel(0, 0)
      .lines(days, test.price_after, "truth", {.solid = true})
      .lines(days, forecast_price, "LSTM, one day ahead", {.solid = true})
      .title("price")
      .y_label("price");
  figure.panel(0, 1)
      .lines(days, test.returns, "truth", {.solid = true})
      .lines(days, forecasts, "LSTM", {.solid = true})
      .title("log-return of the same days")
      .y_label("log-return");
  figure.panel(1, 0)
      .scatter(forecasts, test.returns, "", {.size = 0.6})
      .hline(0)
      .vline(0)
      .title("no line: forecast against truth")
      .x_label("forecast log-return")
      .y_label("true log-return");
  std::vector<double> epochs, validation;
  for (const auto& [epoch, loss] : history.validation_losses()) {
    epochs.push_back(double(epoch));
    validation.push_back(loss);
  }
  std::vector<double> train_epochs;
  for (const train::EpochReport& report : history.epochs)
    train_epochs.push_back(double(report.epoch));
  figure.panel(1, 1)
      .lines(train_epochs, history.train_losses(), "training")
      .lines(epochs, validation, "validation")
      .title("loss")
      .x_label("epoch")
      .y_label("mean squared error (scaled)");
  return figure;
}

}  // namespace prices
