#include "common/core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <thread>

#include "common/core/error.hpp"
#include "common/system/contention.hpp"

#ifdef BYHAND_OPENMP
#include <omp.h>
#endif

namespace byhand {
namespace {
int thread_count = 1;          // not to be changed while a loop runs
std::atomic<int> choices = 0;  // how often a number of threads was chosen; atomic because each thread has a Contention that looks
}  // namespace

int threads() { return thread_count; }

bool has_openmp() {
#ifdef BYHAND_OPENMP
  return true;
#else
  return false;
#endif
}

int set_threads(int n) {
  check(n >= 0 && n <= 1024, "threads: {} is not between 0 (all cores) and 1024", n);
  if (n == 0) n = std::max(1, int(std::thread::hardware_concurrency()));
  thread_count = has_openmp() ? n : 1;
  ++choices;
  return thread_count;
}

namespace detail {

#ifdef BYHAND_OPENMP
namespace {

using Clock = Contention::Clock;

/// What this thread has computed: time in which it waits for a core does not count, which may be busy with our own other thread.
Clock::duration thread_time() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

/// While it lives, loops inside a piece stay whole, as omp_in_parallel() has it when threads share the pieces.
struct InPieces {
  static thread_local bool now;
  InPieces() { now = true; }
  ~InPieces() { now = false; }
  InPieces(const InPieces&) = delete;
  InPieces& operator=(const InPieces&) = delete;
};
thread_local bool InPieces::now = false;

}  // namespace
#endif

void split_over_threads(std::size_t n, std::size_t grain, RangeFunction body) {
#ifdef BYHAND_OPENMP
  const std::size_t pieces = std::min<std::size_t>(std::size_t(thread_count), n / std::max<std::size_t>(grain, 1));
  thread_local Contention contention;
  if (pieces > 1 && !InPieces::now && !omp_in_parallel()) {
    if (contention.take_rest(choices)) {  // the same pieces one after the other: results must not depend on who else is at work
      const InPieces scope;
      for (std::size_t piece = 0; piece < pieces; ++piece) body(n * piece / pieces, n * (piece + 1) / pieces);
      return;
    }
    const Clock::time_point start = Clock::now();
    const Clock::duration own_start = thread_time();
    Clock::duration own_end{};
#pragma omp parallel for num_threads(int(pieces)) schedule(static, 1)
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      body(n * piece / pieces, n * (piece + 1) / pieces);
      if (piece == 0) own_end = thread_time();
    }
    contention.note(double(n / pieces) / double(n), own_end - own_start, Clock::now() - start);  // piece 0 has n / pieces rows
    return;
  }
#else
  (void)grain;
#endif
  body(0, n);
}
}  // namespace detail
}  // namespace byhand
