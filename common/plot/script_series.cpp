// Curves, points, bands, bars, guide lines and texts.
#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/panel_script.hpp"
#include "common/plot/text.hpp"
#include "common/plot/thin.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

std::string title_of(const std::string& label) { return label.empty() ? "notitle" : "title " + quoted_text(label); }

std::string color_of(const std::string& given, std::size_t style, const Panel& panel) {
  // Over a map the blue of the first series would be lost.
  const std::size_t shift = panel.heat_map || panel.contour ? 1 : 0;
  return given.empty() ? series_color(style + shift) : given;
}

// The points of a series, one a line, a blank line at each gap. Empty when nothing is finite.
std::string data_lines(const Series& series) {
  std::vector<const std::vector<double>*> columns{&series.x, &series.y};
  if (series.kind == SeriesKind::band) columns.push_back(&series.upper);
  std::string lines;
  for (const std::vector<std::size_t>& stretch : visible_points(columns, series.kind != SeriesKind::points)) {
    if (!lines.empty()) lines += '\n';
    for (const std::size_t i : stretch) {
      for (std::size_t c = 0; c < columns.size(); ++c) lines += (c ? " " : "") + number_text((*columns[c])[i]);
      lines += '\n';
    }
  }
  return lines;
}

std::string how_to_draw(const Series& series, const Panel& panel) {
  const std::string color = color_of(series.color, series.style, panel);
  const std::string point = fmt::format("pt {} ps {:.4g}", series_point(series.style), 0.7 * series.size);
  switch (series.kind) {
    case SeriesKind::points:
      return fmt::format("using 1:2 with points lt {} {} lc rgb '{}'", series.style + 1, point, color);
    case SeriesKind::band:
      return fmt::format("using 1:2:3 with filledcurves fs transparent solid {:.4g} noborder fc rgb '{}'", series.opacity, color);
    case SeriesKind::line:
      break;
  }
  const LineOptions& line = series.line;
  const std::string dash = line.dashed ? series_dash(1) : line.solid ? series_dash(0) : series_dash(series.style);
  return fmt::format("using 1:2 with {} lt {} dt {} lw {:.4g} {}lc rgb '{}'", line.points ? "linespoints" : "lines", series.style + 1, dash,
                     line.width, line.points ? point + " " : "", color);
}

void draw_one(const Series& series, const Panel& panel, PanelScript& script) {
  const std::string lines = data_lines(series);
  if (lines.empty()) {  // a loss that is NaN from the start is still named
    if (!series.label.empty())
      script.plots.push_back("NaN with lines lc rgb '#7f7f7f' title " + quoted_text(series.label + " (no finite values)"));
    return;
  }
  const std::string name = script.add_data(lines);
  script.plots.push_back(name + " " + how_to_draw(series, panel) + " " + title_of(series.label));
}

bool inside(const Axis& axis, double value) { return !axis.range || (axis.range->first <= value && value <= axis.range->second); }

// Somewhere the panel has a value on both axes, for guides that have only one.
std::optional<std::pair<double, double>> any_place(const Panel& panel) {
  for (const Series& series : panel.series) {
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (std::isfinite(series.x[i]) && std::isfinite(series.y[i])) return std::pair(series.x[i], series.y[i]);
    }
  }
  if (!panel.marks.empty()) return std::pair(panel.marks[0].x, panel.marks[0].y);
  for (const BarGroup& group : panel.bars) {
    for (std::size_t i = 0; i < group.values.size(); ++i) {
      if (std::isfinite(group.values[i])) return std::pair(double(i), group.values[i]);
    }
  }
  return std::nullopt;
}

// Where a value lies on the axis, 0 left to 1 right, as far as it is known before gnuplot chooses its ticks.
double place_on_axis(const Panel& panel, double value) {
  std::vector<double> all;
  for (const Series& series : panel.series) all.insert(all.end(), series.x.begin(), series.x.end());
  for (const TextMark& mark : panel.marks) all.push_back(mark.x);
  auto [low, high] = panel.x.range ? *panel.x.range : value_range(all, std::nullopt, std::nullopt).value_or(std::pair(0.0, 1.0));
  if (panel.contour && !panel.x.range) low = panel.contour->x.front(), high = panel.contour->x.back();
  if (panel.x.log) return std::log(value / low) / std::log(high / low);
  return (value - low) / (high - low);
}

