#pragma once
/// @file
/// Appliance, text. Many numbers a point -> two, to be drawn.
#include "common/tensor/array.hpp"

namespace byhand::text {

/// The k directions along which the points (n, d) vary most, and the points along them: (n, k), centred. Found by power iteration with
/// deflation on the covariance; the sign is such that the number of each direction that is largest without its sign is positive. Where two
/// directions have the same variance, any pair at right angles in their plane. Error unless 1 <= k <= min(n, d) and all numbers are finite.
Array pca(const Array& points, std::size_t k = 2);

struct TsneOptions {
  double perplexity = 20;  ///< about how many neighbours count
  int iterations = 500;
  double learning_rate = 0;  ///< 0: n / 12, at least 50
};
/// Exact t-SNE (van der Maaten and Hinton 2008), early exaggeration 12 for the first quarter, momentum 0.5 then 0.8: (n, d) -> (n, 2).
/// The number of threads does not change the result. 1000 points, 100 wide: about 2 s on one thread.
/// Error when n < 4, n > 1000, the perplexity does not lie between 1 and (n - 1) / 3 or a number is not finite.
Array tsne(const Array& points, Generator& generator, const TsneOptions& options = {});

}  // namespace byhand::text
