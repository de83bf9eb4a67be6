#pragma once
/// @file
/// Appliance, app. Headings, boxes and tables on the console. Numbers have a fixed number of decimals, so that the output of a chapter can be
/// compared with expected.txt; bold and green appear on a terminal only, and not when NO_COLOR is set.
#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byhand::app {

/// A number with this many decimals (0 to 17): number(0.12345, 3) is 0.123. Minus zero is written 0.000; nan, inf, -inf are words.
std::string number(double value, int decimals = 4);

/// The text in bold, in green; unchanged unless stdout is a terminal that shows colours and the reader has not set NO_COLOR.
std::string bold(std::string_view text);
std::string green(std::string_view text);

/// The text with blanks behind it, or before it, up to a width in columns on the screen; Korean letters take two.
std::string padded(std::string_view text, std::size_t width, bool right = false);

/// Prints a heading: a blank line, the text, a rule as long as the text.
void heading(std::string_view text);
/// The same with the program's next number before it: "1. text", then "2. …". For chapters whose parts depend on their options.
void numbered_heading(std::string_view text);

/// What stands in a table or box: a text, a whole number, or a number with the decimals of the table.
class Cell {
 public:
  Cell(const char* text) : text_(text) {}
  Cell(std::string text) : text_(std::move(text)) {}
  Cell(std::string_view text) : text_(text) {}
  Cell(bool value) : text_(value ? "yes" : "no") {}
  template <std::integral T>
  Cell(T value) : text_(fmt::format("{}", value)), kind_(Kind::whole) {}
  template <std::floating_point T>
  Cell(T value) : value_(double(value)), kind_(Kind::decimal) {}

  std::string text(int decimals) const { return kind_ == Kind::decimal ? number(value_, decimals) : text_; }
  bool is_number() const { return kind_ != Kind::text; }

 private:
  enum class Kind { text, whole, decimal };
  std::string text_;
  double value_ = 0;
  Kind kind_ = Kind::text;
};

/// A table with aligned columns: numbers to the right, text to the left; Korean letters count as two columns.
/// @code
///   app::Table table({"epoch", "loss"});
///   table.add_row({1, 0.25});
///   table.print();
/// @endcode
class Table {
 public:
  /// The columns' names, and how many decimals numbers have. Error when there is no column.
  explicit Table(const std::vector<std::string>& columns, int decimals = 4);
  /// One row. Error when it has not one cell for each column.
  void add_row(const std::vector<Cell>& cells);
  /// The table as text, each line with its newline.
  std::string text() const;
  /// Prints it.
  void print() const;

 private:
  struct Column {
    std::string name;
    bool right = true;  // as long as only numbers have come
    std::vector<std::string> cells;
  };
  std::vector<Column> columns_;
  int decimals_;
};

/// Prints lines in a frame with a title.
void box(std::string_view title, const std::vector<std::string>& lines);
/// The same with names and values, the values in one column.
/// @code app::box("after training", {{"loss", 0.0123}, {"epochs", 400}}); @endcode
void box(std::string_view title, const std::vector<std::pair<std::string, Cell>>& entries, int decimals = 4);

}  // namespace byhand::app
