#include "common/app/options.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>  // only here: it takes seconds to compile
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/core/parallel.hpp"
#include "common/system/process.hpp"
#include "common/system/text.hpp"

namespace byhand::app {
namespace {

/// The whole text as a number of type T between low and high, or an Error that names the option.
template <class T>
T number_between(const std::string& option, const std::string& text, T low, T high) {
  constexpr const char* kind = std::is_integral_v<T> ? "whole number" : "number";
  T number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = error == std::errc() && end == text.data() + text.size() && low <= number && number <= high;  // NaN is not
  if (!good && high == std::numeric_limits<double>::max()) fail("{}: '{}' is not a {}", option, text, kind);
  check(good, "{}: '{}' is not a {} from {} to {}", option, text, kind, low, high);
  return number;
}

/// Levenshtein's distance: how many letters must be changed, put in or taken out.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);  // row[j]: the distance between the first i letters of a and the first j of b
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string_view without_dashes(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  return name;
}

/// What the program printed must have arrived, be it on a full disk.
void flush_output() {
  std::cout.flush();
  check(std::fflush(stdout) == 0 && !std::ferror(stdout) && std::cout.good(), "standard output cannot be written");
}

/// What can be known to fail before hours of work: standard output was closed, or nothing can be written to --out.
void check_output(const std::filesystem::path& out) {
  const int mode = ::fcntl(STDOUT_FILENO, F_GETFL);
  check(mode < 0 || (mode & O_ACCMODE) != O_RDONLY, "standard output cannot be written: it is closed");
  try {
    check_can_write(out / ".byhand");
  } catch (const Error& error) {
    fail("--out: {}", error.what());
  }
}

}  // namespace

std::vector<std::string> nearest(std::string_view typed, const std::vector<std::string>& names) {
  typed = without_dashes(typed.substr(0, 64));
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& name : names) {
    const std::string_view bare = without_dashes(name);
    const bool begun = !typed.empty() && bare.substr(0, typed.size()) == typed;
    const std::size_t distance = begun ? 0 : edit_distance(typed, bare);
    if (begun || distance <= std::max<std::size_t>(1, std::min(typed.size(), bare.size()) / 3)) found.emplace_back(distance, name);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> best;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 3); ++i) best.push_back(found[i].second);
  return best;
}

Options::Options(std::string name, std::string description, Settings& settings)
    : name_(std::move(name)), description_(std::move(description)), settings_(settings) {
  add("--seed", settings.seed, "start of the random numbers");
  add("--epochs", settings.epochs, "how many epochs to train", 1);
  if (settings.epochs == 0) options_.back().initial.clear();  // the chapter decides; 0 itself is refused
  add("--threads", settings.threads, "threads to use, 0 for one on each core", 0, 1024);
  add("--out", settings.out, "folder for figures and files");
  if (settings.out.empty()) options_.back().initial = "out/" + name_;
  add("--quick", settings.quick, "a short run");
  add("--show", settings.show, "show figures in a window as well");
  add("--term", settings.term, "draw figures in the terminal as well");
}

void Options::add(const std::string& option, std::string& value, const std::string& help) {
  options_.push_back({option, help, "TEXT", value, [&value](const std::string& text) { value = text; }});
}

void Options::add(const std::string& option, std::filesystem::path& value, const std::string& help) {
  options_.push_back({option, help, "PATH", value.string(), [option, &value](const std::string& text) {
                        check(!text.empty(), "{}: the path is empty", option);
                        value = text;
                      }});
}

void Options::add(const std::string& option, int& value, const std::string& help, int low, int high) {
  options_.push_back({option, help, "INTEGER", fmt::format("{}", value),
                      [option, &value, low, high](const std::string& text) { value = number_between(option, text, low, high); }});
}

void Options::add(const std::string& option, std::uint64_t& value, const std::string& help) {
  options_.push_back({option, help, "INTEGER", fmt::format("{}", value), [option, &value](const std::string& text) {
                        value = number_between(option, text, std::uint64_t(0), std::numeric_limits<std::uint64_t>::max());
                      }});
}

