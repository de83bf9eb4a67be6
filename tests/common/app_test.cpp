// Options as typed on a command line, what stands on the console, agreement, figures.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <limits>
#include <stdexcept>

#include "common/app/chapter.hpp"
#include "common/core/error.hpp"
#include "common/core/parallel.hpp"
#include "common/system/files.hpp"
#include "tests/common/folder.hpp"

using namespace byhand;
using test::Folder;
namespace fs = std::filesystem;

namespace {
/// What a body writes to a stream of the process (1: stdout, 2: stderr).
template <class Body>
std::string written_to(int stream, Body body) {
  const auto flush = [] {
    std::cout.flush();
    std::fflush(nullptr);
  };
  flush();
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  const int before = ::dup(stream);
  ::dup2(::fileno(file), stream);
  body();
  flush();
  ::dup2(before, stream);
  ::close(before);
  std::rewind(file);
  std::string text;
  for (int c; (c = std::fgetc(file)) != EOF;) text += char(c);
  std::fclose(file);
  return text;
}

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

/// Not so where the sources are for reading only; then the default of --out is refused.
bool project_is_writable() { return ::access(project_dir().c_str(), W_OK) == 0; }

/// A chapter with one option of each kind, run on a command line.
struct Chapter {
  app::Settings settings;
  std::string data = "prices.csv";
  int units = 8;
  double rate = 0.1;
  bool plain = false;
  int code = -1, runs = 0;
  std::string out, err;
  std::function<void()> body = [] {};

  Chapter(
      std::vector<std::string> arguments, std::function<void()> what = [] {})
      : body(std::move(what)) {
    settings.epochs = 400;
    app::Options options("08_lstm", "LSTM by hand", settings);
    options.add("--data", data, "CSV file with a header");
    options.add("--units", units, "units", 1, 64);
    options.add("--rate", rate, "learning rate", 0, 10);
    options.add("--plain", plain, "no colours");
    const auto is_out = [](const std::string& argument) { return argument.starts_with("--out"); };
    if (!project_is_writable() && std::none_of(arguments.begin(), arguments.end(), is_out))
      arguments.insert(arguments.begin(), {"--out", "made"});
    arguments.insert(arguments.begin(), "program");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int threads_before = threads();
    out = written_to(1, [&] {
      err = written_to(2, [&] {
        code = options.run(int(arguments.size()), argv.data(), [&] {
          ++runs;
          body();
        });
      });
    });
    set_threads(threads_before);
  }
};
}  // namespace

TEST_CASE("options: defaults") {
  const Chapter c({});
  CHECK(c.code == 0);
  CHECK(c.runs == 1);
  CHECK(c.settings.seed == 42);
  CHECK(c.settings.epochs == 400);
  CHECK(c.settings.threads == 1);
  if (project_is_writable()) CHECK(c.settings.out == project_dir() / "out" / "08_lstm");
  CHECK_FALSE(c.settings.quick);
  CHECK_FALSE(c.settings.show);
  CHECK_FALSE(c.settings.term);
  CHECK(c.out.empty());
  CHECK(c.err.empty());
}

TEST_CASE("options: each one is read, with a blank or with =, and the last one counts") {
  const Chapter c({"--seed=18446744073709551615", "--epochs", "7", "--epochs", "9", "--out", "a b/c", "--quick", "--show", "--term",
                   "--data", "x.csv", "--units=64", "--rate", "1e-3", "--plain"});
  CHECK(c.err == "");
  CHECK(c.code == 0);
  CHECK(c.settings.seed == 18446744073709551615U);
  CHECK(c.settings.epochs == 9);
  CHECK(c.settings.out == "a b/c");
  CHECK(c.settings.quick);
  CHECK(c.settings.show);
  CHECK(c.settings.term);
  CHECK(c.data == "x.csv");
  CHECK(c.units == 64);
  CHECK(c.rate == 1e-3);
  CHECK(c.plain);
  CHECK_FALSE(fs::exists("a b"));  // nothing is made by reading options
}

TEST_CASE("options: given or left out, whatever the value") {
  app::Settings settings;
  std::string data = "prices.csv", other;
  bool plain = false;
  app::Options options("08_lstm", "LSTM by hand", settings);
  options.add("--data", data, "CSV file with a header");
  options.add("--other", other, "another one");
  options.add("--plain", plain, "no colours");
  std::vector<std::string> arguments = {"program", "--other", "", "--data=prices.csv", "--out", "made"};
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  CHECK_FALSE(options.given("--data"));
  bool run = false;
  CHECK(options.run(int(arguments.size()), argv.data(),
                    [&] { run = options.given("--data") && options.given("--other") && options.given("--out"); }) == 0);
  CHECK(run);
  CHECK_FALSE(options.given("--plain"));
  CHECK_FALSE(options.given("--seed"));
  CHECK_FALSE(options.given("--no-such"));
}

