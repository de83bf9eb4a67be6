#pragma once
/// @file
/// Appliance, plot. A panel: the charts in it, its axes, and its gnuplot script while that is put together.
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/plot/style.hpp"

namespace byhand::plot {

/// What a script draws on. A sketch is text, its width and height are characters.
enum class Target { svg, png, window, sketch };

/// Where the legend stands. Below and right are outside the drawing, so they never cover data.
enum class Legend { below, right, top_left, top_right, bottom_left, bottom_right, none };

/// What is drawn over what, lowest first.
enum class Layer { map, bars, band, series, guide, mark };

struct PanelScript;

/// One thing drawn in a panel, checked. Its checks, and how it is drawn, stand in axes_KIND.cpp; a panel knows only this of it.
struct Chart {
  Layer layer = Layer::series;
  std::string label = {};                          // in the legend, "" for none; of a guide or mark the text on it
  std::vector<double> x = {}, y = {}, upper = {};  // its points; a band has two y; a map and a guide have only what fixes an axis
  std::vector<std::string> names = {};             // of the places 0, 1, … on the x axis
  std::size_t style = 0;                           // which colour, dash and shape of the style
  std::string color = {};                          // instead of the style's
  bool plain = false;                              // no grid lines with it
  bool tinted = false;                             // a map among whose colours the first one of the style would be lost
  bool roomy = false;                              // some room between it and the frame
  std::function<void(const Chart& self, PanelScript& script)> draw = {};
};

struct Axis {
  std::string label;
  std::optional<std::pair<double, double>> range;
  bool log = false;
  std::vector<double> tick_places;  // empty: gnuplot's own
  std::vector<std::string> tick_names;

  bool shows(double value) const { return !range || (range->first <= value && value <= range->second); }
};

/// What an Axes has collected.
struct Panel {
  std::string title;
  Axis x, y;
  Legend legend = Legend::below;
  std::vector<Chart> charts;  // as they came

  std::vector<const Chart*> in(Layer layer) const;
  /// True when there is nothing to draw (guide lines alone have no place to be).
  bool empty() const { return in(Layer::guide).size() == charts.size(); }
  /// A place with a value on both axes, for guides, which have only one.
  std::optional<std::pair<double, double>> any_place() const;
};

struct PanelScript {
  const Panel& panel;
  std::size_t number;    // of the panel, for the names of its data
  double width, height;  // of the panel, pixels (characters in a sketch)
  int font_size;
  Target target;
  std::string data = {};                // data blocks, before anything is drawn
  std::string settings = {};            // set …, before the plot command
  std::vector<std::string> plots = {};  // what the plot command draws, lowest first
  std::string extent = {};              // points that make the axes reach what is only a label or an arrow for gnuplot
  std::size_t blocks = 0;

  /// All of the panel; then `settings` ends with the plot command. Error when a value has no place on a logarithmic axis.
  void draw(const std::string& title);
  /// Adds a block of data and returns its name. `lines` ends with a newline.
  std::string add_data(const std::string& lines);
  /// Draws a chart's points, with a gap at each NaN: `how` stands behind `using`. thin: as few as can be told apart.
  void draw_points(const Chart& chart, bool thin, const std::string& how);
  /// `set palette` with these colours for values from low to high, and a scale beside the panel if wanted.
  void use_palette(Palette palette, double low, double high, bool color_bar);
  /// Room on the left, so that a turned name whose tick is `center` pixels into the panel is not cut off. `letters` is what else stands
  /// there.
  void leave_room_for_turned(const std::string& name, double center, std::size_t letters);
  /// How many letters fit into so many pixels.
  std::size_t letters(double pixels) const;
  /// The chart's own colour, or that of its style.
  std::string color_of(const Chart& chart) const;
  bool is_sketch() const { return target == Target::sketch; }
};

/// Indices of the points to draw, in stretches between gaps. `columns` are the coordinates (x, y, …), all of one length.
/// A point with a NaN ends a stretch, one with an infinite coordinate is left out. With `thin`, curves of more than 4000 points are reduced
/// to about 2000: each of some hundred buckets keeps its smallest and largest value of every column, so no peak is lost.
std::vector<std::vector<std::size_t>> visible_points(const std::vector<const std::vector<double>*>& columns, bool thin);

/// A number for gnuplot: nine digits, "NaN" for everything that is not finite.
std::string number_text(double value);

/// Rows of `cols` numbers.
std::string matrix_lines(const std::vector<double>& values, std::size_t cols);

// ---- texts, wrapped and quoted for gnuplot ----

/// Line breaks at blanks, so that no line is wider than `columns` where that is possible.
std::string wrap_text(std::string_view text, std::size_t columns);

/// A gnuplot string expression that means exactly this text: 'it''s'."\n".'two lines'. Single quotes, since gnuplot runs `commands` inside
/// double ones.
std::string quoted_text(std::string_view text);

/// The same for the label of a tick, where gnuplot would take % for a number format. Names over 50 bytes end in an ellipsis.
std::string quoted_tick(std::string_view text);

/// The columns that the widest of the names takes.
std::size_t widest(const std::vector<std::string>& names);

/// `title 'label'` or `notitle`.
std::string title_of(const std::string& label);

/// The lowest and highest finite value, each replaced by the one given when that is beyond. Never equal: a constant gets room around it.
/// Nothing when no value is finite and none is given.
std::optional<std::pair<double, double>> value_range(const std::vector<double>& values, std::optional<double> low = {},
                                                     std::optional<double> high = {});

/// The scale of a map: low and high where given, otherwise those of the values.
std::pair<double, double> scale_of(const std::vector<double>& values, std::optional<double> low, std::optional<double> high);

/// Ticks with these names at the places, or at 0, 1, 2, …, turned when they would touch. axis is 'x' or 'y'.
std::string named_ticks(char axis, const std::vector<double>& places, const std::vector<std::string>& names, bool turned);

}  // namespace byhand::plot
