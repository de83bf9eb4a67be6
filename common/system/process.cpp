#include "common/system/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <climits>  // also defines __GLIBC__ where it is glibc
#include <initializer_list>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace byhand {
namespace {

/// Who closed a standard stream (>&-) left its number to the next file that is opened, and what is printed would go into that file. So each
/// gets /dev/null; standard output opened for reading, so that what is printed is missed.
void fill_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF)
      static_cast<void>(::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY));
}

}  // namespace

void start_process() {
  fill_standard_streams();
  ::signal(SIGXFSZ, SIG_IGN);
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

}  // namespace byhand
