#pragma once
/// @file
/// Appliance, system. Text on its way in and out: split, trimmed, read as numbers, made fit for a message or a terminal.
/// What needs Unicode's tables (small letters, accents, composition) is text/unicode.hpp.
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byhand {

// ---- in ----

/// The text without these letters at both ends: blanks, tabs and the \r of other line ends unless told.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r");

/// The parts between the marks, at least one: split("a,,b", ',') is a, nothing, b.
std::vector<std::string_view> split(std::string_view text, char mark);
/// The parts between blanks, tabs and line ends, or between other letters; none of them is empty.
std::vector<std::string_view> split_words(std::string_view text, std::string_view blanks = " \t\r\n\f\v");

/// The lines, without their ends: \n, \r\n or \r. What follows the last line end is a line when it is not empty.
std::vector<std::string_view> lines_of(std::string_view text);

/// The whole text as a whole number of type T; nothing when it is none, does not fit, or has a plus sign or a blank.
template <class T>
std::optional<T> whole_number(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

/// The whole text as a number with a point, whatever the language set (strtod would read 1,5 in German); a plus sign may begin it.
/// "inf" and "nan" are numbers too. Nothing when it is none.
std::optional<double> decimal_number(std::string_view text);

// ---- UTF-8 ----

/// The first code point of a text that is not empty, and how many bytes it took. U+FFFD and one byte where the bytes are no UTF-8:
/// overlong, half of a surrogate pair, above U+10FFFF, cut short.
struct CodePoint {
  char32_t value;
  std::size_t bytes;
};
CodePoint next_code_point(std::string_view text);

/// How many columns the text takes on a terminal; Korean, Chinese and Japanese letters take two. The longest line counts.
std::size_t display_width(std::string_view text);

// ---- out ----

/// Valid UTF-8 without control characters: bytes that are none become U+FFFD, as do U+FFFE and U+FFFF, which no XML may hold; tabs and
/// the like become a blank, CR LF a newline.
std::string clean_text(std::string_view text);

/// The same on one line.
std::string one_line(std::string_view text);

/// Text from a file made fit for a one-line error message: cut after some 40 bytes, control characters and bytes that are no UTF-8 as '?'.
std::string shown(std::string_view text);

/// Names for such a message, with commas between: as many as begin within 200 bytes; "none" when there is none.
std::string shown_names(const std::vector<std::string>& names);

}  // namespace byhand
