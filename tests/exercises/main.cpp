// The main of every exercise's test. Exit codes: 0 solved; 1 not yet, and the rows say why; 3 the code threw, crashed or did not end.
#define DOCTEST_CONFIG_IMPLEMENT
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS  // ours speak to a learner
#include <signal.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

#include "common/app/console.hpp"
#include "tests/exercises/verdict.hpp"

namespace byhand::verdict {
namespace {

constexpr unsigned time_limit = 30;  // seconds; the tests themselves take about one

struct Rows {
  app::Table arrays{{"name", "exact", "approximate", "max difference", "expected there", "came there", "right"}};
  app::Table numbers{{"name", "expected", "came", "right"}};
  std::size_t array_count = 0, number_count = 0, total = 0, failed = 0, thrown = 0;
  bool checked = false;
  std::vector<std::string> sentences;
};
Rows& rows() {
  static Rows all;
  return all;
}

void count(bool ok) {
  rows().checked = true;
  rows().total += 1;
  if (!ok) rows().failed += 1;
  DOCTEST_CHECK(ok);
}

void number_row(const std::string& name, const std::string& expected, double came, bool ok) {
  rows().numbers.add_row({name, expected, fmt::format("{:.6g}", came), ok});
  rows().number_count += 1;
  count(ok);
}

struct Place {
  std::size_t index;
  double difference;  // NaN when only one side is a number
};
Place largest_difference(const Array& a, const Array& b) {
  Place worst{0, 0};
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = double(a.data()[i]), y = double(b.data()[i]);
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    const double difference = std::abs(x - y);
    if (std::isnan(difference)) return {i, difference};
    if (difference > worst.difference) worst = {i, difference};
  }
  return worst;
}

std::string position(std::size_t index, const Shape& shape) {  // 5 in a (2, 3) array is [1, 2]
  std::vector<std::size_t> indices(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0; index /= shape[axis]) indices[axis] = index % shape[axis];
  return fmt::format("[{}]", fmt::join(indices, ", "));
}

std::string shape_text(const Shape& shape) { return fmt::format("({})", fmt::join(shape, ", ")); }

}  // namespace

void equal(const std::string& name, const Array& expected, const Array& came, double tolerance) {
  rows().array_count += 1;
  if (shape_of(expected) != shape_of(came)) {
    rows().arrays.add_row({name, "no", "no", "another shape", shape_text(shape_of(expected)), shape_text(shape_of(came)), false});
    return count(false);
  }
  const Place worst = largest_difference(expected, came);
  const bool exact = worst.difference == 0, ok = worst.difference <= tolerance;  // false for NaN
  if (exact) {
    rows().arrays.add_row({name, true, true, "0", "", "", true});
  } else {
    const std::string difference = std::isnan(worst.difference) ? "not a number" : fmt::format("{:.3g}", worst.difference);
    rows().arrays.add_row({name, false, ok, fmt::format("{} at {}", difference, position(worst.index, shape_of(expected))),
                           fmt::format("{:.6g}", expected.data()[worst.index]), fmt::format("{:.6g}", came.data()[worst.index]), ok});
  }
  count(ok);
}

void equal(const std::string& name, double expected, double came, double tolerance) {
  number_row(name, fmt::format("{:.6g}", expected), came, std::abs(expected - came) <= tolerance);
}
void predicted(const std::string& name, double expected, double came, double tolerance) {
  const bool ok = std::abs(expected - came) <= tolerance;
  const char* side = std::isnan(came) ? "a number" : expected > came ? "larger" : "smaller";
  number_row(name, ok ? fmt::format("{:.6g}", expected) : side, came, ok);
}
void below(const std::string& name, double came, double limit) { number_row(name, fmt::format("below {:.6g}", limit), came, came < limit); }
void above(const std::string& name, double came, double limit) { number_row(name, fmt::format("above {:.6g}", limit), came, came > limit); }

void holds(const std::string& name, bool ok, const std::string& otherwise) {
  rows().checked = true;  // it has no row, so it counts only where it does not hold
  if (ok) return;
  rows().sentences.push_back(fmt::format("{}: {}", name, otherwise));
  count(false);
}

namespace {

char running[200] = "";  // the test case; where a signal handler can read it

/// Hears what doctest itself finds: exceptions of the learner's code, and plain CHECKs.
struct Listener : doctest::IReporter {
  explicit Listener(const doctest::ContextOptions&) {}
  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_start(const doctest::TestCaseData& test) override { std::strncpy(running, test.m_name, sizeof running - 1); }
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void test_case_exception(const doctest::TestCaseException& e) override {
    rows().thrown += 1;
    rows().sentences.push_back(fmt::format("the code stopped with an error: {}", e.error_string.c_str()));
  }
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& a) override {
    if (!a.m_failed || std::strcmp(a.m_expr, "ok") == 0) return;  // "ok" is count() above, which has its row
    rows().sentences.push_back(fmt::format("{} does not hold: {}", a.m_expr, a.m_decomp.c_str()));
  }
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};
REGISTER_LISTENER("verdict", 1, Listener);

void say(const char* text) { [[maybe_unused]] const auto written = write(STDOUT_FILENO, text, std::strlen(text)); }

extern "C" void on_signal(int number) {  // only what is allowed in a signal handler
  say("in \"");
  say(running);
  say("\":\n");
  if (number == SIGALRM)
    say("not yet: the code did not end within 30 s. Is there a loop that never ends?\n");
  else
    say("not yet: the code crashed. Does it read or write outside of an array, or call itself without end? --preset debug finds the "
        "line.\n");
  _exit(3);
}

void print() {
  if (rows().array_count > 0) rows().arrays.print();
  if (rows().array_count > 0 && rows().number_count > 0) fmt::print("\n");
  if (rows().number_count > 0) rows().numbers.print();
  for (const std::string& sentence : rows().sentences) fmt::print("{}\n", sentence);
}

}  // namespace
}  // namespace byhand::verdict

int main(int argc, char** argv) {
  using namespace byhand::verdict;
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM}) signal(number, on_signal);
  alarm(time_limit);
  doctest::Context context(argc, argv);
  context.setOption("quiet", true);
  const int result = context.run();
  print();
  if (rows().thrown > 0)
    fmt::print("not yet\n");
  else if (result != 0)
    fmt::print("not yet: {} of {} hold\n", rows().total - rows().failed, rows().total);
  else if (!rows().checked)
    fmt::print("this exercise checks nothing\n");
  else
    fmt::print("solved: all {} hold\n", rows().total);
  return rows().thrown > 0 ? 3 : result != 0 || !rows().checked ? 1 : 0;
}