// A text stands to the right of its point, or to the left where it would be cut off.
std::string mark_settings(const Panel& panel, const TextMark& mark, const PanelScript& script) {
  const double gap = script.target == Target::sketch ? 2 : 0.8;
  const double room = (1.06 - place_on_axis(panel, mark.x)) * 0.85 * script.width;
  const bool left = script.letters(std::max(room, 0.0)) < display_width(mark.text) + 1;
  return fmt::format("set label {} at first {}, first {} {} offset {},{} front textcolor rgb '#303030'\n", quoted_text(mark.text),
                     number_text(mark.x), number_text(mark.y), left ? "right" : "left", left ? -gap : gap,
                     script.target == Target::sketch ? 0 : 0.4);
}

std::string guide_settings(const Guide& guide) {
  const std::string at = number_text(guide.at);
  const std::string line = guide.horizontal ? fmt::format("graph 0, first {0} to graph 1, first {0}", at)
                                            : fmt::format("first {0}, graph 0 to first {0}, graph 1", at);
  std::string out = fmt::format("set arrow from {} nohead back lw 1.3 dt (6,4) lc rgb '#606060'\n", line);
  if (guide.label.empty()) return out;
  const std::string place = guide.horizontal ? fmt::format("graph 0.99, first {} right offset 0,0.5", at)
                                             : fmt::format("first {}, graph 0.97 left offset 0.5,0", at);
  return out + fmt::format("set label {} at {} front textcolor rgb '#404040'\n", quoted_text(guide.label), place);
}

std::string bar_lines(const BarGroup& group, double offset, double width) {
  std::string lines;
  for (std::size_t i = 0; i < group.values.size(); ++i) {
    if (!std::isfinite(group.values[i])) continue;
    lines += fmt::format("{} {} {}\n", number_text(double(i) + offset), number_text(group.values[i]), number_text(width * 0.94));
  }
  return lines;
}

std::string bar_texts(const BarGroup& group, double offset) {
  std::string out;
  for (std::size_t i = 0; group.show_values && i < group.values.size(); ++i) {
    const double value = group.values[i];
    if (!std::isfinite(value)) continue;
    out += fmt::format("set label '{:.3g}' at first {}, first {} center offset 0,{} front textcolor rgb '#303030'\n", value,
                       number_text(double(i) + offset), number_text(value), value < 0 ? "-0.7" : "0.6");
  }
  return out;
}

void check_positive(const std::vector<double>& values, const char* axis, const std::string& who) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    check(!std::isfinite(values[i]) || values[i] > 0, "plot: {}: {}[{}] = {} has no place on a logarithmic axis", who, axis, i, values[i]);
  }
}

}  // namespace

void draw_series(const Panel& panel, PanelScript& script) {
  for (const Series& series : panel.series) {
    if (series.kind == SeriesKind::band && script.target != Target::sketch) draw_one(series, panel, script);
  }
  for (const Series& series : panel.series) {
    if (series.kind != SeriesKind::band) draw_one(series, panel, script);
  }
}

