#include "common/plot/axes.hpp"

#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/style.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

constexpr std::size_t most_points = 20'000'000;

// "lines 'loss'" or "lines": how an error names a series.
std::string named(const char* what, const std::string& label) {
  return label.empty() ? std::string(what) : fmt::format("{} '{}'", what, one_line(label));
}

void check_lengths(const std::string& who, const Numbers& x, const char* other, const Numbers& y) {
  check(x.size() == y.size(), "plot: {}: x has {} values and {} has {}", who, x.size(), other, y.size());
  check(x.size() > 0, "plot: {}: there are no values", who);
  check(x.size() <= most_points, "plot: {}: {} values are more than {}", who, x.size(), most_points);
}

std::string checked_color(const std::string& color) { return color.empty() ? color : color_code(color); }

double checked_size(const std::string& who, const char* what, double value, double most) {
  check(value > 0 && value <= most, "plot: {}: {} {} is not between 0 and {}", who, what, value, most);
  return value;
}

void check_names(const char* what, const std::vector<std::string>& names, std::size_t count) {
  check(names.empty() || names.size() == count, "plot: heat_map: {} names for {} {}", names.size(), count, what);
}

void check_scale(const char* who, const std::optional<double>& low, const std::optional<double>& high) {
  check((!low || std::isfinite(*low)) && (!high || std::isfinite(*high)), "plot: {}: low and high must be finite", who);
  check(!low || !high || *low < *high, "plot: {}: low {} is not below high {}", who, low.value_or(0), high.value_or(0));
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

void set_range(std::optional<std::pair<double, double>>& range, const char* name, double low, double high) {
  check(std::isfinite(low) && std::isfinite(high) && low < high, "plot: {}: low {} is not below high {}", name, low, high);
  range = {low, high};
}

}  // namespace

Axes& Axes::lines(const Numbers& x, const Numbers& y, const std::string& label, const LineOptions& options) {
  const std::string who = named("lines", label);
  check_lengths(who, x, "y", y);
  checked_size(who, "width", options.width, 50);
  panel_.series.push_back({.kind = SeriesKind::line,
                           .label = label,
                           .x = x.values(),
                           .y = y.values(),
                           .upper = {},
                           .style = next_style(),
                           .color = checked_color(options.color),
                           .line = options});
  return *this;
}

Axes& Axes::scatter(const Numbers& x, const Numbers& y, const std::string& label, const PointOptions& options) {
  const std::string who = named("scatter", label);
  check_lengths(who, x, "y", y);
  panel_.series.push_back({.kind = SeriesKind::points,
                           .label = label,
                           .x = x.values(),
                           .y = y.values(),
                           .upper = {},
                           .style = next_style(),
                           .color = checked_color(options.color),
                           .size = checked_size(who, "size", options.size, 50)});
  return *this;
}

Axes& Axes::labels(const Numbers& x, const Numbers& y, const std::vector<std::string>& texts) {
  check_lengths("labels", x, "y", y);
  check(texts.size() == x.size(), "plot: labels: {} texts for {} points", texts.size(), x.size());
  check(texts.size() <= 2000, "plot: labels: {} texts are more than can be read (2000)", texts.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isfinite(x[i]) && std::isfinite(y[i])) panel_.marks.push_back({x[i], y[i], texts[i]});
  }
  return *this;
}

Axes& Axes::band(const Numbers& x, const Numbers& low, const Numbers& high, const std::string& label, const BandOptions& options) {
  const std::string who = named("band", label);
  check_lengths(who, x, "low", low);
  check_lengths(who, x, "high", high);
  checked_size(who, "opacity", options.opacity, 1);
  const Series* before = panel_.series.empty() ? nullptr : &panel_.series.back();
  std::string color = checked_color(options.color);
  if (color.empty() && before) color = before->color;
  panel_.series.push_back({.kind = SeriesKind::band,
                           .label = label,
                           .x = x.values(),
                           .y = low.values(),
                           .upper = high.values(),
                           .style = before ? before->style : next_style(),
                           .color = std::move(color),
                           .opacity = options.opacity});
  return *this;
}

Axes& Axes::bars(const std::vector<std::string>& names, const Numbers& values, const std::string& label, const BarOptions& options) {
  const std::string who = named("bars", label);
  check(names.size() == values.size(), "plot: {}: {} names for {} values", who, names.size(), values.size());
  check(!names.empty(), "plot: {}: there are no values", who);
  check(names.size() <= 500, "plot: {}: {} bars are more than can be read (500)", who, names.size());
  check(panel_.bars.empty() || names == panel_.bar_names, "plot: {}: the names differ from those of the bars before", who);
  panel_.bar_names = names;
  panel_.bars.push_back({label, values.values(), next_style(), checked_color(options.color), options.show_values});
  return *this;
}

