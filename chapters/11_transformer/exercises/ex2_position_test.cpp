// The reader's, the original, or the one in solutions/: the build decides.
#include <ex2_position.hpp>
#include "tests/exercises/verdict.hpp"

#include "common/nn/position.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

// An angle of 50 computed in float is off by some 1e-5.
constexpr double tolerance = 1e-4;

/// Row `position` of the library's table, sines first: its sines stand in the even columns, its
/// cosines in the odd ones.
Array sines_first(std::size_t position, std::size_t size) {
  const Array table = nn::sinusoidal_encoding(position + 1, size);
  Array row = zeros({size});
  for (std::size_t i = 0; i < size; ++i) row(i % 2 * (size / 2) + i / 2) = table(position, i);
  return row;
}

Array formula(double position, std::size_t size, double base) {
  std::vector<real> sines, cosines;
  for (std::size_t i = 0; 2 * i < size; ++i) {
    const double angle = position * std::exp(-std::log(base) * double(2 * i) / double(size));
    sines.push_back(real(std::sin(angle)));
    cosines.push_back(real(std::cos(angle)));
  }
  sines.insert(sines.end(), cosines.begin(), cosines.end());
  return array(sines);
}

}  // namespace

TEST_CASE("the lecture's two numbers a word: (sin position, cos position)") {
  verdict::equal("size 2, position 0", array({0, 1}), ex::position_vector(0, 2, 10000), tolerance);
  verdict::equal("size 2, position 1", array({0.841471, 0.540302}),
                 ex::position_vector(1, 2, 10000), tolerance);
}

TEST_CASE("whole positions, the paper's base: the library's table, sines first") {
  for (const std::size_t size : {4u, 16u, 30u})
    for (const std::size_t position : {0u, 1u, 7u, 49u})
      verdict::equal(fmt::format("size {}, position {}", size, position),
                     sines_first(position, size),
                     ex::position_vector(double(position), size, 10000), tolerance);
}

TEST_CASE("any position, any base") {
  verdict::equal("size 8, position 2.5", formula(2.5, 8, 10000), ex::position_vector(2.5, 8, 10000),
                 tolerance);
  verdict::equal("size 8, position -3", formula(-3, 8, 10000), ex::position_vector(-3, 8, 10000),
                 tolerance);
  verdict::equal("base 1: all angles the same", formula(2, 6, 1), ex::position_vector(2, 6, 1),
                 tolerance);
  Generator generator{42};
  for (int i = 0; i < 5; ++i) {
    const double position = 20 * double(generator.uniform()),
                 base = 2 + 1000 * double(generator.uniform());
    verdict::equal(fmt::format("size 10, position {:.2f}, base {:.0f}", position, base),
                   formula(position, 10, base), ex::position_vector(position, 10, base), tolerance);
  }
}
