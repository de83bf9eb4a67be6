#include <ex5_gru_step.hpp>  // the reader's, the original or the solution: the build decides
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include "common/nn/recurrent.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// A built-in layer with random weights and memories, and the reader's step over the same time
/// steps.
struct Pair {
  Pair(std::size_t time, std::size_t batch, std::size_t in, std::size_t hidden)
      : generator{42 + hidden},
        gru(in, hidden, generator),
        x(randn({time, batch, in}, generator)),
        h0(randn({1, batch, hidden}, generator), true) {
    for (const Tensor& weight : gru.parameters())
      weight.set_value(uniform(weight.shape(), -1, 1, generator));
  }
  Tensor built_in() const { return gru(x, h0).output; }  // (time, batch, hidden)
  Tensor mine() const {
    const std::vector<Tensor> p = gru.parameters();  // weight_ih, weight_hh, bias_ih, bias_hh
    const ex::GruWeights w{p[0], p[1], p[2], p[3]};
    std::vector<Tensor> states;
    Tensor h = select(h0, 0, 0);
    for (std::size_t t = 0; t < x.shape(0); ++t)
      states.push_back(h = ex::gru_step(select(x, 0, t), h, w));
    return stack(states);
  }

  Generator generator;
  nn::GRU gru;
  Tensor x, h0;
};

/// d sum(output * direction) / d weight for each weight and the first memory; zeros where the
/// output does not depend on it.
std::vector<Array> gradients(const Pair& pair, const Tensor& output, const Array& direction) {
  std::vector<Tensor> leaves = pair.gru.parameters();
  leaves.push_back(pair.h0);
  for (const Tensor& leaf : leaves) leaf.zero_grad();
  const Tensor loss = sum(output * Tensor(direction));
  if (loss.requires_grad()) loss.backward();
  std::vector<Array> all;
  for (const Tensor& leaf : leaves)
    all.push_back(leaf.has_grad() ? leaf.grad() : zeros(leaf.shape()));
  return all;
}

}  // namespace

TEST_CASE("states of the built-in GRU") {
  const Pair one(1, 1, 1, 1), step(1, 4, 3, 5), sequence(10, 2, 3, 5);
  verdict::equal("1 memory, 1 step", one.built_in().value(), one.mine().value());
  verdict::equal("5 memories, 1 step, batch of 4", step.built_in().value(), step.mine().value());
  verdict::equal("5 memories, 10 steps", sequence.built_in().value(), sequence.mine().value());
}

TEST_CASE("gradients of the built-in GRU") {
  Pair pair(6, 2, 3, 4);
  const Tensor expected = pair.built_in(), came = pair.mine();
  if (expected.shape() != came.shape())
    return verdict::equal("shape of 6 steps", expected.value(), came.value());
  const Array direction = randn(expected.shape(), pair.generator);
  const std::vector<Array> theirs = gradients(pair, expected, direction),
                           mine = gradients(pair, came, direction);
  const char* names[] = {"w_ih", "w_hh", "b_ih", "b_hh", "the first memory"};
  for (std::size_t k = 0; k < theirs.size(); ++k)
    verdict::equal(fmt::format("gradient of {}", names[k]), theirs[k], mine[k], 1e-4);
}
