// A figure as a gnuplot script.
#include "common/plot/figure.hpp"

#include <algorithm>

#include "common/core/error.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

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

}  // namespace

std::string figure_script(const FigureContent& figure, Target target, const std::string& output) {
  const bool nothing = std::all_of(figure.panels.begin(), figure.panels.end(), [](const Axes& axes) { return axes.content().empty(); });
  check(!nothing, "plot: the figure '{}' is empty: draw something before it is saved or shown", one_line(figure.title));
  const FigureOptions& o = figure.options;
  const bool one = figure.rows * figure.cols == 1;
  const double letter = 0.6 * (o.font_size + 3);  // the width of a usual one
  const std::string title = wrap_text(figure.title, target == Target::sketch ? std::size_t(o.width) : std::size_t(o.width * 0.95 / letter));
  const double lines = title.empty() ? 0 : 1 + double(std::count(title.begin(), title.end(), '\n'));
  const double line = target == Target::sketch ? 1.0 / o.height : (o.font_size + 3) * 1.6 / o.height;
  const double top = one ? 1 : std::max(0.3, 1 - lines * line);

  std::string data = "set encoding utf8\n", drawing;
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const Panel& panel = figure.panels[i].content();
    if (panel.empty()) continue;
    const double w = 1.0 / double(figure.cols), h = top / double(figure.rows);
    PanelScript script{panel, i, o.width * w, o.height * h, o.font_size, target};
    script.draw(one ? figure.title + (figure.title.empty() || panel.title.empty() ? "" : "\n") + panel.title : panel.title);
    data += script.data;
    drawing += "reset\n";
    if (!one) {
      const double x = double(i % figure.cols) * w, y = top - double(i / figure.cols + 1) * h;
      drawing += fmt::format("set size {:.6g},{:.6g}\nset origin {:.6g},{:.6g}\n", w, h, x, std::max(0.0, y));
    }
    drawing += script.settings;
  }
  std::string out = data + terminal(figure, target);
  if (!output.empty()) out += "set output " + quoted_text(output) + "\n";
  if (one) return out + drawing + "unset output\n";
  const double scale = target == Target::svg ? 1 : 0.75;
  const std::string heading = title.empty() ? "" : fmt::format(" title {} font ',{:.4g}'", quoted_text(title), (o.font_size + 3) * scale);
  return out + "set multiplot" + heading + "\n" + drawing + "unset multiplot\nunset output\n";
}

}  // namespace byhand::plot
