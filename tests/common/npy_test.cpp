#include "common/io/npy.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <random>

#include "common/io/dtypes.hpp"
#include "common/system/files.hpp"

using namespace byhand;
using namespace std::string_literals;
using io::Dtype;
using io::parse_npy;
using io::parse_npy_ids;

namespace {

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::temp_directory_path() / fmt::format("byhand_npy_test_{}", ::getpid()) / name;
}

/// A file as the format's description has it: magic, version, length of the header, header, numbers.
std::string npy(const std::string& header, const std::string& numbers, char version = 1) {
  const std::size_t n = header.size();
  std::string length{char(n % 256), char(n / 256)};
  if (version > 1) length += "\0\0"s;
  return "\x93NUMPY"s + version + '\0' + length + header + numbers;
}

std::string dict(const std::string& descr, const std::string& shape, const char* fortran = "False") {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", descr, fortran, shape);
}

/// Bytes of small integers.
std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += char(value);
  return out;
}

// 1, -2.5 as float32: 3F800000, C0200000, little-endian.
const std::string two_floats = bytes({0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0});

}  // namespace

TEST_CASE("npy: each dtype, bytes by hand") {
  const Array expected = array({1, real(-2.5)});
  CHECK(all_close(parse_npy(npy(dict("<f4", "(2,)"), two_floats), "t"), expected, 0));
  // float64: 3FF0000000000000, C004000000000000
  CHECK(all_close(parse_npy(npy(dict("<f8", "(2,)"), bytes({0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 4, 0xC0})), "t"), expected, 0));
  CHECK(all_close(parse_npy(npy(dict("<f2", "(2,)"), bytes({0, 0x3C, 0, 0xC1})), "t"), expected, 0));
  CHECK(parse_npy_ids(npy(dict("<i8", "(2,)"), bytes({1, 2, 0, 0, 0, 0, 0, 0, 0xFE, 255, 255, 255, 255, 255, 255, 255})), "t") ==
        ids({513, -2}));
  CHECK(parse_npy_ids(npy(dict("<i4", "(2,)"), bytes({1, 2, 0, 0, 0xFE, 255, 255, 255})), "t") == ids({513, -2}));
  CHECK(parse_npy_ids(npy(dict("|u1", "(2,)"), bytes({7, 255})), "t") == ids({7, 255}));
  CHECK(parse_npy_ids(npy(dict("|b1", "(2,)"), bytes({1, 0})), "t") == ids({1, 0}));
  CHECK(all_close(parse_npy(npy(dict("|u1", "(2,)"), bytes({7, 255})), "t"), array({7, 255}), 0));
}

TEST_CASE("npy: half precision and bfloat16 at the edges") {
  // 65504 is the largest half, 2^-24 the smallest above zero, 2^-14 the smallest normal one.
  const Array half = io::decode_array(Dtype::f16, bytes({0xFF, 0x7B, 0, 0x7C, 0, 0xFC, 1, 0, 0, 4, 0, 0x80, 1, 0x7C}), {7});
  CHECK(half(0) == real(65504));
  CHECK(half(1) == std::numeric_limits<real>::infinity());
  CHECK(half(2) == -std::numeric_limits<real>::infinity());
  CHECK(half(3) == std::ldexp(real(1), -24));
  CHECK(half(4) == std::ldexp(real(1), -14));
  CHECK((half(5) == 0 && std::signbit(half(5))));
  CHECK(std::isnan(half(6)));
  const Array upper = io::decode_array(Dtype::bf16, bytes({0x80, 0x3F, 0x20, 0xC0, 0x80, 0x7F, 1, 0, 0xC0, 0x7F}), {5});
  CHECK(upper(0) == 1);
  CHECK(upper(1) == real(-2.5));
  CHECK(upper(2) == std::numeric_limits<real>::infinity());
  CHECK(upper(3) == std::ldexp(real(1), -133));  // the smallest float, 2^-149, times 2^16
  CHECK(std::isnan(upper(4)));
}

