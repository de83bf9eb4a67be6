#include <ex2_forget_gate.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

struct Day {
  real input, long_memory, short_memory;
};

/// The reader's gate against stage 1 of the chapter's unit.
void judge(const std::string& name, const std::vector<Day>& days, const lstm::Weights<real>& w) {
  std::vector<real> percent, remembered, my_percent, my_remembered;
  for (const auto& [input, long_memory, short_memory] : days) {
    const auto unit = lstm::lstm_unit<real>(input, {long_memory, short_memory}, w);
    percent.push_back(unit.long_remember_percent);
    remembered.push_back(long_memory * unit.long_remember_percent);
    const ex::Forgotten mine = ex::forget_gate(input, long_memory, short_memory, w);
    my_percent.push_back(mine.percent);
    my_remembered.push_back(mine.remembered);
  }
  verdict::equal(name + ": percent", array(percent), array(my_percent));
  verdict::equal(name + ": remembered", array(remembered), array(my_remembered));
}

}  // namespace

TEST_CASE("the unit of the video") { judge("video, input 1", {{1, 2, 1}}, lstm::video_weights()); }

TEST_CASE("every input, every memory, every weight counts") {
  Generator generator{42};
  std::vector<Day> days;
  for (int day = 0; day < 20; ++day) {
    const std::vector<float> n = generator.normal(3);
    days.push_back({real(n[0]), real(n[1]), real(n[2])});
  }
  lstm::Weights<real> w = lstm::random_weights(generator);
  w.blr1 = real(0.7);  // random_weights() leaves the biases at 0
  judge("20 random days", days, w);
  judge("weights all 0", days, {});
}

TEST_CASE("a gate that is wide open, or shut") {
  judge("input 1000, then -1000", {{1000, 3, 0}, {-1000, 3, 0}}, lstm::video_weights());
}