TEST_CASE("options: threads, 0 means one for each core") {
  CHECK(Chapter({"--threads", "0"}).settings.threads >= 1);
  const Chapter two({"--threads", "2"});
  CHECK(two.settings.threads == (has_openmp() ? 2 : 1));
  CHECK(contains(two.err, "without OpenMP") == !has_openmp());
}

TEST_CASE("options: a wrong one is named in one line, the body does not run, exit code 2") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--epoch", "5"}, "unknown option --epoch; did you mean --epochs? (--help lists all)"},
      {{"--epohcs=5"}, "unknown option --epohcs; did you mean --epochs? (--help lists all)"},
      {{"-seed", "1"}, "unknown option -seed; did you mean --seed? (--help lists all)"},
      {{"--xyzxyz"}, "unknown option --xyzxyz (--help lists all)"},
      {{"lstm"}, "unexpected argument 'lstm' (--help lists all options)"},
      {{"--epochs", "3", "4"}, "unexpected argument '4' (--help lists all options)"},
      {{"--epochs"}, "--epochs: a value is missing (--help lists all options)"},
      {{"--out", "--quick"}, "--out: a value is missing before --quick"},
      {{"--out", ""}, "--out: the path is empty"},
      {{"--epochs", "0"}, "--epochs: '0' is not a whole number from 1 to 2147483647"},
      {{"--epochs", "-3"}, "--epochs: '-3' is not a whole number from 1 to 2147483647"},
      {{"--epochs", "ten"}, "--epochs: 'ten' is not a whole number from 1 to 2147483647"},
      {{"--epochs", "1.5"}, "--epochs: '1.5' is not a whole number from 1 to 2147483647"},
      {{"--epochs", "99999999999"}, "--epochs: '99999999999' is not a whole number from 1 to 2147483647"},
      {{"--seed", "-1"}, "--seed: '-1' is not a whole number from 0 to 18446744073709551615"},
      {{"--seed", "18446744073709551616"}, "--seed: '18446744073709551616' is not a whole number from 0 to 18446744073709551615"},
      {{"--threads", "1025"}, "--threads: '1025' is not a whole number from 0 to 1024"},
      {{"--units", "65"}, "--units: '65' is not a whole number from 1 to 64"},
      {{"--quick=maybe"}, "--quick: 'maybe' is neither true nor false"},
      {{"--", "--seed", "1"}, "unknown option --seed; did you mean --seed? (--help lists all)"},
      {{"--seed="}, "--seed: a value is missing (--help lists all options)"},
      {{"--rate", "nan"}, "--rate: 'nan' is not a number from 0 to 10"},
      {{"--rate", "0.1x"}, "--rate: '0.1x' is not a number from 0 to 10"},
  };
  for (const auto& wrong : cases) {
    CAPTURE(wrong.second);
    const Chapter c(wrong.first);
    CHECK(c.err == "08_lstm: " + wrong.second + "\n");
    CHECK(c.out == "");
    CHECK(c.code == 2);
    CHECK(c.runs == 0);
  }
}

TEST_CASE("options: after a wrong one nothing is assigned that came before an unknown option") {
  const Chapter c({"--epochs", "7", "--nonsense"});
  CHECK(c.settings.epochs == 400);
}

TEST_CASE("options: --help names every option and its default, exit code 0") {
  const Chapter c({"--help"});
  CHECK(c.code == 0);
  CHECK(c.runs == 0);
  CHECK(c.err == "");
  for (const char* part :
       {"LSTM by hand", "08_lstm", "--seed", "=42", "--epochs", "=400", "--threads", "--out", "out/08_lstm", "--quick", "--show", "--term",
        "--help", "--data", "prices.csv", "CSV file with a header", "--units", "--rate", "--plain"}) {
    CAPTURE(part);
    CHECK(contains(c.out, part));
  }
  CHECK_FALSE(contains(c.out, project_dir().string()));
  CHECK(
      c.out.starts_with("LSTM by hand\nUsage: 08_lstm [OPTIONS]\n\nOptions:\n"
                        "  -h,--help                   print this and end\n"
                        "  --seed INTEGER=42           start of the random numbers\n"));
  CHECK(Chapter({"--nonsense", "-h"}).out == c.out);  // who asks for help gets it
}

