#include <ex3_two_memories.hpp>  // the reader's, the original or the solution: the build decides
#include "common/nn/recurrent.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// The reader's loops against the built-in layer with the same random weights, on random days.
void judge(const std::string& name, std::size_t days, std::size_t in, std::size_t hidden) {
  Generator generator{42 + hidden};
  const nn::LSTM built_in(in, hidden, generator);
  const lstm::MatrixLstm mine{uniform({4 * hidden, in}, -1, 1, generator),
                              uniform({4 * hidden, hidden}, -1, 1, generator),
                              uniform({4 * hidden}, -1, 1, generator)};
  built_in.load_state_dict({{"weight_ih_l0", mine.W},
                            {"weight_hh_l0", mine.U},
                            {"bias_ih_l0", mine.b},
                            {"bias_hh_l0", zeros({4 * hidden})}});
  const Array x = randn({days, in}, generator);
  verdict::equal(name, built_in(Tensor(x)).output.value(), ex::forward(mine, x));
}

}  // namespace

TEST_CASE("one memory") { judge("1 memory, 4 days", 4, 1, 1); }

TEST_CASE("more memories") {
  judge("2 memories, 1 day", 1, 1, 2);
  judge("2 memories, 4 days", 4, 1, 2);
  judge("5 memories, 3 inputs, 8 days", 8, 3, 5);
}
