#pragma once
/// @file
/// Appliance, plot. A figure as a gnuplot script that needs no other file.
#include <deque>
#include <string>

#include "common/plot/axes.hpp"

namespace byhand::plot {

/// What the script draws on. A sketch is text, its width and height are characters.
enum class Target { svg, png, window, sketch };

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

}  // namespace byhand::plot
