#include "common/plot/axes.hpp"

#include <cmath>

#include "common/core/error.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {

Axes& Axes::set_range(Axis& axis, const char* name, double low, double high) {
  check(std::isfinite(low) && std::isfinite(high) && low < high, "plot: {}: low {} is not below high {}", name, low, high);
  axis.range = {low, high};
  return *this;
}

Axes& Axes::set_ticks(Axis& axis, const Numbers& places, const std::vector<std::string>& names) {
  check(places.size() == names.size(), "plot: ticks: {} places for {} names", places.size(), names.size());
  check(places.size() <= 500, "plot: ticks: {} are more than can be read (500)", places.size());
  for (std::size_t i = 0; i < places.size(); ++i) check(std::isfinite(places[i]), "plot: ticks: place {} is not finite", i);
  axis.tick_places = places.values();
  return set(axis.tick_names, names);
}

Axes& Axes::add(Chart chart) {
  if (!chart.color.empty()) chart.color = color_code(chart.color);
  if (chart.layer == Layer::bars || chart.layer == Layer::series) chart.style = styles_++;
  panel_.charts.push_back(std::move(chart));
  return *this;
}

void Axes::check_one_map(const char* what) const {
  check(panel_.in(Layer::map).empty(), "plot: {}: this panel already has a heat map, images or a contour", what);
}

std::string named(const char* what, const std::string& label) {
  return label.empty() ? std::string(what) : fmt::format("{} '{}'", what, one_line(label));
}

void check_lengths(const std::string& who, const Numbers& x, const char* other, const Numbers& y) {
  constexpr std::size_t most = 20'000'000;
  check(x.size() == y.size(), "plot: {}: x has {} values and {} has {}", who, x.size(), other, y.size());
  check(x.size() > 0, "plot: {}: there are no values", who);
  check(x.size() <= most, "plot: {}: {} values are more than {}", who, x.size(), most);
}

void check_size(const std::string& who, const char* what, double value, double most) {
  check(value > 0 && value <= most, "plot: {}: {} {} is not between 0 and {}", who, what, value, most);
}

void check_scale(const char* who, const std::optional<double>& low, const std::optional<double>& high) {
  check((!low || std::isfinite(*low)) && (!high || std::isfinite(*high)), "plot: {}: low and high must be finite", who);
  check(!low || !high || *low < *high, "plot: {}: low {} is not below high {}", who, low.value_or(0), high.value_or(0));
}

}  // namespace byhand::plot
