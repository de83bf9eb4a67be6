#pragma once
/// @file
/// The inner loop of exact search on processors that multiply numbers of 8 bits twice as fast
/// (AVX-512 with BF16): a rough look at every vector that says which ones need an exact one.
#include <cstddef>
#include <cstdint>
#include <vector>

namespace byhand::text::detail {

inline constexpr std::size_t kernel_queries = 64;  ///< queries at once: four registers of 16 sums
/// Vectors at once: 7 x 4 sums stay in registers, and the queries' numbers with them.
inline constexpr std::size_t kernel_rows = 7;

/// Whether this processor and compiler have it. Without it a matrix product does the same.
bool has_rough_kernel();

/// 64 queries (64, width), rounded to 8 significant bits (bfloat16).
class RoughQueries {
 public:
  RoughQueries(const float* queries, std::size_t width);

  /// For each of 1 to kernel_rows vectors (rows, width) a bit for each query: could their product
  /// be at least the query's `least`, or NaN? With the rounded numbers it is off by at most slack
  /// |vector|, so where no bit is set the answer is surely no.
  void look(const float* vectors, std::size_t rows, const float* least, std::uint64_t* maybe) const;

 private:
  std::size_t width_;
  std::vector<std::uint32_t> pairs_;  // (width / 2, 64): two numbers each
  std::vector<float> slack_;          // (64,): the largest error for a vector of length 1
};

}  // namespace byhand::text::detail
