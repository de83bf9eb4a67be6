// CSV: the first byte chooses delimiter and header, the rest is the file. What was read is read again with quotes around every cell.
#include "common/io/csv.hpp"

#include <cmath>
#include <cstring>
#include <set>

#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

namespace {

std::string in_quotes(std::string_view cell) {
  std::string out = "\"";
  for (const char c : cell) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

bool same_number(double a, double b) { return std::isnan(a) ? std::isnan(b) : std::memcmp(&a, &b, sizeof a) == 0; }

void check_text(const io::Table& table, char delimiter) {
  std::string written;
  for (const std::string& name : table.names) written += (written.empty() ? "" : std::string(1, delimiter)) + in_quotes(name);
  std::vector<std::vector<std::string>> columns;
  for (const std::string& name : table.names) columns.push_back(table.text(name));
  for (std::size_t i = 0; i < table.rows(); ++i)
    for (std::size_t j = 0; j < columns.size(); ++j) written += (j == 0 ? '\n' : delimiter) + in_quotes(columns[j][i]);
  const io::Table again = fuzz::must([&] { return io::parse_csv(written, "again", {io::Header::yes, delimiter}); });
  fuzz::require(again.names == table.names && again.rows() == table.rows(), "names or rows come back otherwise");
  for (const std::string& name : table.names) fuzz::require(again.text(name) == table.text(name), "text comes back otherwise");
}

void check_numbers(const io::Table& table, const std::string& name) {
  std::vector<double> values;
  if (!fuzz::accepts([&] { values = table.numbers(name); })) return;
  std::string written = "number";
  for (const double value : values) fmt::format_to(std::back_inserter(written), "\n{}", value);
  const std::vector<double> again = io::parse_csv(written, "again", {io::Header::yes}).numbers("number");
  fuzz::require(std::equal(values.begin(), values.end(), again.begin(), again.end(), same_number), "numbers come back otherwise");
}

}  // namespace

void fuzz::read(std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<unsigned char>(input[0]);
  const io::CsvOptions options{io::Header((choice >> 2) % 3), ",;\t|"[choice % 4]};
  io::Table table;
  if (!accepts([&] { table = io::parse_csv(std::string(input.substr(1)), "input", options); })) return;
  accepts([&] { table.text("no such column"); });
  if (std::set<std::string>(table.names.begin(), table.names.end()).size() < table.names.size()) return;  // no table that can be written
  check_text(table, options.delimiter);
  check_numbers(table, table.names[0]);
}
