#include "chapters/01_tensors/parts/parts.hpp"
#include "chapters/01_tensors/speed.hpp"
#include "common/app/chapter.hpp"

namespace tensors {
using namespace byhand;

void speed(int size, const app::Settings& settings) {
  app::heading(
      fmt::format("7. Speed: one product of two {0} x {0} matrices, best of several runs", size));
  Generator generator{settings.seed};
  const std::size_t n = std::size_t(size);
  const Array A = whole_numbers(n, generator), B = whole_numbers(n, generator);
  const std::vector<Timing> timings = race(A, B);
  const Timing& first = timings.front();

  app::Table table({"computed by", "threads", "ms", "GFLOP/s", "times faster"}, 2);
  for (const Timing& t : timings) {
    check(max_difference(t.result, first.result) == 0, "{} gives another product than {}", t.name,
          first.name);
    table.add_row({t.name, t.threads, app::number(1e3 * t.seconds, 3), gflops(n, t.seconds),
                   first.seconds / t.seconds});
  }
  table.print();
  fmt::print("All {} products are equal to the last bit: the numbers are whole. ", timings.size());
  fmt::print("Memory and cores are used differently.\n");
}

}  // namespace tensors
