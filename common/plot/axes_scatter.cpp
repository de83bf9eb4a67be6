// Points, and texts beside them.
#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/axes.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

// Where a value lies on the x axis, 0 left to 1 right, as far as it is known before gnuplot chooses its ticks.
double place_on_axis(const Panel& panel, double value) {
  std::vector<double> all;
  for (const Layer layer : {Layer::band, Layer::series, Layer::mark}) {
    for (const Chart* chart : panel.in(layer)) all.insert(all.end(), chart->x.begin(), chart->x.end());
  }
  for (const Chart* map : panel.in(Layer::map)) {
    if (!map->x.empty()) all = map->x;
  }
  const auto [low, high] = panel.x.range ? *panel.x.range : value_range(all).value_or(std::pair(0.0, 1.0));
  return panel.x.log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
}

// A text stands to the right of its point, or to the left where it would be cut off.
void draw_mark(const Chart& self, PanelScript& script) {
  const double x = self.x[0], y = self.y[0];
  script.extent += fmt::format("{} {}\n\n", number_text(x), number_text(y));
  if (!script.panel.x.shows(x) || !script.panel.y.shows(y)) return;
  const double gap = script.is_sketch() ? 2 : 0.8, room = (1.06 - place_on_axis(script.panel, x)) * 0.85 * script.width;
  const bool left = script.letters(std::max(room, 0.0)) < display_width(self.label) + 1;
  script.settings +=
      fmt::format("set label {} at first {}, first {} {} offset {},{} front textcolor rgb '#303030'\n", quoted_text(self.label),
                  number_text(x), number_text(y), left ? "right" : "left", left ? -gap : gap, script.is_sketch() ? 0 : 0.4);
}

}  // namespace

Axes& Axes::scatter(const Numbers& x, const Numbers& y, const std::string& label, const PointOptions& options) {
  const std::string who = named("scatter", label);
  check_lengths(who, x, "y", y);
  check_size(who, "size", options.size, 50);
  const auto draw = [size = options.size](const Chart& self, PanelScript& script) {
    script.draw_points(self, false,
                       fmt::format("1:2 with points lt {} pt {} ps {:.4g} lc rgb '{}'", self.style + 1, series_point(self.style),
                                   0.7 * size, script.color_of(self)));
  };
  return add({.label = label, .x = x.values(), .y = y.values(), .color = options.color, .roomy = true, .draw = draw});
}

Axes& Axes::labels(const Numbers& x, const Numbers& y, const std::vector<std::string>& texts) {
  check_lengths("labels", x, "y", y);
  check(texts.size() == x.size(), "plot: labels: {} texts for {} points", texts.size(), x.size());
  check(texts.size() <= 2000, "plot: labels: {} texts are more than can be read (2000)", texts.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isfinite(x[i]) && std::isfinite(y[i]))
      add({.layer = Layer::mark, .label = texts[i], .x = {x[i]}, .y = {y[i]}, .roomy = true, .draw = draw_mark});
  }
  return *this;
}

}  // namespace byhand::plot
