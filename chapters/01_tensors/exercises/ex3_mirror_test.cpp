#include <ex3_mirror.hpp>  // the reader's, the original or the solution: the build decides

#include <numbers>

#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

TEST_CASE("what a mirror does, with numbers that need no matrix") {
  verdict::equal("at 0 degrees (3, 1) goes to (3, -1)", array({1, 2}, {3, -1}),
                 matmul(array({1, 2}, {3, 1}), exercise::mirror(0)));
  verdict::equal("at 45 degrees (3, 1) goes to (1, 3)", array({1, 2}, {1, 3}),
                 matmul(array({1, 2}, {3, 1}), exercise::mirror(45)));
  verdict::equal("at 90 degrees (3, 1) goes to (-3, 1)", array({1, 2}, {-3, 1}),
                 matmul(array({1, 2}, {3, 1}), exercise::mirror(90)));
}

TEST_CASE("any mirror: its line stays, what is across goes to the other side, twice is nothing") {
  Generator generator{42};
  for (const double degrees : {20.0, 110.0, -75.0}) {
    const double angle = degrees * std::numbers::pi / 180;
    const Array along = array({1, 2}, {real(std::cos(angle)), real(std::sin(angle))}),
                across = array({1, 2}, {real(-std::sin(angle)), real(std::cos(angle))});
    const Array A = exercise::mirror(degrees), back = -1 * across,
                points = randn({5, 2}, generator);
    verdict::equal(fmt::format("{} degrees: along", degrees), along, matmul(along, A));
    verdict::equal(fmt::format("{} degrees: across", degrees), back, matmul(across, A));
    verdict::equal(fmt::format("{} degrees: twice", degrees), points, matmul(matmul(points, A), A));
  }
}
