// Exercise 10.2: Write the attention of one query in loops
//
// Notes 000 § 20.3, in 001 § 2.3.9 one line: softmax(Q K^T / sqrt(d_k)) V, here for one query.
// attend() does it:
//   score_j   = query . key_j / sqrt(d_k), d_k the length of a key
//   percent_j = e^score_j / sum over l of e^score_l
//   attention = sum over j of percent_j value_j, as long as a value, which may be longer or shorter
//               than a key
// Scores may be in the thousands. e^1000 is infinity, so take the largest score off all of them
// first: the shares stay what they are.
// All is in double and judged to ten digits. The chapter's own functions are in single precision
// and do not count as an answer.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

namespace byhand::exercise {

using Numbers = std::vector<double>;

struct Attended {
  Numbers percent;    ///< one for each key, together 1
  Numbers attention;  ///< as long as a value
};

/// At least one key; as many values as keys.
inline Attended attend(const Numbers& query, const std::vector<Numbers>& keys,
                       const std::vector<Numbers>& values) {
  Numbers scores;
  for (const Numbers& key : keys) {
    double product = 0;
    for (std::size_t i = 0; i < key.size(); ++i) product += query[i] * key[i];
    scores.push_back(product / std::sqrt(double(key.size())));
  }
  const double largest = *std::max_element(scores.begin(), scores.end());
  Attended a;
  double total = 0;
  for (const double score : scores) total += a.percent.emplace_back(std::exp(score - largest));
  a.attention.assign(values.front().size(), 0);
  for (std::size_t j = 0; j < keys.size(); ++j) {
    a.percent[j] /= total;
    for (std::size_t i = 0; i < a.attention.size(); ++i)
      a.attention[i] += a.percent[j] * values[j][i];
  }
  return a;
}

}  // namespace byhand::exercise
