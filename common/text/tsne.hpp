#pragma once
/// @file
/// Appliance, text. t-SNE, and its pieces, apart so that each can be checked.
#include <vector>

#include "common/core/generator.hpp"
#include "common/tensor/array.hpp"

namespace byhand::text {

struct TsneOptions {
  double perplexity = 20;  ///< about how many neighbours count
  int iterations = 500;
  double learning_rate = 0;  ///< 0: n / 12, at least 50
};
/// Exact t-SNE (van der Maaten and Hinton 2008), early exaggeration 12 for the first quarter, momentum 0.5 then 0.8: (n, d) -> (n, 2).
/// The number of threads does not change the result. 1000 points, 100 wide: about 2 s on one thread.
/// Error when n < 4, n > 1000, the perplexity does not lie between 1 and (n - 1) / 3 or a number is not finite.
Array tsne(const Array& points, Generator& generator, const TsneOptions& options = {});

namespace detail {

/// How near each point is to each other one as point i sees it, p(j|i): (n, n) row-major, each row sums to 1 and has the entropy
/// ln(perplexity), p(i|i) = 0. double in both builds.
std::vector<double> tsne_neighbourhoods(const Array& points, double perplexity);

/// (p(j|i) + p(i|j)) / 2n: sums to 1.
std::vector<double> tsne_joint(const std::vector<double>& neighbourhoods, std::size_t n);

/// The gradient by y of the Kullback-Leibler divergence sum of p ln(p / q), where q(i, j) is in proportion to 1 / (1 + |y_i - y_j|^2), with
/// each p multiplied by `exaggeration`; y is x of all points, then y of all points (2n numbers):
/// 4 sum over j of (exaggeration p - q) (y_i - y_j) / (1 + |y_i - y_j|^2).
void tsne_gradient(const std::vector<double>& p, const std::vector<double>& y, double exaggeration, std::vector<double>& gradient);

}  // namespace detail
}  // namespace byhand::text
