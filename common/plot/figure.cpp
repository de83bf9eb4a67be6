#include "common/plot/figure.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "common/core/error.hpp"
#include "common/plot/gnuplot.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace fs = std::filesystem;
namespace {

void say(const std::string& line) { fmt::print(stderr, "{}\n", line); }

void say_missing(const std::string& consequence) {
  static bool said = false;  // once is enough for a chapter with ten figures
  if (!said) say(fmt::format("plot: {} is not installed, {} (to get it: apt install gnuplot-nox)", gnuplot_program(), consequence));
  said = true;
}

fs::path with_ending(const fs::path& stem, const char* ending) {
  fs::path file = stem;
  if (file.extension() == ".svg" || file.extension() == ".png") file.replace_extension();
  file += ending;
  return file;
}

bool is_png(const std::string& bytes) {
  return bytes.size() > 20 && bytes.rfind("\x89PNG\r\n\x1a\n", 0) == 0 && bytes.compare(bytes.size() - 8, 4, "IEND") == 0;
}

bool has_screen() {
#ifdef __APPLE__
  return true;
#else
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
  };
  return set("DISPLAY") || set("WAYLAND_DISPLAY");
#endif
}

// Without the form feed gnuplot begins with, empty lines at both ends, and blanks at the end of each line.
std::string trimmed_sketch(const std::string& text) {
  std::string out, empty_lines;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t last = line.find_last_not_of(" \f");
    if (last == std::string::npos) {
      if (!out.empty()) empty_lines += '\n';
      continue;
    }
    out += std::exchange(empty_lines, "");
    out += line.substr(line[0] == '\f' ? 1 : 0, last + 1);
    out += '\n';
  }
  return out;
}

}  // namespace

Figure::Figure(const std::string& title, const FigureOptions& options) {
  const auto sane = [](int pixels) { return pixels >= 100 && pixels <= 6000; };
  check(sane(options.width) && sane(options.height), "plot: a figure of {} x {} pixels: each side must be between 100 and 6000",
        options.width, options.height);
  check(options.font_size >= 6 && options.font_size <= 60, "plot: font size {} is not between 6 and 60 pixels", options.font_size);
  content_.title = title;
  content_.options = options;
  content_.panels.resize(1);
}

void Figure::subplots(std::size_t rows, std::size_t cols) {
  check(rows >= 1 && cols >= 1 && rows <= 100 && cols <= 100 / rows, "plot: subplots({}, {}): between 1 and 100 panels can be drawn", rows,
        cols);
  const bool used =
      std::any_of(content_.panels.begin() + 1, content_.panels.end(), [](const Axes& axes) { return !axes.content().empty(); });
  check(!used, "plot: subplots({}, {}): the panels already hold something; divide the figure before drawing", rows, cols);
  content_.rows = rows;
  content_.cols = cols;
  content_.panels.resize(rows * cols);
}

Axes& Figure::panel(std::size_t row, std::size_t col) {
  check(row < content_.rows && col < content_.cols, "plot: panel({}, {}): the figure has ({}, {}) panels", row, col, content_.rows,
        content_.cols);
  return content_.panels[row * content_.cols + col];
}

std::vector<fs::path> Figure::save(const fs::path& stem) const {
  const fs::path svg_file = with_ending(stem, ".svg"), png_file = with_ending(stem, ".png");
  check(svg_file.stem() != "" && svg_file.stem() != ".svg", "plot: save('{}'): a file name is needed", stem.string());
  const GnuplotRun svg = run_gnuplot(figure_script(content_, Target::svg));
  if (!svg.found) {
    const fs::path script_file = with_ending(stem, ".gp");
    write_file(script_file, figure_script(content_, Target::svg, svg_file.filename().string()));
    say_missing(fmt::format("so figures are written as scripts for it, such as {}", script_file.string()));
    return {script_file};
  }
  const GnuplotRun png = run_gnuplot(figure_script(content_, Target::png));
  check(is_png(png.output), "plot: {}: gnuplot's PNG is not complete", png_file.string());
  write_file(svg_file, tidy_svg(svg.output, content_.title));
  write_file(png_file, png.output);
  return {svg_file, png_file};
}

bool Figure::show() const {
  const std::string script = figure_script(content_, Target::window);
  if (!has_screen()) {
    say("plot: no window: there is no screen here (DISPLAY is not set); the saved files show the same");
    return false;
  }
  try {
    if (run_gnuplot(script).found) return true;
    say_missing("so there is no window");
  } catch (const Error& error) {
    say(fmt::format("{}; so there is no window (to get one: apt install gnuplot-qt)", error.what()));
  }
  return false;
}

std::string Figure::sketch(int columns, int rows) const {
  check(columns >= 20 && columns <= 400 && rows >= 8 && rows <= 200, "plot: a sketch of {} x {} characters: 20 x 8 to 400 x 200", columns,
        rows);
  FigureContent content = content_;
  content.options.width = columns;
  content.options.height = rows;
  const GnuplotRun run = run_gnuplot(figure_script(content, Target::sketch));
  if (!run.found) say_missing("so there is no sketch");
  return trimmed_sketch(run.output);
}

void Figure::term(int columns, int rows) const {
  const std::string text = sketch(columns, rows);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace byhand::plot
