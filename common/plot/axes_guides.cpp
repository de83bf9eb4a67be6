// Lines across the whole panel.
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/axes.hpp"

namespace byhand::plot {
namespace {

void draw_guide(const Chart& self, PanelScript& script) {
  const bool horizontal = self.x.empty();
  const double value = horizontal ? self.y[0] : self.x[0];
  if (!(horizontal ? script.panel.y : script.panel.x).shows(value)) return;
  const std::string at = number_text(value);
  const std::string line = horizontal ? fmt::format("graph 0, first {0} to graph 1, first {0}", at)
                                      : fmt::format("first {0}, graph 0 to first {0}, graph 1", at);
  script.settings += fmt::format("set arrow from {} nohead back lw 1.3 dt (6,4) lc rgb '#606060'\n", line);
  if (!self.label.empty()) {
    const std::string place =
        horizontal ? fmt::format("graph 0.99, first {} right offset 0,0.5", at) : fmt::format("first {}, graph 0.97 left offset 0.5,0", at);
    script.settings += fmt::format("set label {} at {} front textcolor rgb '#404040'\n", quoted_text(self.label), place);
  }
  if (const auto place = script.panel.any_place())
    script.extent += fmt::format("{} {}\n\n", horizontal ? number_text(place->first) : at, horizontal ? at : number_text(place->second));
}

}  // namespace

Axes& Axes::hline(double y, const std::string& label) {
  check(std::isfinite(y), "plot: {}: the place {} is not finite", named("hline", label), y);
  return add({.layer = Layer::guide, .label = label, .y = {y}, .draw = draw_guide});
}

Axes& Axes::vline(double x, const std::string& label) {
  check(std::isfinite(x), "plot: {}: the place {} is not finite", named("vline", label), x);
  return add({.layer = Layer::guide, .label = label, .x = {x}, .draw = draw_guide});
}

}  // namespace byhand::plot
