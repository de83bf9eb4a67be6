// Text on its way in and out: what is cut where, what is a number, what is UTF-8 (tables 3-6 and 3-7 of the Unicode Standard).
#include "common/system/text.hpp"

#include <doctest/doctest.h>

#include <clocale>
#include <cmath>
#include <cstdint>
#include <limits>

using namespace byhand;

namespace {

using Parts = std::vector<std::string_view>;

/// The code point of one sequence, which must use all its bytes, or U+FFFD where it is none.
char32_t decoded(std::string_view bytes) {
  const CodePoint c = next_code_point(bytes);
  CHECK(c.bytes == (c.value == 0xFFFD && bytes != "\xEF\xBF\xBD" ? 1 : bytes.size()));
  return c.value;
}

}  // namespace

TEST_CASE("text: trimmed takes from both ends only") {
  CHECK(trimmed("  a b\t\r") == "a b");
  CHECK(trimmed("") == "");
  CHECK(trimmed(" \t\r ") == "");
  CHECK(trimmed("a\n") == "a\n");  // a line end inside a cell is not a blank
  CHECK(trimmed("\ra\r", " ") == "\ra\r");
  CHECK(trimmed("xxaxbx", "x") == "axb");
}

TEST_CASE("text: split keeps empty parts") {
  CHECK(split("a,,b", ',') == Parts{"a", "", "b"});
  CHECK(split("", ',') == Parts{""});
  CHECK(split(",", ',') == Parts{"", ""});
  CHECK(split("a;b,", ',') == Parts{"a;b", ""});
}

TEST_CASE("text: words have no empty ones between them") {
  CHECK(split_words(" two  words\t\r\n\f\vmore ") == Parts{"two", "words", "more"});
  CHECK(split_words("").empty());
  CHECK(split_words(" \n ").empty());
  CHECK(split_words(" a\fb\tc ", " \t") == Parts{"a\fb", "c"});
  CHECK(split_words("한국 어\u00A0x") == Parts{"한국", "어\u00A0x"});  // bytes of letters are no blanks
}

TEST_CASE("text: lines with three kinds of ends") {
  CHECK(lines_of("a\nb\r\nc\rd") == Parts{"a", "b", "c", "d"});
  CHECK(lines_of("a\n\n\r\n\r\rb\n") == Parts{"a", "", "", "", "", "b"});
  CHECK(lines_of("").empty());
  CHECK(lines_of("\n") == Parts{""});
  CHECK(lines_of("a") == Parts{"a"});
  CHECK(lines_of("a\n") == Parts{"a"});  // the last line end begins no line
  CHECK(lines_of("a\n ") == Parts{"a", " "});
  CHECK(lines_of("\r\n\r") == Parts{"", ""});
}

