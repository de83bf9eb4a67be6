// A matrix as colours.
#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/axes.hpp"

namespace byhand::plot {
namespace {

struct HeatMap {
  std::size_t rows, cols;
  std::vector<double> values;  // row-major
  std::vector<std::string> row_names, col_names;
  HeatMapOptions options;
};

// "column row value" of each finite cell; gnuplot would paint the others white.
std::string cell_lines(const std::vector<double>& values, std::size_t cols) {
  std::string lines;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) lines += fmt::format("{} {} {}\n", i % cols, i / cols, number_text(values[i]));
  }
  return lines.empty() ? "0 0 NaN\n" : lines;
}

// Ticks of a heat map: its names, or a number every so often.
std::string cell_ticks(char axis, const std::vector<std::string>& names, std::size_t count, bool turned) {
  if (!names.empty()) return named_ticks(axis, {}, names, turned);
  return fmt::format("set {}tics 0,{}\n", axis, (count + 11) / 12);
}

std::string cell_text(double value, int decimals) {
  if (std::isnan(value)) return "";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  return fmt::format("{:.{}f}", value, decimals);
}

void draw_cell_values(const HeatMap& map, Palette palette, double low, double high, double cell, PanelScript& script) {
  std::size_t letters = 1;
  for (const double value : map.values) letters = std::max(letters, cell_text(value, map.options.decimals).size());
  // As large as fits into a cell. In a PNG the size is in points.
  const double size = std::clamp(0.85 * cell / (0.6 * double(letters)), 6.0, double(script.font_size));
  const double scale = script.target == Target::svg ? 1 : 0.75;
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    const std::string text = cell_text(map.values[i], map.options.decimals);
    if (text.empty()) continue;
    const bool dark = std::isfinite(map.values[i]) && palette_brightness(palette, (map.values[i] - low) / (high - low)) < 0.55;
    script.settings += fmt::format("set label '{}' at first {}, first {} center front font ',{:.4g}' textcolor rgb '{}'\n", text,
                                   i % map.cols, i / map.cols, size * scale, dark && !script.is_sketch() ? "#ffffff" : "#202020");
  }
}

void draw_heat_map(const HeatMap& map, PanelScript& script) {
  const HeatMapOptions& o = map.options;
  auto [low, high] = scale_of(map.values, o.low, o.high);
  if (o.diverging && !o.low && !o.high) high = std::max(std::abs(low), std::abs(high)), low = -high;
  check(low < high, "plot: heat_map: its scale from {} to {} is empty", low, high);
  const Palette palette = o.diverging ? Palette::diverging : Palette::viridis;
  script.use_palette(palette, low, high, o.color_bar);

  const double cell_width = 0.75 * script.width / double(map.cols), cell_height = 0.75 * script.height / double(map.rows);
  const double cell = o.square ? std::min(cell_width, cell_height) : cell_width, cell_high = o.square ? cell : cell_height;
  const bool turned = widest(map.col_names) + 1 > script.letters(cell) && !script.is_sketch();
  script.settings += fmt::format("set xrange [-0.5:{}]\nset yrange [{}:-0.5]\nset tics scale 0\nunset border\n",
                                 number_text(double(map.cols) - 0.5), number_text(double(map.rows) - 0.5));
  script.settings += cell_ticks('x', map.col_names, map.cols, turned) + cell_ticks('y', map.row_names, map.rows, false);
  if (turned) script.leave_room_for_turned(map.col_names[0], cell / 2, widest(map.row_names) + 5);
  if (cell_high * double(map.rows) < 130) script.settings += fmt::format("set cbtics ({}, {})\n", number_text(low), number_text(high));
  if (o.square && !script.is_sketch()) script.settings += "set size ratio -1\n";
  if (!script.is_sketch())
    script.settings += "set object rectangle from graph 0,0 to graph 1,1 behind fc rgb '#d9d9d9' fs solid noborder\n";
  if (o.show_values || script.is_sketch()) draw_cell_values(map, palette, low, high, cell, script);

  std::vector<double> shown = map.values;
  for (double& value : shown) value = std::isfinite(value) ? std::clamp(value, low, high) : value;
  // gnuplot's image style is small and has no seams but needs 2 x 2 cells; boxes are vectors, sharp at every size.
  const bool boxes = map.rows < 2 || map.cols < 2 || map.rows * map.cols <= 1600;
  script.plots.push_back(boxes ? script.add_data(cell_lines(shown, map.cols)) +
                                     " using 1:2:(0.5):(0.5):3 with boxxyerror fs solid noborder lc palette notitle"
                               : script.add_data(matrix_lines(shown, map.cols)) + " matrix using 1:2:3 with image notitle");
}

void check_names(const char* what, const std::vector<std::string>& names, std::size_t count) {
  check(names.empty() || names.size() == count, "plot: heat_map: {} names for {} {}", names.size(), count, what);
}

}  // namespace

Axes& Axes::heat_map(std::size_t rows, std::size_t cols, const Numbers& values, const std::vector<std::string>& row_names,
                     const std::vector<std::string>& col_names, const HeatMapOptions& options) {
  check_one_map("heat_map");
  check(rows > 0 && cols > 0, "plot: heat_map: ({}, {}) has no cells", rows, cols);
  check(rows <= 1'000'000 && cols <= 1'000'000 / rows, "plot: heat_map: ({}, {}) has more than a million cells", rows, cols);
  check(values.size() == rows * cols, "plot: heat_map: {} values for ({}, {})", values.size(), rows, cols);
  check_names("rows", row_names, rows);
  check_names("columns", col_names, cols);
  check(!options.show_values || rows * cols <= 2500, "plot: heat_map: ({}, {}) has too many cells to show their values (2500)", rows, cols);
  check(options.decimals >= 0 && options.decimals <= 9, "plot: heat_map: {} decimals is not between 0 and 9", options.decimals);
  check_scale("heat_map", options.low, options.high);
  const HeatMap map{rows, cols, values.values(), row_names, col_names, options};
  return add({.layer = Layer::map, .plain = true, .tinted = true, .draw = [map](const Chart&, PanelScript& s) { draw_heat_map(map, s); }});
}

Axes& Axes::heat_map(const Array& matrix, const std::vector<std::string>& row_names, const std::vector<std::string>& col_names,
                     const HeatMapOptions& options) {
  check(matrix.dimension() == 2, "plot: heat_map: shape {} has not two axes", shape_of(matrix));
  return heat_map(matrix.shape()[0], matrix.shape()[1], matrix, row_names, col_names, options);
}

}  // namespace byhand::plot
