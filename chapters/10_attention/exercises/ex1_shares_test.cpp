// The reader's, the original, or the one in solutions/: the build decides.
#include <ex1_shares.hpp>
#include "tests/exercises/verdict.hpp"

#include <cmath>

#include "chapters/10_attention/matrices.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// One query, three keys of one number, so that the keys are the scores;
/// `added` to the logarithms of 0.2, 0.5, 0.3.
Array shares(const std::vector<real>& added, const Array& hidden) {
  const double before[] = {0.2, 0.5, 0.3};
  Array keys = empty({3, 1});
  for (std::size_t j = 0; j < 3; ++j) keys(j, 0) = real(std::log(before[j])) + added[j];
  return attention::scaled_dot_product(ones({1, 1}), keys, keys, hidden).percent;  // (1, 3)
}

}  // namespace

TEST_CASE("shares before and after") {
  // Constants, so that they are foreseen and no function is asked for them.
  constexpr double foreseen[] = {ex::first_when_it_grows, ex::first_when_all_grow,
                                 ex::third_when_second_is_hidden};
  const Array nothing = zeros({1, 3});
  verdict::predicted("first word, its score + 2", shares({2, 0, 0}, nothing)(0, 0), foreseen[0],
                     0.005);
  verdict::predicted("first word, all scores + 2", shares({2, 2, 2}, nothing)(0, 0), foreseen[1],
                     0.005);
  verdict::predicted("third word, second word hidden",
                     shares({0, 0, 0}, array({1, 3}, {0, 1, 0}))(0, 2), foreseen[2], 0.005);
}

TEST_CASE("similarities 8 and 4 of keys with 64 numbers") {
  constexpr double foreseen = ex::second_with_scaling;
  Array keys = empty({2, 64});
  for (std::size_t i = 0; i < 64; ++i) {
    keys(0, i) = real(8.0 / 64);
    keys(1, i) = real(4.0 / 64);
  }
  const attention::Steps steps =
      attention::scaled_dot_product(ones({1, 64}), keys, keys, zeros({1, 2}));
  verdict::predicted("second word, scaled", steps.percent(0, 1), foreseen, 0.005);
}
