#pragma once
/// @file
/// Time and memory against the number of vectors: exact search and hnswlib's graph.
#include <vector>

#include "common/core/generator.hpp"

namespace rag {

/// One size, vectors of 100 numbers, ten nearest; processor time of one thread.
struct Measured {
  std::size_t vectors = 0;
  /// A query alone; a query among 64 that are asked together.
  double exact_ms = 0, exact_batch_ms = 0;
  double graph_ms = 0, graph_recall = 0;  ///< a query; share of the true ten
  double build_seconds = 0;
  double exact_mb = 0, graph_mb = 0;  ///< memory of the numbers; of numbers and links
};

/// Vectors in clusters, as texts lie: 1,000 random centres, each vector one of them plus as much
/// noise again. One thread.
Measured measure(std::size_t vectors, byhand::Generator& generator);

/// What measure() gave before, from datasets/rag_speed.csv, which says when and on what machine.
std::vector<Measured> measured_before();

}  // namespace rag
