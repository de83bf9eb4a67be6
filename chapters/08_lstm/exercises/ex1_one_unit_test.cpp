#include <ex1_one_unit.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

#include "chapters/08_lstm/by_hand.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

TEST_CASE("one unit of the video with input -2") {
  const auto unit = lstm::lstm_unit<real>(-2, {2, 1}, lstm::video_weights());
  verdict::predicted("percent of long memory to remember", unit.long_remember_percent,
                     ex::long_remember_percent, 0.01);
  // Three rounded factors, each wrong by up to 0.005:
  // 2 * 0.005 + 0.66 * 0.005 + 0.34 * 0.005 = 0.015.
  verdict::predicted("new long memory", unit.after.long_memory, ex::new_long_memory, 0.015);
}
