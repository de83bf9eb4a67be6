#pragma once
/// @file
/// Appliance, plot. The settings of figures and of the things drawn in them: aggregates for designated initialisers, `{.dashed = true}`.
/// Everywhere a colour is "#rrggbb" or one of blue, vermillion, green, pink, orange, sky, black, gray; empty means the next of the style.
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace byhand::plot {

struct FigureOptions {
  int width = 900;     ///< pixels, 100 to 6000
  int height = 500;    ///< pixels, 100 to 6000
  int font_size = 13;  ///< pixels, 6 to 60
};

/// Where the legend stands. Below and right are outside the drawing, so they never cover data.
enum class Legend { below, right, top_left, top_right, bottom_left, bottom_right, none };

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

}  // namespace byhand::plot
