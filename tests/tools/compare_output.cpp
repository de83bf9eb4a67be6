// Runs a program and compares what it prints with a file.
//
//   compare_output [--update] EXPECTED.txt PROGRAM [ARGUMENTS ...]
//
// The first line of the file states the tolerance and is not part of the output:
//   # tolerance: absolute 2e-4 relative 1e-3
// Lines are compared in order; blanks, empty lines and the length of rules do not count. Words must be equal. A number with a decimal
// point or exponent must lie within absolute + relative * |expected|, whole numbers within `absolute` only, so that 2004 is never taken
// for 2005. What changes from run to run is marked in the file: <seconds> <milliseconds> <time> <date> <speed> <memory> <any> match one
// word each, <path> at the end of a line all that follows. Other words in brackets, such as a vocabulary's <pad>, are words.
// --update writes the program's output into the file; the first line stays, and so do the marks of lines whose words are still the same.
// Exit code: 0 the same (or updated), 1 not the same, 2 something else went wrong.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/program.hpp"

namespace {
using namespace byhand;
using Lines = std::vector<std::string>;
using Words = std::vector<std::string_view>;

struct Tolerance {
  double absolute = 0, relative = 0;
};

constexpr std::string_view blanks = " \t\r\v\f";
constexpr std::string_view default_first_line = "# tolerance: absolute 2e-4 relative 1e-3";
constexpr std::array<std::string_view, 8> marks = {"<seconds>", "<milliseconds>", "<time>", "<date>",
                                                   "<speed>",   "<memory>",       "<any>",  "<path>"};

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Words words_of(std::string_view line) {
  Words words;
  for (std::size_t begin = line.find_first_not_of(blanks); begin != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(blanks, begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(blanks, end);
  }
  return words;
}

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// The length of the number that begins at `at`, 0 when none does. Digits inside a name (weight_ih_l0, 08_lstm) are no number.
std::size_t number_length(std::string_view word, std::size_t at) {
  if (at > 0 && (is_letter(word[at - 1]) || word[at - 1] == '.')) return 0;
  const std::size_t sign = word[at] == '-' || word[at] == '+';
  const std::string_view rest = word.substr(at + sign);
  if (rest.empty() || !(std::isdigit(static_cast<unsigned char>(rest[0])) || rest[0] == '.')) return 0;
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  const std::size_t length = std::size_t(end - rest.data());
  if (error != std::errc() || (length < rest.size() && is_letter(rest[length]))) return 0;
  return sign + length;
}

double value_of(std::string_view number) {
  if (number[0] == '+') number.remove_prefix(1);
  double value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  return value;
}

/// Part of a word: a number, or the text between numbers. `loss=0.25,` has three.
struct Piece {
  std::string_view text;
  bool is_number = false;
};

std::vector<Piece> pieces_of(std::string_view word) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < word.size();) {
    const std::size_t length = number_length(word, i);
    const bool follows_text = !pieces.empty() && !pieces.back().is_number;
    if (length > 0)
      pieces.push_back({word.substr(i, length), true});
    else if (follows_text)
      pieces.back().text = {pieces.back().text.data(), pieces.back().text.size() + 1};
    else
      pieces.push_back({word.substr(i, 1), false});
    i += std::max<std::size_t>(length, 1);
  }
  return pieces;
}

bool numbers_agree(std::string_view expected, std::string_view got, const Tolerance& tolerance) {
  const auto whole = [](std::string_view number) { return number.find_first_of(".eE") == std::string_view::npos; };
  const double a = value_of(expected), b = value_of(got);
  const double relative = whole(expected) && whole(got) ? 0 : tolerance.relative * std::abs(a);
  return std::abs(a - b) <= tolerance.absolute + relative;
}

/// The line with every rule, three or more of one mark as under the heads of a table, cut to three: its length follows the numbers.
std::string with_short_rules(std::string line) {
  for (const std::string_view mark : {"-", "=", "─", "━", "═"}) {
    const std::string three = fmt::format("{0}{0}{0}", mark);
    for (std::size_t at = line.find(three); at != std::string::npos; at = line.find(three, at + three.size())) {
      while (line.compare(at + three.size(), mark.size(), mark) == 0) line.erase(at, mark.size());
    }
  }
  return line;
}

/// The mark inside a word, e.g. of `(<seconds>)`: where it begins and its length.
std::optional<std::pair<std::size_t, std::size_t>> find_mark(std::string_view word) {
  for (const std::string_view mark : marks) {
    if (const std::size_t at = word.find(mark); at != std::string_view::npos) return std::pair(at, mark.size());
  }
  return std::nullopt;
}

bool words_agree(std::string_view expected, std::string_view got, const std::optional<Tolerance>& tolerance) {
  if (expected == got) return true;
  if (const auto mark = find_mark(expected)) {
    const std::string_view before = expected.substr(0, mark->first), after = expected.substr(mark->first + mark->second);
    return got.size() > before.size() + after.size() && got.substr(0, before.size()) == before &&
           got.substr(got.size() - after.size()) == after;
  }
  const std::vector<Piece> a = pieces_of(expected), b = pieces_of(got);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Piece& x, const Piece& y) {
    if (x.is_number != y.is_number) return false;
    return x.is_number ? !tolerance || numbers_agree(x.text, y.text, *tolerance) : x.text == y.text;
  });
}

