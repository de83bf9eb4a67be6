// kill_call NUMBER FOLDER PROGRAM [ARGUMENT...]: runs a program, and kills it (SIGKILL) just before its NUMBERth system call that changes
// something in FOLDER. What lies in a folder changes by such calls only, so these are all the moments that a kill can tell apart.
// NUMBER 0: to the end; then "kill_call: N calls" is printed on standard error. The exit code is the program's, 137 when it was killed, 3
// when this system does not let a program be watched. Linux only. Threads besides the first one are not watched.
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

namespace fs = std::filesystem;
using Call = struct __ptrace_syscall_info;

constexpr int not_possible = 3;

/// A text in the other process: one word after the other.
std::string text_at(pid_t process, std::uint64_t address) {
  std::string text;
  while (text.size() < 4096) {
    const long word = ::ptrace(PTRACE_PEEKDATA, process, reinterpret_cast<void*>(address + text.size()), nullptr);
    const char* bytes = reinterpret_cast<const char*>(&word);
    for (std::size_t i = 0; i < sizeof word; ++i) {
      if (bytes[i] == '\0') return text;
      text += bytes[i];
    }
  }
  return text;
}

/// The file behind an open descriptor of the other process.
std::string file_of(pid_t process, std::uint64_t descriptor) {
  std::error_code none;
  return fs::read_symlink("/proc/" + std::to_string(process) + "/fd/" + std::to_string(int(descriptor)), none);
}

/// The file that a call changes; empty when it changes none. Only calls that our programs make: what is left out is not counted.
std::string changed_file(pid_t process, const Call& call) {
  const auto& arguments = call.entry.args;
  switch (call.entry.nr) {
    case SYS_openat:
      return arguments[2] & (O_CREAT | O_TRUNC) ? text_at(process, arguments[1]) : "";
    case SYS_write:
    case SYS_writev:
    case SYS_pwrite64:
    case SYS_ftruncate:
    case SYS_fsync:
    case SYS_fdatasync:
      return file_of(process, arguments[0]);
    case SYS_unlinkat:
    case SYS_mkdirat:
    case SYS_renameat:
    case SYS_renameat2:
      return text_at(process, arguments[1]);
#ifdef SYS_open  // the old calls, which new processors do without
    case SYS_open:
      return arguments[1] & (O_CREAT | O_TRUNC) ? text_at(process, arguments[0]) : "";
    case SYS_unlink:
    case SYS_rmdir:
    case SYS_mkdir:
    case SYS_rename:
      return text_at(process, arguments[0]);
#endif
  }
  return "";
}

/// Stops at each call; kills before the `number`th that counts.
int watch(pid_t process, long number, const std::string& folder) {
  int status = 0, signal = 0;
  long calls = 0;
  ::waitpid(process, &status, 0);  // the stop at its start
  ::ptrace(PTRACE_SETOPTIONS, process, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  while (::ptrace(PTRACE_SYSCALL, process, nullptr, signal) == 0 && ::waitpid(process, &status, 0) == process && WIFSTOPPED(status)) {
    signal = WSTOPSIG(status);
    if (signal != (SIGTRAP | 0x80)) {
      if (signal == SIGTRAP) signal = 0;
      continue;
    }
    signal = 0;
    Call call;
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, process, sizeof call, &call) <= 0) return not_possible;
    if (call.op != PTRACE_SYSCALL_INFO_ENTRY || !changed_file(process, call).starts_with(folder) || ++calls != number) continue;
    ::kill(process, SIGKILL);
    ::waitpid(process, &status, 0);
    break;
  }
  if (number == 0) std::fprintf(stderr, "kill_call: %ld calls\n", calls);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: kill_call NUMBER FOLDER PROGRAM [ARGUMENT...]\n");
    return 2;
  }
  const pid_t child = ::fork();
  if (child < 0) return not_possible;
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(not_possible);
    ::execv(argv[3], argv + 3);
    ::_exit(127);
  }
  return watch(child, std::atol(argv[1]), argv[2]);
}
