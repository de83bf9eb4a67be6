#include <ex1_updates.hpp>  // the reader's, the original or the solution: the build decides

#include "chapters/03_training/moons.hpp"
#include "common/train/loader.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

namespace {
int updates(std::size_t batch_size) {  // counts the batches that the chapter's loader hands out
  Generator generator{42};
  const train::DataLoader loader =
      moons::loader(moons::make(400, 0.2, generator), batch_size, generator);
  int count = 0;
  for (int epoch = 0; epoch < 5; ++epoch)
    for ([[maybe_unused]] const train::Batch& batch : loader) ++count;
  return count;
}
}  // namespace

TEST_CASE("updates in 5 epochs of 400 points") {
  verdict::predicted("one batch", updates(400), exercise::updates_with_one_batch, 0);
  verdict::predicted("batches of 32", updates(32), exercise::updates_with_batches_of_32, 0);
  verdict::predicted("one at a time", updates(1), exercise::updates_one_at_a_time, 0);
}
