#pragma once
/// @file
/// Appliance, plot. One panel of a figure: what is drawn in it, and its axes. Each kind of chart has a file of its own, axes_KIND.cpp.
/// Options are aggregates for designated initialisers, `{.dashed = true}`. A colour is "#rrggbb" or one of blue, vermillion, green, pink,
/// orange, sky, black, gray; empty means the next of the style.
#include <optional>
#include <string>
#include <vector>

#include "common/plot/numbers.hpp"
#include "common/plot/panel.hpp"

namespace byhand::plot {

struct LineOptions {
  bool dashed = false;  ///< long dashes; otherwise the style's pattern for this series (the first one is solid)
  bool solid = false;   ///< no dashes, whichever series it is: for curves with much noise
  bool points = false;  ///< a mark at every point as well
  double width = 2;     ///< pixels
  std::string color = {};
};

struct PointOptions {
  double size = 1;  ///< 1 is about 8 pixels across
  std::string color = {};
};

struct BandOptions {
  double opacity = 0.22;   ///< 0 to 1
  std::string color = {};  ///< empty: the colour of the series added just before
};

struct BarOptions {
  bool show_values = false;  ///< each bar's number at its end
  std::string color = {};
};

struct HeatMapOptions {
  bool show_values = false;     ///< each cell's number inside it (at most 2500 cells)
  bool diverging = false;       ///< blue - white - red with white at zero, for signed values; otherwise viridis
  bool square = true;           ///< cells as high as wide
  bool color_bar = true;        ///< the scale beside the map
  int decimals = 2;             ///< of the numbers shown, 0 to 9
  std::optional<double> low{};  ///< value of the first colour; the smallest one unless told
  std::optional<double> high{};
};

struct ImageOptions {
  std::size_t columns = 0;  ///< images in a row; 0 chooses
  std::vector<std::string> captions = {};
  bool dark_is_high = false;    ///< ink on paper; otherwise high values are white
  std::optional<double> low{};  ///< value of the first gray; the smallest one of all images unless told
  std::optional<double> high{};
};

struct ContourOptions {
  std::vector<double> levels = {};  ///< where the lines run; empty: `count` of them, evenly spaced
  std::size_t count = 10;
  bool filled = false;  ///< the values as colours below the lines; needs evenly spaced x and y
};

/// One panel of a figure. Each call adds something and returns the Axes, so calls can be chained. Units are those of the data.
/// In all data NaN is a gap and an infinite value is left out. A label of "" keeps the series out of the legend.
class Axes {
 public:
  /// A curve through (x[i], y[i]), in the given order. Error when the lengths differ or are 0. More than 4000 points are thinned to what
  /// can be seen (the extremes of each stretch stay), so that figures stay small.
  Axes& lines(const Numbers& x, const Numbers& y, const std::string& label = "", const LineOptions& options = {});

  /// A mark at each (x[i], y[i]). Error when the lengths differ or are 0.
  Axes& scatter(const Numbers& x, const Numbers& y, const std::string& label = "", const PointOptions& options = {});

  /// A text beside each (x[i], y[i]); usually together with scatter. Error when the lengths differ, are 0, or are over 2000.
  Axes& labels(const Numbers& x, const Numbers& y, const std::vector<std::string>& texts);

  /// The area between two curves, e.g. mean - std and mean + std, below the lines. Error when the lengths differ or are 0.
  Axes& band(const Numbers& x, const Numbers& low, const Numbers& high, const std::string& label = "", const BandOptions& options = {});

  /// One bar for each name, from zero. Called again with the same names it puts a second bar beside each, and so on.
  /// Error when there are more names than values or the other way round, when the names differ from those before, or over 500 names.
  Axes& bars(const std::vector<std::string>& names, const Numbers& values, const std::string& label = "", const BarOptions& options = {});

  /// A matrix as colours, row 0 on top; `values` (rows, cols) row-major. Names may be empty, otherwise one for each row or column.
  /// Cells that are NaN or infinite stay gray. Error when the sizes differ, are 0, or over a million cells.
  Axes& heat_map(std::size_t rows, std::size_t cols, const Numbers& values, const std::vector<std::string>& row_names = {},
                 const std::vector<std::string>& col_names = {}, const HeatMapOptions& options = {});
  /// The same for an Array (rows, cols). Error when it has other than two axes.
  Axes& heat_map(const Array& matrix, const std::vector<std::string>& row_names = {}, const std::vector<std::string>& col_names = {},
                 const HeatMapOptions& options = {});

  /// Gray images side by side, each (rows, cols) row-major, row 0 on top, all on one scale of gray.
  /// Error when an image is of another size, when captions and images differ in number, or over four million pixels.
  Axes& images(std::size_t rows, std::size_t cols, const std::vector<Numbers>& images, const ImageOptions& options = {});
  /// The same for an Array (images, rows, cols), or (rows, cols) for one image.
  Axes& images(const Array& images, const ImageOptions& options = {});

  /// Lines of equal height of a function on a grid: `values` (y.size(), x.size()) row-major, x and y ascending. Paths over it are lines
  /// with `.points = true`. Error when the sizes do not fit, x or y do not ascend, or there are fewer than 2 of them.
  Axes& contour(const Numbers& x, const Numbers& y, const Numbers& values, const ContourOptions& options = {});

  /// A thin line across the whole panel, with an optional text on it. Error when the place is not finite.
  Axes& hline(double y, const std::string& label = "");
  Axes& vline(double x, const std::string& label = "");

  /// Texts around the panel.
  Axes& title(const std::string& text) { return set(panel_.title, text); }
  Axes& x_label(const std::string& text) { return set(panel_.x.label, text); }
  Axes& y_label(const std::string& text) { return set(panel_.y.label, text); }

  /// The part shown. Error unless low < high, both finite.
  Axes& x_range(double low, double high) { return set_range(panel_.x, "x_range", low, high); }
  Axes& y_range(double low, double high) { return set_range(panel_.y, "y_range", low, high); }

  /// A logarithmic axis. Values that are not positive on it are an Error when the figure is drawn, one that names the series.
  Axes& log_x(bool on = true) { return set(panel_.x.log, on); }
  Axes& log_y(bool on = true) { return set(panel_.y.log, on); }

  /// Names instead of numbers at these places of an axis, e.g. dates. Error when their numbers differ.
  Axes& x_ticks(const Numbers& places, const std::vector<std::string>& names) { return set_ticks(panel_.x, places, names); }
  Axes& y_ticks(const Numbers& places, const std::vector<std::string>& names) { return set_ticks(panel_.y, places, names); }

  /// Where the legend stands; below the panel unless told.
  Axes& legend(Legend place) { return set(panel_.legend, place); }

  /// What has been collected so far.
  const Panel& content() const { return panel_; }

 private:
  template <class T>
  Axes& set(T& what, const T& value) {
    what = value;
    return *this;
  }
  Axes& set_range(Axis& axis, const char* name, double low, double high);
  Axes& set_ticks(Axis& axis, const Numbers& places, const std::vector<std::string>& names);
  Axes& add(Chart chart);
  void check_one_map(const char* what) const;

  Panel panel_;
  std::size_t styles_ = 0;  // series so far
};

// ---- checks that several kinds share ----

/// "lines 'loss'" or "lines": how an error names a chart.
std::string named(const char* what, const std::string& label);
void check_lengths(const std::string& who, const Numbers& x, const char* other, const Numbers& y);
void check_size(const std::string& who, const char* what, double value, double most);
void check_scale(const char* who, const std::optional<double>& low, const std::optional<double>& high);

}  // namespace byhand::plot
