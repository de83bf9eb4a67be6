#include "common/tensor/random.hpp"

namespace byhand {
namespace {
Array from_floats(const Shape& shape, const std::vector<float>& values) {
  return array(shape, std::vector<real>(values.begin(), values.end()));
}
}  // namespace

Array rand(const Shape& shape, Generator& generator) { return uniform(shape, 0, 1, generator); }

Array uniform(const Shape& shape, real low, real high, Generator& generator) {
  return from_floats(shape, generator.uniform(element_count(shape), float(low), float(high)));
}

Array randn(const Shape& shape, Generator& generator) { return normal(shape, 0, 1, generator); }

Array normal(const Shape& shape, real mean, real std, Generator& generator) {
  return from_floats(shape, generator.normal(element_count(shape), float(mean), float(std)));
}

}  // namespace byhand
