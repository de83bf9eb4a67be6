#include "chapters/15_rag/index.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "common/core/error.hpp"

// hnswlib's hints to the processor look one entry past the end of a list of links: harmless, but
// not to the address sanitizer.
#if defined(__SANITIZE_ADDRESS__)
#define NO_MANUAL_VECTORIZATION
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wshadow"
#endif
#include <hnswlib/hnswlib.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace rag {
using namespace byhand;
using text::Match;

std::vector<Match> nearest_by_hand(const Array& query, const Array& vectors, std::size_t k) {
  check(vectors.dimension() == 2 && query.size() == vectors.shape()[1],
        "nearest: a query of {} numbers, but the vectors are {}", query.size(), vectors.shape());
  const std::size_t n = vectors.shape()[0], width = vectors.shape()[1];
  std::vector<Match> all;
  for (std::size_t passage = 0; passage < n; ++passage) {
    double dot_product = 0, query_squares = 0, passage_squares = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const double q = query.data()[i], p = vectors.data()[passage * width + i];
      dot_product += q * p;
      query_squares += q * q;
      passage_squares += p * p;
    }
    const double lengths = std::sqrt(query_squares) * std::sqrt(passage_squares);
    all.push_back({passage, lengths == 0 ? 0 : dot_product / lengths});
  }
  std::sort(all.begin(), all.end());
  all.resize(std::min(k, n));
  return all;
}

// ---- the graph ----

struct HnswIndex::Graph {
  Graph(std::size_t size, std::size_t numbers, const HnswOptions& options)
      : width(numbers),
        effort(options.effort),
        space(numbers),
        graph(&space, std::max<std::size_t>(size, 1), options.links, options.build_effort,
              options.seed) {}
  std::size_t width, effort;
  hnswlib::InnerProductSpace space;
  hnswlib::HierarchicalNSW<float> graph;
};

HnswIndex::HnswIndex(const Array& vectors, const HnswOptions& options) {
  check(vectors.dimension() == 2 && vectors.shape()[1] > 0,
        "hnsw: the vectors must be (n, width), not {}", vectors.shape());
  check(options.links >= 2 && options.build_effort >= 1 && options.effort >= 1,
        "hnsw: {} links, effort {} and {}; at least 2, 1 and 1 are needed", options.links,
        options.build_effort, options.effort);
  const std::size_t n = vectors.shape()[0], width = vectors.shape()[1];
  graph_ = std::make_unique<Graph>(n, width, options);
  std::vector<float> row(width);
  for (std::size_t i = 0; i < n; ++i) {
    std::copy_n(vectors.data() + i * width, width, row.begin());
    graph_->graph.addPoint(row.data(), i);
  }
  set_effort(options.effort);
}

HnswIndex::~HnswIndex() = default;
HnswIndex::HnswIndex(HnswIndex&&) noexcept = default;
HnswIndex& HnswIndex::operator=(HnswIndex&&) noexcept = default;

void HnswIndex::set_effort(std::size_t effort) {
  graph_->effort = effort;
  graph_->graph.setEf(effort);
}

std::vector<Match> HnswIndex::nearest(const Array& query, std::size_t k) const {
  check(query.size() == graph_->width, "hnsw: a query of {} numbers, but the vectors have {}",
        query.size(), graph_->width);
  k = std::min<std::size_t>(k, graph_->graph.cur_element_count);
  if (k == 0) return {};
  const std::vector<float> numbers(query.begin(), query.end());
  graph_->graph.setEf(std::max(graph_->effort, k));  // it finds no more than it keeps candidates
  auto queue = graph_->graph.searchKnn(numbers.data(), k);
  std::vector<Match> found;
  // Its distance is 1 - product.
  for (; !queue.empty(); queue.pop())
    found.push_back({queue.top().second, 1 - double(queue.top().first)});
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::vector<Match>> HnswIndex::nearest_to_each(const Array& queries,
                                                           std::size_t k) const {
  std::vector<std::vector<Match>> found;
  const std::size_t count = queries.shape()[0], width = queries.shape()[1];
  for (std::size_t q = 0; q < count; ++q) {
    Array query = empty({width});
    std::copy_n(queries.data() + q * width, width, query.data());
    found.push_back(nearest(query, k));
  }
  return found;
}

double recall(const std::vector<std::vector<Match>>& found,
              const std::vector<std::vector<Match>>& exact) {
  check(found.size() == exact.size(), "recall: {} and {} queries", found.size(), exact.size());
  std::size_t right = 0, all = 0;
  for (std::size_t q = 0; q < exact.size(); ++q) {
    std::set<std::size_t> rows;
    for (const Match& match : found[q]) rows.insert(match.row);
    for (const Match& match : exact[q]) right += rows.contains(match.row);
    all += exact[q].size();
  }
  return all ? double(right) / double(all) : 1;
}

}  // namespace rag