void Options::add(const std::string& option, double& value, const std::string& help, double low, double high) {
  options_.push_back({option, help, "NUMBER", fmt::format("{}", value),
                      [option, &value, low, high](const std::string& text) { value = number_between(option, text, low, high); }});
}

void Options::add(const std::string& option, bool& value, const std::string& help) {
  options_.push_back({option, help, "", "", [option, &value](const std::string& text) {
                        check(text == "true" || text == "false", "{}: '{}' is neither true nor false", option, text);
                        value = text == "true";
                      }});
}

void Options::fail_unknown(const std::string& argument) const {
  check(argument.size() > 1 && argument[0] == '-', "unexpected argument '{}' (--help lists all options)", argument);
  const std::string typed = argument.substr(0, argument.find('='));
  std::vector<std::string> names = {"--help"};
  for (const Option& option : options_) names.push_back(option.name);
  const std::vector<std::string> near = nearest(typed, names);
  fail("unknown option {}{} (--help lists all)", typed, near.empty() ? "" : fmt::format("; did you mean {}?", fmt::join(near, " or ")));
}

/// False when only help was wanted. Nothing is assigned before the whole line is known to be well formed.
bool Options::parse(int argc, char** argv) {
  CLI::App line(description_, name_);
  line.set_help_flag("-h,--help", "print this and end");
  line.allow_extras();
  std::vector<std::pair<const Option*, std::string>> given;
  for (const Option& option : options_) {
    const auto take = [&given, &option](const std::string& text) {
      check(text.rfind("--", 0) != 0, "{}: a value is missing before {}", option.name, text);
      given.emplace_back(&option, text);
    };
    if (option.kind.empty()) {
      line.add_flag_callback(
          option.name, [take] { take("true"); }, option.help);
    } else {
      // The last one counts, so that a script's options can be overruled behind them.
      CLI::Option* added = line.add_option_function<std::string>(option.name, take, option.help);
      added->type_name(option.kind)->take_last();
      if (!option.initial.empty()) added->default_str(option.initial);
    }
  }
  try {
    line.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", line.help());
    return false;
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string_view what = error.what();
    fail("{}: a value is missing (--help lists all options)", what.substr(0, what.find(':')));
  } catch (const CLI::ParseError& error) {
    fail("{} (--help lists all options)", one_line(error.what()));
  }
  for (const std::string& unknown : line.remaining()) {
    if (unknown != "--") fail_unknown(unknown);
  }
  for (const auto& [option, text] : given) {
    option->assign(text);
    given_.insert(option->name);
  }
  return true;
}

int Options::run(int argc, char** argv, const std::function<void()>& body) {
  std::string problem;
  try {
    start_process();
    if (!parse(argc, argv)) {
      flush_output();
      return 0;
    }
    if (settings_.out.empty()) settings_.out = project_dir() / "out" / name_;
    check_output(settings_.out);
    const int wanted = settings_.threads;
    settings_.threads = set_threads(wanted);
    if (wanted > settings_.threads) fmt::print(stderr, "{}: built without OpenMP, so one thread is used\n", name_);
    body();
    flush_output();
    return 0;
  } catch (const Error& error) {
    problem = error.what();
  } catch (const std::bad_alloc&) {
    problem = "out of memory";
  } catch (const std::exception& error) {
    // fmt throws when the disk is full
    problem = std::ferror(stdout) ? "standard output cannot be written" : fmt::format("unexpected error: {}", error.what());
  } catch (...) {
    problem = "unexpected error of unknown kind";
  }
  std::cout.flush();
  std::fflush(stdout);  // what was printed so far comes before the reason it ended
  std::fputs(fmt::format("{}: {}\n", name_, one_line(problem)).c_str(), stderr);  // fmt::print throws when it cannot
  return 2;
}

}  // namespace byhand::app
