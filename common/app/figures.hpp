#pragma once
/// @file
/// Appliance, app. A chapter's figures, saved and shown as the reader asked.
#include <string>

#include "common/app/options.hpp"
#include "common/plot/figure.hpp"

namespace byhand::app {

/// Saves the figure as settings.out/name.svg and .png and prints where: `figure: out/08_lstm/predictions.svg`. With --show also opens a
/// window, with --term also draws it as text. Without gnuplot the script for it is saved instead (Figure::save).
/// `name` is a file name without ending; error when it is empty or holds a slash.
void save_figure(const plot::Figure& figure, const std::string& name, const Settings& settings);

}  // namespace byhand::app
