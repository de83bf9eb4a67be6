#include "common/plot/panel.hpp"

#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

constexpr double letter_width = 0.6;  // of a usual letter, as a part of the font size; gnuplot's SVG reckons with the same

std::string legend_settings(const Panel& panel, Target target) {
  std::size_t labels = 0, extra = 0;
  for (const Chart& chart : panel.charts) {
    if (chart.label.empty() || chart.layer == Layer::guide || chart.layer == Layer::mark) continue;
    ++labels;
    // gnuplot counts letters; wide ones (Korean) need room for two.
    std::size_t letters = 0;
    for (const char c : chart.label) letters += (c & 0xC0) != 0x80;
    extra = std::max(extra, std::max(display_width(chart.label), letters) - letters);
  }
  if (labels == 0 || panel.legend == Legend::none) return "unset key\n";
  static constexpr std::pair<Legend, const char*> places[] = {{Legend::right, "outside right top vertical"},
                                                              {Legend::top_left, "inside left top vertical"},
                                                              {Legend::top_right, "inside right top vertical"},
                                                              {Legend::bottom_left, "inside left bottom vertical"},
                                                              {Legend::bottom_right, "inside right bottom vertical"}};
  const char* place = "outside below center horizontal";
  for (const auto& [legend, there] : places) {
    if (legend == panel.legend && target != Target::sketch) place = there;
  }
  return fmt::format("set key {} Left reverse samplen 3 spacing 1.2 height 1 width {}\n", place, extra);
}

std::string axis_settings(char name, const Axis& axis, std::size_t letters) {
  std::string out;
  if (!axis.label.empty()) out += fmt::format("set {}label {}\n", name, quoted_text(wrap_text(axis.label, letters)));
  if (axis.log) out += fmt::format("set logscale {}\n", name);
  if (axis.range) out += fmt::format("set {}range [{}:{}]\n", name, number_text(axis.range->first), number_text(axis.range->second));
  if (!axis.tick_names.empty()) out += named_ticks(name, axis.tick_places, axis.tick_names, false);
  return out;
}

// What every panel starts from: white, thin gray axes left and below, a light grid.
std::string frame_settings(bool plain) {
  std::string out =
      "set border 3 lw 1 lc rgb '#7f7f7f'\nset tics nomirror out scale 0.5 textcolor rgb '#303030'\n"
      "set format x '%g'\nset format y '%g'\nset format cb '%g'\nset style fill solid 1 noborder\n";
  if (!plain) out += "set grid back lt 1 lw 1 lc rgb '#e4e4e4'\n";
  return out;
}

std::string panel_settings(const PanelScript& script, const std::string& title) {
  const Panel& panel = script.panel;
  bool plain = script.is_sketch(), roomy = false;
  for (const Chart& chart : panel.charts) plain |= chart.plain, roomy |= chart.roomy && chart.layer != Layer::bars;
  std::string out = frame_settings(plain);
  if (!title.empty()) {
    const double scale = script.target == Target::png || script.target == Target::window ? 0.75 : 1;
    out += fmt::format("set title {} font ',{:.4g}'\n", quoted_text(wrap_text(title, script.letters(script.width * 0.9))),
                       (script.font_size + 1) * scale);
  }
  if (!roomy && panel.in(Layer::bars).empty()) out += "set autoscale xfix\n";
  if (roomy) out += "set offsets graph 0.04, graph 0.04, graph 0.04, graph 0.04\n";
  return out + legend_settings(panel, script.target);
}

// Error that names the chart when a logarithmic axis meets a value that is not positive, or something that cannot be logarithmic.
void check_log_axes(const Panel& panel) {
  const bool log_x = panel.x.log, log_y = panel.y.log;
  if (!log_x && !log_y) return;
  check(panel.in(Layer::map).empty(), "plot: a heat map, images or a contour cannot have a logarithmic axis");
  check(!log_x || panel.in(Layer::bars).empty(), "plot: bars have names on x, so it cannot be logarithmic");
  static constexpr const char* kinds[] = {"map", "bars", "series", "series", "guide line", "label"};
  for (const Chart& chart : panel.charts) {
    const auto check_positive = [&](const std::vector<double>& values, const char* axis) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        check(!std::isfinite(values[i]) || values[i] > 0, "plot: {} '{}': {}[{}] = {} has no place on a logarithmic axis",
              kinds[std::size_t(chart.layer)], one_line(chart.label), chart.layer == Layer::guide ? "line" : axis, i, values[i]);
      }
    };
    if (log_x) check_positive(chart.x, "x");
    if (log_y) check_positive(chart.y, "y");
    if (log_y) check_positive(chart.upper, "y");
  }
  check(!log_x || !panel.x.range || panel.x.range->first > 0, "plot: x_range: a logarithmic axis begins above 0");
  check(!log_y || !panel.y.range || panel.y.range->first > 0, "plot: y_range: a logarithmic axis begins above 0");
}

}  // namespace

std::vector<const Chart*> Panel::in(Layer layer) const {
  std::vector<const Chart*> found;
  for (const Chart& chart : charts) {
    if (chart.layer == layer) found.push_back(&chart);
  }
  return found;
}

std::optional<std::pair<double, double>> Panel::any_place() const {
  const auto turn_of = [](Layer layer) { return layer == Layer::bars ? 2 : layer == Layer::mark ? 1 : 0; };
  for (const int turn : {0, 1, 2}) {
    for (const Chart& chart : charts) {
      if (turn_of(chart.layer) != turn) continue;
      for (std::size_t i = 0; i < std::min(chart.x.size(), chart.y.size()); ++i) {
        if (std::isfinite(chart.x[i]) && std::isfinite(chart.y[i])) return std::pair(chart.x[i], chart.y[i]);
      }
    }
  }
  return std::nullopt;
}

