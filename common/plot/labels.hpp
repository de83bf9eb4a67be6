#pragma once
/// @file
/// Appliance, plot. Names beside points, each where it can be read.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/plot/axes.hpp"
#include "common/tensor/array.hpp"

namespace byhand::plot {

/// How wide a text is in pixels, in figures of the usual font size (13): for ASCII at most, in DejaVu Sans, which is wider than most fonts;
/// for other letters about.
double text_width(std::string_view text);

/// The part of the data that a panel shows, and the size in pixels of what it is drawn on: without axes, titles and legend, rather too small.
struct View {
  double x_low, x_high, y_low, y_high;
  double width, height;
};

/// A view of all points (n, 2), with room for names around them. Error when there are none or one is not finite.
View view_around(const Array& points, double width, double height);

/// Points with names in one panel. A name stands near its own mark, and nearer to no other one; it covers no mark, no other name and no
/// line. Where there is no such place the mark stays without a name: better than a name that cannot be read or belongs to another.
class NamedPoints {
 public:
  /// For figures of the usual font size. Error unless the view has an extent.
  explicit NamedPoints(const View& view);

  /// A group with one colour and shape, "" for none in the legend: names[i] at row first + i of `points` (n, 2). Error when rows are missing.
  void add(const std::string& legend, const std::vector<std::string>& names, const Array& points, std::size_t first = 0,
           const PointOptions& options = {});

  /// A thin gray line between two rows of `points` (n, 2).
  void add_line(const Array& points, std::size_t from, std::size_t to);

  /// These names choose their places before all others; then comes the first name of each group, the second of each, and so on.
  void choose_first(const std::vector<std::string>& names) { first_ = names; }

  /// Draws everything and sets the ranges of the panel. Returns the names that found no place.
  std::vector<std::string> draw(Axes& axes) const;

 private:
  struct Point {
    std::string name;
    double x, y;
    std::size_t place_in_group;
  };
  struct Group {
    std::string legend;
    std::size_t first, count;  // of points_
    PointOptions options;
  };
  std::vector<std::size_t> order() const;

  View view_;
  std::vector<Group> groups_;
  std::vector<Point> points_;
  std::vector<std::pair<Numbers, Numbers>> lines_;  // x and y of both ends
  std::vector<std::string> first_;
};

}  // namespace byhand::plot
