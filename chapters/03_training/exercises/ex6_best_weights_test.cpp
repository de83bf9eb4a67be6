#include <ex6_best_weights.hpp>  // the reader's, the original or the solution: the build decides

#include "common/optim/optimizer.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

namespace {
moons::Classifier network(std::uint64_t seed) {
  Generator generator{seed};
  return moons::Classifier(
      {.hidden = 8, .optimiser = moons::Optimiser::adam, .learning_rate = 0.05}, generator);
}
}  // namespace

TEST_CASE("a training that over-fits: back at the best epoch") {
  Generator generator{7};
  const moons::Data few = moons::make(20, 0.5, generator), many = moons::make(200, 0.5, generator);
  moons::Classifier model = network(1);
  const auto batches = moons::loader(few, 20, generator);
  exercise::BestWeights best;
  double smallest = 1e9, last = 0;
  Array weights_of_best;
  for (int epoch = 0; epoch < 60; ++epoch) {
    moons::train_by_hand(model, batches, 1);
    last = moons::loss(model, many);
    best.after_epoch(model, last);
    if (last < smallest) smallest = last, weights_of_best = moons::weights(model);
  }
  verdict::above("validation loss at the end, beside the smallest", last, smallest);
  best.put_back(model);
  verdict::equal("validation loss after put_back", smallest, moons::loss(model, many), 1e-6);
  verdict::equal("weights after put_back", weights_of_best, moons::weights(model), 0);
}

TEST_CASE("equal epochs: the earlier one; NaN is never best; nothing seen, nothing changed") {
  moons::Classifier first = network(1), second = network(2), third = network(3);
  const Array before = moons::weights(third), earlier = moons::weights(first);
  exercise::BestWeights none, best;
  none.put_back(third);
  verdict::equal("never called", before, moons::weights(third), 0);
  best.after_epoch(first, 0.5);
  best.after_epoch(second, 0.5);
  best.after_epoch(second, std::nan(""));
  best.put_back(third);
  verdict::equal("the earlier of two equal ones", earlier, moons::weights(third), 0);
}
