#include "common/plot/style.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include "common/core/error.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

// Okabe & Ito, "Color universal design", 2008. The order puts the pairs that are told apart best first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> named_colors{{{"blue", "#0072b2"},
                                                                                     {"vermillion", "#d55e00"},
                                                                                     {"green", "#009e73"},
                                                                                     {"pink", "#cc79a7"},
                                                                                     {"orange", "#e69f00"},
                                                                                     {"sky", "#56b4e9"},
                                                                                     {"black", "#000000"},
                                                                                     {"gray", "#7f7f7f"}}};

double channel(const std::string& color, std::size_t i) { return std::stoi(color.substr(1 + 2 * i, 2), nullptr, 16) / 255.0; }

}  // namespace

std::string color_code(std::string_view color) {
  for (const auto& [name, code] : named_colors) {
    if (name == color) return std::string(code);
  }
  const bool is_code = color.size() == 7 && color[0] == '#' &&
                       std::all_of(color.begin() + 1, color.end(), [](char c) { return std::isxdigit(static_cast<unsigned char>(c)); });
  check(is_code, "plot: no colour '{}': #rrggbb, or blue, vermillion, green, pink, orange, sky, black, gray", one_line(color));
  return std::string(color);
}

std::string series_color(std::size_t series) { return std::string(named_colors[series % 7].second); }

std::string series_dash(std::size_t series) {
  static constexpr std::array patterns{"solid", "(11,4)", "(3,3)", "(11,4,3,4)", "(20,5)", "(11,4,3,4,3,4)", "(5,5)"};
  return patterns[series % patterns.size()];
}

int series_point(std::size_t series) {
  static constexpr std::array shapes{7, 5, 9, 13, 11, 6, 4, 8, 12, 10};
  return shapes[series % shapes.size()];
}

const std::vector<std::string>& palette_colors(Palette palette) {
  static const std::vector<std::string> palettes[] = {
      {"#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725"},
      {"#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b"},
      {"#000000", "#ffffff"},
      {"#ffffff", "#000000"},
      // viridis without the two that are too light for thin lines on white
      {"#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151"}};
  return palettes[std::size_t(palette)];
}

double palette_brightness(Palette palette, double t) {
  const std::vector<std::string>& colors = palette_colors(palette);
  const double place = std::clamp(t, 0.0, 1.0) * double(colors.size() - 1);
  const std::size_t below = std::min(std::size_t(place), colors.size() - 2);
  const double weight = place - double(below);
  const auto mixed = [&](std::size_t i) { return (1 - weight) * channel(colors[below], i) + weight * channel(colors[below + 1], i); };
  return 0.299 * mixed(0) + 0.587 * mixed(1) + 0.114 * mixed(2);
}

}  // namespace byhand::plot
