// Exercise 15.4: Choose passages that are unlike each other
//
// The five nearest passages often say one thing five times. Maximal marginal relevance (Carbonell
// and Goldstein 1998) chooses one after the other. The first is the passage nearest to the question
// (notes 000 § 21.4). Then always the one, of those not chosen, with the largest
//   lambda (q . p) - (1 - lambda) max over the chosen c of (c . p)
// Question and passages have length 1, so that an inner product is a cosine, from -1 to 1. With
// lambda = 1 only nearness to the question counts, with 0 only being unlike what is there.
// Fill in choose(). Of equally good passages take any. All passages when k is larger than their
// number.
#pragma once
#include <algorithm>
#include <limits>
#include <vector>

#include "common/tensor/array.hpp"

namespace byhand::exercise {

/// question (width,), passages (n, width). The rows of the chosen passages, in the order in which
/// they were chosen.
inline std::vector<std::size_t> choose(const Array& question, const Array& passages, std::size_t k,
                                       double lambda) {
  const std::size_t n = passages.shape()[0], width = passages.shape()[1];
  // To the question; to the most similar of the chosen.
  std::vector<double> near(n, 0), like(n, -1);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < width; ++j) near[i] += double(question(j)) * double(passages(i, j));
  std::vector<std::size_t> chosen;
  while (chosen.size() < std::min(k, n)) {
    std::size_t best = 0;
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < n; ++i) {
      const double value = chosen.empty() ? near[i] : lambda * near[i] - (1 - lambda) * like[i];
      if (value > largest && std::find(chosen.begin(), chosen.end(), i) == chosen.end())
        best = i, largest = value;
    }
    chosen.push_back(best);
    for (std::size_t i = 0; i < n; ++i) {
      double product = 0;
      for (std::size_t j = 0; j < width; ++j)
        product += double(passages(best, j)) * double(passages(i, j));
      like[i] = chosen.size() == 1 ? product : std::max(like[i], product);
    }
  }
  return chosen;
}

}  // namespace byhand::exercise