TEST_CASE("options: what the body throws is one line and exit code 2, after what it printed") {
  const Chapter error({}, [] { fail("csv: a.csv: no column 'x'"); });
  CHECK(error.err == "08_lstm: csv: a.csv: no column 'x'\n");
  CHECK(error.code == 2);
  const Chapter lines({}, [] {
    fmt::print("before\n");
    throw std::logic_error("two\nlines");
  });
  CHECK(lines.out == "before\n");
  CHECK(lines.err == "08_lstm: unexpected error: two lines\n");
  CHECK(lines.code == 2);
  CHECK(Chapter({}, [] { throw std::bad_alloc(); }).err == "08_lstm: out of memory\n");
  CHECK(Chapter({}, [] { throw 3; }).code == 2);
}

TEST_CASE("nearest: mistyped names") {
  const std::vector<std::string> names = {"04_policy_gradient", "08_lstm", "09_word_embedding", "--epochs", "--show", "--seed"};
  using List = std::vector<std::string>;
  CHECK(app::nearest("08_lsmt", names) == List{"08_lstm"});
  CHECK(app::nearest("--epoch", names) == List{"--epochs"});
  CHECK(app::nearest("--eopchs", names) == List{"--epochs"});
  CHECK(app::nearest("--se", names) == List{"--seed"});
  CHECK(app::nearest("--shwo", names).empty());  // two of four letters differ
  CHECK(app::nearest("", names).empty());
  CHECK(app::nearest("--", names).empty());
  CHECK(app::nearest("transformer", names).empty());
  CHECK(app::nearest("x", {"xa", "xb", "xc", "xd"}) == List{"xa", "xb", "xc"});  // three at most
  CHECK(app::nearest(std::string(100000, 'a'), names).empty());
}

