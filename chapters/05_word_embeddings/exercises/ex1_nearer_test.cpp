// the reader's, the original, or the one in solutions/: the build decides
#include <ex1_nearer.hpp>
#include "tests/exercises/verdict.hpp"

#include "chapters/05_word_embeddings/counts.hpp"

namespace ex = byhand::exercise;
using namespace byhand;
using embeddings::cosine_by_hand, embeddings::distance_by_hand;

TEST_CASE("distances and cosines of three words") {
  const Array tea = array({1, 2, 2}), coffee = array({2, 3, 6}), pea = array({2, 1, 2});
  const double rounding = 0.0051;  // of two decimals
  verdict::equal("distance of tea and coffee", distance_by_hand(tea, coffee),
                 ex::distance_tea_coffee, rounding);
  verdict::equal("distance of tea and pea", distance_by_hand(tea, pea), ex::distance_tea_pea,
                 rounding);
  verdict::equal("cosine of tea and coffee", cosine_by_hand(tea, coffee), ex::cosine_tea_coffee,
                 rounding);
  verdict::equal("cosine of tea and pea", cosine_by_hand(tea, pea), ex::cosine_tea_pea, rounding);
  verdict::equal("cosine of tea and 10 times coffee", cosine_by_hand(tea, coffee * real(10)),
                 ex::cosine_tea_long_coffee, rounding);
  verdict::equal("cosine when 1 is added", cosine_by_hand(tea + real(1), coffee + real(1)),
                 ex::cosine_when_shifted, rounding);
}
