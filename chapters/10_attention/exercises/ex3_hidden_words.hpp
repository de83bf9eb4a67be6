// Exercise 10.3: Find the bug in a masked attention
//
// masked_attention() should give each query the values in the shares softmax(scores), where a
// hidden key has the share 0 and the others share the whole: what is hidden may have any score, and
// nothing changes (notes 001 § 2.4).
// Rows in which nothing is hidden come out right. The others come out too small, and they still
// depend on what they must not see.
// It is one loop. TODO: mend it.
// All is in double and judged to ten digits. The chapter's own functions are in single precision
// and do not count as an answer.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace byhand::exercise {

using Matrix = std::vector<std::vector<double>>;
using Mask = std::vector<std::vector<bool>>;

/// scores (n, m), already scaled; hidden (n, m), in no row all true; values (m, d_v).
/// Returns (n, d_v).
inline Matrix masked_attention(const Matrix& scores, const Mask& hidden, const Matrix& values) {
  const std::size_t n = scores.size(), m = values.size(), d_v = values.front().size();
  Matrix attention(n, std::vector<double>(d_v, 0));
  for (std::size_t i = 0; i < n; ++i) {
    // Of what is seen; taken off, so that no exponential overflows.
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < m; ++j)
      if (!hidden[i][j]) largest = std::max(largest, scores[i][j]);
    std::vector<double> exponential(m);
    double total = 0;
    for (std::size_t j = 0; j < m; ++j) {
      exponential[j] = std::exp(scores[i][j] - largest);
      total += exponential[j];
    }
    for (std::size_t j = 0; j < m; ++j) {
      if (hidden[i][j]) continue;
      for (std::size_t k = 0; k < d_v; ++k)
        attention[i][k] += exponential[j] / total * values[j][k];
    }
  }
  return attention;
}

}  // namespace byhand::exercise
