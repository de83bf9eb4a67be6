#pragma once
/// @file
/// Appliance, plot. Figures through gnuplot (5.2 or newer): SVG and PNG files, a window, a sketch in the terminal.
/// @code
///   plot::Figure figure("LSTM by hand: prediction over epochs");
///   figure.axes().lines(epochs, company_a, "company A").lines(epochs, company_b, "company B").x_label("epoch").hline(1, "goal");
///   figure.save("out/lstm_predictions");
/// @endcode
#include <filesystem>
#include <string>
#include <vector>

#include "common/plot/axes.hpp"
#include "common/plot/script.hpp"

namespace byhand::plot {

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
