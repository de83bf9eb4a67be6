#pragma once
/// @file
/// Appliance, plot. What an Axes has collected, checked and ready to be written as a gnuplot script.
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/plot/options.hpp"

namespace byhand::plot {

enum class SeriesKind { line, points, band };

/// A curve, a cloud of points, or the area between `y` and `upper`. All vectors are of one length.
struct Series {
  SeriesKind kind = SeriesKind::line;
  std::string label;
  std::vector<double> x, y, upper;
  std::size_t style = 0;  // which colour, dash and shape of the style
  std::string color;      // given by the caller, or empty
  LineOptions line{};
  double size = 1, opacity = 1;
};

struct TextMark {
  double x, y;
  std::string text;
};

struct Guide {
  bool horizontal;
  double at;
  std::string label;
};

struct BarGroup {
  std::string label;
  std::vector<double> values;
  std::size_t style = 0;
  std::string color;
  bool show_values = false;
};

struct HeatMap {
  std::size_t rows, cols;
  std::vector<double> values;  // row-major
  std::vector<std::string> row_names, col_names;
  HeatMapOptions options;
};

struct ImageGrid {
  std::size_t rows, cols;  // of each image
  std::vector<std::vector<double>> images;
  ImageOptions options;
};

struct ContourMap {
  std::vector<double> x, y, values;  // values (y.size(), x.size()), row-major
  ContourOptions options;
};

struct Axis {
  std::string label;
  std::optional<std::pair<double, double>> range;
  bool log = false;
  std::vector<double> tick_places;  // empty: gnuplot's own
  std::vector<std::string> tick_names;
};

struct Panel {
  std::string title;
  Axis x, y;
  Legend legend = Legend::below;
  std::vector<Series> series;
  std::vector<TextMark> marks;
  std::vector<Guide> guides;
  std::vector<std::string> bar_names;
  std::vector<BarGroup> bars;
  std::optional<HeatMap> heat_map;
  std::optional<ImageGrid> images;
  std::optional<ContourMap> contour;

  /// True when there is nothing to draw (guide lines alone have no place to be).
  bool empty() const { return series.empty() && marks.empty() && bars.empty() && !heat_map && !images && !contour; }
};

}  // namespace byhand::plot
