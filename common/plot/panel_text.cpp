// Text on its way into a figure.
#include "common/plot/panel.hpp"

#include <algorithm>

#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

std::string quoted_with(std::string_view text, bool double_percent) {
  std::string out = "'";
  char before = 0;
  for (const char c : clean_text(text)) {
    // gnuplot copies "&#1;" into the SVG as it stands, where it is an error: an invisible joiner keeps the two apart.
    if (before == '&' && c == '#') out += "\xE2\x81\xA0";
    before = c;
    if (c == '\n') {
      out += "'.\"\\n\".'";
    } else {
      if (c == '\'' || (c == '%' && double_percent)) out += c;
      out += c;
    }
  }
  return out + "'";
}

}  // namespace

std::string wrap_text(std::string_view text, std::size_t columns) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const std::size_t width = display_width(word);
    const bool first = begin == 0, broken = !first && text[begin - 1] == '\n';
    const bool fits = column + 1 + width <= columns || column == 0;
    if (!first) out += broken || !fits ? '\n' : ' ';
    column = first || broken || !fits ? width : column + 1 + width;
    out += word;
    begin = end + 1;
  }
  return out;
}

std::string quoted_text(std::string_view text) { return quoted_with(text, false); }

std::string quoted_tick(std::string_view text) {
  constexpr std::size_t most = 50;  // bytes; gnuplot cuts there, in the middle of a letter if need be
  std::string name = clean_text(text);
  if (name.size() > most) {
    std::size_t end = most - 3;  // an ellipsis takes three bytes
    while ((name[end] & 0xC0) == 0x80) --end;
    name = name.substr(0, end) + "\xE2\x80\xA6";
  }
  return quoted_with(name, true);
}

std::size_t widest(const std::vector<std::string>& names) {
  std::size_t width = 0;
  for (const std::string& name : names) width = std::max(width, display_width(name));
  return width;
}

}  // namespace byhand::plot
