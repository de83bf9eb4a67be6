// Curves, and the bands around them.
#include "common/core/error.hpp"
#include "common/plot/axes.hpp"

namespace byhand::plot {

Axes& Axes::lines(const Numbers& x, const Numbers& y, const std::string& label, const LineOptions& options) {
  const std::string who = named("lines", label);
  check_lengths(who, x, "y", y);
  check_size(who, "width", options.width, 50);
  const auto draw = [line = options](const Chart& self, PanelScript& script) {
    const std::string dash = series_dash(line.dashed ? 1 : line.solid ? 0 : self.style);
    const std::string points = line.points ? fmt::format("pt {} ps 0.7 ", series_point(self.style)) : "";
    script.draw_points(self, true,
                       fmt::format("1:2 with {} lt {} dt {} lw {:.4g} {}lc rgb '{}'", line.points ? "linespoints" : "lines", self.style + 1,
                                   dash, line.width, points, script.color_of(self)));
  };
  return add({.label = label, .x = x.values(), .y = y.values(), .color = options.color, .draw = draw});
}

Axes& Axes::band(const Numbers& x, const Numbers& low, const Numbers& high, const std::string& label, const BandOptions& options) {
  const std::string who = named("band", label);
  check_lengths(who, x, "low", low);
  check_lengths(who, x, "high", high);
  check_size(who, "opacity", options.opacity, 1);
  const Chart* before = nullptr;  // the series whose colour it takes
  for (const Chart& chart : panel_.charts) {
    if (chart.layer == Layer::series || chart.layer == Layer::band) before = &chart;
  }
  const auto draw = [opacity = options.opacity](const Chart& self, PanelScript& script) {
    if (script.is_sketch()) return;
    const std::string color = script.color_of(self);
    script.draw_points(self, true, fmt::format("1:2:3 with filledcurves fs transparent solid {:.4g} noborder fc rgb '{}'", opacity, color));
  };
  return add({.layer = Layer::band,
              .label = label,
              .x = x.values(),
              .y = low.values(),
              .upper = high.values(),
              .style = before ? before->style : styles_++,
              .color = options.color.empty() && before ? before->color : options.color,
              .draw = draw});
}

}  // namespace byhand::plot
