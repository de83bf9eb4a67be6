#include "common/text/tsne.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/core/parallel.hpp"
#include "common/text/projection.hpp"

namespace byhand::text {
namespace detail {

namespace {

/// |x_i - x_j|^2 of one point to all: n numbers.
void squared_distances(const Array& points, std::size_t i, double* out) {
  const std::size_t n = points.shape()[0], d = points.shape()[1];
  const real* x = points.data();
  for (std::size_t j = 0; j < n; ++j) {
    double sum = 0;
    for (std::size_t k = 0; k < d; ++k) {
      const double difference = double(x[i * d + k]) - double(x[j * d + k]);
      sum += difference * difference;
    }
    out[j] = sum;
  }
}

/// Turns the squared distances of point i into p(j|i) = exp(-beta distance) / sum and returns the entropy.
double neighbourhood(const double* distances, std::size_t n, std::size_t i, double nearest, double beta, double* p) {
  double sum = 0, weighted = 0;
  for (std::size_t j = 0; j < n; ++j) {
    p[j] = j == i ? 0 : std::exp(-beta * (distances[j] - nearest));  // from the nearest one on, so that not all of them vanish
    sum += p[j];
    weighted += p[j] * (distances[j] - nearest);
  }
  for (std::size_t j = 0; j < n; ++j) p[j] /= sum;
  return std::log(sum) + beta * weighted / sum;  // -sum p ln p
}

/// Halves the interval of beta until the entropy is ln(perplexity): a larger beta looks at fewer neighbours.
void calibrate(const double* distances, std::size_t n, std::size_t i, double perplexity, double* p) {
  double nearest = std::numeric_limits<double>::infinity(), mean = 0;
  for (std::size_t j = 0; j < n; ++j) {
    if (j != i) nearest = std::min(nearest, distances[j]);
    mean += distances[j] / double(n);
  }
  double low = 0, high = std::numeric_limits<double>::infinity();
  double beta = mean > nearest ? 1 / (mean - nearest) : 1;
  for (int step = 0; step < 200; ++step) {
    const double excess = neighbourhood(distances, n, i, nearest, beta, p) - std::log(perplexity);
    if (std::abs(excess) < 1e-10) break;
    (excess > 0 ? low : high) = beta;
    const double next = std::isinf(high) ? 2 * beta : (low + high) / 2;
    if (next == beta || std::isinf(next)) break;  // many points in one place: no beta fits
    beta = next;
  }
}

}  // namespace

std::vector<double> tsne_neighbourhoods(const Array& points, double perplexity) {
  const std::size_t n = points.shape()[0];
  std::vector<double> p(n * n);
  parallel_for(n, 16, [&](std::size_t begin, std::size_t end) {
    std::vector<double> distances(n);
    for (std::size_t i = begin; i < end; ++i) {
      squared_distances(points, i, distances.data());
      calibrate(distances.data(), n, i, perplexity, p.data() + i * n);
    }
  });
  return p;
}

std::vector<double> tsne_joint(const std::vector<double>& neighbourhoods, std::size_t n) {
  std::vector<double> p(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) p[i * n + j] = (neighbourhoods[i * n + j] + neighbourhoods[j * n + i]) / (2 * double(n));
  return p;
}

void tsne_gradient(const std::vector<double>& p, const std::vector<double>& y, double exaggeration, std::vector<double>& gradient) {
  const std::size_t n = y.size() / 2;
  const double *x = y.data(), *z = y.data() + n;
  // With w = 1 / (1 + |y_i - y_j|^2) and W its sum over all pairs, q = w / W: both halves of the gradient in one walk, W known at its end.
  std::vector<double> sum_w(n), pull_x(n), pull_z(n), push_x(n), push_z(n);
  parallel_for(n, 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const double* row = p.data() + i * n;
      double w_sum = 0, px = 0, pz = 0, qx = 0, qz = 0;
#pragma omp simd reduction(+ : w_sum, px, pz, qx, qz)
      for (std::size_t j = 0; j < n; ++j) {
        const double dx = x[i] - x[j], dz = z[i] - z[j];
        const double w = 1 / (1 + dx * dx + dz * dz), pw = row[j] * w, ww = w * w;
        w_sum += w;
        px += pw * dx;
        pz += pw * dz;
        qx += ww * dx;
        qz += ww * dz;
      }
      sum_w[i] = w_sum - 1;  // without j = i
      pull_x[i] = px;
      pull_z[i] = pz;
      push_x[i] = qx;
      push_z[i] = qz;
    }
  });
  double total = 0;
  for (const double w : sum_w) total += w;
  gradient.resize(2 * n);
  for (std::size_t i = 0; i < n; ++i) {
    gradient[i] = 4 * (exaggeration * pull_x[i] - push_x[i] / total);
    gradient[n + i] = 4 * (exaggeration * pull_z[i] - push_z[i] / total);
  }
}

}  // namespace detail

