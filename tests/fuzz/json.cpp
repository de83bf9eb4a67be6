// JSON: what was read is written and read again; arrays in it too.
#include "common/io/json.hpp"

#include <nlohmann/json.hpp>

#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

namespace {

template <class A>
void check_array(const nlohmann::json& value, A from_json(const nlohmann::json&, const std::string&), nlohmann::json to_json(const A&)) {
  A read;
  if (fuzz::accepts([&] { read = from_json(value, "input"); }))
    fuzz::require(fuzz::same(read, from_json(to_json(read), "again")), "an array of it comes back otherwise");
}

}  // namespace

void fuzz::read(std::string_view input) {
  nlohmann::json value;
  if (!accepts([&] { value = io::parse_json(input, "input"); })) return;
  io::write_json(file(), value);
  require(io::read_json(file()) == value, "JSON comes back otherwise");
  check_array<Array>(value, io::array_from_json, io::json_from_array);
  check_array<Ids>(value, io::ids_from_json, io::json_from_ids);
  accepts([&] { io::member(value, "data", "input"); });
}
