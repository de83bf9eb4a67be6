#include "common/plot/text.hpp"

#include <algorithm>
#include <cstdint>

namespace byhand::plot {
namespace {

constexpr char32_t invalid = 0xFFFD;

// The next code point of UTF-8 text and how many bytes it took; `invalid` and one byte where the bytes are no UTF-8.
struct CodePoint {
  char32_t value;
  std::size_t bytes;
};

CodePoint next_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return char32_t(static_cast<unsigned char>(text[i])); };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {invalid, 1};
  char32_t value = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {invalid, 1};
    value = value << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  const bool not_in_xml = value == 0xFFFE || value == 0xFFFF || value > 0x10FFFF;
  if (overlong || surrogate || not_in_xml) return {invalid, overlong || surrogate || value > 0x10FFFF ? 1 : length};
  return {value, length};
}

bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

bool has_no_width(char32_t c) { return (c >= 0x0300 && c <= 0x036F) || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFE0F; }

std::string quoted_with(std::string_view text, bool double_percent) {
  std::string out = "'";
  for (const char c : clean_text(text)) {
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

std::string clean_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text.substr(i));
    if (c.value == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      // the newline follows
    } else if ((c.value < 0x20 && c.value != '\n') || (c.value >= 0x7F && c.value < 0xA0)) {
      out += ' ';
    } else if (c.value == invalid) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(i, c.bytes);
      // gnuplot copies "&#1;" into the SVG as it stands, where it is an error: an invisible joiner keeps the two apart.
      if (c.value == '&' && i + 1 < text.size() && text[i + 1] == '#') out += "\xE2\x81\xA0";
    }
    i += c.bytes;
  }
  return out;
}

std::string one_line(std::string_view text) {
  std::string out = clean_text(text);
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t widest = 0, width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text.substr(i));
    width = c.value == '\n' ? 0 : width + (has_no_width(c.value) ? 0 : is_wide(c.value) ? 2 : 1);
    widest = std::max(widest, width);
    i += c.bytes;
  }
  return widest;
}

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

}  // namespace byhand::plot
