#include "chapters/03_training/by_hand/batch_norm.hpp"

#include <cmath>

namespace by_hand {
using namespace byhand;

namespace {
/// Mean and biased variance of channel c.
struct Statistics {
  double mean = 0, variance = 0;
};
Statistics statistics(const Array& x, std::size_t c) {
  const std::size_t n = x.shape()[0];
  Statistics s;
  for (std::size_t i = 0; i < n; ++i) s.mean += double(x(i, c)) / double(n);
  for (std::size_t i = 0; i < n; ++i)
    s.variance += (double(x(i, c)) - s.mean) * (double(x(i, c)) - s.mean) / double(n);
  return s;
}
void check_shape(const Array& x, std::size_t channels) {
  check(x.dimension() == 2 && x.shape()[1] == channels, "batch norm: needs (batch, {}), got {}",
        channels, x.shape());
}
}  // namespace

BatchNorm::BatchNorm(std::size_t channels)
    : gamma(channels, 1), beta(channels, 0), running_mean(channels, 0), running_var(channels, 1) {}

Array BatchNorm::training(const Array& x) {
  check_shape(x, gamma.size());
  const std::size_t n = x.shape()[0];
  check(n > 1, "batch norm: a batch of 1 has no variance");
  Array y = empty(x.shape());
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    const Statistics s = statistics(x, c);
    for (std::size_t i = 0; i < n; ++i) {
      const double x_hat = (double(x(i, c)) - s.mean) / std::sqrt(s.variance + eps);
      y(i, c) = real(gamma[c] * x_hat + beta[c]);
    }
    const double unbiased = s.variance * double(n) / double(n - 1);
    running_mean[c] = (1 - momentum) * running_mean[c] + momentum * s.mean;
    running_var[c] = (1 - momentum) * running_var[c] + momentum * unbiased;
  }
  return y;
}

Array BatchNorm::evaluation(const Array& x) const {
  check_shape(x, gamma.size());
  Array y = empty(x.shape());
  for (std::size_t c = 0; c < gamma.size(); ++c)
    for (std::size_t i = 0; i < x.shape()[0]; ++i)
      y(i, c) =
          real(gamma[c] * (double(x(i, c)) - running_mean[c]) / std::sqrt(running_var[c] + eps) +
               beta[c]);
  return y;
}

BatchNorm::Gradients BatchNorm::backward(const Array& x, const Array& dy) const {
  check_shape(x, gamma.size());
  const std::size_t n = x.shape()[0];
  Gradients d{empty(x.shape()), std::vector<double>(gamma.size(), 0),
              std::vector<double>(gamma.size(), 0)};
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    const Statistics s = statistics(x, c);
    const double root = std::sqrt(s.variance + eps);
    const auto x_hat = [&](std::size_t i) { return (double(x(i, c)) - s.mean) / root; };
    for (std::size_t i = 0; i < n; ++i) {
      d.gamma[c] += double(dy(i, c)) * x_hat(i);
      d.beta[c] += double(dy(i, c));
    }
    // Mean and variance depend on every example of the batch, so each dx also carries a share of
    // the others' dy.
    for (std::size_t i = 0; i < n; ++i)
      d.x(i, c) =
          real(gamma[c] / root *
               (double(dy(i, c)) - d.beta[c] / double(n) - x_hat(i) * d.gamma[c] / double(n)));
  }
  return d;
}

}  // namespace by_hand