void draw_bars(const Panel& panel, PanelScript& script) {
  const double count = double(panel.bar_names.size()), width = 0.8 / double(panel.bars.size());
  std::size_t widest = 0;
  for (const std::string& name : panel.bar_names) widest = std::max(widest, display_width(name));
  const bool turned = widest + 1 > script.letters(0.88 * script.width / count) && script.target != Target::sketch;
  script.settings += named_ticks('x', {}, panel.bar_names, turned);
  if (turned) script.leave_room_for_turned(panel.bar_names[0], 0.44 * script.width / count, panel.y.label.empty() ? 6 : 9);
  if (script.target != Target::sketch) script.settings += "unset grid\nset grid y back lt 1 lw 1 lc rgb '#e4e4e4'\n";
  script.settings += fmt::format("set xrange [-0.6:{}]\n", number_text(count - 0.4));
  const bool texts = std::any_of(panel.bars.begin(), panel.bars.end(), [](const BarGroup& group) { return group.show_values; });
  if (texts) script.settings += "set offsets 0, 0, graph 0.06, graph 0.02\n";
  if (!panel.y.log) script.plots.push_back(script.add_data("0 0\n") + " using 1:2 with lines lt nodraw notitle");  // bars start at 0
  for (std::size_t k = 0; k < panel.bars.size(); ++k) {
    const BarGroup& group = panel.bars[k];
    const double offset = (double(k) - 0.5 * double(panel.bars.size() - 1)) * width;
    const std::string lines = bar_lines(group, offset, width);
    if (lines.empty()) continue;
    script.settings += bar_texts(group, offset);
    script.plots.push_back(fmt::format("{} using 1:2:3 with boxes lt {} fc rgb '{}' {}", script.add_data(lines), group.style + 1,
                                       color_of(group.color, group.style, panel), title_of(group.label)));
  }
}

void draw_guides_and_marks(const Panel& panel, PanelScript& script) {
  const auto place = any_place(panel);
  std::string extent;  // points that make the axes reach what is only a label or an arrow for gnuplot
  for (const Guide& guide : panel.guides) {
    if (!inside(guide.horizontal ? panel.y : panel.x, guide.at)) continue;
    script.settings += guide_settings(guide);
    const double x = guide.horizontal && place ? place->first : guide.at, y = guide.horizontal || !place ? guide.at : place->second;
    if (place) extent += fmt::format("{} {}\n\n", number_text(x), number_text(y));
  }
  for (const TextMark& mark : panel.marks) {
    extent += fmt::format("{} {}\n\n", number_text(mark.x), number_text(mark.y));
    if (!inside(panel.x, mark.x) || !inside(panel.y, mark.y)) continue;
    script.settings += mark_settings(panel, mark, script);
  }
  if (!extent.empty()) script.plots.push_back(script.add_data(extent) + " using 1:2 with lines lt nodraw notitle");
  const bool nowhere = !place && !panel.heat_map && !panel.images && !panel.contour;
  if (nowhere) {  // nothing finite at all: an empty panel that says so, rather than gnuplot's complaint
    script.settings +=
        fmt::format("set xrange [{0}]\nset yrange [{0}]\nset label 'no finite values' at graph 0.5, graph 0.5 center\n", "0.1:1");
    if (script.plots.empty()) script.plots.emplace_back("NaN notitle");
  }
}

void check_log_axes(const Panel& panel) {
  const bool log_x = panel.x.log, log_y = panel.y.log;
  if (!log_x && !log_y) return;
  check(!panel.heat_map && !panel.images && !panel.contour, "plot: a heat map, images or a contour cannot have a logarithmic axis");
  check(!log_x || panel.bars.empty(), "plot: bars have names on x, so it cannot be logarithmic");
  for (const Series& series : panel.series) {
    const std::string who = fmt::format("series '{}'", one_line(series.label));
    if (log_x) check_positive(series.x, "x", who);
    if (log_y) check_positive(series.y, "y", who);
    if (log_y) check_positive(series.upper, "y", who);
  }
  for (const BarGroup& group : panel.bars) check_positive(group.values, "y", fmt::format("bars '{}'", one_line(group.label)));
  for (const Guide& guide : panel.guides) {
    if (guide.horizontal ? log_y : log_x) check_positive({guide.at}, "line", fmt::format("guide line '{}'", one_line(guide.label)));
  }
  for (const TextMark& mark : panel.marks) {
    if (log_x) check_positive({mark.x}, "x", fmt::format("label '{}'", one_line(mark.text)));
    if (log_y) check_positive({mark.y}, "y", fmt::format("label '{}'", one_line(mark.text)));
  }
  check(!log_x || !panel.x.range || panel.x.range->first > 0, "plot: x_range: a logarithmic axis begins above 0");
  check(!log_y || !panel.y.range || panel.y.range->first > 0, "plot: y_range: a logarithmic axis begins above 0");
}

}  // namespace byhand::plot
