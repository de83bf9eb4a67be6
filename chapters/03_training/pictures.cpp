#include "chapters/03_training/pictures.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/03_training/by_hand/clipping.hpp"
#include "chapters/03_training/by_hand/rates.hpp"
#include "common/plot/style.hpp"

namespace pictures {
using namespace byhand;

Figure data(const moons::Data& data, const moons::Classifier& model) {
  Figure figure("Two noisy crescents; the trained network's answer changes where its logit is 0",
                {.width = 860, .height = 580});
  std::vector<double> x[2], y[2];
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::size_t c = data.labels(i, 0) > 0 ? 1 : 0;
    x[c].push_back(double(data.points(i, 0)));
    y[c].push_back(double(data.points(i, 1)));
  }
  const Array columns = linspace(real(-1.8), real(2.8), 116),
              rows = linspace(real(-1.3), real(1.8), 78);
  Array grid = empty({rows.size() * columns.size(), 2});
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < columns.size(); ++c) {
      grid(r * columns.size() + c, 0) = columns(c);
      grid(r * columns.size() + c, 1) = rows(r);
    }
  const NoGrad no_grad;
  figure.axes().contour(columns, rows, model(Tensor(grid)).value(), {.levels = {-6, -3, 0, 3, 6}});
  figure.axes()
      .scatter(x[0], y[0], "class 0", {.size = 0.7})
      .scatter(x[1], y[1], "class 1", {.size = 0.7});
  figure.axes()
      .title("lines: the logit")
      .x_label("first coordinate")
      .y_label("second coordinate")
      .x_range(-1.8, 2.8)
      .y_range(-1.3, 1.8);
  return figure;
}

Figure descent(const std::vector<descent::Run>& runs) {
  Figure figure("The same examples, more updates: small batches get down sooner, and shake");
  for (const descent::Run& run : runs)
    figure.axes().lines(run.examples_seen, run.losses, run.name, {.points = true});
  figure.axes()
      .log_y()
      .x_label("examples seen")
      .y_label("loss of the whole training set (logarithmic)")
      .y_range(0.04, 1);
  return figure;
}

Figure paths(const std::vector<rules::Contestant>& contestants,
             const std::vector<rules::Path>& paths) {
  Figure figure("Five optimisers, 500 steps from one start through Rosenbrock's valley to (1, 1)",
                {.width = 1300, .height = 640});
  figure.subplots(1, 2);
  plot::Axes &valley = figure.panel(0, 0), &height = figure.panel(0, 1);
  const Array x = linspace(real(-1.6), real(1.4), 201), y = linspace(real(-0.4), real(1.6), 151);
  std::vector<double> logs;  // the walls are thousands of times higher than the floor
  for (const real row : y)
    for (const real column : x)
      logs.push_back(
          std::log10(rules::rosenbrock(rules::Vector{double(column), double(row)}) + 1e-3));
  valley.contour(x, y, logs, {.levels = {-0.5, 0, 0.5, 1, 1.5, 2, 2.5}});
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::vector<double> px, py, f, steps;
    for (const rules::Vector& w : paths[i]) {
      steps.push_back(double(px.size()));
      px.push_back(w[0]);
      py.push_back(w[1]);
      f.push_back(rules::rosenbrock(w));
    }
    const std::string color = plot::series_color(i),
                      name = fmt::format("{}, rate {}", contestants[i].name, contestants[i].lr);
    valley.lines(px, py, name, {.solid = true, .color = color})
        .scatter({px.back()}, {py.back()}, "", {.size = 1.4, .color = color});
    height.lines(steps, f, name, {.solid = true, .color = color});
  }
  valley.scatter({-1.2, 1}, {1, 1}, "", {.size = 1.2, .color = "black"})
      .labels({-1.5, 1.03}, {1, 0.93}, {"start", "goal"});
  valley.title("paths; a mark where each ends, lines: log10 of f")
      .x_label("x")
      .y_label("y")
      .x_range(-1.6, 1.4)
      .y_range(-0.4, 1.6);
  height.title("how far down").log_y().x_label("step").y_label("f(x, y) (logarithmic)");
  return figure;
}

Figure lr_find(const train::LrFind& found) {
  Figure figure("Where the loss falls fastest: the rate to begin with");
  figure.axes().lines(found.lr, found.loss, "smoothed loss of the batches").log_x();
  figure.axes().vline(found.suggestion, fmt::format("suggestion {:.2g}", found.suggestion));
  figure.axes().scatter({found.suggestion}, {found.loss[found.index]}, "suggestion", {.size = 1.6});
  figure.axes()
      .x_label("learning rate (logarithmic), one step each")
      .y_label("loss")
      .y_range(0.4, 1);
  return figure;
}

