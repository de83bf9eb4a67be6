#include "chapters/15_rag/measure/speed.hpp"

#include <algorithm>
#include <ctime>
#include <memory>

#include "chapters/15_rag/embed.hpp"
#include "chapters/15_rag/index.hpp"
#include "common/io/csv.hpp"
#include "common/system/files.hpp"
#include "common/tensor/random.hpp"

namespace rag {
using namespace byhand;

namespace {

constexpr std::size_t width = 100, k = 10, queries = 64;

/// Of the processor, not of the clock on the wall: other programs do not count. Right for one
/// thread.
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
  // A vector's numbers, its links on the lowest level (twice as many as above, and their count),
  // its label: 4 bytes each but the last.
  m.graph_mb = double(n * (width * 4 + (2 * options.links + 1) * 4 + 8)) / 1e6;
  return m;
}

std::vector<Measured> measured_before() {
  const io::Table table = io::read_csv(dataset("rag_speed.csv"));
  std::vector<Measured> all(table.rows());
  const auto read = [&](const char* column, auto member) {
    const std::vector<double> numbers = table.numbers(column);
    for (std::size_t i = 0; i < all.size(); ++i) all[i].*member = numbers[i];
  };
  read("exact_ms", &Measured::exact_ms);
  read("exact_batch_ms", &Measured::exact_batch_ms);
  read("graph_ms", &Measured::graph_ms);
  read("graph_recall", &Measured::graph_recall);
  read("build_seconds", &Measured::build_seconds);
  read("exact_mb", &Measured::exact_mb);
  read("graph_mb", &Measured::graph_mb);
  const std::vector<double> vectors = table.numbers("vectors");
  for (std::size_t i = 0; i < all.size(); ++i) all[i].vectors = std::size_t(vectors[i]);
  return all;
}

}  // namespace rag