TEST_CASE("npy: shapes, orders, versions and spellings of the header") {
  const std::string six = bytes({1, 2, 3, 4, 5, 6});
  CHECK(parse_npy_ids(npy(dict("|u1", "(2, 3)"), six), "t") == ids({2, 3}, {1, 2, 3, 4, 5, 6}));
  CHECK(parse_npy_ids(npy(dict("|u1", "(2, 3)", "True"), six), "t") == ids({2, 3}, {1, 3, 5, 2, 4, 6}));
  // element (i, j, k) of shape (1, 2, 3) lies at i + j + 2k in Fortran order
  CHECK(parse_npy_ids(npy(dict("|u1", "(1, 2, 3)", "True"), six), "t") == ids({1, 2, 3}, {1, 3, 5, 2, 4, 6}));
  for (const char version : {1, 2, 3}) CHECK(parse_npy_ids(npy(dict("|u1", "(6,)"), six, version), "t") == ids({1, 2, 3, 4, 5, 6}));
  CHECK(parse_npy_ids(npy(dict("|u1", "()"), "\x09"), "t")() == 9);
  CHECK(parse_npy_ids(npy(dict("|u1", "(0, 3)", "True"), ""), "t").shape() == Shape{0, 3});
  CHECK(parse_npy_ids(npy("{\"shape\":(3L,2L),\"fortran_order\":False,\"descr\":\"u1\"}", six), "t").shape() == Shape{3, 2});
}

TEST_CASE("npy: what is written is what numpy.save writes") {
  const auto file = scratch("a.npy");
  const std::string descr = sizeof(real) == 8 ? "<f8" : "<f4";
  const Array a = array({2, 1}, {1, real(-2.5)});
  io::write_npy(file, a);
  // 10 bytes before the header and the header itself fill two blocks of 64: 118 = 0x76.
  const std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': (2, 1), }}", descr);
  const std::string numbers = sizeof(real) == 8 ? bytes({0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 4, 0xC0}) : two_floats;
  CHECK(read_file(file) == "\x93NUMPY\x01\x00\x76\x00"s + header + std::string(117 - header.size(), ' ') + "\n" + numbers);
  CHECK(all_close(io::read_npy(file), a, 0));
  io::write_npy(file, ids({3}));
  CHECK(read_file(file).substr(128) == bytes({3, 0, 0, 0, 0, 0, 0, 0}));
  CHECK(io::read_npy_ids(file) == ids({3}));
  io::write_npy(file, scalar(4));
  CHECK(io::read_npy(file).dimension() == 0);
  io::write_npy(file, zeros({3, 0}));
  CHECK(io::read_npy(file).shape() == Shape{3, 0});
  std::filesystem::remove_all(file.parent_path());
}

