// A bar for each name, in groups side by side.
#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/axes.hpp"

namespace byhand::plot {
namespace {

// What stands once, however many groups there are.
void draw_around(const std::vector<const Chart*>& groups, PanelScript& script) {
  const std::vector<std::string>& names = groups[0]->names;
  const double count = double(names.size()), room = 0.88 * script.width / count;
  const bool turned = widest(names) + 1 > script.letters(room) && !script.is_sketch();
  script.settings += named_ticks('x', {}, names, turned);
  if (turned) script.leave_room_for_turned(names[0], room / 2, script.panel.y.label.empty() ? 6 : 9);
  if (!script.is_sketch()) script.settings += "unset grid\nset grid y back lt 1 lw 1 lc rgb '#e4e4e4'\n";
  script.settings += fmt::format("set xrange [-0.6:{}]\n", number_text(count - 0.4));
  const bool texts = std::any_of(groups.begin(), groups.end(), [](const Chart* group) { return group->roomy; });
  if (texts) script.settings += "set offsets 0, 0, graph 0.06, graph 0.02\n";
  if (!script.panel.y.log) script.plots.push_back(script.add_data("0 0\n") + " using 1:2 with lines lt nodraw notitle");  // bars start at 0
}

void draw_bars(const Chart& self, PanelScript& script) {
  const std::vector<const Chart*> groups = script.panel.in(Layer::bars);
  if (&self == groups[0]) draw_around(groups, script);
  const double width = 0.8 / double(groups.size());
  const auto before = std::find(groups.begin(), groups.end(), &self) - groups.begin();
  const double offset = (double(before) - 0.5 * double(groups.size() - 1)) * width;
  std::string lines;
  for (std::size_t i = 0; i < self.y.size(); ++i) {
    const double value = self.y[i];
    if (!std::isfinite(value)) continue;
    const std::string x = number_text(double(i) + offset), y = number_text(value);
    lines += fmt::format("{} {} {}\n", x, y, number_text(width * 0.94));
    if (self.roomy)
      script.settings += fmt::format("set label '{:.3g}' at first {}, first {} center offset 0,{} front textcolor rgb '#303030'\n", value,
                                     x, y, value < 0 ? "-0.7" : "0.6");
  }
  if (lines.empty()) return;
  script.plots.push_back(fmt::format("{} using 1:2:3 with boxes lt {} fc rgb '{}' {}", script.add_data(lines), self.style + 1,
                                     script.color_of(self), title_of(self.label)));
}

}  // namespace

Axes& Axes::bars(const std::vector<std::string>& names, const Numbers& values, const std::string& label, const BarOptions& options) {
  const std::string who = named("bars", label);
  const std::vector<const Chart*> before = panel_.in(Layer::bars);
  check(names.size() == values.size(), "plot: {}: {} names for {} values", who, names.size(), values.size());
  check(!names.empty(), "plot: {}: there are no values", who);
  check(names.size() <= 500, "plot: {}: {} bars are more than can be read (500)", who, names.size());
  check(before.empty() || names == before[0]->names, "plot: {}: the names differ from those of the bars before", who);
  return add({.layer = Layer::bars,
              .label = label,
              .x = counting(names.size()).values(),
              .y = values.values(),
              .names = names,
              .color = options.color,
              .roomy = options.show_values,
              .draw = draw_bars});
}

}  // namespace byhand::plot
