// Gray images side by side.
#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/axes.hpp"

namespace byhand::plot {
namespace {

struct Grid {
  std::size_t rows, cols;  // of each image
  std::vector<Numbers> images;
  ImageOptions options;
};

// A sketch shows a pixel as a letter, the more ink the higher; every so many pixels where there are more than a terminal has places.
std::string image_letters(const Grid& grid, const std::vector<double>& levels, double x, double y) {
  static constexpr std::string_view ramp = " .:-=+*#%@";
  const std::size_t every = 1 + std::max(grid.rows, grid.cols) * std::size_t(std::sqrt(double(grid.images.size()))) / 80;
  const double scale = 1 / double(grid.cols);
  std::string out;
  for (std::size_t row = 0; row < grid.rows; row += every) {
    for (std::size_t col = 0; col < grid.cols; col += every) {
      const double level = levels[row * grid.cols + col];
      if (std::isnan(level)) continue;
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
std::vector<double> gray_levels(const Numbers& image, double low, double high) {
  std::vector<double> levels;
  for (const double value : image.values()) {
    const double bounded = std::isnan(value) ? value : std::clamp(value, low, high);
    levels.push_back(std::round(255 * (bounded - low) / (high - low)));
  }
  return levels;
}

void draw_images(const Grid& grid, PanelScript& script) {
  const ImageOptions& o = grid.options;
  const std::size_t count = grid.images.size();
  std::vector<double> all;
  for (const Numbers& image : grid.images) all.insert(all.end(), image.values().begin(), image.values().end());
  const auto [low, high] = scale_of(all, o.low, o.high);
  check(low < high, "plot: images: the scale of gray from {} to {} is empty", low, high);
  script.use_palette(o.dark_is_high ? Palette::gray_reversed : Palette::gray, 0, 255, false);

  // Units: an image is 1 wide. Between two a little room, and below each a line of text if it has a caption.
  const double height = double(grid.rows) / double(grid.cols), pixel = 1 / double(grid.cols), gap = 0.08;
  const double pixels_wide = 0.95 * script.width, pixels_high = 0.85 * script.height;
  const std::size_t columns = std::min(o.columns ? o.columns : best_columns(count, 1 + gap, height + gap, pixels_wide, pixels_high), count);
  const std::size_t rows = (count + columns - 1) / columns;
  const double line = script.is_sketch() ? 2 : 1.5 * script.font_size;
  const double room = pixels_high - (o.captions.empty() ? 0 : line * double(rows));
  const double unit = std::max(1.0, std::min(pixels_wide / (double(columns) * (1 + gap)), room / (double(rows) * (height + gap))));
  const double step_x = 1 + gap, step_y = height + gap + (o.captions.empty() ? 0 : line / unit);
  script.settings += fmt::format("set xrange [{}:{}]\nset yrange [{}:{}]\nset size ratio -1\nunset border\nunset tics\n", number_text(-gap),
                                 number_text(double(columns) * step_x), number_text(-double(rows) * step_y), number_text(gap));
  script.settings += "set lmargin 1\nset rmargin 1\nset bmargin 1\n";
  const std::string how = grid.rows < 2 || grid.cols < 2
                              ? fmt::format("({0:.9g}):({0:.9g}):3 with boxxyerror fs solid noborder lc palette", pixel / 2)
                              : "3 with image";
  for (std::size_t i = 0; i < count; ++i) {
    const double x = double(i % columns) * step_x, y = -double(i / columns) * step_y;
    const std::vector<double> levels = gray_levels(grid.images[i], low, high);
    if (script.is_sketch()) script.settings += image_letters(grid, levels, x, y);
    const std::string name = script.add_data(matrix_lines(levels, grid.cols));
    script.plots.push_back(
        fmt::format("{0} matrix using ({1:.6g}+($1+0.5)*{2:.9g}):({3:.6g}-($2+0.5)*{2:.9g}):{4} notitle", name, x, pixel, y, how));
    if (o.captions.empty()) continue;
    script.settings += fmt::format("set label {} at first {:.6g}, first {:.6g} center offset 0,-0.7 front textcolor rgb '#303030'\n",
                                   quoted_text(o.captions[i]), x + 0.5, y - height);
  }
}

}  // namespace

Axes& Axes::images(std::size_t rows, std::size_t cols, const std::vector<Numbers>& images, const ImageOptions& options) {
  constexpr std::size_t most = 4'000'000;
  check_one_map("images");
  check(rows > 0 && cols > 0 && !images.empty(), "plot: images: {} images of ({}, {}) have no pixels", images.size(), rows, cols);
  check(rows <= most && cols <= most / rows && images.size() <= most / (rows * cols),
        "plot: images: {} images of ({}, {}) have more than four million pixels", images.size(), rows, cols);
  check(options.captions.empty() || options.captions.size() == images.size(), "plot: images: {} captions for {} images",
        options.captions.size(), images.size());
  check_scale("images", options.low, options.high);
  for (std::size_t i = 0; i < images.size(); ++i)
    check(images[i].size() == rows * cols, "plot: images: image {} has {} pixels, not ({}, {})", i, images[i].size(), rows, cols);
  const Grid grid{rows, cols, images, options};
  return add({.layer = Layer::map, .plain = true, .draw = [grid](const Chart&, PanelScript& s) { draw_images(grid, s); }});
}

Axes& Axes::images(const Array& images, const ImageOptions& options) {
  check(images.dimension() == 2 || images.dimension() == 3, "plot: images: shape {} is neither (rows, cols) nor (images, rows, cols)",
        shape_of(images));
  const std::size_t cols = images.shape().back(), rows = images.shape()[images.dimension() - 2];
  std::vector<Numbers> list;
  for (std::size_t i = 0; i < (images.dimension() == 3 ? images.shape()[0] : 1); ++i) {
    const real* first = images.data() + i * rows * cols;
    list.emplace_back(std::vector<double>(first, first + rows * cols));
  }
  return this->images(rows, cols, list, options);
}

}  // namespace byhand::plot
