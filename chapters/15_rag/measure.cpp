#include "chapters/15_rag/measure.hpp"

#include <algorithm>
#include <ctime>
#include <memory>

#include "chapters/15_rag/embed.hpp"
#include "chapters/15_rag/index.hpp"
#include "common/tensor/random.hpp"

namespace rag {
using namespace byhand;

namespace {

constexpr std::size_t width = 100, k = 10, queries = 64;

/// Of the processor, not of the clock on the wall: other programs do not count. Right for one thread.
template <class F>
double seconds(const F& work) {
  const std::clock_t start = std::clock();
  work();
  return double(std::clock() - start) / CLOCKS_PER_SEC;
}

/// The middle one of several runs.
template <class F>
double usual_seconds(const F& work) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) times.push_back(seconds(work));
  std::nth_element(times.begin(), times.begin() + 2, times.end());
  return times[2];
}

Array clustered(std::size_t n, const Array& centres, Generator& generator) {
  Array vectors = randn({n, width}, generator);
  const std::vector<std::int64_t> which = generator.randint(0, std::int64_t(centres.shape()[0]), n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < width; ++j)
      vectors.data()[i * width + j] += centres.data()[std::size_t(which[i]) * width + j];
  scale_rows(vectors);
  return vectors;
}

Array row_of(const Array& rows, std::size_t i) {
  Array row = empty({1, width});
  std::copy_n(rows.data() + i * width, width, row.data());
  return row;
}

}  // namespace

Measured measure(std::size_t n, Generator& generator) {
  const Array centres = randn({1000, width}, generator);
  const Array vectors = clustered(n, centres, generator),
              asked = clustered(queries, centres, generator);
  Measured m;
  m.vectors = n;
  const auto exact = text::top_matches(asked, vectors, k);
  m.exact_batch_ms =
      usual_seconds([&] { text::top_matches(asked, vectors, k); }) / double(queries) * 1000;
  m.exact_ms = usual_seconds([&] { text::top_matches(row_of(asked, 0), vectors, k); }) * 1000;
  const HnswOptions options{.build_effort = 100};
  std::unique_ptr<HnswIndex> graph;
  m.build_seconds = seconds([&] { graph = std::make_unique<HnswIndex>(vectors, options); });
  std::vector<std::vector<text::Match>> found;
  m.graph_ms =
      usual_seconds([&] { found = graph->nearest_to_each(asked, k); }) / double(queries) * 1000;
  m.graph_recall = recall(found, exact);
  m.exact_mb = double(n * width * sizeof(float)) / 1e6;
  // A vector's numbers, its links on the lowest level (twice as many as above, and their count), its label: 4 bytes each but the last.
  m.graph_mb = double(n * (width * 4 + (2 * options.links + 1) * 4 + 8)) / 1e6;
  return m;
}

const std::vector<Measured>& measured_before() {
  static const std::vector<Measured> all = {
      {10'000, 0.066, 0.024, 0.056, 0.980, 0.9, 4.0, 5.4},  // in the order of Measured
      {100'000, 3.078, 0.167, 0.165, 1.000, 20.2, 40.0, 54.0},
      {1'000'000, 25.595, 1.432, 0.197, 0.941, 231.1, 400.0, 540.0},
  };
  return all;
}

}  // namespace rag
