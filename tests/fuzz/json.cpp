// JSON: what was read is read again from the text it becomes; arrays in it too.
#include "common/io/json.hpp"

#include <nlohmann/json.hpp>

#include "tests/fuzz/fuzz.hpp"
#include "tests/golden/json_arrays.hpp"

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
  require(io::parse_json(value.dump(), "again") == value, "JSON comes back otherwise");
  check_array<Array>(value, golden::array_from_json, golden::json_from_array);
  check_array<Ids>(value, golden::ids_from_json, golden::json_from_ids);
  accepts([&] { io::member(value, "data", "input"); });
}
