// Heat maps, images and contours: grids of values as colours.
#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/panel_script.hpp"
#include "common/plot/text.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

std::string matrix_lines(const std::vector<double>& values, std::size_t cols) {
  std::string lines;
  for (std::size_t i = 0; i < values.size(); ++i) lines += number_text(values[i]) + ((i + 1) % cols ? " " : "\n");
  return lines;
}

// "column row value" of each finite cell; gnuplot would paint the others white.
std::string cell_lines(const std::vector<double>& values, std::size_t cols) {
  std::string lines;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) lines += fmt::format("{} {} {}\n", i % cols, i / cols, number_text(values[i]));
  }
  return lines.empty() ? "0 0 NaN\n" : lines;
}

// gnuplot's image style is small and has no seams but needs 2 x 2 cells; boxes are vectors, sharp at every size.
bool draws_boxes(std::size_t rows, std::size_t cols) { return rows < 2 || cols < 2 || rows * cols <= 1600; }

// Ticks of a heat map: its names, or a number every so often.
std::string cell_ticks(char axis, const std::vector<std::string>& names, std::size_t count, bool turned) {
  if (!names.empty()) return named_ticks(axis, {}, names, turned);
  return fmt::format("set {}tics 0,{}\n", axis, (count + 11) / 12);
}

std::size_t widest(const std::vector<std::string>& names) {
  std::size_t width = 0;
  for (const std::string& name : names) width = std::max(width, display_width(name));
  return width;
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
    script.settings +=
        fmt::format("set label '{}' at first {}, first {} center front font ',{:.4g}' textcolor rgb '{}'\n", text, i % map.cols,
                    i / map.cols, size * scale, dark && script.target != Target::sketch ? "#ffffff" : "#202020");
  }
}

// A sketch shows a pixel as a letter, the more ink the higher; every so many pixels where there are more than a terminal has places.
std::string image_letters(const ImageGrid& grid, const std::vector<double>& levels, double x, double y) {
  static constexpr std::string_view ramp = " .:-=+*#%@";
  const std::size_t every = 1 + std::max(grid.rows, grid.cols) * std::size_t(std::sqrt(double(grid.images.size()))) / 80;
  std::string out;
  for (std::size_t row = 0; row < grid.rows; row += every) {
    for (std::size_t col = 0; col < grid.cols; col += every) {
      const double level = levels[row * grid.cols + col];
      if (std::isnan(level)) continue;
      const double scale = 1 / double(grid.cols);
      out += fmt::format("set label '{}' at first {:.6g}, first {:.6g} center\n", ramp[std::size_t(level * 9.99 / 255)],
                         x + (double(col) + 0.5) * scale, y - (double(row) + 0.5) * scale);
    }
  }
  return out;
}

// As many columns as make the tiles largest.
std::size_t best_columns(std::size_t count, double tile_width, double tile_height, double width, double height) {
  std::size_t best = 1;
  double best_scale = 0;
  for (std::size_t columns = 1; columns <= count; ++columns) {
    const std::size_t rows = (count + columns - 1) / columns;
    const double scale = std::min(width / (double(columns) * tile_width), height / (double(rows) * tile_height));
    if (scale > best_scale * 1.0001) best = columns, best_scale = scale;
  }
  return best;
}

// Pixels as 0 … 255: what a screen shows, and short in the file.
std::vector<double> gray_levels(const std::vector<double>& image, double low, double high) {
  std::vector<double> levels;
  for (const double value : image) {
    const double bounded = std::isnan(value) ? value : std::clamp(value, low, high);
    levels.push_back(std::round(255 * (bounded - low) / (high - low)));
  }
  return levels;
}

