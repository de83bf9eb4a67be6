#include "common/io/safetensors.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <random>

#include "common/system/files.hpp"

using namespace byhand;
using namespace std::string_literals;
using io::Safetensors;

namespace {

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::temp_directory_path() / fmt::format("byhand_safetensors_test_{}", ::getpid()) / name;
}

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += char(value);
  return out;
}

/// A file as the format's description has it: the header's length in 8 bytes, the header, the numbers.
std::string file_of(const std::string& header, const std::string& numbers) {
  std::string length(8, '\0');
  for (std::size_t i = 0, n = header.size(); i < 8; ++i, n /= 256) length[i] = char(n % 256);
  return length + header + numbers;
}

Safetensors parse(const std::string& header, const std::string& numbers) { return Safetensors(file_of(header, numbers), "w.st"); }

}  // namespace

TEST_CASE("safetensors: F16 and BF16, byte by byte") {
  // 1, -2.5, 65504, infinity, the smallest number above zero (2^-24); bfloat16 has 8 bits of precision, so 65504 rounds to 65536 = 2^16,
  // and its smallest number is 2^-133.
  const Safetensors file = parse(R"({"half":{"dtype":"F16","shape":[5],"data_offsets":[0,10]},)"
                                 R"("brain":{"dtype":"BF16","shape":[5,1],"data_offsets":[10,20]}})",
                                 bytes({0x00, 0x3C, 0x00, 0xC1, 0xFF, 0x7B, 0x00, 0x7C, 0x01, 0x00,  //
                                        0x80, 0x3F, 0x20, 0xC0, 0x80, 0x47, 0x80, 0x7F, 0x01, 0x00}));
  const real inf = std::numeric_limits<real>::infinity();
  CHECK(all_close(file.array("half"), array({1, real(-2.5), 65504, inf, std::ldexp(real(1), -24)}), 0));
  CHECK(all_close(file.array("brain"), array({5, 1}, {1, real(-2.5), 65536, inf, std::ldexp(real(1), -133)}), 0));
  CHECK(file.entries()[0].name == "half");  // the order of the data, not of the alphabet
}

TEST_CASE("safetensors: F32, F64, integers, booleans, a single number, an empty array, metadata") {
  const Safetensors file =
      parse(R"({"__metadata__":{"format":"pt"},"i32":{"dtype":"I32","shape":[1],"data_offsets":[20,24]},)"
            R"("f64":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"f32":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]},)"
            R"("i64":{"dtype":"I64","shape":[1],"data_offsets":[12,20]},"none":{"dtype":"F32","shape":[0,3],"data_offsets":[24,24]},)"
            R"("u8":{"dtype":"U8","shape":[2],"data_offsets":[24,26]},"bool":{"dtype":"BOOL","shape":[2],"data_offsets":[26,28]}}   )",
            bytes({0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0x20, 0xC0, 1, 2, 0, 0, 0, 0, 0, 0, 0xFE, 255, 255, 255, 7, 255, 1, 0}));
  CHECK(file.metadata() == io::Metadata{{"format", "pt"}});
  CHECK(file.array("f64").dimension() == 0);
  CHECK(file.array("f64")() == 1);
  CHECK(file.array("f32")(0, 0) == real(-2.5));
  CHECK(file.ids("i64") == ids({513}));
  CHECK(file.ids("i32") == ids({-2}));
  CHECK(file.ids("u8") == ids({7, 255}));
  CHECK(file.ids("bool") == ids({1, 0}));
  CHECK(file.array("none").shape() == Shape{0, 3});
  CHECK(file.has("none"));
  CHECK_FALSE(file.has("__metadata__"));
  CHECK(file.arrays().size() == 7);
  CHECK(file.arrays()[6].first == "bool");
  CHECK(all_close(file.arrays()[5].second, array({7, 255}), 0));
  CHECK_THROWS_WITH_AS(file.ids("f32"), "w.st: 'f32' holds floats, not integers", Error);
  CHECK_THROWS_WITH_AS(file.array("f"), "w.st: no array 'f'; there are: f64, f32, i64, i32, none, u8, bool", Error);
}

TEST_CASE("safetensors: what is written, byte by byte") {
  const auto file = scratch("out.safetensors");
  io::write_safetensors(file, {{"w", array({1, 2}, {1, real(-2.5)})}, {"b", scalar(1)}}, {{"epoch", "5"}}, io::Dtype::f32);
  const std::string header = R"({"__metadata__":{"epoch":"5"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                             R"("b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}})";
  REQUIRE(header.size() == 138);  // six spaces fill it to 144, a multiple of 8
  CHECK(read_file(file) == file_of(header + "      ", bytes({0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 0, 0, 0x80, 0x3F})));
  io::write_safetensors(file, {{"w", array({real(-2.5)})}}, {}, io::Dtype::f64);
  CHECK(read_file(file).substr(8, 56) == R"({"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}  )");
  CHECK(read_file(file).substr(64) == bytes({0, 0, 0, 0, 0, 0, 4, 0xC0}));
  std::filesystem::remove_all(file.parent_path());
}

