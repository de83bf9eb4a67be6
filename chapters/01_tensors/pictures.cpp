#include "chapters/01_tensors/pictures.hpp"

#include <cmath>
#include <limits>

#include "common/tensor/matmul.hpp"

namespace tensors {
using namespace byhand;
namespace {

// Sizes at which one unit is as long on both axes: from -3.5 to 3.5 both ways, and from -3.7 to 5.7
// by -0.8 to 5.4.
constexpr plot::FigureOptions panels{.width = 1000, .height = 735},
    flat_panels{.width = 1000, .height = 569};

Array column(const Array& points, std::size_t i) { return xt::view(points, xt::all(), i); }

/// The line from (x0, y0) to (x1, y1) as many points, since its image may be bent. (21, 2)
Array segment(real x0, real y0, real x1, real y1) {
  Array points = empty({21, 2});
  for (std::size_t i = 0; i < 21; ++i) {
    const real t = real(i) / 20;
    points(i, 0) = x0 + t * (x1 - x0);
    points(i, 1) = y0 + t * (y1 - y0);
  }
  return points;
}

/// All lines of the grid from -2 to 2, one unit apart, as one series with gaps.
struct Drawn {
  std::vector<double> x, y;
};
Drawn grid_under(const Map& map) {
  Drawn drawn;
  const auto add = [&](const Array& line) {
    const Array image = map(line);
    for (std::size_t i = 0; i < image.shape()[0]; ++i) {
      drawn.x.push_back(image(i, 0));
      drawn.y.push_back(image(i, 1));
    }
    drawn.x.push_back(std::numeric_limits<double>::quiet_NaN());
    drawn.y.push_back(std::numeric_limits<double>::quiet_NaN());
  };
  for (int place = -2; place <= 2; ++place) {
    add(segment(real(place), -2, real(place), 2));
    add(segment(-2, real(place), 2, real(place)));
  }
  return drawn;
}

}  // namespace

plot::Figure grids_figure(const std::vector<NamedMap>& maps) {
  plot::Figure figure(
      "Linear maps keep lines straight and evenly spaced, and 0 at 0 "
      "(blue: after; dot: where 0 went)",
      panels);
  figure.subplots(2, 3);
  const Drawn before = grid_under([](const Array& x) { return x; });
  for (std::size_t i = 0; i < maps.size(); ++i) {
    const Drawn after = grid_under(maps[i].map);
    const Array origin = maps[i].map(zeros({1, 2}));
    plot::Axes& axes = figure.panel(i / 3, i % 3);
    axes.scatter({origin(0, 0)}, {origin(0, 1)}, "", {.size = 1.5, .color = "vermillion"});
    axes.lines(before.x, before.y, "", {.solid = true, .width = 1, .color = "#b8b8b8"});
    axes.lines(after.x, after.y, "", {.solid = true, .color = "blue"});
    axes.title(fmt::format("{}: {}", maps[i].name, name(maps[i].kind)))
        .x_range(-3.5, 3.5)
        .y_range(-3.5, 3.5)
        .legend(plot::Legend::none);
    axes.x_label("x").y_label("y");
  }
  return figure;
}

plot::Figure order_figure(const Array& first, const std::string& first_name, const Array& second,
                          const std::string& second_name) {
  plot::Figure figure(
      "The same two matrices in the other order: another F (dots: both multiplied into one matrix)",
      flat_panels);
  figure.subplots(2, 3);
  for (std::size_t row = 0; row < 2; ++row) {
    const Array &A = row == 0 ? first : second, &B = row == 0 ? second : first;
    const std::string &name_a = row == 0 ? first_name : second_name,
                      &name_b = row == 0 ? second_name : first_name;
    const Array start = letter_f(), between = matmul(start, A), end = matmul(between, B),
                at_once = matmul(start, matmul(A, B));
    const std::vector<std::pair<std::string, const Array*>> stages = {
        {"start", &start}, {name_a, &between}, {fmt::format("{}, then {}", name_a, name_b), &end}};
    for (std::size_t col = 0; col < 3; ++col) {
      const Array& outline = *stages[col].second;
      plot::Axes& axes = figure.panel(row, col);
      if (col == 2)
        axes.scatter(column(at_once, 0), column(at_once, 1), "",
                     {.size = 1.5, .color = "vermillion"});
      axes.lines(column(start, 0), column(start, 1), "",
                 {.solid = true, .width = 1, .color = "#b8b8b8"});
      axes.lines(column(outline, 0), column(outline, 1), "",
                 {.solid = true, .width = 2.5, .color = "blue"});
      axes.title(stages[col].first)
          .x_range(-3.7, 5.7)
          .y_range(-0.8, 5.4)
          .legend(plot::Legend::none)
          .x_label("x")
          .y_label("y");
    }
  }
  return figure;
}

plot::Figure step_figure(const ErrorCurve& in_float, const ErrorCurve& in_double) {
  plot::Figure figure("Smaller steps help until rounding takes over",
                      {.width = 900, .height = 560});
  // An error of 0 has no place on a logarithmic axis.
  const auto drawable = [](std::vector<double> errors) {
    for (double& error : errors)
      if (!(error > 0)) error = std::numeric_limits<double>::quiet_NaN();
    return errors;
  };
  std::vector<double> square;
  for (const double h : in_double.h)
    square.push_back(in_double.error[3] * h * h / (in_double.h[3] * in_double.h[3]));
  figure.axes().lines(in_double.h, square, "proportional to h^2",
                      {.dashed = true, .width = 1, .color = "gray"});
  figure.axes().lines(in_float.h, drawable(in_float.error), "float",
                      {.solid = true, .points = true, .color = "vermillion"});
  figure.axes().lines(in_double.h, drawable(in_double.error), "double",
                      {.solid = true, .points = true, .color = "blue"});
  figure.axes()
      .x_label("step h")
      .y_label("error of the central difference for df/dx")
      .log_x()
      .log_y()
      .y_range(1e-13, 10);
  return figure;
}

}  // namespace tensors
