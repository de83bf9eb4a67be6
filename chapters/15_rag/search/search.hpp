#pragma once
/// @file
/// Exact search: the rows of a matrix that point most nearly the way a query does.
#include <vector>

#include "common/tensor/array.hpp"

namespace byhand::text {

/// A row of the searched matrix and its inner product with the query; the cosine, when both have
/// length 1.
struct Match {
  std::size_t row = 0;
  double score = 0;
  /// Better first; of two that are equally good the smaller row number.
  bool operator<(const Match& other) const {
    return score != other.score ? score > other.score : row < other.row;
  }
  bool operator==(const Match& other) const = default;
};

/// For each row of `queries` (q, width) the `k` rows of `vectors` (n, width) with the largest inner
/// product, best first; all n when k is larger. Rows whose product is not a number are left out. On
/// threads(), block by block; the products are never stored all at once.
/// Exact: from 64 queries on, a processor that can do so first looks at every row with rounded
/// numbers, but leaves out only rows that the largest possible error of the rounding cannot bring
/// among the best (search_kernel.hpp). Two products that differ in float's last digit only may
/// change places. Error when the widths differ or an array is not a matrix.
std::vector<std::vector<Match>> top_matches(const Array& queries, const Array& vectors,
                                            std::size_t k);

/// The `k` best of `scores`, in the same order, without those that are not a number.
std::vector<Match> top_scores(const std::vector<double>& scores, std::size_t k);

}  // namespace byhand::text
