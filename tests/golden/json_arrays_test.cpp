#include "tests/golden/json_arrays.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <random>

#include "common/system/files.hpp"

using namespace byhand;
using golden::array_from_json;
using io::parse_json;
using nlohmann::json;

namespace {

Array from_text(const std::string& text) { return array_from_json(parse_json(text, "t"), "t: x"); }
Ids ids_from_text(const std::string& text) { return golden::ids_from_json(parse_json(text, "t"), "t: x"); }

/// Reads every array below `value`; returns how many there are.
int read_arrays(const json& value, const std::string& where) {
  if (value.is_object() && value.contains("shape") && value.contains("data")) {
    CHECK(array_from_json(value, where).size() == value["data"].size());
    return 1;
  }
  int count = 0;
  if (value.is_structured()) {
    for (const auto& [key, item] : value.items()) count += read_arrays(item, where + "." + key);
  }
  return count;
}

}  // namespace

TEST_CASE("arrays in json: each form") {
  const Array a = from_text(R"({"shape": [2, 3], "data": [1, 2.5, -3, "inf", "-inf", "nan"]})");
  CHECK(a.shape() == Shape{2, 3});
  CHECK(a(0, 1) == real(2.5));
  CHECK(a(0, 2) == real(-3));
  CHECK(a(1, 0) == std::numeric_limits<real>::infinity());
  CHECK(a(1, 1) == -std::numeric_limits<real>::infinity());
  CHECK(std::isnan(a(1, 2)));
  CHECK(from_text("0.1")() == real(0.1));
  CHECK(from_text("true").dimension() == 0);
  CHECK(all_close(from_text("[true, false, 7]"), array({1, 0, 7}), 0));
  CHECK(from_text(R"({"shape": [0, 3], "data": []})").shape() == Shape{0, 3});
  CHECK(from_text(R"({"shape": [], "data": [4]})").dimension() == 0);
  CHECK(ids_from_text(R"({"shape": [2, 1], "data": [9223372036854775807, -9223372036854775808]})")(0, 0) ==
        std::numeric_limits<std::int64_t>::max());
  CHECK(ids_from_text("[true, 3]") == ids({1, 3}));
}

TEST_CASE("arrays in json: what does not fit is named") {
  CHECK_THROWS_WITH_AS(from_text(R"([1, "abc"])"), "t: x: data[1]: \"abc\" is not a number", Error);
  CHECK_THROWS_WITH_AS(from_text("[1, [2]]"), "t: x: data[1]: a list is not a number", Error);
  CHECK_THROWS_WITH_AS(from_text("null"), "t: x: null is not a number", Error);
  CHECK_THROWS_WITH_AS(from_text(R"({"shape": [2]})"), "t: x: no key 'data'; there are: shape", Error);
  CHECK_THROWS_WITH_AS(from_text(R"({"shape": 2, "data": []})"), "t: x: shape must be a list of sizes, not 2", Error);
  CHECK_THROWS_WITH_AS(from_text(R"({"shape": [2], "data": 2})"), "t: x: data must be a flat list of numbers, not 2", Error);
  CHECK_THROWS_WITH_AS(from_text(R"({"shape": [-2], "data": []})"), "t: x: shape: -2 is not a size (0, 1, 2, ...)", Error);
  CHECK_THROWS_WITH_AS(from_text(R"({"shape": [2, 2], "data": [1, 2, 3]})"), "t: x: shape (2, 2) has 4 elements, 'data' has 3", Error);
  CHECK_THROWS_WITH_AS(from_text(R"({"shape": [0, 4611686018427387904, 4], "data": []})"),
                       "t: x: the shape (0, 4611686018427387904, 4) is larger than any file", Error);
  CHECK_THROWS_WITH_AS(ids_from_text("[1, 2.0]"), "t: x: data[1]: 2.0 is not an integer", Error);
  CHECK_THROWS_WITH_AS(ids_from_text("[9223372036854775808]"), "t: x: data[0]: 9223372036854775808 is not an integer", Error);
}

TEST_CASE("arrays in json: written and read back") {
  const Array values = array({2, 2}, {real(0.1), -std::numeric_limits<real>::infinity(), 3, std::numeric_limits<real>::quiet_NaN()});
  const json written =
      parse_json(json{{"values", golden::json_from_array(values)}, {"ids", golden::json_from_ids(ids({5, -7}))}}.dump(), "t");
  CHECK(all_close(array_from_json(written["values"], "values"), values, 0));
  CHECK(golden::ids_from_json(written["ids"], "ids") == ids({5, -7}));
}

TEST_CASE("arrays in json: every array of the golden files can be read") {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(project_dir() / "tests" / "golden")) {
    if (entry.path().extension() == ".json") count += read_arrays(io::read_json(entry.path()), entry.path().filename().string());
  }
  CHECK(count > 1000);
}

TEST_CASE("arrays in json: damaged text is read or refused, nothing else") {
  const std::string good = R"({"shape": [2, 2], "data": [1.5, "inf", true, -3e-5], "note": "\u00e4\n"})";
  std::mt19937 random(2);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = good;
    if (round % 4 == 0) bytes.resize(random() % bytes.size());
    for (unsigned flips = random() % 4; flips > 0 && !bytes.empty(); --flips) {
      bytes[random() % bytes.size()] = round % 2 ? "{}[],:\"0-e"[random() % 10] : char(random());
    }
    try {
      const std::size_t size = from_text(bytes).size();
      CHECK(size < 100);
    } catch (const Error& e) {
      ++refused;
      CHECK(std::string(e.what()).find('\n') == std::string::npos);
    }
  }
  CHECK(refused > 1000);
}
