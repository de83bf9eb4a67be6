#pragma once
/// @file
/// What the hardware allows: how long the matrix products of a workload take when nothing else is done, and how fast memory is read.
#include <vector>

#include "common/tensor/matmul.hpp"

namespace bench {

/// op(A) (m, k) times op(B) (k, n), done `count` times, each time on `items` pairs of matrices that threads share.
struct Product {
  std::size_t m, n, k;
  byhand::Transpose a = byhand::Transpose::no, b = byhand::Transpose::no;
  std::size_t count = 1, items = 1;

  double flop() const { return 2.0 * double(m) * double(n) * double(k) * double(count) * double(items); }
};

/// What a workload cannot do without: matrix products, and bytes that must come from memory. Both empty where only overhead counts.
struct Work {
  double units = 1;  ///< of the workload's unit (tokens, sequences, …)
  std::vector<Product> products = {};
  double bytes = 0;

  double flop() const;
  bool is_known() const { return !products.empty() || bytes > 0; }
};

/// A matrix (in, out) on `rows` rows: forward, and the two products of backward, `count` times.
void add_linear(Work& work, std::size_t rows, std::size_t in, std::size_t out, std::size_t count = 1);

/// Measures: seconds for this work at the speed of this machine, with the threads in use.
double limit_seconds(const Work& work);

/// Measures: bytes a second when numbers are read once from memory, with the threads in use.
double bandwidth();

/// The most memory that this process has had at a time, in MB.
double peak_megabytes();

}  // namespace bench
