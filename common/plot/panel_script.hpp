#pragma once
/// @file
/// Appliance, plot. The script of one panel while it is being put together. Used by script.cpp and the files that draw one kind of thing each.
#include <string>
#include <vector>

#include "common/plot/panel.hpp"
#include "common/plot/script.hpp"
#include "common/plot/style.hpp"

namespace byhand::plot {

struct PanelScript {
  std::size_t number;    // of the panel, for the names of its data
  double width, height;  // of the panel, pixels (characters in a sketch)
  int font_size;
  Target target;
  std::string data;                // data blocks, before anything is drawn
  std::string settings;            // set …, before the plot command
  std::vector<std::string> plots;  // what the plot command draws, lowest first
  std::size_t blocks = 0;

  /// Adds a block of data and returns its name. `lines` ends with a newline.
  std::string add_data(const std::string& lines);
  /// `set palette` with these colours for values from low to high, and a scale beside the panel if wanted.
  void use_palette(Palette palette, double low, double high, bool color_bar);
  /// Room on the left, so that a turned name whose tick is `center` pixels into the panel is not cut off. `letters` is what else stands
  /// there.
  void leave_room_for_turned(const std::string& name, double center, std::size_t letters);
  /// How many letters fit into so many pixels.
  std::size_t letters(double pixels) const;
};

/// A number for gnuplot: nine digits, "NaN" for everything that is not finite.
std::string number_text(double value);

/// The lowest and highest finite value, each replaced by the one given. Never equal: a constant gets room around it.
/// Nothing when no value is finite and none is given.
std::optional<std::pair<double, double>> value_range(const std::vector<double>& values, std::optional<double> low,
                                                     std::optional<double> high);

/// Ticks with these names at 0, 1, 2, …, turned when they would touch. axis is 'x' or 'y'.
std::string named_ticks(char axis, const std::vector<double>& places, const std::vector<std::string>& names, bool turned);

/// The parts of a panel, each adding its data, settings and plots.
void draw_series(const Panel& panel, PanelScript& script);
void draw_bars(const Panel& panel, PanelScript& script);
void draw_guides_and_marks(const Panel& panel, PanelScript& script);
void draw_heat_map(const HeatMap& map, PanelScript& script);
void draw_images(const ImageGrid& grid, PanelScript& script);
void draw_contour(const ContourMap& map, PanelScript& script);

/// Error that names the series when a logarithmic axis meets a value that is not positive, or something that cannot be logarithmic.
void check_log_axes(const Panel& panel);

}  // namespace byhand::plot
