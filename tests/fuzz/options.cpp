// The command line of a chapter, one argument a line. Good ends: the lesson begins, help is printed, or one line says what is wrong.
#include "common/app/options.hpp"

#include <cstdio>
#include <cstdlib>

#include "chapters/15_rag/ask/settings.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

namespace {

/// What is printed to stdout or stderr while it lives.
class Captured {
 public:
  explicit Captured(FILE*& stream) : stream_(stream), before_(stream) { stream = ::open_memstream(&text_, &size_); }
  ~Captured() {
    std::fclose(stream_);
    stream_ = before_;
    std::free(text_);
  }
  Captured(const Captured&) = delete;
  std::string text() const {
    std::fflush(stream_);
    return {text_, size_};
  }

 private:
  FILE*& stream_;
  FILE* before_;
  char* text_ = nullptr;
  std::size_t size_ = 0;
};

struct Ended {
  int code;
  bool begun = false;
  std::string out, err;
};

Ended run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "15_rag");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  rag::Settings settings;
  app::Options options("15_rag", "Passages, vectors, an index.", settings);
  rag::add_options(options, settings);
  Ended ended;
  const Captured out(stdout), err(stderr);
  ended.code = options.run(int(arguments.size()), argv.data(), [&] {
    ended.begun = true;
    settings.asked = options.given("--ask");
    rag::check_settings(settings);
  });
  ended.out = out.text(), ended.err = err.text();
  return ended;
}

}  // namespace

void fuzz::read(std::string_view input) {
  std::vector<std::string> arguments;
  for (std::size_t at = 0; at < input.size();) {
    const std::size_t end = std::min(input.find('\n', at), input.size());
    arguments.emplace_back(input.substr(at, input.substr(at, end - at).find('\0') == input.npos ? end - at : 0));
    at = end + 1;
  }
  const Ended ended = run(arguments);
  require(ended.code == 0 || ended.code == 2, "another exit code than 0 or 2");
  if (ended.code == 0) return require(ended.begun || ended.out.find("--help") != std::string::npos, "neither begun nor helped");
  require(ended.err.starts_with("15_rag: ") && ended.err.ends_with('\n'), "the message does not begin with the program's name");
  require(!ended.err.starts_with("15_rag: unexpected error"), ended.err);
  check_message(std::string_view(ended.err).substr(0, ended.err.size() - 1));
}
