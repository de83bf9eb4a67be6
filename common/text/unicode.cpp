#include "common/text/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

#include "common/core/error.hpp"
#include "common/system/text.hpp"

namespace byhand::text {

// ---- bytes and code points ----

std::u32string decode_utf8(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  while (!text.empty()) {
    const CodePoint c = next_code_point(text);
    points += c.value;
    text.remove_prefix(c.bytes);
  }
  return points;
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (char32_t c : text) {
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = U'\uFFFD';
    utf8proc_uint8_t buffer[4];
    const utf8proc_ssize_t used = utf8proc_encode_char(utf8proc_int32_t(c), buffer);
    bytes.append(reinterpret_cast<const char*>(buffer), std::size_t(used));
  }
  return bytes;
}

std::string_view category(char32_t c) { return c > 0x10FFFF ? "Cn" : utf8proc_category_string(utf8proc_int32_t(c)); }

// ---- small letters ----

namespace {

/// Letters that look small or capital without being of category Ll, Lu or Lt: Roman numerals, letters in circles and squares, ª and º
/// (properties Other_Lowercase and Other_Uppercase of the Unicode Character Database). Those of category Lm are case_ignorable anyway.
bool is_cased(char32_t c) {
  const std::string_view kind = category(c);
  return kind == "Ll" || kind == "Lu" || kind == "Lt" || c == 0xAA || c == 0xBA || (c >= 0x2160 && c <= 0x217F) ||
         (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F149) || (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189);
}

/// What may stand between a letter and the end of its word: accents, marks, apostrophes, full stops (property Case_Ignorable).
bool is_case_ignorable(char32_t c) {
  static constexpr std::u32string_view inside_words =
      U"'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";
  const std::string_view kind = category(c);
  return kind == "Mn" || kind == "Me" || kind == "Cf" || kind == "Lm" || kind == "Sk" || inside_words.find(c) != inside_words.npos;
}

bool ends_word(std::u32string_view text, std::size_t sigma) {
  std::size_t before = sigma, after = sigma + 1;
  while (before > 0 && is_case_ignorable(text[before - 1])) --before;
  if (before == 0 || !is_cased(text[before - 1])) return false;
  while (after < text.size() && is_case_ignorable(text[after])) ++after;
  return after == text.size() || !is_cased(text[after]);
}

}  // namespace

std::u32string lower(std::u32string_view text) {
  std::u32string small;
  small.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c < 0x80) {
      small += c >= U'A' && c <= U'Z' ? c + (U'a' - U'A') : c;
    } else if (c == U'Σ') {
      small += ends_word(text, i) ? U'ς' : U'σ';
    } else if (c == U'İ') {
      small += U"i\u0307";
    } else {
      small += c > 0x10FFFF ? c : char32_t(utf8proc_tolower(utf8proc_int32_t(c)));
    }
  }
  return small;
}

// ---- normal forms ----

namespace {

int combining_class(char32_t c) { return utf8proc_get_property(utf8proc_int32_t(c))->combining_class; }

void append_decomposed(std::u32string& out, char32_t c) {
  std::array<utf8proc_int32_t, 8> parts;  // the longest decomposition has four
  int boundary = 0;
  const utf8proc_ssize_t n = utf8proc_decompose_char(utf8proc_int32_t(c), parts.data(), utf8proc_ssize_t(parts.size()),
                                                     utf8proc_option_t(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE), &boundary);
  check(n >= 0 && std::size_t(n) <= parts.size(), "unicode: utf8proc cannot decompose U+{:04X}", std::uint32_t(c));
  for (std::size_t i = 0; i < std::size_t(n); ++i) out += char32_t(parts[i]);
}

/// The marks of each letter in the order of their classes. utf8proc's own sorting takes quadratic time, which a hostile text makes felt.
void sort_marks(std::u32string& text) {
  const auto is_start = [](char32_t c) { return c < 0x300 || c > 0x10FFFF || combining_class(c) == 0; };
  for (auto first = text.begin(); first != text.end();) {
    const auto last = std::find_if(first, text.end(), is_start);
    std::stable_sort(first, last, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    first = std::find_if_not(last, text.end(), is_start);
  }
}

}  // namespace

std::u32string nfd(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  bool plain = true;
  for (char32_t c : text) {
    if (c < 0xC0 || c > 0x10FFFF) {  // the first that is put together is À
      out += c;
    } else {
      append_decomposed(out, c);
      plain = false;
    }
  }
  if (!plain) sort_marks(out);
  return out;
}

namespace {

void append_composed(std::u32string& out, std::u32string_view apart) {
  std::vector<utf8proc_int32_t> points(apart.begin(), apart.end());
  const utf8proc_ssize_t n =
      utf8proc_normalize_utf32(points.data(), utf8proc_ssize_t(points.size()), utf8proc_option_t(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  check(n >= 0, "unicode: {}", utf8proc_errmsg(n));
  out.append(points.begin(), points.begin() + n);
}

}  // namespace

std::u32string nfc(std::u32string_view text) {
  // utf8proc 2.8 takes U+11A7, the letter before the first that can end a Korean syllable, for one that can, and drops it. Nothing is
  // composed with it, so what stands between two of them is composed by itself.
  constexpr char32_t no_final = 0x11A7;
  const std::u32string apart = nfd(text);
  const std::u32string_view all = apart;
  std::u32string out;
  for (std::size_t begin = 0;;) {
    const std::size_t end = std::min(all.find(no_final, begin), all.size());
    append_composed(out, all.substr(begin, end - begin));
    if (end == all.size()) return out;
    out += no_final;
    begin = end + 1;
  }
}

std::string nfc(std::string_view text) { return encode_utf8(nfc(decode_utf8(text))); }

std::u32string without_accents(std::u32string_view text) {
  std::u32string out = nfd(text);
  std::erase_if(out, [](char32_t c) { return c >= 0x300 && category(c) == "Mn"; });
  return out;
}

bool has_hangul(std::string_view text) {
  const std::u32string letters = decode_utf8(text);
  return std::any_of(letters.begin(), letters.end(), [](char32_t c) { return c >= 0xAC00 && c <= 0xD7A3; });
}

}  // namespace byhand::text
