#include "common/core/parallel.hpp"

#include <algorithm>
#include <thread>

#include "common/core/error.hpp"

#ifdef BYHAND_OPENMP
#include <omp.h>
#endif

namespace byhand {
namespace {
int thread_count = 1;
}

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
  return thread_count;
}

namespace detail {
void split_over_threads(std::size_t n, std::size_t grain, RangeFunction body) {
#ifdef BYHAND_OPENMP
  const std::size_t pieces = std::min<std::size_t>(std::size_t(thread_count), n / std::max<std::size_t>(grain, 1));
  if (pieces > 1 && !omp_in_parallel()) {
#pragma omp parallel for num_threads(int(pieces)) schedule(static, 1)
    for (std::size_t piece = 0; piece < pieces; ++piece) body(n * piece / pieces, n * (piece + 1) / pieces);
    return;
  }
#else
  (void)grain;
#endif
  body(0, n);
}
}  // namespace detail
}  // namespace byhand
