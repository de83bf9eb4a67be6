#include "common/system/program.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "common/core/error.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): some systems have it in no header

namespace byhand {
namespace {

// The three ends of the connection are files without a name. Unlike a pipe they never block, whatever is written first, and a program that
// dies early cannot kill us with SIGPIPE; and a plot window that stays open cannot keep us waiting for the end of its output.
struct NamelessFile {
  // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): the pointer on the left owns it
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), [](std::FILE* f) { return f ? std::fclose(f) : 0; }};

  NamelessFile() { check(file != nullptr, "no temporary file can be made in {}: {}", P_tmpdir, std::strerror(errno)); }

  int descriptor() const { return ::fileno(file.get()); }

  void write(const std::string& text) const {
    const bool ok = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() && std::fflush(file.get()) == 0;
    check(ok, "a temporary file in {} cannot be written: {}", P_tmpdir, std::strerror(errno));
    std::rewind(file.get());
  }

  std::string read() const {
    std::rewind(file.get());
    std::string text;
    char buffer[1 << 16];
    while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file.get())) text.append(buffer, n);
    return text;
  }
};

}  // namespace

ProgramRun run_program(std::vector<std::string> arguments, const std::string& input) {
  check(!arguments.empty(), "run_program: no program is named");
  const NamelessFile in, out, err;
  in.write(input);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.descriptor(), 0);
  posix_spawn_file_actions_adddup2(&actions, out.descriptor(), 1);
  posix_spawn_file_actions_adddup2(&actions, err.descriptor(), 2);
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem == ENOENT || problem == ENOTDIR) return {};
  check(problem == 0, "{} cannot be started: {}", arguments[0], std::strerror(problem));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) check(errno == EINTR, "waiting for {} failed: {}", arguments[0], std::strerror(errno));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) return {};  // how older C libraries report a missing program
  return {true, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out.read(), err.read()};
}

}  // namespace byhand