Figure schedules() {
  Figure figure("Learning rates over time: go down, or warm up first and then go down",
                {.width = 1000, .height = 860});
  figure.subplots(2, 2);
  const std::vector<rates::Named> named = rates::hundred_steps();
  for (std::size_t i = 0; i < named.size(); ++i) {
    std::vector<double> steps, rate;
    for (int step = 0; step <= 100; ++step) {
      steps.push_back(step);
      rate.push_back(named[i].schedule(1, step));
    }
    figure.panel(0, i < 4 ? 0 : 1).lines(steps, rate, named[i].name);
  }
  for (std::size_t column = 0; column < 2; ++column)
    figure.panel(0, column)
        .title(column == 0 ? "going down" : "with warm-up")
        .x_label("step")
        .y_label("learning rate")
        .y_range(0, 1.05);
  std::vector<double> steps, far;
  for (int step = 0; step <= 30000; step += 100) steps.push_back(step + 1);
  for (const int size : {512, 128})
    for (const int warmup : {4000, 8000}) {
      std::vector<double> rate;
      for (const double n : steps) rate.push_back(rates::noam(size, warmup, int(n) - 1));
      figure.panel(1, 0).lines(steps, rate, fmt::format("size {}, warm-up {}", size, warmup));
    }
  figure.panel(1, 0).title("the transformer's (Noam)").x_label("step").y_label("learning rate");
  std::vector<double> cosine_steps, cosine;
  for (int step = 0; step <= 300; ++step) {
    cosine_steps.push_back(step);
    cosine.push_back(optim::CosineAnnealingLR(100, 0.05)(1, step));
  }
  figure.panel(1, 1)
      .lines(cosine_steps, cosine, "cosine in 100, lowest 0.05")
      .vline(100, "planned end");
  figure.panel(1, 1)
      .title("a cosine not stopped at its end climbs again")
      .x_label("step")
      .y_label("learning rate")
      .y_range(0, 1.05);
  return figure;
}

Figure depth(const depth::Table& table) {
  Figure figure(
      "A straight line on this scale is a factor for each layer: "
      "below 1 vanishes, above 1 explodes",
      {.width = 1000, .height = 600});
  const std::vector<depth::Setup> setups = depth::setups();
  for (std::size_t i = 0; i < setups.size(); ++i) {
    std::vector<double> norms;
    for (const double norm : table.norms[i]) norms.push_back(norm > 0 ? norm : std::nan(""));
    figure.axes().lines(std::vector<double>(table.layers.begin(), table.layers.end()), norms,
                        setups[i].name, {.points = true});
  }
  figure.axes()
      .log_y()
      .legend(plot::Legend::right)
      .x_label("hidden layers")
      .y_label("norm of the first layer's gradient (logarithmic)");
  return figure;
}

Figure clipping() {
  Figure figure("Clipping [0.9, 100]: by value turns the arrow, by norm only shortens it",
                {.width = 1000, .height = 640});
  figure.subplots(1, 2);
  const clipping::Vector g = {0.9, 100}, value = clipping::by_value(g, 1),
                         norm = clipping::by_norm(g, 1);
  const auto arrow = [&](std::size_t column, const clipping::Vector& to, const std::string& name) {
    figure.panel(0, column).lines({0, to[0]}, {0, to[1]}, name,
                                  {.solid = true, .points = true, .width = 3});
  };
  arrow(0, g, "gradient [0.9, 100]");
  arrow(0, value, "clipped by value");
  arrow(0, norm, "clipped by norm");
  figure.panel(0, 0)
      .title("to scale in length: both cut off 99 %")
      .x_label("first component")
      .y_label("second component")
      .x_range(-60, 60)
      .y_range(-5, 115);
  std::vector<double> x, y;  // the circle of length 1
  for (int degree = 0; degree <= 90; ++degree) {
    x.push_back(std::cos(degree * 3.14159265 / 180));
    y.push_back(std::sin(degree * 3.14159265 / 180));
  }
  arrow(1, {0.9 * 0.0118, 100 * 0.0118}, "direction of the gradient");
  arrow(1, value, "by value: [0.9, 1]");
  arrow(1, norm, "by norm: [0.009, 1.000]");
  figure.panel(0, 1).lines(x, y, "length 1", {.dashed = true, .width = 1, .color = "gray"});
  figure.panel(0, 1)
      .title("near the origin")
      .x_label("first component")
      .y_label("second component")
      .x_range(-0.1, 1.2)
      .y_range(-0.1, 1.2);
  return figure;
}

Figure overfitting(const std::vector<overfitting::Run>& runs) {
  Figure figure("Over-fitting: the training loss falls, the validation loss turns round",
                {.width = 1000, .height = 860});
  figure.subplots(2, 2);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const overfitting::Run& run = runs[i];
    std::vector<double> epochs, validation;
    for (const auto& [epoch, loss] : run.history.validation_losses()) {
      epochs.push_back(double(epoch));
      validation.push_back(loss);
    }
    plot::Axes& axes = figure.panel(i / 2, i % 2);
    axes.lines(epochs, run.history.train_losses(), "training", {.solid = true})
        .lines(epochs, validation, "validation", {.solid = true});
    axes.vline(double(run.best_epoch), "best")
        .title(run.name)
        .x_label("epoch")
        .y_label("loss")
        .y_range(0, 1.2);
    axes.x_range(0, double(runs.front().history.epochs.size()));
  }
  return figure;
}

}  // namespace pictures