namespace {

void check_arguments(const Array& points, const TsneOptions& options) {
  check(points.dimension() == 2, "tsne: the points must be (n, d), not {}", points.shape());
  const std::size_t n = points.shape()[0];
  check(n >= 4 && n <= 1000, "tsne: {} points; between 4 and 1000 can be laid out (every pair is looked at)", n);
  check(options.perplexity >= 1 && options.perplexity <= double(n - 1) / 3,
        "tsne: the perplexity {} must lie between 1 and {:.4g} for {} points", options.perplexity, double(n - 1) / 3, n);
  check(options.iterations >= 0, "tsne: {} iterations", options.iterations);
  check(options.learning_rate >= 0, "tsne: the learning rate {} is negative or not a number", options.learning_rate);
  for (const real x : points)
    if (!std::isfinite(x)) fail("tsne: the points hold a number that is not finite: {}", x);
}

/// Momentum, and for each number a gain that grows while the gradient keeps its sign (Jacobs 1988), as in the paper's program.
struct Descent {
  std::vector<double> velocity, gain;
  explicit Descent(std::size_t n) : velocity(n, 0.0), gain(n, 1.0) {}

  void step(std::vector<double>& y, const std::vector<double>& gradient, double learning_rate, double momentum) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      const bool turned = (gradient[i] > 0) == (velocity[i] > 0);  // the last step went uphill
      gain[i] = std::max(turned ? gain[i] * 0.8 : gain[i] + 0.2, 0.01);
      velocity[i] = momentum * velocity[i] - learning_rate * gain[i] * gradient[i];
      y[i] += velocity[i];
    }
  }
};

void centre(double* x, std::size_t n) {
  double mean = 0;
  for (std::size_t i = 0; i < n; ++i) mean += x[i] / double(n);
  for (std::size_t i = 0; i < n; ++i) x[i] -= mean;
}

}  // namespace

Array tsne(const Array& points, Generator& generator, const TsneOptions& options) {
  check_arguments(points, options);
  const std::size_t n = points.shape()[0];
  const std::vector<double> p = detail::tsne_joint(detail::tsne_neighbourhoods(points, options.perplexity), n);
  const double learning_rate = options.learning_rate > 0 ? options.learning_rate : std::max(50.0, double(n) / 12);

  const std::vector<float> start = generator.normal(2 * n, 0, 1e-4F);
  std::vector<double> y(start.begin(), start.end()), gradient;
  Descent descent(2 * n);
  for (int iteration = 0; iteration < options.iterations; ++iteration) {
    const bool early = iteration < options.iterations / 4;
    detail::tsne_gradient(p, y, early ? 12 : 1, gradient);
    descent.step(y, gradient, learning_rate, early ? 0.5 : 0.8);
    centre(y.data(), n);
    centre(y.data() + n, n);
  }
  Array layout = empty({n, 2});
  for (std::size_t i = 0; i < n; ++i) {
    layout.data()[2 * i] = real(y[i]);
    layout.data()[2 * i + 1] = real(y[n + i]);
  }
  return layout;
}

}  // namespace byhand::text
