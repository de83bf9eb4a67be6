#include "common/plot/script.hpp"

#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/panel_script.hpp"
#include "common/plot/text.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

constexpr double letter_width = 0.6;  // of a usual letter, as a part of the font size; gnuplot's SVG reckons with the same

std::string terminal(const FigureContent& figure, Target target) {
  const FigureOptions& o = figure.options;
  const std::string size = fmt::format("size {},{}", o.width, o.height);
  const auto font = [&](double scale) { return fmt::format("font '{},{:.4g}'", script_font, o.font_size * scale); };
  switch (target) {
    case Target::sketch:
      return fmt::format("set terminal dumb {} noenhanced\n", size);
    case Target::png:  // sizes in points: 96 pixels are 72 of them
      return fmt::format(
          "if (strstrt(' '.GPVAL_TERMINALS.' ', ' pngcairo ')) {{\n  set terminal pngcairo {0} {1} background '#ffffff' noenhanced "
          "dashlength 1.8 pointscale 1.4\n}} "
          "else {{\n  set terminal png {0} {1} background '#ffffff' noenhanced\n}}\n",
          size, font(0.75));
    case Target::window:
      return fmt::format(
          "windows = ' '.GPVAL_TERMINALS.' '\nif (strstrt(windows, ' qt ')) {{\n  set terminal qt persist {0} {1} noenhanced\n}} else {{\n"
          "if (strstrt(windows, ' wxt ')) {{\n  set terminal wxt persist {0} {1} noenhanced\n}} else {{\nif (strstrt(windows, ' aqua ')) "
          "{{\n  set terminal aqua {0} noenhanced\n}} else {{\nif (strstrt(windows, ' x11 ')) {{\n  set terminal x11 persist {0} "
          "noenhanced\n}} else {{\n  exit error 'this gnuplot cannot open windows'\n}}}}}}}}\n",
          size, font(0.75));
    case Target::svg:
      break;
  }
  return fmt::format("set terminal svg {} {} background '#ffffff' noenhanced\n", size, font(1));
}

std::string legend_settings(const Panel& panel, Target target) {
  std::size_t labels = 0, extra = 0;
  const auto count = [&](const std::string& label) {
    if (label.empty()) return;
    ++labels;
    // gnuplot counts letters; wide ones (Korean) need room for two.
    std::size_t letters = 0;
    for (const char c : label) letters += (c & 0xC0) != 0x80;
    const std::size_t width = display_width(label);
    extra = std::max(extra, width > letters ? width - letters : 0);
  };
  for (const Series& series : panel.series) count(series.label);
  for (const BarGroup& group : panel.bars) count(group.label);
  if (labels == 0 || panel.legend == Legend::none) return "unset key\n";
  const std::string style = fmt::format("Left reverse samplen 3 spacing 1.2 height 1 width {}", extra);
  if (target == Target::sketch) return "set key outside below center horizontal " + style + "\n";
  switch (panel.legend) {
    case Legend::right:
      return "set key outside right top vertical " + style + "\n";
    case Legend::top_left:
      return "set key inside left top vertical " + style + "\n";
    case Legend::top_right:
      return "set key inside right top vertical " + style + "\n";
    case Legend::bottom_left:
      return "set key inside left bottom vertical " + style + "\n";
    case Legend::bottom_right:
      return "set key inside right bottom vertical " + style + "\n";
    default:
      return "set key outside below center horizontal " + style + "\n";
  }
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

std::string panel_settings(const Panel& panel, const PanelScript& script, const std::string& title) {
  std::string out = frame_settings(panel.heat_map || panel.images || script.target == Target::sketch);
  const int title_size = script.font_size + 1;
  if (!title.empty()) {
    const double scale = script.target == Target::png || script.target == Target::window ? 0.75 : 1;
    out +=
        fmt::format("set title {} font ',{:.4g}'\n", quoted_text(wrap_text(title, script.letters(script.width * 0.9))), title_size * scale);
  }
  const bool only_curves =
      std::none_of(panel.series.begin(), panel.series.end(), [](const Series& s) { return s.kind == SeriesKind::points; });
  if (panel.bars.empty() && only_curves && panel.marks.empty()) out += "set autoscale xfix\n";
  if (!only_curves || !panel.marks.empty()) out += "set offsets graph 0.04, graph 0.04, graph 0.04, graph 0.04\n";
  return out + legend_settings(panel, script.target);
}

// Draws one panel: its data first, then what stands between `place` (set size, set origin) and the end of its plot command.
struct DrawnPanel {
  std::string data, commands;
};

DrawnPanel draw_panel(const Panel& panel, PanelScript script, const std::string& title) {
  check_log_axes(panel);
  script.settings = panel_settings(panel, script, title);
  if (panel.heat_map) draw_heat_map(*panel.heat_map, script);
  if (panel.images) draw_images(*panel.images, script);
  if (panel.contour) draw_contour(*panel.contour, script);
  if (!panel.bars.empty()) draw_bars(panel, script);
  draw_series(panel, script);
  draw_guides_and_marks(panel, script);
  script.settings += axis_settings('x', panel.x, script.letters(script.width * 0.85));
  script.settings += axis_settings('y', panel.y, script.letters(script.height * 0.85));
  std::string plot = "plot ";
  for (std::size_t i = 0; i < script.plots.size(); ++i) plot += (i ? ", \\\n     " : "") + script.plots[i];
  return {script.data, script.settings + plot + "\n"};
}

}  // namespace

