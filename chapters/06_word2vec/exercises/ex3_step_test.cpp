// the reader's, the original, or the one in solutions/: the build decides
#include <ex3_step.hpp>

#include "chapters/06_word2vec/step/by_hand.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

namespace {

/// The tables after the reader's step, and after one with the chapter's gradients.
void judge(const std::string& name, const word2vec::Weights& start, std::size_t input,
           const std::vector<std::size_t>& targets, real lr) {
  const word2vec::Example example{name,
                                  {std::int64_t(input)},
                                  {std::int64_t(targets[0])},
                                  {targets.begin() + 1, targets.end()},
                                  ""};
  const word2vec::Step step = word2vec::by_hand(start, example);
  Array in = start.in, out = start.out;
  exercise::step(in, out, input, targets, lr);
  verdict::equal(name + ", W_in", start.in - lr * step.grad_in, in, 1e-5);
  verdict::equal(name + ", W_out", start.out - lr * step.grad_out, out, 1e-5);
}

}  // namespace

TEST_CASE("one step, both tables") {
  judge("the chapter's words, rate 0.5", word2vec::example_weights(), 3, {4, 0, 6}, real(0.5));
  judge("one noise word, rate 1", word2vec::example_weights(), 1, {7, 2}, 1);
  Generator generator{42};
  const Array in = randn({20, 10}, generator), out = randn({20, 10}, generator);
  judge("20 random words, rate 0.3", {in, out}, 11, {2, 19, 0, 7, 11, 5}, real(0.3));
}
