#pragma once
/// @file
/// The nearest vectors, three ways: by hand, as one matrix product, and with a graph that looks at
/// few of them.
#include <cstdint>
#include <memory>
#include <vector>

#include "chapters/15_rag/search/search.hpp"

namespace rag {

/// By hand: the cosine of the query (width,) with each row of `vectors` (n, width), in loops; then
/// the k best.
std::vector<byhand::text::Match> nearest_by_hand(const byhand::Array& query,
                                                 const byhand::Array& vectors, std::size_t k);

struct HnswOptions {
  std::size_t links = 16;  ///< neighbours a vector is linked with (M)
  /// Candidates kept while a vector's neighbours are looked for (ef_construction).
  std::size_t build_effort = 200;
  /// Candidates kept while searching (ef); more is slower and finds more.
  std::size_t effort = 64;
  std::uint64_t seed = 100;
};

/// hnswlib's graph: Malkov and Yashunin 2018, "Efficient and robust approximate nearest neighbor
/// search using hierarchical navigable small world graphs". It follows links from vector to nearer
/// vector, so it compares with few of them, and may miss some.
class HnswIndex {
 public:
  /// Rows of (n, width), of length 1 or 0. hnswlib computes in float, also where we use double.
  explicit HnswIndex(const byhand::Array& vectors, const HnswOptions& options = {});
  ~HnswIndex();
  HnswIndex(HnswIndex&&) noexcept;
  HnswIndex& operator=(HnswIndex&&) noexcept;
  /// At most k rows with a large inner product, best first. Error when the query has another width.
  std::vector<byhand::text::Match> nearest(const byhand::Array& query, std::size_t k) const;
  /// The same for rows of queries (q, width).
  std::vector<std::vector<byhand::text::Match>> nearest_to_each(const byhand::Array& queries,
                                                                std::size_t k) const;
  void set_effort(std::size_t effort);

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
};

/// The share of the exact neighbours that were found, over all queries.
double recall(const std::vector<std::vector<byhand::text::Match>>& found,
              const std::vector<std::vector<byhand::text::Match>>& exact);

}  // namespace rag