TEST_CASE("number: fixed decimals, no minus zero") {
  CHECK(app::number(0.12345, 3) == "0.123");
  CHECK(app::number(-2.5, 1) == "-2.5");
  CHECK(app::number(-0.00001) == "0.0000");
  CHECK(app::number(-0.0, 0) == "0");
  CHECK(app::number(-10, 0) == "-10");
  CHECK(app::number(1e6, 2) == "1000000.00");
  CHECK(app::number(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(app::number(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(app::number(-std::nan("")) == "nan");
  CHECK_THROWS_AS(app::number(1, -1), Error);
}

TEST_CASE("table: columns are aligned, also with Korean letters") {
  app::Table table({"epoch", "name", "손실"}, 2);
  table.add_row({1, "LSTM", 0.5});
  table.add_row({100, "장단기 기억", -12.345F});
  CHECK(table.text() ==
        "epoch  name           손실\n"
        "─────  ───────────  ──────\n"
        "    1  LSTM           0.50\n"
        "  100  장단기 기억  -12.35\n");  // -12.345 as float is -12.3450003
  CHECK(contains(message_of([&] { table.add_row({1, 2}); }), "2 cells, there are 3 columns"));
  CHECK(contains(table.text(), "  100  "));  // the refused row left nothing behind
  CHECK_THROWS_AS(app::Table({}), Error);
}

TEST_CASE("table: text stays left, long whole numbers are kept, no rows is a head") {
  app::Table table({"a", "b"});
  CHECK(table.text() == "a  b\n─  ─\n");
  table.add_row({std::uint64_t(18446744073709551615U), "x"});
  table.add_row({"-", "line\nbreak"});
  CHECK(table.text() ==
        "a                     b\n"
        "────────────────────  ──────────\n"
        "18446744073709551615  x\n"
        "-                     line break\n");
}

TEST_CASE("boxes and headings") {
  const auto box_text = [](const char* title, const std::vector<std::string>& lines) {
    return written_to(1, [&] { app::box(title, lines); });
  };
  CHECK(box_text("loss", {"one", "하나"}) ==
        "┌─ loss ┐\n"
        "│ one   │\n"
        "│ 하나  │\n"
        "└───────┘\n");
  CHECK(box_text("", {}) == "┌──┐\n└──┘\n");
  CHECK(written_to(1,
                   [] {
                     app::box("after", {{"loss", 0.125}, {"epochs", 400}, {"model", "LSTM"}}, 2);
                   }) ==
        "┌─ after ──────┐\n"
        "│ loss    0.12 │\n"
        "│ epochs   400 │\n"
        "│ model   LSTM │\n"
        "└──────────────┘\n");
  CHECK(written_to(1, [] { app::heading("기억"); }) == "\n기억\n────\n");
  CHECK(app::padded("기억", 6) == "기억  ");
  CHECK(app::padded("기억", 6, true) == "  기억");
  CHECK(app::padded("long", 3) == "long");
  CHECK(written_to(1, [] {
          app::numbered_heading("one");
          app::numbered_heading("기억");
        }) == "\n1. one\n──────\n\n2. 기억\n───────\n");
}

TEST_CASE("agree: one line when two ways agree") {
  const auto line = [](const Array& a, const Array& b) {
    return written_to(1, [&] { app::agree("by hand = matrices: LSTM output", a, b, 1e-3); });
  };
  const Array a = array({2, 2}, {1, 2, 3, 4});
  Array b = a;
  b(1, 0) += real(0.000244140625);  // 2^-12: exact beside 3 in float too
  CHECK(line(a, b) == "by hand = matrices: LSTM output   max difference 2.4e-04  [agree]\n");
  CHECK(line(a, a) == "by hand = matrices: LSTM output   max difference 0.0e+00  [agree]\n");
  const real inf = std::numeric_limits<real>::infinity();
  CHECK(contains(line(array({inf}), array({inf})), "[agree]"));
  CHECK(written_to(1, [] { app::agree("x", 0.5F, 0.5, 0); }) == "x   max difference 0.0e+00  [agree]\n");
}

TEST_CASE("agree: an Error says where when they do not") {
  const Array a = array({2, 3}, {1, 2, 3, 4, 5, 6});
  Array b = a;
  b(0, 1) = real(2.125);
  b(1, 2) = real(6.5);
  const auto error = [](const Array& x, const Array& y, double tolerance = 1e-3) {
    return message_of([&] { app::agree("w", x, y, tolerance); });
  };
  CHECK(error(a, b) == "w: do not agree at (1, 2): 6 and 6.5 are 5.0e-01 apart, allowed is 1.0e-03");
  CHECK(error(a, array({1, 2, 3, 4, 5, 6})) == "w: the shapes (2, 3) and (6,) differ");
  CHECK(contains(error(zeros({0, 3}), zeros({0, 3})), "nothing to compare"));
  Array bad = a;
  bad(0, 0) = std::numeric_limits<real>::quiet_NaN();
  CHECK(contains(error(a, bad), "(0, 0)"));
  CHECK(contains(error(bad, bad), "(0, 0)"));  // NaN is no agreement
  const real inf = std::numeric_limits<real>::infinity();
  CHECK(contains(error(array({inf}), array({-inf})), "(0,)"));
  CHECK(contains(error(a, a, -1), "tolerance"));
  CHECK(contains(error(a, a, std::nan("")), "tolerance"));
  CHECK(message_of([] { app::agree("w", 1.0, 1.5, 0.1); }) == "w: do not agree: 1 and 1.5 are 5.0e-01 apart, allowed is 1.0e-01");
  CHECK_THROWS_AS(app::agree("w", std::nan(""), std::nan(""), 1), Error);
}

TEST_CASE("arrays are printed row by row") {
  const auto array_text = [](const Array& a, int decimals = 4) {
    const std::string text = written_to(1, [&] { app::print("", a, decimals); });
    return text.substr(text.find('\n') + 1);
  };
  CHECK(array_text(scalar(real(1.5)), 2) == "1.50\n");
  CHECK(array_text(array({1, real(-0.25)}), 2) == "[  1.00 -0.25 ]\n");
  CHECK(array_text(array({2, 2, 1}, {1, 2, 3, 4}), 0) == "(0,)\n[ 1 ]\n[ 2 ]\n(1,)\n[ 3 ]\n[ 4 ]\n");
  CHECK(array_text(arange(14), 0) == "[  0  1  2  3  4  5  …  8  9 10 11 12 13 ]\n");
  CHECK(array_text(zeros({0})) == "[ ]\n");
  CHECK(written_to(1, [] { app::print("W", array({1, 2}, {1, 2}), 0); }) == "W (1, 2)\n[ 1 2 ]\n");
}

TEST_CASE("figures are saved in the chosen folder, and the line says where") {
  const Folder folder;
  app::Settings settings;
  settings.out = folder.path / "out";
  plot::Figure figure("test");
  figure.axes().lines({0, 1, 2}, {0, 1, 4}, "squares");
  const std::string line = written_to(1, [&] { app::save_figure(figure, "squares", settings); });
  REQUIRE(line.rfind("figure: ", 0) == 0);
  CHECK(line.back() == '\n');
  const fs::path file = line.substr(8, line.size() - 9);
  CHECK(file.parent_path() == settings.out);
  CHECK(file.stem() == "squares");
  CHECK(fs::file_size(file) > 0);
  CHECK_THROWS_AS(app::save_figure(figure, "", settings), Error);
  CHECK_THROWS_AS(app::save_figure(figure, "a/b", settings), Error);
}
