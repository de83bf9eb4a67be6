// Principal components and t-SNE. Expected numbers: NumPy, the programs stand beside them.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "common/core/parallel.hpp"
#include "common/tensor/random.hpp"
#include "common/text/projection.hpp"
#include "common/text/tsne.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using namespace byhand::text;
using test::error_of;

namespace {

/// Everything is computed in double and rounded once to real.
const double rounded = sizeof(real) == 8 ? 1e-11 : 1e-6;

/// How far apart two rows of an (n, 2) layout are, squared.
double distance(const Array& layout, std::size_t i, std::size_t j) {
  const real* y = layout.data();
  return std::pow(y[2 * i] - y[2 * j], 2) + std::pow(y[2 * i + 1] - y[2 * j + 1], 2);
}

/// `n` points in 10 dimensions around three centres, 10 apart, with noise of 1: no two clusters touch.
Array three_clusters(std::size_t n) {
  Generator generator(3);
  Array points = randn({n, 10}, generator);
  for (std::size_t i = 0; i < n; ++i) points.data()[i * 10 + i % 3] += 10;
  return points;
}

/// The Kullback-Leibler divergence sum of p ln(p / q), where q(i, j) is in proportion to 1 / (1 + |y_i - y_j|^2).
/// y is x of all points, then y of all points: 2n numbers.
double divergence(const std::vector<double>& p, const std::vector<double>& y) {
  const std::size_t n = y.size() / 2;
  const auto kernel = [&](std::size_t i, std::size_t j) {
    const double dx = y[i] - y[j], dy = y[n + i] - y[n + j];
    return 1 / (1 + dx * dx + dy * dy);
  };
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) sum += i == j ? 0 : kernel(i, j);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (p[i * n + j] > 0) total += p[i * n + j] * std::log(p[i * n + j] * sum / kernel(i, j));
  return total;
}

}  // namespace

TEST_CASE("pca: NumPy's singular value decomposition") {
  // X = ...; Xc = X - X.mean(0); U, S, Vt = numpy.linalg.svd(Xc); each row of Vt with its largest number positive; Xc @ Vt.T
  const Array x = array({5, 3}, {2, 0, 1, 0, 1, 3, 4, -1, 2, 1, 5, -2, 3, 2, 0});
  const Array expected =
      array({5, 3}, {real(-1.2071936942328987), real(0.07980386652423649), real(-0.7323351196631956), real(-1.149762405843947),
                     real(-2.7614605207774265), real(0.22887158472732488), real(-3.0218244662810214), real(1.4212790815359226),
                     real(0.2203240054415724), real(4.668177294090681), real(0.08099474708428556), real(-0.03950445393810537),
                     real(0.7106032722671862), real(1.1793828256329817), real(0.3226439834324041)});
  CHECK(max_difference(pca(x, 3), expected) < rounded);
  const Array two = pca(x);
  CHECK(two.shape() == Shape{5, 2});
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 2; ++j) CHECK(two.data()[i * 2 + j] == doctest::Approx(expected.data()[i * 3 + j]).epsilon(rounded));
}

TEST_CASE("pca: degenerate clouds") {
  // All points on the line (3, 4) t: one direction (0.6, 0.8), nothing is left for the second.
  const Array line = pca(array({3, 2}, {0, 0, 3, 4, 6, 8}));
  CHECK(max_difference(line, array({3, 2}, {-5, 0, 0, 0, 5, 0})) < rounded);
  // A constant column contributes nothing: what remains is the first column, centred.
  const Array constant = pca(array({3, 2}, {1, 7, 2, 7, 6, 7}), 1);
  CHECK(max_difference(constant, array({3, 1}, {-2, -1, 3})) < rounded);
  // A square: both eigenvalues are equal, any pair of right angles will do. Distances stay: 2 along a side.
  const Array square = pca(array({4, 2}, {1, 1, 1, -1, -1, 1, -1, -1}));
  CHECK(distance(square, 0, 1) == doctest::Approx(4).epsilon(1e-5));
  CHECK(distance(square, 0, 2) == doctest::Approx(4).epsilon(1e-5));
  CHECK(distance(square, 0, 3) == doctest::Approx(8).epsilon(1e-5));
  // One point, equal points: all 0.
  CHECK(all_close(pca(array({1, 3}, {4, 5, 6}), 1), zeros({1, 1}), 0));
  CHECK(all_close(pca(full({4, 3}, 2), 3), zeros({4, 3}), 0));
}

