// Where a comma stands for the decimal point and a point between thousands, files and output must be what they are elsewhere.
#include <doctest/doctest.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <locale>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/app/console.hpp"
#include "common/app/options.hpp"
#include "common/core/generator.hpp"
#include "common/io/csv.hpp"
#include "common/io/json.hpp"
#include "common/io/npy.hpp"
#include "common/io/safetensors.hpp"
#include "common/nn/layers.hpp"
#include "common/optim/optimizers.hpp"
#include "common/plot/figure.hpp"
#include "common/system/files.hpp"
#include "common/system/program.hpp"
#include "common/text/word_vectors.hpp"
#include "common/train/run/checkpoint.hpp"
#include "common/train/run/metrics_file.hpp"
#include "tests/common/folder.hpp"
#include "tests/common/values.hpp"
#include "tests/golden/json_arrays.hpp"

using namespace byhand;
using test::Folder;
namespace fs = std::filesystem;

namespace {

struct CommaNumbers : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
  std::string do_truename() const override { return "wahr"; }
};

/// What C++ streams ask: the global locale.
struct CommaStreams {
  std::locale before = std::locale::global(std::locale(std::locale::classic(), new CommaNumbers));
  ~CommaStreams() { std::locale::global(before); }
};

/// What printf and strtod ask: setlocale. German is installed on few machines, so it is made, where its sources are.
struct CommaC {
  std::string before = std::setlocale(LC_ALL, nullptr);
  bool found = false;
  explicit CommaC(const fs::path& folder) {
    const ProgramRun made = run_program({"localedef", "-c", "-i", "de_DE", "-f", "UTF-8", (folder / "de_DE.UTF-8").string()}, "");
    if (made.found) setenv("LOCPATH", folder.c_str(), 1);
    found = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
    unsetenv("LOCPATH");
  }
  ~CommaC() { std::setlocale(LC_ALL, before.c_str()); }
};

std::string printed(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", x);
  return text;
}
std::string streamed(double x) {
  std::ostringstream out;
  out << std::fixed << x;
  return out.str();
}

/// Written and read, one line of what came back for each; the files' bytes behind.
struct Trace {
  fs::path folder;
  std::string text;
  template <class... Args>
  void say(fmt::format_string<Args...> format, Args&&... args) {
    text += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }
  fs::path file(const std::string& name) const { return folder / name; }
  void bytes(const std::string& name) { text += name + ":\n" + read_file(file(name)) + "\n"; }
};

void tables(Trace& t) {
  for (const double x : io::parse_csv("a,b\n1234567.5,x\n0.1,\"1,5\"\n-1e-300,y\n", "t").numbers("a")) t.say("csv {}", x);
  for (const double x : io::parse_csv("p;q\n0.25;1e3\n", "t", {.delimiter = ';'}).numbers("p")) t.say("csv {}", x);
  t.say("csv {}", test::error_of([] { io::parse_csv("p;q\n0,25;1\n", "t", {.delimiter = ';'}).numbers("p"); }));
  train::EpochReport report;
  report.epoch = 1234;
  report.lr = 0.0625;
  train::MetricsFile(t.file("metrics.csv")).update({report});
  t.bytes("metrics.csv");
}

void arrays(Trace& t) {
  const Array values = test::values({1200, 2});  // 1200 has a point in it where thousands are grouped
  const nlohmann::json written = {{"number", 1234567.25}, {"whole", 1234567}, {"array", golden::json_from_array(values)}};
  write_file(t.file("a.json"), written.dump());
  const nlohmann::json back = io::read_json(t.file("a.json"));
  t.say("json {} {}", back["number"].get<double>(), golden::array_from_json(back["array"], "a") == values);
  io::write_npy(t.file("a.npy"), values);
  t.say("npy {}", io::read_npy(t.file("a.npy")) == values);
  io::write_safetensors(t.file("a.safetensors"), {{"w", values}}, {{"lr", fmt::format("{}", 0.5)}});
  t.say("safetensors {}", io::read_safetensors(t.file("a.safetensors")).array("w") == values);
  for (const char* name : {"a.json", "a.npy", "a.safetensors"}) t.bytes(name);
}

void vectors(Trace& t) {
  std::vector<std::string> words;
  for (int i = 0; i < 1200; ++i) words.push_back(fmt::format("w{}", i));
  const text::WordVectors vectors(words, test::values({1200, 3}));
  text::save_word2vec_text(t.file("v.txt"), vectors);
  text::save_word2vec_binary(t.file("v.bin"), vectors);
  for (const char* name : {"v.txt", "v.bin"}) {
    const text::WordVectors back = text::load_word_vectors(t.file(name));
    t.say("vectors {} {} {:.6f}", name, back.size(), back["w1199"](2));
    t.bytes(name);
  }
}