TEST_CASE("npy: bad input is named") {
  const auto read = [](const std::string& file) { parse_npy(file, "w.npy"); };
  const auto read_header = [&](const std::string& header) { read(npy(header, two_floats)); };
  CHECK_THROWS_WITH_AS(read(""), "w.npy: not an .npy file (it does not begin with \\x93NUMPY)", Error);
  CHECK_THROWS_WITH_AS(read("PK\x03\x04 an npz"), "w.npy: not an .npy file (it does not begin with \\x93NUMPY)", Error);
  CHECK_THROWS_WITH_AS(read("\x93NUMPY\x01"), "w.npy: cut short: 7 bytes", Error);
  CHECK_THROWS_WITH_AS(read("\x93NUMPY\x02\x00\x10\x00"s), "w.npy: cut short before its header", Error);
  CHECK_THROWS_WITH_AS(read(npy(dict("<f4", "(2,)"), two_floats, 4)), "w.npy: .npy format version 4; 1, 2 and 3 can be read", Error);
  CHECK_THROWS_WITH_AS(read("\x93NUMPY\x01\x00\xFF\xFF{}"s), "w.npy: its header should have 65535 bytes, only 2 are left in the file",
                       Error);
  CHECK_THROWS_WITH_AS(read("\x93NUMPY\x03\x00\xFF\xFF\xFF\xFF{}"s),
                       "w.npy: its header should have 4294967295 bytes, only 2 are left in the file", Error);
  CHECK_THROWS_WITH_AS(read(npy(dict("<f4", "(2,)"), two_floats.substr(1))),
                       "w.npy: the shape (2,) of dtype '<f4' needs 8 bytes, after the header there are 7", Error);
  CHECK_THROWS_WITH_AS(read(npy(dict("<f4", "(1,)"), two_floats)),
                       "w.npy: the shape (1,) of dtype '<f4' needs 4 bytes, after the header there are 8", Error);
  CHECK_THROWS_WITH_AS(read_header(dict(">f4", "(2,)")), "w.npy: dtype '>f4' is big-endian; save it as little-endian: a.astype('<f4')",
                       Error);
  CHECK_THROWS_WITH_AS(read_header(dict("<c8", "(1,)")), "w.npy: dtype '<c8' cannot be read; f8, f4, f2, i8, i4, u1 and b1 can", Error);
  CHECK_THROWS_WITH_AS(read_header(dict("", "(1,)")), "w.npy: dtype '' cannot be read; f8, f4, f2, i8, i4, u1 and b1 can", Error);
  CHECK_THROWS_WITH_AS(read_header("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,)}"),
                       "w.npy: holds records of several fields; only plain numbers can be read", Error);
  CHECK_THROWS_WITH_AS(read_header(dict("<f4", "(-2,)")), "w.npy: the shape has a negative size", Error);
  CHECK_THROWS_WITH_AS(read_header(dict("<f4", "(2.5,)")), "w.npy: the header is damaged: ')' expected at '.5,), }?'", Error);
  CHECK_THROWS_WITH_AS(read_header(dict("<f4", "(x,)")), "w.npy: the shape has something that is not a size: 'x,), }?'", Error);
  CHECK_THROWS_WITH_AS(read_header(dict("<f4", "(99999999999999999999,)")), "w.npy: the shape has a size larger than any file", Error);
  CHECK_THROWS_WITH_AS(read_header(dict("<f4", "(4294967296, 4294967296)")),
                       "w.npy: the shape (4294967296, 4294967296) is larger than any file", Error);  // 2^64 elements: 0 if not checked
  CHECK_THROWS_WITH_AS(read_header(dict("<f4", "(0, 4611686018427387904, 4)")),
                       "w.npy: the shape (0, 4611686018427387904, 4) is larger than any file", Error);
  std::string many;
  for (int i = 0; i < 33; ++i) many += "1,";
  CHECK_THROWS_WITH_AS(read_header(dict("<f4", "(" + many + ")")), "w.npy: a shape with 33 axes; at most 32 can be read", Error);
  CHECK_THROWS_WITH_AS(read_header("{'descr': '<f4', 'shape': (2,)}"), "w.npy: the header lacks one of 'descr', 'fortran_order', 'shape'",
                       Error);
  CHECK_THROWS_WITH_AS(read_header("{'descr': '<f4', 'descr': '<f4'}"), "w.npy: the header has 'descr' twice", Error);
  CHECK_THROWS_WITH_AS(read_header("{'descr': '<f4', 'size': 3}"), "w.npy: the header has an unknown entry 'size'", Error);
  CHECK_THROWS_WITH_AS(read_header("{'descr': '<f4"), "w.npy: the header has a text without an end: ''<f4'", Error);
  CHECK_THROWS_WITH_AS(read_header(dict("<f4", "(2,)", "0")), "w.npy: the header's 'fortran_order' is neither True nor False", Error);
  CHECK_THROWS_WITH_AS(read_header(dict("<f4", "(2,)") + "}"), "w.npy: the header goes on after its '}'", Error);
  CHECK_THROWS_WITH_AS(parse_npy_ids(npy(dict("<f4", "(2,)"), two_floats), "w.npy"),
                       "w.npy: dtype '<f4' is not an integer; read_npy reads it", Error);
  CHECK_THROWS_WITH_AS(io::decode_array(Dtype::f32, two_floats, {3}), "decode: the shape (3,) needs 12 bytes, there are 8", Error);
  CHECK_THROWS_AS(io::decode_ids(Dtype::f32, two_floats, {2}), Error);
  CHECK_THROWS_AS(io::encode(array({1}), Dtype::f16), Error);
}

TEST_CASE("npy: damaged files are read or refused, nothing else") {
  const std::string good = npy(dict("<f4", "(2, 1, 1)", "True"), two_floats);
  std::mt19937 random(3);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string file = good;
    if (round % 4 == 0) file.resize(random() % file.size());
    for (unsigned flips = random() % 4; flips > 0 && !file.empty(); --flips) {
      file[random() % file.size()] = round % 2 ? "0123456789(),'-"[random() % 15] : char(random());
    }
    for (const bool integers : {false, true}) {
      try {
        const std::size_t size = integers ? parse_npy_ids(file, "damaged.npy").size() : parse_npy(file, "damaged.npy").size();
        CHECK(size <= 8);
      } catch (const Error& e) {
        ++refused;
        CHECK(std::string(e.what()).find('\n') == std::string::npos);
      }
    }
  }
  CHECK(refused > 2000);
}