TEST_CASE("text: whole numbers, all of the text and within their type") {
  CHECK(whole_number<std::int64_t>("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(whole_number<std::int64_t>("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  CHECK(!whole_number<std::int64_t>("9223372036854775808"));
  CHECK(whole_number<std::uint64_t>("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
  CHECK(!whole_number<std::uint64_t>("18446744073709551616"));
  CHECK(whole_number<std::int8_t>("-128") == -128);
  CHECK(!whole_number<std::int8_t>("128"));
  CHECK(whole_number<int>("007") == 7);
  for (const char* text : {"", " ", "+1", "--1", "- 1", "-", "1 ", " 1", "1.0", "1e3", "0x10", "one", "1,000", "１"}) {
    CAPTURE(text);
    CHECK(!whole_number<int>(text));
  }
  CHECK(!whole_number<unsigned>("-1"));  // strtoul would make 4294967295 of it
  CHECK(!whole_number<unsigned>("-0"));
  CHECK(!whole_number<int>(std::string_view("1\0", 2)));
}

TEST_CASE("text: numbers with a point") {
  CHECK(decimal_number("1.5") == 1.5);
  CHECK(decimal_number("+1.0831e2") == 108.31);
  CHECK(decimal_number("-.5") == -0.5);
  CHECK(decimal_number("5.") == 5);
  CHECK(decimal_number("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(decimal_number("5e-324") == std::numeric_limits<double>::denorm_min());
  CHECK(decimal_number("-inf") == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(decimal_number("nan").value()));
  CHECK(std::signbit(decimal_number("-0").value()));
  for (const char* text : {"", ".", "+", "-", "+-1", "-+1", "++1", "1 ", " 1", "1,5", "1e", "0x1p3", "1e999", "1e-999", "1.5.2"}) {
    CAPTURE(text);
    CHECK(!decimal_number(text));
  }
}

TEST_CASE("text: code points at the ends of each length") {
  CHECK(decoded(std::string_view("\0", 1)) == 0);
  CHECK(decoded("\x7F") == 0x7F);
  CHECK(decoded("\xC2\x80") == 0x80);
  CHECK(decoded("\xDF\xBF") == 0x7FF);
  CHECK(decoded("\xE0\xA0\x80") == 0x800);
  CHECK(decoded("\xED\x9F\xBF") == 0xD7FF);
  CHECK(decoded("\xEE\x80\x80") == 0xE000);
  CHECK(decoded("\xEF\xBF\xBD") == 0xFFFD);
  CHECK(decoded("\xEF\xBF\xBE") == 0xFFFE);  // no character, yet UTF-8
  CHECK(decoded("\xEF\xBF\xBF") == 0xFFFF);
  CHECK(decoded("\xF0\x90\x80\x80") == 0x10000);
  CHECK(decoded("\xF4\x8F\xBF\xBF") == 0x10FFFF);
  CHECK(next_code_point("한x").bytes == 3);  // what follows is not looked at
}

TEST_CASE("text: what is no UTF-8 is one broken byte") {
  for (const char* bytes : {"\x80", "\xBF",                                  // the middle of something
                            "\xC0\x80", "\xC1\xBF",                          // overlong: 0 and 0x7F in two bytes
                            "\xE0\x80\x80", "\xE0\x9F\xBF",                  // 0x7FF in three
                            "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",          // 0xFFFF in four
                            "\xED\xA0\x80", "\xED\xBF\xBF",                  // halves of surrogate pairs
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",  // above U+10FFFF
                            "\xC3", "\xE2\x82", "\xF0\x9F\x98",              // cut
                            "\xC3x", "\xE2\x82x", "\xF0\x9F\x98x"}) {        // the wrong byte behind
    CAPTURE(std::string(bytes));
    CHECK(decoded(bytes) == 0xFFFD);
  }
}

TEST_CASE("text: clean text is UTF-8 without control characters") {
  CHECK(clean_text("a\tb\x7F\u0085"
                   "c") == "a b  c");
  CHECK(clean_text("two\r\nlines\rx") == "two\nlines x");
  CHECK(clean_text("\xFFok\xE2\x82") == "\uFFFDok\uFFFD\uFFFD");
  CHECK(clean_text("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(clean_text("\xEF\xBF\xBE|\xEF\xBF\xBF|\xEF\xBF\xBD") == "\uFFFD|\uFFFD|\uFFFD");  // no XML may hold the first two
  CHECK(clean_text("한국어 é 😂") == "한국어 é 😂");
  CHECK(one_line("two\r\nlines\n") == "two lines ");
}

TEST_CASE("text: columns on a terminal") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("한국어") == 6);
  CHECK(display_width("é") == 1);
  CHECK(display_width("e\u0301") == 1);  // the accent takes none
  CHECK(display_width("ab\n한국\nc") == 4);
}

TEST_CASE("text: shown in messages it is short, on one line and not cut inside a character") {
  CHECK(shown("a\nb\x7F") == "a?b?");
  CHECK(shown("é\xea한\uFFFD\xff") == "é?한\uFFFD?");
  CHECK(shown(std::string(39, 'x') + "\xC3\xA4") == std::string(39, 'x') + "...");
  CHECK(shown(std::string(40, 'x')) == std::string(40, 'x'));
  CHECK(shown_names({}) == "none");
  CHECK(shown_names({"a", "b\n"}) == "a, b?");
  CHECK(shown_names(std::vector<std::string>(1000, std::string(18, 'x'))).size() == 10 * 20 - 2 + 20);  // the eleventh begins at 200
}
