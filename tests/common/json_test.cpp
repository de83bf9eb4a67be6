#include "common/io/json.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "common/system/files.hpp"
#include "common/system/text.hpp"

using namespace byhand;
using io::array_from_json;
using io::parse_json;
using nlohmann::json;

namespace {

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::temp_directory_path() / fmt::format("byhand_json_test_{}", ::getpid()) / name;
}

Array from_text(const std::string& text) { return array_from_json(parse_json(text, "t"), "t: x"); }
Ids ids_from_text(const std::string& text) { return io::ids_from_json(parse_json(text, "t"), "t: x"); }

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

TEST_CASE("json: arrays") {
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

TEST_CASE("json: what does not fit is named") {
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
  CHECK_THROWS_WITH_AS(io::member(json{{"a", 1}, {"b", 2}}, "c", "f.json: inputs"), "f.json: inputs: no key 'c'; there are: a, b", Error);
  CHECK_THROWS_WITH_AS(io::member(json(1), "c", "f.json"), "f.json: is number, not an object with the key 'c'", Error);
}

TEST_CASE("json: text that is not JSON is named by line and column") {
  CHECK_THROWS_WITH_AS(parse_json("{\"a\": 1,\n \"b\": x}", "f.json"), "f.json: line 2, column 7: not JSON: invalid literal", Error);
  CHECK_THROWS_WITH_AS(parse_json("{\"a\": [1, 2", "f.json"), "f.json: line 1, column 12: not JSON: unexpected end of input; expected ']'",
                       Error);
  CHECK_THROWS_WITH_AS(parse_json(std::string("{}\0{", 4), "f.json"), "f.json: line 1, column 3: not JSON: a zero byte", Error);
  CHECK_THROWS_WITH_AS(parse_json("[1e999]", "f.json"), "f.json: not JSON: a number in it is too large for a double", Error);
  CHECK_THROWS_WITH_AS(parse_json("{\"a\": {\"b\": 1, \"b\": 2}}", "f.json"), "f.json: the key 'b' appears twice in one object", Error);
  CHECK_NOTHROW(parse_json("{\"a\": {\"b\": 1}, \"b\": {\"b\": 2}}", "f.json"));
  CHECK_NOTHROW(parse_json(std::string(100, '[') + std::string(100, ']'), "f.json"));
  CHECK_THROWS_WITH_AS(parse_json(std::string(1000000, '['), "f.json"), "f.json: nested deeper than 100 levels", Error);
  CHECK_THROWS_AS(parse_json("", "f.json"), Error);
  CHECK_THROWS_WITH_AS(io::read_json("no/such.json"), "no/such.json: no such file", Error);
}

TEST_CASE("json: files are written and read back") {
  const auto file = scratch("out.json");
  const Array values = array({2, 2}, {real(0.1), -std::numeric_limits<real>::infinity(), 3, std::numeric_limits<real>::quiet_NaN()});
  io::write_json(file, json{{"values", io::json_from_array(values)},
                            {"ids", io::json_from_ids(ids({5, -7}))},
                            {"rate", std::numeric_limits<double>::infinity()},
                            {"none", json::array()}});
  const json back = io::read_json(file);
  CHECK(all_close(array_from_json(io::member(back, "values", "back"), "values"), values, 0));
  CHECK(io::ids_from_json(back["ids"], "ids") == ids({5, -7}));
  CHECK(back["rate"] == "inf");
  io::write_json(file, json{{"a", {1, 2}}, {"b", {{1}, {2.5, "x\n"}}}, {"c", json::object()}});
  CHECK(read_file(file) == "{\n  \"a\": [1, 2],\n  \"b\": [\n    [1],\n    [2.5, \"x\\n\"]\n  ],\n  \"c\": {}\n}\n");
  std::filesystem::remove_all(file.parent_path());
}

TEST_CASE("json: nothing is written on an error") {
  const auto file = scratch("bad.json");
  CHECK_THROWS_WITH_AS(io::write_json(file, json{{"a", "\xFF"}}), (file.string() + ": not written: a text in it is not UTF-8").c_str(),
                       Error);
  json deep = 1;
  for (int i = 0; i < 200; ++i) deep = json::array({deep});
  CHECK_THROWS_WITH_AS(io::write_json(file, deep), (file.string() + ": not written: nested deeper than 100 levels").c_str(), Error);
  CHECK_FALSE(std::filesystem::exists(file.parent_path()));
}

TEST_CASE("json: every array of the golden files can be read") {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(project_dir() / "tests" / "golden")) {
    if (entry.path().extension() == ".json") count += read_arrays(io::read_json(entry.path()), entry.path().filename().string());
  }
  CHECK(count > 1000);
}

TEST_CASE("json: damaged text is read or refused, nothing else") {
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

TEST_CASE("json: text shown in messages is short, on one line and not cut inside a character") {
  CHECK(shown("a\nb\x7F") == "a?b?");
  CHECK(shown(std::string(39, 'x') + "\xC3\xA4") == std::string(39, 'x') + "...");
  CHECK(shown(std::string(40, 'x')) == std::string(40, 'x'));
}
