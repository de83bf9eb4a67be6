#include "common/core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

#include "common/core/error.hpp"

#ifdef BYHAND_OPENMP
#include <omp.h>
#endif

namespace byhand {
namespace {
int thread_count = 1;
std::atomic<int> choices = 0;  // how often a number of threads was chosen
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

using Clock = std::chrono::steady_clock;

/// What this thread has computed: time in which it waits for a core does not count, which may be busy with our own other thread.
Clock::duration thread_time() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

/// Notices that other programs have the other cores: then our own piece is long done when the others end, and one thread alone is faster.
/// When the threads have lost more time than they gained, they are left out for some loops, and for twice as many if that was too few.
class Company {
 public:
  bool is_busy() {
    if (choice_ != choices) *this = Company();  // a new account for a new number of threads
    if (rest_ == 0) return false;
    --rest_;
    return true;
  }
  /// A loop took `all`, and our own of its equal pieces `own`.
  void note(std::size_t pieces, Clock::duration own, Clock::duration all) {
    constexpr Clock::duration enough = std::chrono::milliseconds(5), worst = std::chrono::milliseconds(1);  // one loop alone proves nothing
    gained_ = std::min(enough, gained_ + std::max(own * Clock::rep(pieces) - all, -worst));
    if (gained_ == enough) alone_ = shortest;
    if (gained_ > -enough) return;
    gained_ = {};
    rest_ = alone_;
    alone_ = std::min(2 * alone_, 32 * shortest);
  }

 private:
  static constexpr int shortest = 1000;  // loops
  Clock::duration gained_ = {};
  int choice_ = choices, rest_ = 0, alone_ = shortest;
};

}  // namespace
#endif

void split_over_threads(std::size_t n, std::size_t grain, RangeFunction body) {
#ifdef BYHAND_OPENMP
  const std::size_t pieces = std::min<std::size_t>(std::size_t(thread_count), n / std::max<std::size_t>(grain, 1));
  thread_local Company company;
  if (pieces > 1 && !omp_in_parallel()) {
    if (company.is_busy()) {  // the same pieces one after the other: results must not depend on who else is at work
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
    company.note(pieces, own_end - own_start, Clock::now() - start);
    return;
  }
#else
  (void)grain;
#endif
  body(0, n);
}
}  // namespace detail
}  // namespace byhand