/// The first pair of words that differ, in words; nothing when the lines agree. Without a tolerance any number agrees with any other.
std::optional<std::string> difference(const std::string& expected, const std::string& got, const std::optional<Tolerance>& tolerance) {
  const std::string expected_line = with_short_rules(expected), got_line = with_short_rules(got);
  const Words a = words_of(expected_line), b = words_of(got_line);
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i + 1 == a.size() && a[i] == "<path>" && i < b.size()) return std::nullopt;  // a path may hold blanks
    if (i >= a.size()) return fmt::format("'{}' is too much", b[i]);
    if (i >= b.size()) return fmt::format("'{}' is missing", a[i]);
    if (!words_agree(a[i], b[i], tolerance)) return fmt::format("'{}' is expected, '{}' was printed", a[i], b[i]);
  }
  return std::nullopt;
}

Tolerance tolerance_of(const std::string& line, const std::string& file) {
  const Words words = words_of(line);
  const auto number = [&](std::string_view text) {
    double value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    check(error == std::errc() && end == text.data() + text.size() && value >= 0 && std::isfinite(value),
          "{}:1: '{}' is not a tolerance (a number >= 0)", file, text);
    return value;
  };
  check(words.size() == 6 && words[0] == "#" && words[1] == "tolerance:" && words[2] == "absolute" && words[4] == "relative",
        "{}:1: the first line must state the tolerance, e.g. '{}'", file, default_first_line);
  return {number(words[3]), number(words[5])};
}

/// What the program writes to standard output. Error when it cannot be started or does not end with 0.
std::string output_of(char** command) {
  std::vector<std::string> arguments;
  for (char** argument = command; *argument != nullptr; ++argument) arguments.push_back(*argument);
  const ProgramRun run = run_program(arguments, "");
  check(run.found, "there is no program {}", command[0]);
  fmt::print(stderr, "{}", run.errors);
  check(run.exit_code < 128, "{} was killed by signal {}", command[0], run.exit_code - 128);
  check(run.exit_code == 0, "{} ended with exit code {}", command[0], run.exit_code);
  return run.output;
}

/// Prints every difference, the first ten in full. `expected` begins with the tolerance line.
bool compare(const std::string& file, const Lines& expected, const Lines& got) {
  const Tolerance tolerance = tolerance_of(expected.empty() ? "" : expected[0], file);
  const auto next_filled = [](const Lines& lines, std::size_t i) {
    while (i < lines.size() && words_of(lines[i]).empty()) ++i;
    return i;
  };
  std::size_t e = next_filled(expected, 1), g = next_filled(got, 0), count = 0;
  for (; e < expected.size() || g < got.size(); e = next_filled(expected, e + 1), g = next_filled(got, g + 1)) {
    const bool ended = g >= got.size(), more = e >= expected.size();
    const auto why = ended  ? "the output ends before this line"
                     : more ? "the file ends before this line"
                            : difference(expected[e], got[g], tolerance);
    if (!why) continue;
    if (++count > 10) continue;
    fmt::print("{}:{}: {} (line {} of the output)\n", file, std::min(e, expected.size()) + 1, *why, std::min(g, got.size()) + 1);
    fmt::print("  expected: {}\n  got:      {}\n", more ? "(nothing)" : expected[e], ended ? "(nothing)" : got[g]);
    if (ended || more) break;
  }
  if (count > 10) fmt::print("and {} more lines\n", count - 10);
  if (count > 0)
    fmt::print("tolerance: absolute {} relative {}; numbers that moved for a good reason: --update\n", tolerance.absolute,
               tolerance.relative);
  return count == 0;
}

/// The printed line with the marks of the line in the file put back in.
std::string with_marks(std::string_view marked, std::string_view printed) {
  const Words a = words_of(marked), b = words_of(printed);
  std::string line;
  const char* copied = printed.data();
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!find_mark(a[i])) continue;
    line.append(copied, b[i].data()).append(a[i]);
    copied = b[i].data() + b[i].size();
    if (i + 1 == a.size()) copied = printed.data() + printed.size();  // also the rest of a path with blanks
  }
  return line.append(copied, printed.data() + printed.size());
}

std::string updated(const Lines& expected, const Lines& got) {
  std::string text = fmt::format("{}\n", expected.empty() ? std::string(default_first_line) : expected[0]);
  std::size_t next = 1;  // marked lines are looked for in order
  for (const std::string& line : got) {
    std::string written = line;
    for (std::size_t i = next; i < expected.size(); ++i) {
      if (!find_mark(expected[i]) || difference(expected[i], line, std::nullopt)) continue;
      written = with_marks(expected[i], line);
      next = i + 1;
      break;
    }
    text += written + "\n";
  }
  return text;
}

int run(int argc, char** argv) {
  const bool update = argc > 1 && std::string_view(argv[1]) == "--update";
  char** arguments = argv + 1 + update;
  check(argc - update >= 3, "usage: compare_output [--update] EXPECTED.txt PROGRAM [ARGUMENTS ...]");
  const std::string file = arguments[0];
  Lines expected;
  if (!update || std::filesystem::exists(file)) expected = lines_of(read_file(file));
  tolerance_of(expected.empty() && update ? std::string(default_first_line)
               : expected.empty()         ? ""
                                          : expected[0],
               file);  // before a long run
  const Lines got = lines_of(output_of(arguments + 1));
  if (!update) return compare(file, expected, got) ? 0 : 1;
  write_file(file, updated(expected, got));
  return 0;
}
}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "compare_output: {}\n", error.what());
    return 2;
  }
}
