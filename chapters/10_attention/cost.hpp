#pragma once
/// @file
/// What a longer context costs. Notes 001, "Context size".
#include "chapters/10_attention/by_hand.hpp"

namespace attention {

/// One head at one context size.
struct Cost {
  std::size_t words = 0;
  double multiplications = 0;  ///< of Q K^T and percent V together: 2 n^2 d_k
  double pattern_bytes = 0;    ///< measured: what the array of percentages holds
  double seconds = 0;          ///< measured: the shortest of a few runs of the matrices, no graph
};

/// What the formula says; what is measured is left at 0.
Cost computed_cost(std::size_t words, std::size_t d_k);
/// The same and the time it took, with queries, keys and values drawn from the generator.
Cost measured_cost(std::size_t words, std::size_t d_k, byhand::Generator& generator);

}  // namespace attention