std::vector<double> levels_of(const ContourMap& map, double low, double high) {
  std::vector<double> levels = map.options.levels;
  for (std::size_t i = 0; levels.size() < map.options.count && map.options.levels.empty(); ++i) {
    levels.push_back(low + (high - low) * double(i + 1) / double(map.options.count + 1));
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

}  // namespace

void draw_heat_map(const HeatMap& map, PanelScript& script) {
  const HeatMapOptions& o = map.options;
  auto [low, high] = value_range(map.values, o.low, o.high).value_or(std::pair(0.0, 1.0));
  if (o.low) low = *o.low;
  if (o.high) high = *o.high;
  if (o.diverging && !o.low && !o.high) high = std::max(std::abs(low), std::abs(high)), low = -high;
  check(low < high, "plot: heat_map: its scale from {} to {} is empty", low, high);
  const Palette palette = o.diverging ? Palette::diverging : Palette::viridis;
  script.use_palette(palette, low, high, o.color_bar);

  const double cell_width = 0.75 * script.width / double(map.cols), cell_height = 0.75 * script.height / double(map.rows);
  const double cell = o.square ? std::min(cell_width, cell_height) : cell_width, cell_high = o.square ? cell : cell_height;
  const bool turned = widest(map.col_names) + 1 > script.letters(cell) && script.target != Target::sketch;
  script.settings += fmt::format("set xrange [-0.5:{}]\nset yrange [{}:-0.5]\nset tics scale 0\nunset border\n",
                                 number_text(double(map.cols) - 0.5), number_text(double(map.rows) - 0.5));
  script.settings += cell_ticks('x', map.col_names, map.cols, turned) + cell_ticks('y', map.row_names, map.rows, false);
  if (turned) script.leave_room_for_turned(map.col_names[0], cell / 2, widest(map.row_names) + 5);
  if (cell_high * double(map.rows) < 130) script.settings += fmt::format("set cbtics ({}, {})\n", number_text(low), number_text(high));
  if (o.square && script.target != Target::sketch) script.settings += "set size ratio -1\n";
  if (script.target != Target::sketch)
    script.settings += "set object rectangle from graph 0,0 to graph 1,1 behind fc rgb '#d9d9d9' fs solid noborder\n";
  if (o.show_values || script.target == Target::sketch) draw_cell_values(map, palette, low, high, cell, script);

  std::vector<double> shown = map.values;
  for (double& value : shown) value = std::isfinite(value) ? std::clamp(value, low, high) : value;
  if (draws_boxes(map.rows, map.cols)) {
    script.plots.push_back(script.add_data(cell_lines(shown, map.cols)) +
                           " using 1:2:(0.5):(0.5):3 with boxxyerror fs solid noborder lc palette notitle");
  } else {
    script.plots.push_back(script.add_data(matrix_lines(shown, map.cols)) + " matrix using 1:2:3 with image notitle");
  }
}

void draw_images(const ImageGrid& grid, PanelScript& script) {
  const ImageOptions& o = grid.options;
  std::vector<double> all;
  for (const std::vector<double>& image : grid.images) all.insert(all.end(), image.begin(), image.end());
  auto [low, high] = value_range(all, o.low, o.high).value_or(std::pair(0.0, 1.0));
  if (o.low) low = *o.low;
  if (o.high) high = *o.high;
  check(low < high, "plot: images: the scale of gray from {} to {} is empty", low, high);
  script.use_palette(o.dark_is_high ? Palette::gray_reversed : Palette::gray, 0, 255, false);

  // Units: an image is 1 wide. Between two a little room, and below each a line of text if it has a caption.
  const double height = double(grid.rows) / double(grid.cols), gap = 0.08, pixels_wide = 0.95 * script.width,
               pixels_high = 0.85 * script.height;
  std::size_t columns = std::min(o.columns ? o.columns : best_columns(grid.images.size(), 1 + gap, height + gap, pixels_wide, pixels_high),
                                 grid.images.size());
  const std::size_t rows = (grid.images.size() + columns - 1) / columns;
  const double line = script.target == Target::sketch ? 2 : 1.5 * script.font_size;
  const double room = pixels_high - (o.captions.empty() ? 0 : line * double(rows));
  const double unit = std::max(1.0, std::min(pixels_wide / (double(columns) * (1 + gap)), room / (double(rows) * (height + gap))));
  const double step_x = 1 + gap, step_y = height + gap + (o.captions.empty() ? 0 : line / unit);
  script.settings += fmt::format("set xrange [{}:{}]\nset yrange [{}:{}]\nset size ratio -1\nunset border\nunset tics\n", number_text(-gap),
                                 number_text(double(columns) * step_x), number_text(-double(rows) * step_y), number_text(gap));
  script.settings += "set lmargin 1\nset rmargin 1\nset bmargin 1\n";
  for (std::size_t i = 0; i < grid.images.size(); ++i) {
    const double x = double(i % columns) * step_x, y = -double(i / columns) * step_y, pixel = 1 / double(grid.cols);
    const std::vector<double> levels = gray_levels(grid.images[i], low, high);
    if (script.target == Target::sketch) script.settings += image_letters(grid, levels, x, y);
    const std::string name = script.add_data(matrix_lines(levels, grid.cols));
    const bool boxes = grid.rows < 2 || grid.cols < 2;
    script.plots.push_back(fmt::format("{0} matrix using ({1:.6g}+($1+0.5)*{2:.9g}):({3:.6g}-($2+0.5)*{2:.9g}):{4} notitle", name, x, pixel,
                                       y,
                                       boxes ? fmt::format("({0:.9g}):({0:.9g}):3 with boxxyerror fs solid noborder lc palette", pixel / 2)
                                             : std::string("3 with image")));
    if (o.captions.empty()) continue;
    script.settings += fmt::format("set label {} at first {:.6g}, first {:.6g} center offset 0,-0.7 front textcolor rgb '#303030'\n",
                                   quoted_text(o.captions[i]), x + 0.5, y - height);
  }
}

void draw_contour(const ContourMap& map, PanelScript& script) {
  const auto range = value_range(map.values, std::nullopt, std::nullopt);
  check(range.has_value(), "plot: contour: there is no finite value");
  const auto [low, high] = *range;
  const std::vector<double> levels = levels_of(map, low, high);
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
  const auto [first_level, last_level] = *value_range(levels, std::nullopt, std::nullopt);
  const bool filled = map.options.filled && script.target != Target::sketch;
  // A filled cell reaches half a cell beyond its point.
  const double half_x = filled ? 0.5 * (map.x[1] - map.x[0]) : 0, half_y = filled ? 0.5 * (map.y[1] - map.y[0]) : 0;
  script.settings +=
      fmt::format("set xrange [{}:{}]\nset yrange [{}:{}]\n", number_text(map.x.front() - half_x), number_text(map.x.back() + half_x),
                  number_text(map.y.front() - half_y), number_text(map.y.back() + half_y));
  if (!filled) {
    script.use_palette(Palette::contour, first_level, last_level, true);
    const char* color = script.target == Target::sketch ? "lt 0" : "dt solid lw 1.3 lc palette";
    script.plots.push_back(fmt::format("{} using 1:2:3 with lines {} notitle", lines, color));
    return;
  }
  const double lowest = log ? std::max(low, levels.front() / 2) : low;
  script.use_palette(Palette::viridis, lowest, high, true);
  script.settings += "unset grid\n";
  script.plots.push_back(script.add_data(grid_lines(map, lowest, high)) + " using 1:2:3 with image notitle");
  script.plots.push_back(lines + " using 1:2 with lines dt solid lw 1 lc rgb '#ffffff' notitle");
}

}  // namespace byhand::plot