TEST_CASE("safetensors: names, order and numbers come back") {
  const auto file = scratch("back.safetensors");
  const io::NamedArrays arrays{{"z \"quoted\" \xC3\xA4", array({real(0.1), real(1) / 3})}, {"a", zeros({2, 0})}, {"m", scalar(7)}};
  io::write_safetensors(file, arrays, {{"note", "two\nlines"}});
  const Safetensors back = io::read_safetensors(file);
  CHECK(back.metadata().at("note") == "two\nlines");
  REQUIRE(back.arrays().size() == arrays.size());
  for (std::size_t i = 0; i < arrays.size(); ++i) CHECK(all_close(back.array(arrays[i].first), arrays[i].second, 0));
  CHECK(back.arrays()[0].first == arrays[0].first);
  io::write_safetensors(file, {});
  CHECK(io::read_safetensors(file).entries().empty());
  std::filesystem::remove_all(file.parent_path());
}

TEST_CASE("safetensors: nothing is written on an error") {
  const auto file = scratch("bad.safetensors");
  const std::string name = file.string() + ": not written: ";
  const Array one = scalar(1);
  CHECK_THROWS_WITH_AS(io::write_safetensors(file, {{"a", one}, {"a", one}}), (name + "the name 'a' is there twice").c_str(), Error);
  CHECK_THROWS_WITH_AS(io::write_safetensors(file, {{"__metadata__", one}}), (name + "the name '__metadata__' is reserved").c_str(), Error);
  CHECK_THROWS_WITH_AS(io::write_safetensors(file, {{"\xFF", one}}), (name + "a name or a piece of metadata is not UTF-8").c_str(), Error);
  CHECK_THROWS_WITH_AS(io::write_safetensors(file, {{"a", one}}, {}, io::Dtype::f16),
                       (name + "arrays are written as F64 or F32 only").c_str(), Error);
  CHECK_FALSE(std::filesystem::exists(file.parent_path()));
}

TEST_CASE("safetensors: lengths that lie") {
  const auto read = [](const std::string& file) { Safetensors(file, "w.st"); };
  CHECK_THROWS_WITH_AS(read(""), "w.st: not a safetensors file: 0 bytes, its header's length alone has 8", Error);
  CHECK_THROWS_WITH_AS(read("1234567"), "w.st: not a safetensors file: 7 bytes, its header's length alone has 8", Error);
  CHECK_THROWS_WITH_AS(read(bytes({0, 0, 0, 0, 0, 0, 0, 16}) + "{}"),
                       "w.st: its header should have 1152921504606846976 bytes, only 2 are left in the file", Error);  // 2^60
  CHECK_THROWS_WITH_AS(read(bytes({255, 255, 255, 255, 255, 255, 255, 255}) + "{}"),
                       "w.st: its header should have 18446744073709551615 bytes, only 2 are left in the file", Error);
  CHECK_THROWS_WITH_AS(read(file_of("", "")), "w.st: not a safetensors file: its header does not begin with '{'", Error);
  CHECK_THROWS_WITH_AS(read(file_of("{}", "x")), "w.st: 1 bytes of data, the header describes 0", Error);
}

