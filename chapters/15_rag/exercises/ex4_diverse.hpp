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
inline std::vector<std::size_t> choose([[maybe_unused]] const Array& question,
                                       [[maybe_unused]] const Array& passages,
                                       [[maybe_unused]] std::size_t k,
                                       [[maybe_unused]] double lambda) {
  return {};  // TODO
}

}  // namespace byhand::exercise
