// The rooms core and system: what the golden file cannot say of the generators (state, copies, misuse), files, errors, parallel_for.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <set>

#include "common/core/error.hpp"
#include "common/core/generator.hpp"
#include "common/core/parallel.hpp"
#include "common/system/files.hpp"
#include "common/system/hash.hpp"
#include "tests/common/folder.hpp"

using namespace byhand;
using test::Folder;
namespace fs = std::filesystem;

namespace {
/// The message of the Error that `body` throws; fails when it throws none.
template <class Body>
std::string message_of(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  FAIL_CHECK("no Error was thrown");
  return "";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The fields of a state, to be broken one at a time.
std::string with_field(const std::string& state, std::size_t field, const std::string& value) {
  std::size_t begin = 0;
  for (; field > 0; --field) begin = state.find(' ', begin) + 1;
  return state.substr(0, begin) + value + state.substr(std::min(state.find(' ', begin), state.size()));
}
}  // namespace

TEST_CASE("error: the message is formatted, and only on failure") {
  CHECK_NOTHROW(check(true, "{}", 1));
  CHECK(message_of([] { check(false, "csv: {}: no column '{}'", "a.csv", "x"); }) == "csv: a.csv: no column 'x'");
}

TEST_CASE("MT19937: the published output for the engine's default seed") {
  // ISO C++ [rand.predef]: the 10000th consecutive invocation of a default-constructed std::mt19937 (seed 5489) produces 4123659995.
  Generator g(5489);
  std::uint32_t drawn = 0;
  for (int i = 0; i < 10000; ++i) drawn = g.random();
  CHECK(drawn == 4123659995U);
}

TEST_CASE("generator: only the low 32 bits of the seed count") {
  Generator a(7), b((std::uint64_t(5) << 32) + 7), c(8);
  const std::uint64_t first = a.random64();
  CHECK(first == b.random64());
  CHECK(first != c.random64());
}

TEST_CASE("generator: copies share one stream, clones do not, manual_seed starts again") {
  Generator a(3);
  Generator same = a, other = a.clone();
  const std::uint32_t first = a.random(), second = same.random();
  CHECK(first != second);
  CHECK(other.random() == first);
  CHECK(other.random() == second);
  a.normal();  // leaves a second value waiting, which a new seed must forget
  a.manual_seed(3);
  CHECK(same.random() == first);
  Generator fresh(11);
  a.manual_seed(11);
  a.normal(1);
  a.manual_seed(11);
  CHECK(a.normal(3) == fresh.normal(3));
}

TEST_CASE("generator: a state goes round, with the waiting normal value") {
  for (const std::size_t normals : {0, 1, 2, 3}) {
    CAPTURE(normals);
    Generator a(42);
    a.uniform(700);  // past the first set of 624 words
    a.normal(normals);
    const std::string state = a.state();
    CHECK(!contains(state, "\n"));
    Generator b(1);
    b.normal(1);
    b.set_state(state);
    CHECK(b.state() == state);
    CHECK(a.normal(5) == b.normal(5));
    CHECK(a.randperm(50) == b.randperm(50));
    CHECK(a.normal(40) == b.normal(40));
    b.set_state(state + "\n");  // as it comes from a file
    CHECK(b.state() == state);
  }
}

TEST_CASE("generator: a bad state is refused and changes nothing") {
  Generator g(42);
  g.normal(1);
  const std::string good = g.state();
  std::string zeros = "mt19937 0 -";
  for (int i = 0; i < 624; ++i) zeros += " 0";
  const std::string broken[] = {"",
                                " ",
                                "hello",
                                "mt19937",
                                "mt19937 0",
                                "mt19937 0 -",
                                "mt19937 0 - 1 2 3",
                                zeros,
                                good.substr(0, good.size() / 2),
                                good + " 1",
                                good + " x",
                                "x" + good,
                                with_field(good, 0, "mt19938"),
                                with_field(good, 1, "625"),
                                with_field(good, 1, "-1"),
                                with_field(good, 1, "99999999999"),
                                with_field(good, 1, "1.5"),
                                with_field(good, 2, "+"),
                                with_field(good, 2, "0.5"),
                                with_field(good, 2, "99999999999999999999"),
                                with_field(good, 2, "9218868437227405312"),  // the bits of infinity
                                with_field(good, 3, "4294967296"),
                                with_field(good, 3, "-1"),
                                with_field(good, 100, "12ab"),
                                with_field(good, 626, "")};
  for (const std::string& text : broken) {
    CAPTURE(text.substr(0, 60));
    CHECK(message_of([&] { g.set_state(text); }).rfind("generator: ", 0) == 0);
    CHECK(g.state() == good);
  }
  CHECK_NOTHROW(g.set_state(with_field(good, 1, "624")));
  CHECK(message_of([&] { g.set_state(with_field(good, 1, "6\x1b\x7f\xeaz")); }) ==
        "generator: '6???z' in the state is not a number that can stand there");
}

TEST_CASE("generator: misuse is an Error that names the value") {
  constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  Generator g(42);
  const std::string before = g.state();
  CHECK(contains(message_of([&] { g.uniform(3, 2, 1); }), "low 2 and high 1"));
  CHECK_THROWS_AS(g.uniform(3, nan, 1), Error);
  CHECK_THROWS_AS(g.uniform(3, 0, inf), Error);
  CHECK_THROWS_AS(g.uniform(3, -3e38F, 3e38F), Error);
  CHECK(contains(message_of([&] { g.normal(3, 0, -1); }), "std -1"));
  CHECK_THROWS_AS(g.normal(20, nan, 1), Error);
  CHECK_THROWS_AS(g.normal(20, 0, inf), Error);
  CHECK(contains(message_of([&] { g.randint(5, 5, 1); }), "from 5 to 5"));
  CHECK_THROWS_AS(g.randint(5, -5, 0), Error);
  CHECK(contains(message_of([&] { g.bernoulli(std::vector<float>{0.F, 1.F, 1.5F}); }), "probability 2 is 1.5"));
  CHECK_THROWS_AS(g.bernoulli(std::vector<float>{nan}), Error);
  CHECK_THROWS_AS(g.bernoulli(4, -0.1), Error);
  CHECK_THROWS_AS(g.bernoulli(4, double(nan)), Error);
  for (const std::vector<float>& weights : {std::vector<float>{}, {0, 0}, {1, -1}, {1, nan}, {1, inf}, {3e38F, 3e38F}}) {
    CHECK_THROWS_AS(g.multinomial(weights), Error);
    CHECK_THROWS_AS(g.multinomial(weights, 2), Error);
  }
  CHECK(g.state() == before);  // nothing was drawn
}

TEST_CASE("generator: empty draws and edges") {
  Generator g(42);
  const std::string before = g.state();
  CHECK(g.uniform(0).empty());
  CHECK(g.normal(0).empty());
  CHECK(g.randperm(0).empty());
  CHECK(g.randperm(1) == std::vector<std::int64_t>{0});
  CHECK(g.state() == before);
  CHECK(g.uniform(2, 5, 5) == std::vector<float>{5, 5});
  CHECK(g.normal(20, 3, 0) == std::vector<float>(20, 3));
  CHECK(g.bernoulli(50, 1.0) == std::vector<float>(50, 1));
  CHECK(g.bernoulli(50, 0.0) == std::vector<float>(50, 0));
  CHECK(g.randint(-7, -6, 3) == std::vector<std::int64_t>{-7, -7, -7});
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min(), highest = std::numeric_limits<std::int64_t>::max();
  CHECK(g.randint(lowest, highest, 100).size() == 100);  // the widest range does not overflow
  for (int i = 0; i < 200; ++i) {
    CHECK(g.multinomial({0, 0, 2, 0}) == 2);  // a weight of zero is never drawn
    CHECK(g.multinomial({0, 0, 2, 0}, 1).front() == 2);
  }
}

TEST_CASE("NumPy's generator: misuse is an Error") {
  NumpyGenerator g(0);
  CHECK(contains(message_of([&] { g.choice({0.5, 0.4}); }), "sum to 0.9"));
  CHECK_THROWS_AS(g.choice({}), Error);
  CHECK_THROWS_AS(g.choice({1.5, -0.5}), Error);
  CHECK_THROWS_AS(g.choice({std::nan(""), 1}), Error);
  CHECK(g.choice({0, 1, 0}) == 1);
}

TEST_CASE("files: what is written is read back, and the folder is made") {
  const Folder folder;
  const fs::path file = folder.path / "a" / "b.bin";
  const std::string bytes("line\r\n\0\xff end", 11);
  write_file(file, bytes);
  CHECK(read_file(file) == bytes);
  write_file(file, "shorter");
  CHECK(read_file(file) == "shorter");
  write_file(file, "");
  CHECK(read_file(file).empty());
  CHECK(std::distance(fs::directory_iterator(file.parent_path()), {}) == 1);  // no temporary left
}

TEST_CASE("files: a failed write leaves the old file and no temporary") {
  const Folder folder;
  fs::create_directories(folder.path / "taken" / "inside");
  CHECK(contains(message_of([&] { write_file(folder.path / "taken", "x"); }), (folder.path / "taken").string()));  // a folder stands there
  write_file(folder.path / "file", "old");
  CHECK_THROWS_AS(write_file(folder.path / "file" / "below", "x"), Error);  // a file is no folder
  CHECK(read_file(folder.path / "file") == "old");
  CHECK(folder.files() == std::set<std::string>{"taken", "file"});
}

TEST_CASE("files: what somebody left who was killed is removed by the next write, and nothing else is") {
  const Folder folder;
  const fs::path file = folder.path / "file";
  const std::string gone = "2147483647", here = std::to_string(::getppid());  // no process has the first number
  const std::set<std::string> others = {"file." + here + ".tmp",  "file.tmp",    "file..tmp",  "file.1x.tmp",
                                        "other." + gone + ".tmp", "file.-5.tmp", "file.0.tmp", "file." + gone + ".bin"};
  for (const std::string& name : others) std::ofstream(folder.path / name) << "kept";
  std::ofstream(folder.path / ("file." + gone + ".tmp")) << "half";
  write_file(file, "new");
  std::set<std::string> expected = others;
  expected.insert("file");
  CHECK(folder.files() == expected);
}

TEST_CASE("files: reading errors name the file") {
  const Folder folder;
  CHECK(contains(message_of([&] { read_file(folder.path / "none.csv"); }), "none.csv: no such file"));
  CHECK(contains(message_of([&] { read_file(folder.path); }), "is a folder"));
  write_file(folder.path / "big", std::string(100, 'x'));
  CHECK(contains(message_of([&] { read_file(folder.path / "big", 99); }), "100 bytes, more than the limit of 99"));
  CHECK(read_file(folder.path / "big", 100).size() == 100);
  CHECK(contains(message_of([] { dataset("no-such-data.csv"); }), "dataset 'no-such-data.csv'"));
}

#if defined(__linux__)
TEST_CASE("files: what has no size is read to its end, and no further than the limit") {
  CHECK(contains(read_file("/proc/self/status"), "Pid:"));
  CHECK(contains(message_of([] { read_file("/dev/zero", 1'000'000); }), "/dev/zero: more than the limit of 1000000 bytes"));
  CHECK(contains(message_of([] { read_file("/dev/zero"); }), "/dev/zero: more than the limit of 268435456 bytes"));
  CHECK(contains(message_of([] { read_file("/proc/self/mem"); }), "/proc/self/mem: reading failed"));  // nothing is mapped at its start
}
#endif

TEST_CASE("files: whether a file can be written is known beforehand") {
  const Folder folder;
  const fs::path file = folder.path / "a" / "b.bin";
  check_can_write(file);
  CHECK(folder.files().empty());  // nothing is made
  write_file(file, "old");
  check_can_write(file);
  CHECK(read_file(file) == "old");
  CHECK(contains(message_of([&] { check_can_write(file.parent_path()); }), "is a folder"));
  CHECK(contains(message_of([&] { check_can_write(file / "below"); }), "the folder cannot be made: Not a directory"));
  CHECK(contains(message_of([&] { check_can_write(file / "far" / "below"); }), "the folder cannot be made: Not a directory"));
  fs::create_symlink("nowhere", folder.path / "dangling");
  CHECK(contains(message_of([&] { check_can_write(folder.path / "dangling" / "x"); }), "dangling: the folder cannot be made"));
#if defined(__linux__)
  CHECK(contains(message_of([] { check_can_write("/proc/x.bin"); }), "/proc/x.bin: cannot be written: "));
#endif
}

TEST_CASE("files: BYHAND_HOME moves the project's folder") {
  const Folder folder;
  const char* home = std::getenv("BYHAND_HOME");
  const std::string before = home ? home : "";
  write_file(folder.path / "datasets" / "committed.csv", "1");
  write_file(folder.path / "datasets" / "cache" / "fetched.csv", "2");
  setenv("BYHAND_HOME", folder.path.c_str(), 1);
  CHECK(project_dir() == folder.path);
  CHECK(read_file(dataset("committed.csv")) == "1");
  CHECK(read_file(dataset("fetched.csv")) == "2");
  write_file(folder.path / "datasets" / "catalogue.txt", "# name|file\nbible|kjv.txt|1\n");
  const fs::path cache = folder.path / "datasets" / "cache";
  CHECK(contains(message_of([&] { read_file(cache / "kjv.txt"); }), "kjv.txt: no such file; ./byhand data bible fetches it"));
  CHECK(contains(message_of([&] { read_file(cache / "kj"); }), "no such file; ./byhand data lists what can be fetched"));
  CHECK(message_of([&] { read_file(folder.path / "kjv.txt"); }) == (folder.path / "kjv.txt").string() + ": no such file");
  if (home)
    setenv("BYHAND_HOME", before.c_str(), 1);
  else
    unsetenv("BYHAND_HOME");
}

TEST_CASE("hash: the published values of FNV-1a, and parts give what the whole gives") {
  // The authors' test vectors for 64 bits: "", "a", "foobar".
  CHECK(hash_text("") == "cbf29ce484222325");
  CHECK(hash_text("a") == "af63dc4c8601ec8c");
  CHECK(hash_text("foobar") == "85944171f73967e8");
  Hash parts;
  parts.add("foo");
  parts.add("bar", 3);
  CHECK(parts.value() == 0x85944171f73967e8u);
}

TEST_CASE("parallel_for covers every index once, for any number of threads") {
  const int before = threads();
  CHECK_THROWS_AS(set_threads(-1), Error);
  CHECK_THROWS_AS(set_threads(1025), Error);
  for (const int n : {1, 2, 3}) {
    set_threads(n);
    CHECK(threads() == (has_openmp() ? n : 1));
    for (const std::size_t size : {0, 1, 7, 100, 1001}) {
      std::vector<int> visits(size, 0);
      parallel_for(size, 10, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) ++visits[i];
      });
      CHECK(visits == std::vector<int>(size, 1));
    }
  }
  set_threads(before);
}