std::string PanelScript::add_data(const std::string& lines) {
  const std::string name = fmt::format("$data_{}_{}", number, blocks++);
  data += name + " << END_OF_DATA\n" + lines + "END_OF_DATA\n";
  return name;
}

void PanelScript::use_palette(Palette palette, double low, double high, bool color_bar) {
  const std::vector<std::string>& colors = palette_colors(palette);
  settings += "set palette defined (";
  for (std::size_t i = 0; i < colors.size(); ++i) settings += fmt::format("{}{} '{}'", i ? ", " : "", i, colors[i]);
  settings += fmt::format(")\nset cbrange [{}:{}]\n", number_text(low), number_text(high));
  settings += color_bar && target != Target::sketch ? "set colorbox\n" : "unset colorbox\n";
}

void PanelScript::leave_room_for_turned(const std::string& name, double center, std::size_t letters_there) {
  const double reach = 0.82 * double(display_width(name)) - center / (letter_width * font_size);  // cos 35 degrees = 0.82
  if (reach > 6)
    settings += fmt::format("set lmargin {:.4g}\n", std::min(std::max(reach, double(letters_there)) + 2, 0.45 * double(letters(width))));
}

std::size_t PanelScript::letters(double pixels) const {
  return std::size_t(std::max(1.0, target == Target::sketch ? pixels : pixels / (letter_width * font_size)));
}

std::string number_text(double value) { return std::isfinite(value) ? fmt::format("{:.9g}", value) : "NaN"; }

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

std::string named_ticks(char axis, const std::vector<double>& places, const std::vector<std::string>& names, bool turned) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double place = places.empty() ? double(i) : places[i];
    list += fmt::format("{}{} {}", i ? ", " : "", quoted_tick(names[i]), number_text(place));
  }
  return fmt::format("set {}tics {}({})\n", axis, turned ? "rotate by 35 right " : "", list);
}

std::string figure_script(const FigureContent& figure, Target target, const std::string& output) {
  const bool nothing = std::all_of(figure.panels.begin(), figure.panels.end(), [](const Axes& axes) { return axes.content().empty(); });
  check(!nothing, "plot: the figure '{}' is empty: draw something before it is saved or shown", one_line(figure.title));
  const FigureOptions& o = figure.options;
  const bool one = figure.rows * figure.cols == 1;
  const double letter = letter_width * (o.font_size + 3);
  const std::string title = wrap_text(figure.title, target == Target::sketch ? std::size_t(o.width) : std::size_t(o.width * 0.95 / letter));
  const double lines = title.empty() ? 0 : 1 + double(std::count(title.begin(), title.end(), '\n'));
  const double line = target == Target::sketch ? 1.0 / o.height : (o.font_size + 3) * 1.6 / o.height;
  const double top = one ? 1 : std::max(0.3, 1 - lines * line);

  std::string data = "set encoding utf8\n", drawing;
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const Panel& panel = figure.panels[i].content();
    if (panel.empty()) continue;
    const double w = 1.0 / double(figure.cols), h = top / double(figure.rows);
    PanelScript script{i, o.width * w, o.height * h, o.font_size, target, {}, {}, {}};
    std::string heading = panel.title;
    if (one) heading = figure.title + (figure.title.empty() || panel.title.empty() ? "" : "\n") + panel.title;
    const DrawnPanel drawn = draw_panel(panel, std::move(script), heading);
    data += drawn.data;
    drawing += "reset\n";
    if (!one) {
      const double x = double(i % figure.cols) * w, y = top - double(i / figure.cols + 1) * h;
      drawing += fmt::format("set size {:.6g},{:.6g}\nset origin {:.6g},{:.6g}\n", w, h, x, std::max(0.0, y));
    }
    drawing += drawn.commands;
  }
  std::string out = data + terminal(figure, target);
  if (!output.empty()) out += "set output " + quoted_text(output) + "\n";
  if (one) return out + drawing + "unset output\n";
  const double scale = target == Target::svg ? 1 : 0.75;
  const std::string heading = title.empty() ? "" : fmt::format(" title {} font ',{:.4g}'", quoted_text(title), (o.font_size + 3) * scale);
  return out + "set multiplot" + heading + "\n" + drawing + "unset multiplot\nunset output\n";
}

}  // namespace byhand::plot
