// Exercise 06.2: Write the distribution of noise words
//
// Noise words are drawn in proportion to count^power, with power 3/4 in word2vec: rare words come
// more often than in the text.
//   share of word i = count_i^power / sum over j of count_j^power
// Return the shares. They sum to 1. Notes 003 § 16.3.
// The chapter has this already; its own function is the judge and does not count as an answer.
#pragma once
#include <cmath>
#include <vector>

namespace byhand::exercise {

/// counts: how often each word was seen, all above 0.
inline std::vector<double> noise_shares(const std::vector<double>& counts, double power) {
  std::vector<double> shares;
  double sum = 0;
  for (const double count : counts) sum += shares.emplace_back(std::pow(count, power));
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace byhand::exercise