TEST_CASE("safetensors: headers that cannot be trusted") {
  // The header's only array, of which one part is replaced; eight bytes of data.
  const auto read = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
    parse(fmt::format(R"({{"w":{{"dtype":{},"shape":{},"data_offsets":{}}}}})", dtype, shape, offsets), "12345678");
  };
  CHECK_NOTHROW(read("\"F32\"", "[2]", "[0,8]"));
  CHECK_THROWS_WITH_AS(read("\"F8_E4M3\"", "[8]", "[0,8]"),
                       "w.st: 'w': dtype 'F8_E4M3' cannot be read; F64, F32, F16, BF16, I64, I32, U8 and BOOL can", Error);
  CHECK_THROWS_WITH_AS(read("32", "[2]", "[0,8]"), "w.st: 'w': 'dtype' is not a text", Error);
  CHECK_THROWS_WITH_AS(read("\"F32\"", "2", "[0,8]"), "w.st: 'w': 'shape' is not a list", Error);
  for (const char* shape : {"[-2]", "[2.0]", "[\"2\"]", "[[2]]", "[18446744073709551616]", "[true]"}) {
    CHECK_THROWS_WITH_AS(read("\"F32\"", shape, "[0,8]"), "w.st: 'w': 'shape' has something that is not a whole number from 0 on", Error);
  }
  CHECK_THROWS_WITH_AS(read("\"F32\"", "[2]", "[-8,0]"), "w.st: 'w': 'data_offsets' has something that is not a whole number from 0 on",
                       Error);
  CHECK_THROWS_WITH_AS(read("\"F32\"", "[2]", "[0]"), "w.st: 'w': 'data_offsets' has 1 numbers instead of 2", Error);
  CHECK_THROWS_WITH_AS(read("\"F32\"", "[2]", "[8,0]"), "w.st: 'w': its data ends at 0, before it begins at 8", Error);
  CHECK_THROWS_WITH_AS(read("\"F32\"", "[3]", "[0,8]"), "w.st: 'w': the shape (3,) needs 12 bytes, its offsets 0 to 8 hold 8", Error);
  CHECK_THROWS_WITH_AS(read("\"F32\"", "[4]", "[0,16]"), "w.st: 'w' should end at byte 16 of the data, there are 8", Error);
  CHECK_THROWS_WITH_AS(read("\"F32\"", "[1]", "[4,8]"), "w.st: bytes 0 to 4 of the data, before 'w', belong to no array", Error);
  CHECK_THROWS_WITH_AS(read("\"F32\"", "[1]", "[0,4]"), "w.st: 8 bytes of data, the header describes 4", Error);
  CHECK_THROWS_WITH_AS(read("\"F32\"", "[4294967296,4294967296]", "[0,0]"),
                       "w.st: 'w': the shape (4294967296, 4294967296) is larger than any file", Error);  // 2^64 elements: 0 if not checked
  CHECK_THROWS_WITH_AS(read("\"F32\"", "[0,4611686018427387904,4]", "[0,0]"),
                       "w.st: 'w': the shape (0, 4611686018427387904, 4) is larger than any file", Error);

  const auto read_header = [](const std::string& header) { parse(header, "12345678"); };
  const std::string w = R"("dtype":"F32","shape":[2],"data_offsets":[0,8])", first = R"("dtype":"F32","shape":[1],"data_offsets":[0,4])";
  CHECK_THROWS_WITH_AS(read_header("{\"a\":{" + w + "},\"b\":{" + first + "}}"),
                       "w.st: 'a' begins at byte 0 of the data, inside the array before it", Error);
  CHECK_THROWS_WITH_AS(read_header("{\"a\":{" + w + "},\"a\":{" + w + "}}"), "w.st: header: the key 'a' appears twice in one object",
                       Error);
  CHECK_THROWS_WITH_AS(read_header("{\"a\":{" + w + ",\"shape\":[2]}}"), "w.st: header: the key 'shape' appears twice in one object",
                       Error);
  CHECK_THROWS_WITH_AS(read_header(R"({"a":{"dtype":"F32","shape":[2]}})"), "w.st: 'a': no key 'data_offsets'; there are: dtype, shape",
                       Error);
  CHECK_THROWS_WITH_AS(read_header(R"({"a":7})"), "w.st: 'a': is number, not an object with the key 'dtype'", Error);
  CHECK_THROWS_WITH_AS(read_header("{\"a\":{" + w + "},\"__metadata__\":[]}"), "w.st: '__metadata__' is not an object", Error);
  CHECK_THROWS_WITH_AS(read_header("{\"a\":{" + w + "},\"__metadata__\":{\"epoch\":5}}"), "w.st: '__metadata__': 'epoch' is not a text",
                       Error);
  CHECK_THROWS_WITH_AS(read_header("[]"), "w.st: not a safetensors file: its header does not begin with '{'", Error);
  CHECK_THROWS_WITH_AS(read_header("{\"a\":{" + w + "}"),
                       "w.st: header: line 1, column 54: not JSON: unexpected end of input; expected '}'", Error);
  CHECK_THROWS_WITH_AS(read_header("{\"a\":{" + w + "}}\0\0\0"s), "w.st: header: line 1, column 55: not JSON: a zero byte", Error);
  CHECK_THROWS_WITH_AS(read_header("{\"a\":" + std::string(100000, '[')), "w.st: header: nested deeper than 100 levels", Error);
  CHECK_THROWS_AS(read_header("{\"\xFF\":{" + w + "}}"), Error);
  CHECK_THROWS_WITH_AS(io::read_safetensors("no/such.safetensors"), "no/such.safetensors: no such file", Error);
}

TEST_CASE("safetensors: damaged files are read or refused, nothing else") {
  const std::string good = file_of(R"({"__metadata__":{"e":"5"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                                   R"("b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}} )",
                                   "0123456789abcdef");
  REQUIRE(Safetensors(good, "good").arrays().size() == 2);
  std::mt19937 random(4);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string file = good;
    if (round % 4 == 0) file.resize(random() % file.size());
    for (unsigned flips = random() % 4; flips > 0 && !file.empty(); --flips) {
      file[random() % file.size()] = round % 2 ? "0123456789{}[],:\"-"[random() % 18] : char(random());
    }
    try {
      const io::NamedArrays arrays = Safetensors(file, "damaged.st").arrays();
      CHECK(arrays.size() <= 2);
    } catch (const Error& e) {
      ++refused;
      CHECK(std::string(e.what()).find('\n') == std::string::npos);
    }
  }
  CHECK(refused > 800);
}
