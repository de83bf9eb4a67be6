#include "common/app/console.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "common/core/error.hpp"
#include "common/system/text.hpp"

namespace byhand::app {
namespace {

std::string repeated(std::string_view mark, std::size_t times) {
  std::string text;
  for (; times > 0; --times) text += mark;
  return text;
}

bool has_colours() {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
  };
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) && !set("NO_COLOR") && terminal && std::string_view(terminal) != "dumb";
}

std::string styled(const char* code, std::string_view text) {
  return has_colours() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

}  // namespace

std::string number(double value, int decimals) {
  check(decimals >= 0 && decimals <= 17, "number: {} decimals: it must be between 0 and 17", decimals);
  if (value != value) return "nan";  // never -nan, whose sign means nothing
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text[0] == '-' && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string bold(std::string_view text) { return styled("1", text); }
std::string green(std::string_view text) { return styled("32", text); }

std::string padded(std::string_view text, std::size_t width, bool right) {
  const std::size_t used = display_width(text);  // fmt's own padding knows no wide letters
  const std::string blanks(width - std::min(used, width), ' ');
  return right ? blanks + std::string(text) : std::string(text) + blanks;
}

void heading(std::string_view text) { fmt::print("\n{}\n{}\n", bold(text), repeated("─", display_width(text))); }

void numbered_heading(std::string_view text) {
  static int number = 0;
  heading(fmt::format("{}. {}", ++number, text));
}

Table::Table(const std::vector<std::string>& columns, int decimals) : decimals_(decimals) {
  check(!columns.empty(), "table: there are no columns");
  for (const std::string& name : columns) columns_.push_back({one_line(name), true, {}});
}

void Table::add_row(const std::vector<Cell>& cells) {
  check(cells.size() == columns_.size(), "table: a row has {} cells, there are {} columns", cells.size(), columns_.size());
  std::vector<std::string> texts;
  for (const Cell& cell : cells) texts.push_back(one_line(cell.text(decimals_)));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    columns_[i].right = columns_[i].right && cells[i].is_number();
    columns_[i].cells.push_back(std::move(texts[i]));
  }
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) {
    std::size_t width = display_width(column.name);
    for (const std::string& cell : column.cells) width = std::max(width, display_width(cell));
    widths.push_back(width);
  }
  const auto line = [&](auto cell_of) {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) text += (i == 0 ? "" : "  ") + padded(cell_of(i), widths[i], columns_[i].right);
    return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  };
  std::string text = line([&](std::size_t i) { return columns_[i].name; });
  text += line([&](std::size_t i) { return repeated("─", widths[i]); });
  for (std::size_t row = 0; row < columns_.front().cells.size(); ++row) {
    text += line([&](std::size_t i) { return columns_[i].cells[row]; });
  }
  return text;
}

void Table::print() const {
  const std::string all = text();
  const std::size_t end = all.find('\n');
  fmt::print("{}{}", bold(all.substr(0, end)), all.substr(end));
}

void box(std::string_view title, const std::vector<std::string>& lines) {
  const std::string name = one_line(title), begin = name.empty() ? "─" : "─ " + name + " ";
  std::size_t width = name.empty() ? 0 : display_width(name) + 1;
  for (const std::string& line : lines) width = std::max(width, display_width(one_line(line)));
  fmt::print("┌{}{}┐\n", begin, repeated("─", width + 2 - display_width(begin)));
  for (const std::string& line : lines) fmt::print("│ {} │\n", padded(one_line(line), width));
  fmt::print("└{}┘\n", repeated("─", width + 2));
}

void box(std::string_view title, const std::vector<std::pair<std::string, Cell>>& entries, int decimals) {
  std::size_t names = 0, values = 0;
  for (const auto& [name, value] : entries) {
    names = std::max(names, display_width(name));
    if (value.is_number()) values = std::max(values, display_width(value.text(decimals)));
  }
  std::vector<std::string> lines;
  for (const auto& [name, value] : entries)
    lines.push_back(padded(name, names) + "  " + padded(value.text(decimals), values, value.is_number()));
  box(title, lines);
}

}  // namespace byhand::app
