#pragma once
/// @file
/// Appliance, plot. One panel of a figure: what is drawn in it, and its axes.
#include <string>
#include <vector>

#include "common/plot/numbers.hpp"
#include "common/plot/options.hpp"
#include "common/plot/panel.hpp"

namespace byhand::plot {

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
  Axes& title(const std::string& text);
  Axes& x_label(const std::string& text);
  Axes& y_label(const std::string& text);

  /// The part shown. Error unless low < high, both finite.
  Axes& x_range(double low, double high);
  Axes& y_range(double low, double high);

  /// A logarithmic axis. Values that are not positive on it are an Error when the figure is drawn, one that names the series.
  Axes& log_x(bool on = true);
  Axes& log_y(bool on = true);

  /// Names instead of numbers at these places of an axis, e.g. dates. Error when their numbers differ.
  Axes& x_ticks(const Numbers& places, const std::vector<std::string>& names);
  Axes& y_ticks(const Numbers& places, const std::vector<std::string>& names);

  /// Where the legend stands; below the panel unless told.
  Axes& legend(Legend place);

  /// What has been collected so far.
  const Panel& content() const { return panel_; }

 private:
  Axes& set_ticks(Axis& axis, const Numbers& places, const std::vector<std::string>& names);
  std::size_t next_style() { return styles_++; }
  void check_one_map(const char* what) const;

  Panel panel_;
  std::size_t styles_ = 0;  // series so far
};

}  // namespace byhand::plot
