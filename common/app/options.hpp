#pragma once
/// @file
/// Appliance, app. The command line of a chapter, and how its main starts and ends.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace byhand::app {

/// What every chapter can be told. A chapter sets its own defaults before it makes the Options.
struct Settings {
  std::uint64_t seed = 42;    ///< --seed: start of the random numbers
  int epochs = 0;             ///< --epochs: how long to train, >= 1 when given
  int threads = 1;            ///< --threads: 0 to 1024, 0 means one for each core; after parsing, the number in use
  std::filesystem::path out;  ///< --out: folder for figures and files; unless told, out/<chapter> in the project's folder
  bool quick = false;         ///< --quick: a short run
  bool show = false;          ///< --show: figures in a window as well
  bool term = false;          ///< --term: figures as text as well
};

/// The options of one program.
/// @code
///   int main(int argc, char** argv) {
///     app::Settings settings{.epochs = 400};
///     app::Options options("08_lstm", "LSTM by hand, as matrices, built in", settings);
///     return options.run(argc, argv, [&] { lesson(settings); });
///   }
/// @endcode
class Options {
 public:
  /// The settings above. They are changed when run() reads the command line, so they must live as long as this.
  Options(std::string name, std::string description, Settings& settings);

  /// One more option, e.g. add("--data", data, "CSV file with a header"). What the variable holds is the default. A number (int, uint64_t
  /// or double) outside low … high (both included) is refused. A bool is a flag: without a value, true when given.
  void add(const std::string& option, std::string& value, const std::string& help);
  void add(const std::string& option, std::filesystem::path& value, const std::string& help);
  void add(const std::string& option, bool& value, const std::string& help);
  template <class T>
  void add(const std::string& option, T& value, const std::string& help, std::type_identity_t<T> low = std::numeric_limits<T>::lowest(),
           std::type_identity_t<T> high = std::numeric_limits<T>::max()) {
    add_number(option, value, help, low, high);
  }

  /// Starts the process, reads the command line, sets the threads, runs the body. Returns the exit code: 0 when all went well or after
  /// --help; 2 after a wrong option (the body is then not run) or when the body throws, with one line on stderr that says why.
  int run(int argc, char** argv, const std::function<void()>& body);

  /// Whether the command line that run() read had this option ("--data"), be its value the default or empty.
  bool given(const std::string& option) const { return given_.contains(option); }

 private:
  struct Option {
    std::string name, help, kind, initial;                 // kind: what --help shows for the value; empty for a flag
    std::function<void(const std::string& value)> assign;  // Error when the value is no good
  };
  template <class T>
  void add_number(const std::string& option, T& value, const std::string& help, T low, T high);
  bool parse(int argc, char** argv);
  void print_help() const;
  [[noreturn]] void fail_unknown(const std::string& argument) const;

  std::string name_, description_;
  Settings& settings_;
  std::vector<Option> options_;
  std::set<std::string> given_;
};

/// The names nearest to a mistyped one, best first, at most three: a few letters wrong, missing or too many, or only the beginning typed.
std::vector<std::string> nearest(std::string_view typed, const std::vector<std::string>& names);

}  // namespace byhand::app
