// Lines of equal height.
#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/axes.hpp"

namespace byhand::plot {
namespace {

struct ContourMap {
  std::vector<double> x, y, values;  // values (y.size(), x.size()), row-major
  ContourOptions options;
};

std::vector<double> levels_of(const ContourOptions& options, double low, double high) {
  std::vector<double> levels = options.levels;
  for (std::size_t i = 0; levels.size() < options.count && options.levels.empty(); ++i) {
    levels.push_back(low + (high - low) * double(i + 1) / double(options.count + 1));
  }
  std::sort(levels.begin(), levels.end());
  const bool some = std::any_of(levels.begin(), levels.end(), [&](double level) { return low < level && level < high; });
  check(some, "plot: contour: none of the levels lies between the lowest value {} and the highest {}", low, high);
  return levels;
}

std::string grid_lines(const ContourMap& map, double low, double high) {
  std::string lines;
  for (std::size_t row = 0; row < map.y.size(); ++row) {
    if (row) lines += '\n';
    for (std::size_t col = 0; col < map.x.size(); ++col) {
      double value = map.values[row * map.x.size() + col];
      if (std::isfinite(value)) value = std::clamp(value, low, high);
      lines += number_text(map.x[col]) + ' ' + number_text(map.y[row]) + ' ' + number_text(value) + '\n';
    }
  }
  return lines;
}

void draw_contour(const ContourMap& map, PanelScript& script) {
  const auto range = value_range(map.values);
  check(range.has_value(), "plot: contour: there is no finite value");
  const auto [low, high] = *range;
  const std::vector<double> levels = levels_of(map.options, low, high);
  const std::string grid = script.add_data(grid_lines(map, low, high)), lines = fmt::format("$contour_{}", script.number);
  std::string list;
  for (const double level : levels) list += (list.empty() ? "" : ",") + number_text(level);
  script.data += fmt::format(
      "set contour base\nunset surface\nset cntrparam levels discrete {}\nset table {}\nsplot {} using 1:2:3 with lines\nunset table\n"
      "unset contour\nset surface\n",
      list, lines, grid);
  // Levels such as 0.1, 1, 10, 100 are told apart only on a logarithmic scale of colour.
  const bool log = levels.front() > 0 && levels.back() >= 50 * levels.front();
  if (log) script.settings += "set logscale cb\n";
  const bool filled = map.options.filled && !script.is_sketch();
  // A filled cell reaches half a cell beyond its point.
  const double half_x = filled ? 0.5 * (map.x[1] - map.x[0]) : 0, half_y = filled ? 0.5 * (map.y[1] - map.y[0]) : 0;
  script.settings +=
      fmt::format("set xrange [{}:{}]\nset yrange [{}:{}]\n", number_text(map.x.front() - half_x), number_text(map.x.back() + half_x),
                  number_text(map.y.front() - half_y), number_text(map.y.back() + half_y));
  if (!filled) {
    const auto [first_level, last_level] = *value_range(levels);
    script.use_palette(Palette::contour, first_level, last_level, true);
    const char* color = script.is_sketch() ? "lt 0" : "dt solid lw 1.3 lc palette";
    script.plots.push_back(fmt::format("{} using 1:2:3 with lines {} notitle", lines, color));
    return;
  }
  const double lowest = log ? std::max(low, levels.front() / 2) : low;
  script.use_palette(Palette::viridis, lowest, high, true);
  script.settings += "unset grid\n";
  script.plots.push_back(script.add_data(grid_lines(map, lowest, high)) + " using 1:2:3 with image notitle");
  script.plots.push_back(lines + " using 1:2 with lines dt solid lw 1 lc rgb '#ffffff' notitle");
}

void check_ascending(const char* name, const Numbers& values) {
  check(values.size() >= 2, "plot: contour: {} has {} values, at least 2 are needed", name, values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    check(std::isfinite(values[i]) && (i == 0 || values[i - 1] < values[i]), "plot: contour: {}[{}] = {} does not ascend", name, i,
          values[i]);
  }
}

void check_even(const char* name, const Numbers& values) {
  const double step = (values[values.size() - 1] - values[0]) / double(values.size() - 1);
  for (std::size_t i = 0; i < values.size(); ++i) {  // 1 % of a cell cannot be seen; float rounding stays far below it
    check(std::abs(values[i] - (values[0] + step * double(i))) <= 0.01 * step,
          "plot: contour: {} is not evenly spaced at index {}, which .filled needs", name, i);
  }
}

}  // namespace

Axes& Axes::contour(const Numbers& x, const Numbers& y, const Numbers& values, const ContourOptions& options) {
  check_one_map("contour");
  check_ascending("x", x);
  check_ascending("y", y);
  check(x.size() <= 2000 && y.size() <= 2000, "plot: contour: a grid of ({}, {}) is larger than (2000, 2000)", y.size(), x.size());
  check(values.size() == x.size() * y.size(), "plot: contour: {} values for a grid of ({}, {})", values.size(), y.size(), x.size());
  const bool all_finite = std::all_of(options.levels.begin(), options.levels.end(), [](double level) { return std::isfinite(level); });
  check(all_finite, "plot: contour: the levels must be finite");
  check(options.levels.size() <= 200 && options.count >= 1 && options.count <= 200, "plot: contour: between 1 and 200 levels can be drawn");
  if (options.filled) {
    check_even("x", x);
    check_even("y", y);
  }
  const ContourMap map{x.values(), y.values(), values.values(), options};
  return add({.layer = Layer::map, .x = x.values(), .tinted = true, .draw = [map](const Chart&, PanelScript& s) { draw_contour(map, s); }});
}

}  // namespace byhand::plot