void checkpoints(Trace& t) {
  Generator g{42};
  const nn::Linear model(3, 2, g);
  optim::Adam adam(model.parameters(), {.lr = 0.125});
  train::RunState state;
  state.batch = 1234;  // of an epoch under way
  state.batches = 2000;
  state.rows = 1234567;
  state.epoch_start = g.state();
  state.lr = 0.1;
  state.averages.add("loss", 0.3, 1000);
  state.generators = {g.state()};
  train::save_checkpoint(t.file("c"), model, adam, state);
  t.bytes("c");
  const train::RunState back = train::load_checkpoint(t.file("c"), model, adam);
  t.say("checkpoint {} {} {} {}", back.batch, back.lr, back.averages.mean("loss"), back.generators[0] == g.state());
}

void output(Trace& t) {
  t.say("fmt {} {} {:.3f} {:e} {} {}", 1234567, 1234567.5, 0.5, 1e10, true, Shape{1200, 2});
  t.say("number {}", app::number(12345.678, 2));
  app::Table table({"a", "b"}, 3);
  table.add_row({1234.5, 1234567});
  t.say("table {}", table.text());
  plot::Figure figure("f");
  figure.axes().lines({0.0, 0.5, 1234.5}, {1e-3, 2.5, 1e6}, "l").hline(0.25);
  const plot::Figure& drawn = figure;
  drawn.save(t.file("figure"));
  if (fs::exists(t.file("figure.svg"))) t.bytes("figure.svg");
  if (fs::exists(t.file("figure.gp"))) t.bytes("figure.gp");
}

void options(Trace& t) {
  app::Settings settings;
  settings.out = t.folder;
  double rate = 0, width = 0.125;
  int units = 0;
  app::Options options("locale_test", "numbers on the command line", settings);
  options.add("--rate", rate, "a number", 0, 10);
  options.add("--width", width, "another", 0, 10);
  options.add("--units", units, "a whole number");
  std::vector<std::string> words = {"program", "--rate", "0.5", "--units", "1234567"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  t.say("options: exit code {}", options.run(int(argv.size()), argv.data(), [] {}));
  t.say("options {} {} {}", rate, width, units);
}

std::string everything(const fs::path& folder) {
  fs::create_directories(folder);
  Trace t{folder, ""};
  tables(t);
  arrays(t);
  vectors(t);
  checkpoints(t);
  output(t);
  options(t);
  return t.text;
}

/// The first line that differs: the whole is too long to be shown.
std::string first_difference(const std::string& a, const std::string& b) {
  std::istringstream one(a), other(b);
  for (std::string x, y; true;) {
    const bool more = bool(std::getline(one, x)), also = bool(std::getline(other, y));
    if (!more && !also) return "";
    if (x != y || more != also) return fmt::format("'{}' became '{}'", x.substr(0, 200), y.substr(0, 200));
  }
}

}  // namespace

TEST_CASE("locale: files and output are the same where numbers have commas") {
  const Folder folder;
  const std::string usual = everything(folder.path / "o");
  // What a German program would write must not be what we compare with.
  for (const char* line : {"csv 1234567.5\n", "csv 0.25\n", "json 1234567.25 true\n", "npy true\n", "safetensors true\n",
                           "fmt 1234567 1234567.5 0.500 1.000000e+10 true (1200, 2)\n", "number 12345.68\n", "options: exit code 0\n",
                           "options 0.5 0.125 1234567\n", "checkpoint 1234 0.1 0.3 true\n"})
    CHECK_MESSAGE(usual.find(line) != std::string::npos, line);
  const auto same = [&] {
    fs::rename(folder.path / "o", folder.path / "before");
    const std::string now = everything(folder.path / "o");  // the same path, which some of the text holds
    CHECK_MESSAGE(now == usual, first_difference(usual, now));
    fs::remove_all(folder.path / "before");
  };
  SUBCASE("C++ streams") {
    const CommaStreams commas;
    REQUIRE(streamed(1234.5) == "1.234,500000");
    same();
  }
  SUBCASE("printf, strtod, and programs that are started") {
    const CommaC commas(folder.path);
    if (!commas.found) {
      MESSAGE("skipped: no German locale, and localedef or its sources are missing (apt install locales)");
      return;
    }
    REQUIRE(printed(0.5) == "0,5");
    same();
    const CommaStreams both;
    same();
  }
}