void PanelScript::draw(const std::string& title) {
  check_log_axes(panel);
  settings = panel_settings(*this, title);
  for (const Layer layer : {Layer::map, Layer::bars, Layer::band, Layer::series, Layer::guide, Layer::mark}) {
    for (const Chart* chart : panel.in(layer)) chart->draw(*chart, *this);
  }
  if (!extent.empty()) plots.push_back(add_data(extent) + " using 1:2 with lines lt nodraw notitle");
  if (!panel.any_place() && panel.in(Layer::map).empty()) {  // an empty panel that says so, rather than gnuplot's complaint
    settings += "set xrange [0.1:1]\nset yrange [0.1:1]\nset label 'no finite values' at graph 0.5, graph 0.5 center\n";
    if (plots.empty()) plots.emplace_back("NaN notitle");
  }
  settings += axis_settings('x', panel.x, letters(width * 0.85)) + axis_settings('y', panel.y, letters(height * 0.85)) + "plot ";
  for (std::size_t i = 0; i < plots.size(); ++i) settings += (i ? ", \\\n     " : "") + plots[i];
  settings += "\n";
}

std::string PanelScript::add_data(const std::string& lines) {
  const std::string name = fmt::format("$data_{}_{}", number, blocks++);
  data += name + " << END_OF_DATA\n" + lines + "END_OF_DATA\n";
  return name;
}

void PanelScript::draw_points(const Chart& chart, bool thin, const std::string& how) {
  std::vector<const std::vector<double>*> columns{&chart.x, &chart.y};
  if (!chart.upper.empty()) columns.push_back(&chart.upper);
  std::string lines;
  for (const std::vector<std::size_t>& stretch : visible_points(columns, thin)) {
    if (!lines.empty()) lines += '\n';
    for (const std::size_t i : stretch) {
      for (std::size_t c = 0; c < columns.size(); ++c) lines += (c ? " " : "") + number_text((*columns[c])[i]);
      lines += '\n';
    }
  }
  if (!lines.empty()) {
    plots.push_back(fmt::format("{} using {} {}", add_data(lines), how, title_of(chart.label)));
  } else if (!chart.label.empty()) {  // a loss that is NaN from the start is still named
    plots.push_back("NaN with lines lc rgb '#7f7f7f' title " + quoted_text(chart.label + " (no finite values)"));
  }
}

void PanelScript::use_palette(Palette palette, double low, double high, bool color_bar) {
  const std::vector<std::string>& colors = palette_colors(palette);
  settings += "set palette defined (";
  for (std::size_t i = 0; i < colors.size(); ++i) settings += fmt::format("{}{} '{}'", i ? ", " : "", i, colors[i]);
  settings += fmt::format(")\nset cbrange [{}:{}]\n", number_text(low), number_text(high));
  settings += color_bar && !is_sketch() ? "set colorbox\n" : "unset colorbox\n";
}

void PanelScript::leave_room_for_turned(const std::string& name, double center, std::size_t letters_there) {
  const double reach = 0.82 * double(display_width(name)) - center / (letter_width * font_size);  // cos 35 degrees = 0.82
  if (reach > 6)
    settings += fmt::format("set lmargin {:.4g}\n", std::min(std::max(reach, double(letters_there)) + 2, 0.45 * double(letters(width))));
}

std::size_t PanelScript::letters(double pixels) const {
  return std::size_t(std::max(1.0, is_sketch() ? pixels : pixels / (letter_width * font_size)));
}

std::string PanelScript::color_of(const Chart& chart) const {
  const bool tinted = std::any_of(panel.charts.begin(), panel.charts.end(), [](const Chart& c) { return c.tinted; });
  return chart.color.empty() ? series_color(chart.style + (tinted ? 1 : 0)) : chart.color;
}

std::string number_text(double value) { return std::isfinite(value) ? fmt::format("{:.9g}", value) : "NaN"; }

std::string matrix_lines(const std::vector<double>& values, std::size_t cols) {
  std::string lines;
  for (std::size_t i = 0; i < values.size(); ++i) lines += number_text(values[i]) + ((i + 1) % cols ? " " : "\n");
  return lines;
}

std::string title_of(const std::string& label) { return label.empty() ? "notitle" : "title " + quoted_text(label); }

std::optional<std::pair<double, double>> value_range(const std::vector<double>& values, std::optional<double> low,
                                                     std::optional<double> high) {
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    if (!low || value < *low) low = value;
    if (!high || value > *high) high = value;
  }
  if (!low || !high) return std::nullopt;
  const double room = *low < *high ? 0 : std::max(std::abs(*low), 1.0) * 0.5;
  return std::pair(*low - room, *high + room);
}

std::pair<double, double> scale_of(const std::vector<double>& values, std::optional<double> low, std::optional<double> high) {
  const auto [lowest, highest] = value_range(values, low, high).value_or(std::pair(0.0, 1.0));
  return {low.value_or(lowest), high.value_or(highest)};
}

std::string named_ticks(char axis, const std::vector<double>& places, const std::vector<std::string>& names, bool turned) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double place = places.empty() ? double(i) : places[i];
    list += fmt::format("{}{} {}", i ? ", " : "", quoted_tick(names[i]), number_text(place));
  }
  return fmt::format("set {}tics {}({})\n", axis, turned ? "rotate by 35 right " : "", list);
}

}  // namespace byhand::plot
