#include <ex4_differences.hpp>  // the reader's, the original or the solution: the build decides

#include "chapters/01_tensors/derivatives.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

namespace {
Array as_array(const std::vector<double>& v) {
  return array(std::vector<real>(v.begin(), v.end()));
}
}  // namespace

TEST_CASE("the chapter's function: central differences = derivative by hand") {
  const auto f = [](const std::vector<double>& x) { return tensors::steps(x[0], x[1], x[2]).f; };
  for (const auto& at : {tensors::Triple<double>{1.5, 0.5, 2}, {-0.3, 1.2, 0.7}, {0, 0, 0}}) {
    const auto by_hand = tensors::derivatives_by_hand(at).gradient;
    const std::vector<double> x(at.begin(), at.end()), expected(by_hand.begin(), by_hand.end());
    verdict::equal(fmt::format("at ({})", fmt::join(at, ", ")), as_array(expected),
                   as_array(exercise::gradient(f, x)), 1e-5);
  }
}

// x^3 at 1 with h = 0.1: (1.331 - 0.729) / 0.2 = 3.01, the derivative 3 and h^2;
// the one-sided difference gives 3.31.
TEST_CASE("the error is h^2, not h") {
  const auto cube = [](const std::vector<double>& x) { return x[0] * x[0] * x[0]; };
  const std::vector<double> came = exercise::gradient(cube, {1}, 0.1);
  verdict::equal("x^3 at 1, h = 0.1", 3.01, came.empty() ? 0 : came[0], 1e-9);
}

TEST_CASE("as many derivatives as numbers") {
  const auto f = [](const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += double(i + 1) * x[i];
    return sum;
  };
  verdict::equal("of x0 + 2 x1 + 3 x2 + 4 x3", as_array({1, 2, 3, 4}),
                 as_array(exercise::gradient(f, {5, 5, 5, 5})), 1e-5);
}
