#pragma once
/// @file
/// Appliance, plot. Text on its way into a figure: wrapped, and quoted for gnuplot.
#include <cstddef>
#include <string>
#include <string_view>

namespace byhand::plot {

/// Line breaks at blanks, so that no line is wider than `columns` where that is possible.
std::string wrap_text(std::string_view text, std::size_t columns);

/// A gnuplot string expression that means exactly this text: 'it''s'."\n".'two lines'. Single quotes, since gnuplot runs `commands` inside
/// double ones.
std::string quoted_text(std::string_view text);

/// The same for the label of a tick, where gnuplot would take % for a number format. Names over 50 bytes end in an ellipsis.
std::string quoted_tick(std::string_view text);

}  // namespace byhand::plot
