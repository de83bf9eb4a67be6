#include "common/app/options.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <optional>
#include <utility>

#include "common/core/error.hpp"
#include "common/core/parallel.hpp"
#include "common/system/files.hpp"
#include "common/system/process.hpp"
#include "common/system/text.hpp"

namespace byhand::app {
namespace {

/// The whole text as a number of type T between low and high, or an Error that names the option.
template <class T>
T number_between(const std::string& option, const std::string& text, T low, T high) {
  constexpr const char* kind = std::is_integral_v<T> ? "whole number" : "number";
  std::optional<T> number;
  if constexpr (std::is_integral_v<T>)
    number = whole_number<T>(text);
  else if (!text.starts_with('+'))
    number = decimal_number(text);
  const bool good = number && low <= *number && *number <= high;  // NaN is not
  if (!good && high == std::numeric_limits<double>::max()) fail("{}: '{}' is not a {}", option, text, kind);
  check(good, "{}: '{}' is not a {} from {} to {}", option, text, kind, low, high);
  return *number;
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

void Options::add(const std::string& option, bool& value, const std::string& help) {
  options_.push_back({option, help, "", "", [option, &value](const std::string& text) {
                        check(text == "true" || text == "false", "{}: '{}' is neither true nor false", option, text);
                        value = text == "true";
                      }});
}

template <class T>
void Options::add_number(const std::string& option, T& value, const std::string& help, T low, T high) {
  options_.push_back({option, help, std::is_integral_v<T> ? "INTEGER" : "NUMBER", fmt::format("{}", value),
                      [option, &value, low, high](const std::string& text) { value = number_between(option, text, low, high); }});
}
template void Options::add_number(const std::string&, int&, const std::string&, int, int);
template void Options::add_number(const std::string&, std::uint64_t&, const std::string&, std::uint64_t, std::uint64_t);
template void Options::add_number(const std::string&, double&, const std::string&, double, double);

void Options::fail_unknown(const std::string& argument) const {
  check(argument.size() > 1 && argument[0] == '-', "unexpected argument '{}' (--help lists all options)", argument);
  const std::string typed = argument.substr(0, argument.find('='));
  std::vector<std::string> names = {"--help"};
  for (const Option& option : options_) names.push_back(option.name);
  const std::vector<std::string> near = nearest(typed, names);
  fail("unknown option {}{} (--help lists all)", typed, near.empty() ? "" : fmt::format("; did you mean {}?", fmt::join(near, " or ")));
}

void Options::print_help() const {
  fmt::print("{}\nUsage: {} [OPTIONS]\n\nOptions:\n  {:<28}print this and end\n", description_, name_, "-h,--help");
  for (const Option& option : options_) {
    std::string left = "  " + option.name + (option.kind.empty() ? "" : " " + option.kind);
    if (!option.initial.empty()) left += "=" + option.initial;
    fmt::print("{:<30}{}{}\n", left, left.size() < 30 ? "" : "\n" + std::string(30, ' '), option.help);
  }
  fmt::print("\n");
}

/// False when only help was wanted. Nothing is assigned before the whole line is known to be well formed.
bool Options::parse(int argc, char** argv) {
  // The last one counts, so that a script's options can be overruled behind them.
  std::vector<std::optional<std::string>> given(options_.size());
  std::vector<std::string> others;
  bool help = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i], name = argument.substr(0, argument.find('='));
    if (argument == "--") {
      others.insert(others.end(), argv + i + 1, argv + argc);
      break;
    }
    const auto option = std::find_if(options_.begin(), options_.end(), [&](const Option& o) { return o.name == name; });
    if (argument == "-h" || argument == "--help") {
      help = true;
    } else if (option == options_.end()) {
      others.push_back(argument);
    } else {
      const bool joined = name.size() < argument.size(), flag = option->kind.empty() && !joined;
      check(flag || (joined ? name.size() + 1 < argument.size() : i + 1 < argc), "{}: a value is missing (--help lists all options)", name);
      const std::string value = flag ? "true" : joined ? argument.substr(name.size() + 1) : argv[++i];
      check(!value.starts_with("--"), "{}: a value is missing before {}", name, value);
      given[std::size_t(option - options_.begin())] = value;
    }
  }
  if (help) print_help();
  if (help) return false;
  if (!others.empty()) fail_unknown(others.front());
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!given[i]) continue;
    options_[i].assign(*given[i]);
    given_.insert(options_[i].name);
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
