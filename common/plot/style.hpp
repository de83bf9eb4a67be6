#pragma once
/// @file
/// Appliance, plot. The one look of all figures. Series differ in colour and in dash or shape, so that they can be told apart in any kind of
/// colour vision and in black and white.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace byhand::plot {

/// "#rrggbb" of a colour given by name or as "#rrggbb". Error that lists the names on anything else.
std::string color_code(std::string_view color);

/// The colours of Okabe and Ito without their yellow, which cannot be seen on white; series 7 begins again.
std::string series_color(std::size_t series);

/// gnuplot's dash pattern of a series: solid, dashes, dots, …
std::string series_dash(std::size_t series);

/// gnuplot's point shape of a series: circle, square, triangle, … filled first, then open.
int series_point(std::size_t series);

enum class Palette { viridis, diverging, gray, gray_reversed, contour };  // in the order of palette_colors

/// The colours of a palette, evenly spaced from the lowest value to the highest, as "#rrggbb".
const std::vector<std::string>& palette_colors(Palette palette);

/// How bright a palette is at `t` in [0, 1]: 0 black, 1 white. Tells whether text over it should be white or black.
double palette_brightness(Palette palette, double t);

/// The fonts named in an SVG, first one found wins: Latin first, then Korean for each system, then whatever there is.
inline constexpr std::string_view svg_fonts =
    "'Noto Sans','DejaVu Sans','Segoe UI','Helvetica Neue',Arial,'Noto Sans KR','Noto Sans CJK KR','Apple SD Gothic Neo',"
    "'Malgun Gothic',NanumGothic,sans-serif";

/// The font asked for in gnuplot scripts. fontconfig adds others for letters it lacks (Korean: any installed font that has them,
/// such as fonts-nanum or fonts-noto-cjk).
inline constexpr std::string_view script_font = "sans-serif";

}  // namespace byhand::plot
