#include "common/nn/init.hpp"
#include "common/tensor/random.hpp"

#include <cmath>

namespace byhand::nn::init {

std::pair<std::size_t, std::size_t> fans(const Shape& shape) {
  check(shape.size() >= 2, "init: a weight needs at least the axes (out, in), got {}", shape);
  std::size_t field = 1;
  for (std::size_t i = 2; i < shape.size(); ++i) field *= shape[i];
  check(shape[1] * field > 0, "init: a weight {} has no inputs", shape);
  return {shape[1] * field, shape[0] * field};
}

namespace {
Array symmetric_uniform(const Shape& shape, double bound, Generator& generator) {
  return uniform(shape, real(-bound), real(bound), generator);
}
}  // namespace

Array xavier_uniform(const Shape& shape, Generator& generator) {
  const auto [in, out] = fans(shape);
  return symmetric_uniform(shape, std::sqrt(3.0) * std::sqrt(2.0 / double(in + out)), generator);
}

Array kaiming_uniform(const Shape& shape, Generator& generator, double a) {
  const double gain = std::sqrt(2.0 / (1 + a * a)),
               std = gain / std::sqrt(double(fans(shape).first));
  return symmetric_uniform(shape, std::sqrt(3.0) * std, generator);
}

Array kaiming_normal(const Shape& shape, Generator& generator) {
  return normal(shape, 0, real(std::sqrt(2.0) / std::sqrt(double(fans(shape).first))), generator);
}

}  // namespace byhand::nn::init
