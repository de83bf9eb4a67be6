#pragma once
/// @file
/// Appliance, io. Tables in CSV files (RFC 4180): commas, quotes where a cell needs them, a first line with the columns' names.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace byhand::io {

/// Whether the first line holds the columns' names. detect: it does when none of its cells is a number.
enum class Header { detect, yes, no };

struct CsvOptions {
  Header header = Header::detect;
  char delimiter = ',';
};

/// A table as read from a file: every cell is text until a column of numbers is asked for. Copies share the text.
struct Table {
  /// The columns' names without surrounding spaces; "1", "2", … when the file has no header.
  std::vector<std::string> names;

  /// The number of rows, not counting the header.
  std::size_t rows() const { return lines_.size(); }
  bool has(const std::string& column) const;
  /// A column as it stands in the file. Error that lists the columns there are, or says that two have this name.
  std::vector<std::string> text(const std::string& column) const;
  /// A column as numbers, with a point, independent of the language set; "inf" and "nan" are numbers too. Error that names line and
  /// column when a cell is not: "goog.csv: line 17, column 'close': 'abc' is not a number".
  std::vector<double> numbers(const std::string& column) const;

 private:
  friend Table parse_csv(std::string, const std::string&, const CsvOptions&);
  struct Cell {
    std::uint32_t begin, size;
  };
  std::size_t index(const std::string& column) const;
  std::string_view cell(std::size_t row, std::size_t column) const;

  std::string file_;
  std::shared_ptr<const std::string> text_;  // the file's text; cells point into it
  std::vector<Cell> cells_;                  // row by row, without the header
  std::size_t width_ = 0;                    // cells in a row
  std::vector<std::uint32_t> lines_;         // the line on which each row begins
};

/// Reads a table. Quoted cells may hold delimiters, doubled quotes and line breaks; lines end with \n, \r\n or \r; a UTF-8 mark at the
/// start and empty lines are skipped. Error that names the line when a row has more or fewer cells than the first one, a quote has no end
/// (the line where it begins) or text follows a closing quote; error when the file is empty.
Table read_csv(const std::filesystem::path& file, const CsvOptions& options = {});

/// The same from text (less than 4 GiB); `where` stands in front of every error message.
Table parse_csv(std::string text, const std::string& where, const CsvOptions& options = {});

}  // namespace byhand::io