TEST_CASE("pca: the direction of the variance, wherever the axes point") {
  // The larger variance lies along columns 0 and 1 together, the largest column is 2: a start in that column would stay there.
  const Array x = array({4, 3}, {2, 2, 0, -2, -2, 0, 0, 0, real(2.5), 0, 0, real(-2.5)});
  const real r = real(std::sqrt(8.0));
  CHECK(max_difference(pca(x, 1), array({4, 1}, {r, -r, 0, 0})) < rounded);
}

TEST_CASE("pca: errors") {
  CHECK(error_of([] { pca(zeros({3})); }).find("(3,)") != std::string::npos);
  CHECK(error_of([] { pca(zeros({3, 2}), 3); }).find("3 directions") != std::string::npos);
  CHECK(error_of([] { pca(zeros({1, 5})); }).find("(1, 5)") != std::string::npos);
  CHECK_THROWS_AS(pca(zeros({3, 2}), 0), Error);
  CHECK_THROWS_AS(pca(zeros({0, 2}), 1), Error);
  CHECK(error_of([] { pca(array({2, 2}, {1, 2, 3, std::numeric_limits<real>::quiet_NaN()})); }).find("not finite") != std::string::npos);
}

TEST_CASE("tsne: the neighbourhoods of six points, perplexity 2.5") {
  // For each i: p = exp(-b d^2), p[i] = 0, p /= p.sum(), b by bisection until -(p ln p).sum() = ln 2.5 (NumPy, 300 steps)
  const Array x = array({6, 3}, {0, 0, 1, 1, 0, 0, 0, 2, 0, 3, 1, 1, 0, 0, -2, 1, 1, 4});
  const std::vector<double> expected = {0,
                                        0.688044839665,
                                        0.214739794972,
                                        0.03083700475,
                                        0.045461133186,
                                        0.020917227427,  //
                                        0.707508288275,
                                        0,
                                        0.114872174877,
                                        0.062667535287,
                                        0.114872174877,
                                        7.9826684e-05,  //
                                        0.466562954554,
                                        0.466562954554,
                                        0,
                                        0.007532136798,
                                        0.059280823193,
                                        6.1130902e-05,  //
                                        0.145961683397,
                                        0.706725422759,
                                        0.098397916075,
                                        0,
                                        0.004197224499,
                                        0.04471775327,  //
                                        0.146128042896,
                                        0.638907950508,
                                        0.211304987985,
                                        0.003655710163,
                                        0,
                                        3.308448e-06,  //
                                        0.63517788313,
                                        0.052778047444,
                                        0.034864195199,
                                        0.2771711464,
                                        8.727827e-06,
                                        0};
  const std::vector<double> p = text::detail::tsne_neighbourhoods(x, 2.5);
  REQUIRE(p.size() == expected.size());
  for (std::size_t i = 0; i < p.size(); ++i)
    CHECK(std::abs(p[i] - expected[i]) < 1e-9);  // double in both builds, the search stops at 1e-10

  // Y = ...; W = 1 / (1 + |y_i - y_j|^2), diagonal 0; Q = W / W.sum(); P = (C + C.T) / 12; (P ln(P / Q)).sum()
  const std::vector<double> y = {0, 1, -0.5, 2, 0.3, 1.5, 0, 0.5, 1, -1, -0.7, 1.2};
  const std::vector<double> joint = text::detail::tsne_joint(p, 6);
  CHECK(std::abs(divergence(joint, y) - 0.43022689537281045) < 1e-9);
}

TEST_CASE("tsne: each row's entropy is ln(perplexity)") {
  const std::size_t n = 90;
  for (const double perplexity : {1.5, 5.0, 29.0}) {
    const std::vector<double> p = text::detail::tsne_neighbourhoods(three_clusters(n), perplexity);
    for (std::size_t i = 0; i < n; ++i) {
      double sum = 0, entropy = 0;
      for (std::size_t j = 0; j < n; ++j) {
        sum += p[i * n + j];
        if (p[i * n + j] > 0) entropy -= p[i * n + j] * std::log(p[i * n + j]);
      }
      CHECK(p[i * n + i] == 0);
      CHECK(std::abs(sum - 1) < 1e-12);
      CHECK(std::abs(entropy - std::log(perplexity)) < 1e-9);
    }
    double total = 0;
    const std::vector<double> joint = text::detail::tsne_joint(p, n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        total += joint[i * n + j];
        CHECK(joint[i * n + j] == joint[j * n + i]);
      }
    CHECK(std::abs(total - 1) < 1e-12);
  }
}

