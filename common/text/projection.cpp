#include "common/text/projection.hpp"

#include <algorithm>
#include <cmath>

#include "common/core/generator.hpp"

namespace byhand::text {

// ---- principal components ----

namespace {

using Vector = std::vector<double>;  // double in both builds: what is left after deflation is small

double dot(const double* a, const double* b, std::size_t n) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

/// Takes the parts along the directions found so far out of v and scales the rest to length 1; false when nothing is left.
bool make_orthonormal(Vector& v, const std::vector<Vector>& found) {
  const std::size_t d = v.size();
  const double before = std::sqrt(dot(v.data(), v.data(), d));
  for (const Vector& u : found) {
    const double along = dot(u.data(), v.data(), d);
    for (std::size_t j = 0; j < d; ++j) v[j] -= along * u[j];
  }
  const double length = std::sqrt(dot(v.data(), v.data(), d));
  if (length == 0 || length < 1e-13 * before) return false;
  for (double& x : v) x /= length;
  return true;
}

/// (n, d) in double, each column with mean 0.
Vector centred(const Array& points, std::size_t n, std::size_t d) {
  Vector x(points.begin(), points.end());
  for (std::size_t j = 0; j < d; ++j) {
    double mean = 0;
    for (std::size_t i = 0; i < n; ++i) mean += x[i * d + j] / double(n);
    for (std::size_t i = 0; i < n; ++i) x[i * d + j] -= mean;
  }
  return x;
}

/// The sum of x_i x_i^T over the points, (d, d). Its scale does not matter here.
Vector scatter(const Vector& x, std::size_t n, std::size_t d) {
  Vector c(d * d, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < d; ++j)
      for (std::size_t k = 0; k < d; ++k) c[j * d + k] += x[i * d + j] * x[i * d + k];
  return c;
}

/// v <- C v / |C v| until v stands still: the direction of the largest eigenvalue among those orthogonal to `found`.
Vector next_direction(const Vector& c, const std::vector<Vector>& found, std::size_t d, Generator& start) {
  Vector v(d), product(d);
  do {
    const std::vector<float> drawn = start.normal(d);  // irregular: a start orthogonal to the answer would never get there
    v.assign(drawn.begin(), drawn.end());
  } while (!make_orthonormal(v, found));
  double trace = 0;
  for (std::size_t j = 0; j < d; ++j) trace += c[j * d + j];
  for (int step = 0; step < 20000; ++step) {
    for (std::size_t j = 0; j < d; ++j) product[j] = dot(c.data() + j * d, v.data(), d);
    if (std::sqrt(dot(product.data(), product.data(), d)) <= 1e-14 * trace) break;  // no variance is left: any direction will do
    if (!make_orthonormal(product, found)) break;
    double change = 0;
    for (std::size_t j = 0; j < d; ++j) change = std::max(change, std::abs(product[j] - v[j]));
    v.swap(product);
    if (change < 1e-13) break;
  }
  return v;
}

}  // namespace

Array pca(const Array& points, std::size_t k) {
  check(points.dimension() == 2, "pca: the points must be (n, d), not {}", points.shape());
  const std::size_t n = points.shape()[0], d = points.shape()[1];
  check(k >= 1 && k <= std::min(n, d), "pca: {} directions from points {}; between 1 and {} can be found", k, points.shape(),
        std::min(n, d));
  for (const real x : points)
    if (!std::isfinite(x)) fail("pca: the points hold a number that is not finite: {}", x);

  const Vector x = centred(points, n, d), c = scatter(x, n, d);
  Array result = empty({n, k});
  std::vector<Vector> found;
  Generator start(1);
  for (std::size_t column = 0; column < k; ++column) {
    Vector v = next_direction(c, found, d, start);
    const double largest = *std::max_element(v.begin(), v.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    if (largest < 0)
      for (double& number : v) number = -number;
    for (std::size_t i = 0; i < n; ++i) result.data()[i * k + column] = real(dot(x.data() + i * d, v.data(), d));
    found.push_back(std::move(v));
  }
  return result;
}

}  // namespace byhand::text
