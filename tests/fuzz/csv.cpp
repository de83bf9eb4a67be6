// CSV: the first byte chooses delimiter and header, the rest is the file. What was read is written and read again.
#include "common/io/csv.hpp"

#include <cmath>
#include <cstring>
#include <set>

#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

namespace {

io::Table written_and_read(const std::vector<io::Column>& columns, char delimiter) {
  io::write_csv(fuzz::file(), columns, delimiter);
  return io::read_csv(fuzz::file(), {io::Header::yes, delimiter});
}

bool same_number(double a, double b) { return std::isnan(a) ? std::isnan(b) : std::memcmp(&a, &b, sizeof a) == 0; }

void check_text(const io::Table& table, char delimiter) {
  std::vector<io::Column> columns;
  for (const std::string& name : table.names) columns.push_back({name, table.text(name)});
  const io::Table again = written_and_read(columns, delimiter);
  fuzz::require(again.names == table.names && again.rows() == table.rows(), "names or rows come back otherwise");
  for (const std::string& name : table.names) fuzz::require(again.text(name) == table.text(name), "text comes back otherwise");
}

void check_numbers(const io::Table& table, const std::string& name, char delimiter) {
  std::vector<double> values;
  if (!fuzz::accepts([&] { values = table.numbers(name); })) return;
  const std::vector<double> again = written_and_read({{name, values}}, delimiter).numbers(name);
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
  check_numbers(table, table.names[0], options.delimiter);
}
