#include "common/io/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/io/json.hpp"
#include "common/system/text.hpp"

namespace byhand::io {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// False when the text is not a number, all of it. std::from_chars and not strtod, which follows the language set: "1,5" in German.
bool read_number(std::string_view text, double& out) {
  text = trimmed(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);  // from_chars does not know the plus sign
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

void check_delimiter(char delimiter, const std::string& where) {
  check(delimiter != '"' && delimiter != '\n' && delimiter != '\r', "{}: a quote or a line break cannot separate cells", where);
}

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
  check_delimiter(options.delimiter, where);
  check(text.size() < std::numeric_limits<std::uint32_t>::max(), "{}: larger than 4 GiB", where);
  check(!text.starts_with("\xFF\xFE") && !text.starts_with("\xFE\xFF"), "{}: is UTF-16 text; save it as UTF-8", where);
  Table table;
  table.file_ = where;
  const auto shared = std::make_shared<std::string>(std::move(text));
  table.text_ = shared;

  Scanner scanner(*shared, where, options.delimiter);
  check(!scanner.at_end(), "{}: is empty", where);
  const std::size_t first_line = scanner.line();
  const auto add_cell = [&](std::size_t begin, std::size_t size) { table.cells_.push_back({std::uint32_t(begin), std::uint32_t(size)}); };
  scanner.row(add_cell);
  const std::size_t width = table.width_ = table.cells_.size();

  double number = 0;
  bool any_number = false;
  for (std::size_t i = 0; i < width; ++i) any_number = any_number || read_number(table.cell(0, i), number);
  const bool has_header = options.header == Header::yes || (options.header == Header::detect && !any_number);
  for (std::size_t i = 0; i < width; ++i) {
    table.names.push_back(has_header ? std::string(trimmed(table.cell(0, i))) : std::to_string(i + 1));
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
  if (found == names.end()) {
    std::string all;
    for (const std::string& name : names) {
      if (all.size() < 200) all += (all.empty() ? "" : ", ") + shown(name);
    }
    fail("{}: no column '{}'; there are: {}", file_, shown(column), all);
  }
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
    const std::string_view value = cell(i, j);
    if (trimmed(value).empty()) fail("{}: line {}, column '{}': an empty cell is not a number", file_, lines_[i], shown(column));
    if (!read_number(value, values[i]))
      fail("{}: line {}, column '{}': '{}' is not a number", file_, lines_[i], shown(column), shown(value));
  }
  return values;
}

namespace {

/// Puts quotes around what would otherwise be read as something else.
void append_text(std::string& out, std::string_view text, char delimiter) {
  // At the start of a file these bytes would be a mark, of UTF-8 or UTF-16.
  const bool marked = text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  const bool plain = !text.empty() && !marked && text.find_first_of("\"\r\n") == text.npos && text.find(delimiter) == text.npos;
  if (plain) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

void append_number(std::string& out, double x) {
  if (std::isnan(x)) {  // not "-nan"
    out += "nan";
    return;
  }
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, x).ptr);
}

}  // namespace

void write_csv(const std::filesystem::path& file, const std::vector<Column>& columns, char delimiter) {
  check_delimiter(delimiter, file.string());
  check(!columns.empty(), "{}: not written: a table needs a column", file.string());
  const auto length = [](const Column& column) { return std::visit([](const auto& values) { return values.size(); }, column.values); };
  const std::size_t rows = length(columns[0]);
  std::set<std::string> names;
  std::string out;
  for (const Column& column : columns) {
    check(names.insert(column.name).second, "{}: not written: two columns are named '{}'", file.string(), shown(column.name));
    check(length(column) == rows, "{}: not written: column '{}' has {} rows, '{}' has {}", file.string(), shown(column.name),
          length(column), shown(columns[0].name), rows);
    if (!out.empty()) out += delimiter;
    append_text(out, column.name, delimiter);
  }
  out += '\n';
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      if (j) out += delimiter;
      if (const auto* numbers = std::get_if<std::vector<double>>(&columns[j].values))
        append_number(out, (*numbers)[i]);
      else
        append_text(out, std::get<std::vector<std::string>>(columns[j].values)[i], delimiter);
    }
    out += '\n';
  }
  write_file(file, out);
}

}  // namespace byhand::io
