#include "common/io/csv.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace byhand::io {
namespace {

constexpr std::string_view blanks = " \t";  // around a cell; a line end inside quotes belongs to it

/// Walks through the text once and calls on_cell(begin, size) for each cell. Doubled quotes are undone in place: a cell never grows.
class Scanner {
 public:
  Scanner(std::string& text, const std::string& where, char delimiter) : text_(text), where_(where), delimiter_(delimiter) {
    if (text.starts_with("\xEF\xBB\xBF")) at_ = 3;  // "this is UTF-8", as Excel writes it
    skip_empty_lines();
  }

  bool at_end() const { return at_ == text_.size(); }
  /// The line on which the next row begins, from 1.
  std::size_t line() const { return line_; }

  template <class F>
  void row(F&& on_cell) {
    for (bool more = true; more;) {
      if (!at_end() && text_[at_] == '"') {
        quoted(on_cell);
      } else {
        const std::size_t begin = at_;
        while (!at_end() && text_[at_] != delimiter_ && !at_line_end()) ++at_;
        on_cell(begin, at_ - begin);
      }
      more = !at_end() && text_[at_] == delimiter_;
      if (more) ++at_;
    }
    skip_empty_lines();  // also the end of this one
  }

 private:
  bool at_line_end() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

  void skip_empty_lines() {
    while (!at_end() && at_line_end()) step();
  }

  /// Goes one byte on and counts lines: \n, \r\n and a lone \r.
  void step() {
    const bool first_of_two = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    if (at_line_end() && !first_of_two) ++line_;
    ++at_;
  }

  template <class F>
  void quoted(F&& on_cell) {
    const std::size_t first_line = line_, begin = ++at_;
    std::size_t end = begin;
    for (;; ++end) {
      check(!at_end(), "{}: line {}: a quote begins here that has no end", where_, first_line);
      if (text_[at_] == '"') {
        ++at_;
        if (at_end() || text_[at_] != '"') break;
      }
      text_[end] = text_[at_];
      step();
    }
    check(at_end() || text_[at_] == delimiter_ || at_line_end(),
          "{}: line {}: text after a closing quote: a quote inside quotes is written twice", where_, line_);
    on_cell(begin, end - begin);
  }

  std::string& text_;
  const std::string& where_;
  const char delimiter_;
  std::size_t at_ = 0, line_ = 1;
};

}  // namespace

Table parse_csv(std::string text, const std::string& where, const CsvOptions& options) {
  const char mark = options.delimiter;
  check(mark != '"' && mark != '\n' && mark != '\r', "{}: a quote or a line break cannot separate cells", where);
  check(text.size() < std::numeric_limits<std::uint32_t>::max(), "{}: larger than 4 GiB", where);
  check(!text.starts_with("\xFF\xFE") && !text.starts_with("\xFE\xFF"), "{}: is UTF-16 text; save it as UTF-8", where);
  Table table;
  table.file_ = where;
  const auto shared = std::make_shared<std::string>(std::move(text));
  table.text_ = shared;

  Scanner scanner(*shared, where, mark);
  check(!scanner.at_end(), "{}: is empty", where);
  const std::size_t first_line = scanner.line();
  const auto add_cell = [&](std::size_t begin, std::size_t size) { table.cells_.push_back({std::uint32_t(begin), std::uint32_t(size)}); };
  scanner.row(add_cell);
  const std::size_t width = table.width_ = table.cells_.size();

  bool any_number = false;
  for (std::size_t i = 0; i < width; ++i) any_number = any_number || decimal_number(trimmed(table.cell(0, i), blanks));
  const bool has_header = options.header == Header::yes || (options.header == Header::detect && !any_number);
  for (std::size_t i = 0; i < width; ++i) {
    table.names.push_back(has_header ? std::string(trimmed(table.cell(0, i), blanks)) : std::to_string(i + 1));
  }
  if (has_header)
    table.cells_.clear();
  else
    table.lines_.push_back(std::uint32_t(first_line));

  while (!scanner.at_end()) {
    const std::size_t line = scanner.line(), before = table.cells_.size();
    scanner.row(add_cell);
    const std::size_t cells = table.cells_.size() - before;
    check(cells == width, "{}: line {}: {} cells, line {} has {}", where, line, cells, first_line, width);
    table.lines_.push_back(std::uint32_t(line));
  }
  return table;
}

Table read_csv(const std::filesystem::path& file, const CsvOptions& options) { return parse_csv(read_file(file), file.string(), options); }

bool Table::has(const std::string& column) const { return std::find(names.begin(), names.end(), column) != names.end(); }

std::size_t Table::index(const std::string& column) const {
  const auto found = std::find(names.begin(), names.end(), column);
  if (found == names.end()) fail("{}: no column '{}'; there are: {}", file_, shown(column), shown_names(names));
  check(std::find(found + 1, names.end(), column) == names.end(), "{}: two columns are named '{}'", file_, shown(column));
  return std::size_t(found - names.begin());
}

std::string_view Table::cell(std::size_t row, std::size_t column) const {
  const Cell& c = cells_[row * width_ + column];
  return std::string_view(*text_).substr(c.begin, c.size);
}

std::vector<std::string> Table::text(const std::string& column) const {
  const std::size_t j = index(column);
  std::vector<std::string> values;
  values.reserve(rows());
  for (std::size_t i = 0; i < rows(); ++i) values.emplace_back(cell(i, j));
  return values;
}

std::vector<double> Table::numbers(const std::string& column) const {
  const std::size_t j = index(column);
  std::vector<double> values(rows());
  for (std::size_t i = 0; i < rows(); ++i) {
    const std::string_view value = trimmed(cell(i, j), blanks);
    if (value.empty()) fail("{}: line {}, column '{}': an empty cell is not a number", file_, lines_[i], shown(column));
    const std::optional<double> number = decimal_number(value);
    if (!number) fail("{}: line {}, column '{}': '{}' is not a number", file_, lines_[i], shown(column), shown(cell(i, j)));
    values[i] = *number;
  }
  return values;
}

}  // namespace byhand::io
