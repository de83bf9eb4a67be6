#include <ex2_layer.hpp>  // the reader's, the original or the solution: the build decides

#include "common/nn/layers.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

TEST_CASE("the layer by hand is nn::Linear") {
  Generator generator{42};
  for (const auto& [in, out] : {std::pair{2, 2}, {3, 2}, {1, 4}, {5, 3}}) {
    const nn::Linear layer(std::size_t(in), std::size_t(out), generator);
    const Array x = randn({4, std::size_t(in)}, generator);  // (examples, in)
    verdict::equal(fmt::format("{} inputs, {} outputs", in, out), layer(Tensor(x)).value(),
                   exercise::linear(x, layer.weight.value(), layer.bias.value()));
  }
}
