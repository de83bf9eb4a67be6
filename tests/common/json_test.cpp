#include "common/io/json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "common/core/error.hpp"

using namespace byhand;
using io::parse_json;
using nlohmann::json;

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

TEST_CASE("json: an entry that is missing is named beside those there are") {
  CHECK_THROWS_WITH_AS(io::member(json{{"a", 1}, {"b", 2}}, "c", "f.json: inputs"), "f.json: inputs: no key 'c'; there are: a, b", Error);
  CHECK_THROWS_WITH_AS(io::member(json(1), "c", "f.json"), "f.json: is number, not an object with the key 'c'", Error);
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
      const std::size_t size = parse_json(bytes, "t").size();
      CHECK(size < 100);
    } catch (const Error& e) {
      ++refused;
      CHECK(std::string(e.what()).find('\n') == std::string::npos);
    }
  }
  CHECK(refused > 1000);
}
