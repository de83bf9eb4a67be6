#include <fmt/format.h>

#include "chapters/15_rag/search/search.hpp"
#include "common/core/generator.hpp"
#include "common/tensor/random.hpp"
#include "tests/bench/bench.hpp"

namespace bench {
using namespace byhand;

Result retrieval(const Settings& settings) {
  constexpr std::size_t rows = 100'000, width = 384, queries = 64, k = 10;
  Generator generator{0};
  const Array vectors = randn({rows, width}, generator), asked = randn({queries, width}, generator);
  text::top_matches(asked, vectors, k);  // once before the clock starts, as the other side does
  const std::vector<double> times = repeat(settings.seconds, [&] { text::top_matches(asked, vectors, k); });
  return {double(queries) / median(times),
          fmt::format("median of {} timed steps, {} queries each", times.size(), queries),
          {.units = double(queries), .products = {{queries, rows, width, Transpose::no, Transpose::yes}}}};
}

}  // namespace bench
