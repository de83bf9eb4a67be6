// Exercise 11.4: Learn to reverse with 2400 examples
//
// A transformer of one encoder and one decoder layer (size 16) should learn to reverse rows of four
// digits from 0 to 3. It is trained as in part 8 of the chapter, but reads only 2400 examples in
// all: with batches of 64 that makes 37 steps, with batches of 1, 2400.
// The learning rate at step n is 0.3 x 16^-0.5 x min(n^-0.5, n x warmup^-1.5): up in a straight
// line until n = warmup, then down.
// Change the two settings, nothing else:
// of 64 rows it has not seen, 90 % must be answered right, digit for digit.
// It must work from three starts, seeds 1, 2 and 3: one lucky start proves nothing.
// The warm-up of 4000 below is the paper's, which took 100,000 steps. How far up does it get in 37?
#pragma once
#include <cstdint>

namespace byhand::exercise {

struct Settings {
  std::int64_t warmup;  ///< steps until the learning rate is largest: 1 to 4000
  std::int64_t batch;   ///< examples a step: 1 to 100; there are 2400 / batch steps
};

inline Settings my_settings() { return {.warmup = 4000, .batch = 64}; }  // TODO

}  // namespace byhand::exercise