TEST_CASE("tsne: the gradient is that of the divergence") {
  const std::size_t n = 12;
  const std::vector<double> p = text::detail::tsne_joint(text::detail::tsne_neighbourhoods(three_clusters(n), 3), n);
  Generator generator(5);
  const std::vector<float> start = generator.normal(2 * n);
  std::vector<double> y(start.begin(), start.end()), gradient, more;
  text::detail::tsne_gradient(p, y, 1, gradient);
  const double h = 1e-5;  // central difference: error h^2 times a third derivative near 1, plus 1e-16 / h
  for (std::size_t i = 0; i < 2 * n; ++i) {
    const double here = y[i];
    y[i] = here + h;
    const double above = divergence(p, y);
    y[i] = here - h;
    const double below = divergence(p, y);
    y[i] = here;
    CHECK(std::abs(gradient[i] - (above - below) / (2 * h)) < 1e-8);
  }
  // Exaggeration multiplies p only: with E times p and E times the first half. gradient(E) - gradient(1) is (E - 1) times the pull.
  std::vector<double> p12 = p, of_p12;
  for (double& x : p12) x *= 12;
  text::detail::tsne_gradient(p, y, 12, more);
  text::detail::tsne_gradient(p12, y, 1, of_p12);
  for (std::size_t i = 0; i < 2 * n; ++i) CHECK(more[i] == doctest::Approx(of_p12[i]).epsilon(1e-12));
}

TEST_CASE("tsne: three clusters in 10 dimensions are three in the plane") {
  const std::size_t n = 150;
  Generator generator(1);
  const Array layout = tsne(three_clusters(n), generator);
  CHECK(layout.shape() == Shape{n, 2});
  std::size_t pure = 0;
  double inside = 0, between = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t nearest = i == 0 ? 1 : 0;
    for (std::size_t j = 0; j < n; ++j) {
      if (j != i && distance(layout, i, j) < distance(layout, i, nearest)) nearest = j;
      if (j % 3 != i % 3) between = std::min(between, distance(layout, i, j));
    }
    inside = std::max(inside, distance(layout, i, nearest));
    pure += nearest % 3 == i % 3;
  }
  CHECK(pure == n);
  CHECK(between > inside);  // every step between clusters is wider than any step within one
}

TEST_CASE("tsne: threads change nothing, the seed does") {
  const int before = threads();
  const Array points = three_clusters(140);
  const auto layout = [&](int n_threads, std::uint64_t seed) {
    set_threads(n_threads);
    Generator generator(seed);
    return tsne(points, generator, {.perplexity = 10, .iterations = 60});
  };
  const Array one = layout(1, 1), four = layout(4, 1), other = layout(1, 2);
  set_threads(before);
  CHECK(one == four);
  CHECK(max_difference(one, other) > 0.1);
}

TEST_CASE("tsne: points in one place, few points, no iterations") {
  Generator generator(1);
  for (const real x : tsne(ones({30, 3}), generator, {.perplexity = 5, .iterations = 100})) CHECK(std::isfinite(x));
  for (const real x : tsne(real(1e18) * three_clusters(4), generator, {.perplexity = 1, .iterations = 50})) CHECK(std::isfinite(x));
  const Array start = tsne(three_clusters(9), generator, {.perplexity = 2, .iterations = 0});
  for (const real x : start) CHECK(std::abs(x) < 1e-3);  // normal, 1e-4 wide
}

TEST_CASE("tsne: errors") {
  Generator generator(1);
  CHECK(error_of([&] { tsne(zeros({3, 2}), generator); }).find("3 points") != std::string::npos);
  CHECK(error_of([&] { tsne(zeros({1001, 2}), generator); }).find("1001 points") != std::string::npos);
  CHECK(error_of([&] { tsne(zeros({4}), generator); }).find("(4,)") != std::string::npos);
  CHECK(error_of([&] { tsne(zeros({60, 2}), generator, {.perplexity = 20}); }).find("perplexity 20") != std::string::npos);
  CHECK_THROWS_AS(tsne(zeros({60, 2}), generator, {.perplexity = 0.5}), Error);
  CHECK_THROWS_AS(tsne(zeros({60, 2}), generator, {.perplexity = std::nan("")}), Error);
  CHECK_THROWS_AS(tsne(zeros({100, 2}), generator, {.iterations = -1}), Error);
  CHECK_THROWS_AS(tsne(zeros({100, 2}), generator, {.learning_rate = -1}), Error);
  CHECK_THROWS_AS(tsne(full({100, 2}, std::numeric_limits<real>::infinity()), generator), Error);
}
