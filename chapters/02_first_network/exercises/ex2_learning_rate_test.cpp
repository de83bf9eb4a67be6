#include <ex2_learning_rate.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/02_first_network/dosage.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

constexpr int budget = 10;  // epochs

void judge(real start) {
  const dosage::Data data;
  dosage::Network n;
  n.final_bias = 0;
  // The bias that makes the middle output its label: -16.01.
  const real goal = data.labels[1] - dosage::forward(n, data.inputs[1]).output;
  n.final_bias = start;
  const auto run = dosage::train_by_hand(n, data, real(ex::learning_rate), budget);
  const auto lower = [](const dosage::Step& a, const dosage::Step& b) {
    return a.final_bias < b.final_bias;
  };
  const real lowest = std::min_element(run.begin(), run.end(), lower)->final_bias;
  verdict::below(fmt::format("from {}: loss after {} epochs", start, run.size() - 1),
                 run.back().loss, 1e-4);
  // A loss of 0.0001 is a residual of 0.01.
  verdict::above(fmt::format("from {}: lowest final_bias", start), lowest, goal - 0.01);
}

}  // namespace

TEST_CASE("the learning rate is one") {
  verdict::holds("learning rate", ex::learning_rate > 0 && std::isfinite(ex::learning_rate),
                 fmt::format("{} is not a positive number", ex::learning_rate));
}

TEST_CASE("final_bias arrives from three starts") {
  if (!(ex::learning_rate > 0) || !std::isfinite(ex::learning_rate)) return;  // said above
  for (const real start : {0, -8, 5}) judge(start);
}
