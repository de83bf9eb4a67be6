#include "common/plot/gnuplot.hpp"

#include <cstdlib>

#include "common/core/error.hpp"
#include "common/plot/style.hpp"
#include "common/system/program.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

// gnuplot repeats the command, points at a place in it, then says "line 12: what is wrong", and may add a remark on the terminal.
// The message is the last line that begins so, otherwise the last line.
std::string message_of(const std::string& errors) {
  std::string_view message;
  for (const std::string_view line : split(errors, '\n')) {
    const std::size_t first = line.find_first_not_of(" \t^");
    const bool says = first != std::string::npos && line.find("warning:") == std::string::npos;
    if (says && (!message.starts_with("line ") || line.substr(first).starts_with("line "))) message = line.substr(first);
  }
  return message.empty() ? "it said nothing" : one_line(message);
}

void replace_between(std::string& text, const std::string& begin, const std::string& end, const std::string& replacement) {
  const std::size_t from = text.find(begin);
  if (from == std::string::npos) return;
  const std::size_t to = text.find(end, from + begin.size());
  if (to != std::string::npos) text.replace(from, to + end.size() - from, replacement);
}

std::string xml_text(const std::string& text) {
  std::string out;
  for (const char c : one_line(text)) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

// One tag, between < and >: the script's font goes (the root names the fonts), the blank before > too.
std::string tidy_tag(std::string tag) {
  static const std::string font = " font-family=\"" + std::string(script_font) + "\" ";
  if (const std::size_t at = tag.find(font); at != std::string::npos) tag.replace(at, font.size(), " ");
  if (tag.rfind("<image ", 0) == 0) tag.insert(6, " style='image-rendering:pixelated'");
  return tag;
}

}  // namespace

std::string gnuplot_program() {
  const char* program = std::getenv("BYHAND_GNUPLOT");
  return program && *program ? program : "gnuplot";
}

GnuplotRun run_gnuplot(const std::string& script) {
  ProgramRun run = run_program({gnuplot_program(), "-d"}, script);
  if (!run.found) return {};
  check(run.exit_code < 128, "plot: gnuplot was killed by signal {}", run.exit_code - 128);
  check(run.exit_code == 0, "plot: gnuplot failed: {}", message_of(run.errors));
  return {true, std::move(run.output)};
}

std::string tidy_svg(std::string svg, const std::string& title) {
  const std::string whole = svg.size() > 16 ? svg.substr(svg.size() - 16) : svg;
  check(svg.rfind("<?xml", 0) == 0 && whole.find("</svg>") != std::string::npos, "plot: gnuplot's SVG is not complete");
  replace_between(svg, "<desc>", "</desc>\n", "");
  replace_between(svg, "<title>", "</title>", "<title>" + xml_text(title) + "</title>");
  replace_between(svg, "<svg ", " width", "<svg font-family=\"" + std::string(svg_fonts) + "\"\n width");
  std::string out;
  for (std::size_t i = 0; i < svg.size();) {
    const std::size_t open = std::min(svg.find('<', i), svg.size());
    out.append(svg, i, open - i);
    if (open == svg.size()) break;
    const std::size_t close = svg.find('>', open);
    check(close != std::string::npos, "plot: gnuplot's SVG is not complete");
    out += tidy_tag(svg.substr(open, close + 1 - open));
    i = close + 1;
    // gnuplot names each plot element in a tooltip, mangled; the legend says it already.
    if (svg.compare(open, 20, "<g id=\"gnuplot_plot_") == 0 && svg.compare(i, 7, "<title>") == 0) i = svg.find("</title>", i) + 8;
  }
  return out;
}

}  // namespace byhand::plot