void Axes::check_one_map(const char* what) const {
  check(!panel_.heat_map && !panel_.images && !panel_.contour, "plot: {}: this panel already has a heat map, images or a contour", what);
}

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
  panel_.heat_map = HeatMap{rows, cols, values.values(), row_names, col_names, options};
  return *this;
}

Axes& Axes::heat_map(const Array& matrix, const std::vector<std::string>& row_names, const std::vector<std::string>& col_names,
                     const HeatMapOptions& options) {
  check(matrix.dimension() == 2, "plot: heat_map: shape {} has not two axes", shape_of(matrix));
  return heat_map(matrix.shape()[0], matrix.shape()[1], matrix, row_names, col_names, options);
}

Axes& Axes::images(std::size_t rows, std::size_t cols, const std::vector<Numbers>& images, const ImageOptions& options) {
  constexpr std::size_t most = 4'000'000;
  check_one_map("images");
  check(rows > 0 && cols > 0 && !images.empty(), "plot: images: {} images of ({}, {}) have no pixels", images.size(), rows, cols);
  check(rows <= most && cols <= most / rows && images.size() <= most / (rows * cols),
        "plot: images: {} images of ({}, {}) have more than four million pixels", images.size(), rows, cols);
  check(options.captions.empty() || options.captions.size() == images.size(), "plot: images: {} captions for {} images",
        options.captions.size(), images.size());
  check_scale("images", options.low, options.high);
  std::vector<std::vector<double>> pixels;
  for (std::size_t i = 0; i < images.size(); ++i) {
    check(images[i].size() == rows * cols, "plot: images: image {} has {} pixels, not ({}, {})", i, images[i].size(), rows, cols);
    pixels.push_back(images[i].values());
  }
  panel_.images = ImageGrid{rows, cols, std::move(pixels), options};
  return *this;
}

Axes& Axes::images(const Array& images, const ImageOptions& options) {
  check(images.dimension() == 2 || images.dimension() == 3, "plot: images: shape {} is neither (rows, cols) nor (images, rows, cols)",
        shape_of(images));
  const std::size_t cols = images.shape().back(), rows = images.shape()[images.dimension() - 2];
  const std::size_t count = images.dimension() == 3 ? images.shape()[0] : 1;
  std::vector<Numbers> list;
  for (std::size_t i = 0; i < count; ++i) {
    const real* first = images.data() + i * rows * cols;
    list.emplace_back(std::vector<double>(first, first + rows * cols));
  }
  return this->images(rows, cols, list, options);
}

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
  panel_.contour = ContourMap{x.values(), y.values(), values.values(), options};
  return *this;
}

Axes& Axes::hline(double y, const std::string& label) {
  check(std::isfinite(y), "plot: {}: the place {} is not finite", named("hline", label), y);
  panel_.guides.push_back({true, y, label});
  return *this;
}

Axes& Axes::vline(double x, const std::string& label) {
  check(std::isfinite(x), "plot: {}: the place {} is not finite", named("vline", label), x);
  panel_.guides.push_back({false, x, label});
  return *this;
}

Axes& Axes::title(const std::string& text) {
  panel_.title = text;
  return *this;
}

Axes& Axes::x_label(const std::string& text) {
  panel_.x.label = text;
  return *this;
}

Axes& Axes::y_label(const std::string& text) {
  panel_.y.label = text;
  return *this;
}

Axes& Axes::x_range(double low, double high) {
  set_range(panel_.x.range, "x_range", low, high);
  return *this;
}

Axes& Axes::y_range(double low, double high) {
  set_range(panel_.y.range, "y_range", low, high);
  return *this;
}

Axes& Axes::log_x(bool on) {
  panel_.x.log = on;
  return *this;
}

Axes& Axes::log_y(bool on) {
  panel_.y.log = on;
  return *this;
}

Axes& Axes::x_ticks(const Numbers& places, const std::vector<std::string>& names) { return set_ticks(panel_.x, places, names); }

Axes& Axes::y_ticks(const Numbers& places, const std::vector<std::string>& names) { return set_ticks(panel_.y, places, names); }

Axes& Axes::set_ticks(Axis& axis, const Numbers& places, const std::vector<std::string>& names) {
  check(places.size() == names.size(), "plot: ticks: {} places for {} names", places.size(), names.size());
  check(places.size() <= 500, "plot: ticks: {} are more than can be read (500)", places.size());
  for (std::size_t i = 0; i < places.size(); ++i) check(std::isfinite(places[i]), "plot: ticks: place {} is not finite", i);
  axis.tick_places = places.values();
  axis.tick_names = names;
  return *this;
}

Axes& Axes::legend(Legend place) {
  panel_.legend = place;
  return *this;
}

}  // namespace byhand::plot
