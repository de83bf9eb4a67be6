#pragma once
/// @file
/// Appliance, plot. Figures through gnuplot (5.2 or newer): SVG and PNG files, a window, a sketch in the terminal.
/// @code
///   plot::Figure figure("LSTM by hand: prediction over epochs");
///   figure.axes().lines(epochs, company_a, "company A").lines(epochs, company_b, "company B").x_label("epoch").hline(1, "goal");
///   figure.save("out/lstm_predictions");
/// @endcode
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "common/plot/axes.hpp"

namespace byhand::plot {

struct FigureOptions {
  int width = 900;     ///< pixels, 100 to 6000
  int height = 500;    ///< pixels, 100 to 6000
  int font_size = 13;  ///< pixels, 6 to 60
};

/// All of a figure, as the script needs it.
struct FigureContent {
  std::string title;
  FigureOptions options;
  std::size_t rows = 1, cols = 1;
  std::deque<Axes> panels;  // row by row; a deque, since callers hold references to them while it grows
};

/// The script. With `output` it writes that file, otherwise gnuplot's standard output. Error when there is nothing to draw, or when a value
/// has no place on a logarithmic axis. The same content gives the same script, byte for byte.
std::string figure_script(const FigureContent& figure, Target target, const std::string& output = "");

class Figure {
 public:
  /// An empty figure with one panel. Error when a size is absurd.
  explicit Figure(const std::string& title = "", const FigureOptions& options = {});

  /// The first (and usually only) panel.
  Axes& axes() { return content_.panels.front(); }

  /// Divides the figure into rows x cols panels, at most 100. The first panel stays the first. Panels never drawn on stay white.
  /// Error after panels besides the first were drawn on.
  void subplots(std::size_t rows, std::size_t cols);

  /// A panel by row and column, from 0; row 0 is on top. Error when there is no such panel.
  Axes& panel(std::size_t row, std::size_t col);

  /// Writes stem.svg and stem.png and returns their paths; a stem that already ends in .svg or .png is taken without it. Each file is
  /// complete or not there. The SVG of the same figure is the same, byte for byte. Without gnuplot it writes stem.gp instead, a script
  /// that `gnuplot stem.gp` turns into stem.svg, says so once on stderr, and returns that path.
  /// Error when the figure is empty, when a value has no place on a logarithmic axis, when gnuplot fails or the disk says no.
  std::vector<std::filesystem::path> save(const std::filesystem::path& stem) const;

  /// Opens a window that stays when the program ends. False, and one line on stderr, where that cannot be: no gnuplot, or no screen.
  bool show() const;

  /// The figure as text, `columns` x `rows` characters (20 to 400 x 8 to 200). Empty without gnuplot.
  std::string sketch(int columns = 79, int rows = 24) const;

  /// Prints the sketch.
  void term(int columns = 79, int rows = 24) const;

 private:
  FigureContent content_;
};

}  // namespace byhand::plot
