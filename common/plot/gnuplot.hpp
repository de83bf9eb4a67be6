#pragma once
/// @file
/// Appliance, plot. The one door to the gnuplot program.
#include <string>

namespace byhand::plot {

/// What a run of gnuplot left: all it wrote to its output.
struct GnuplotRun {
  bool found = false;  ///< false when there is no such program; then nothing else is set
  std::string output;
};

/// The program: $BYHAND_GNUPLOT when set, otherwise gnuplot from PATH.
std::string gnuplot_program();

/// Runs a script and waits for its end. Settings in ~/.gnuplot are not read. Error with gnuplot's message when it fails.
GnuplotRun run_gnuplot(const std::string& script);

/// An SVG as gnuplot writes it, made fit to be kept in a repository: gnuplot's version is taken out, the title put in, the fonts named once
/// with fallbacks, and pixels stay sharp when an image is scaled.
std::string tidy_svg(std::string svg, const std::string& title);

}  // namespace byhand::plot
