#include <ex5_operation.hpp>  // the reader's, the original or the solution: the build decides

#include "common/autograd/activations.hpp"
#include "common/autograd/node.hpp"
#include "common/autograd/ops.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

TEST_CASE("value and gradient are those of x * sigmoid(x)") {
  Generator generator{42};
  for (const Shape& shape : {Shape{}, Shape{5}, Shape{3, 4}}) {
    const Array numbers = randn(shape, generator) * real(3), weights = randn(shape, generator);
    const Tensor x(numbers, true), again(numbers, true), w(weights);
    const Tensor y = exercise::swish(x), z = again * sigmoid(again);
    verdict::equal(fmt::format("value, shape {}", shape), z.value(), y.value());
    sum(y * w).backward();
    sum(z * w).backward();
    verdict::equal(fmt::format("gradient, shape {}", shape), again.grad(),
                   x.has_grad() ? x.grad() : zeros(shape));
  }
}

TEST_CASE("used twice, the gradients add up") {
  const Tensor x(real(0.5), true), again(real(0.5), true);
  (exercise::swish(x) + exercise::swish(x) * x).backward();
  (again * sigmoid(again) + again * sigmoid(again) * again).backward();
  verdict::equal("gradient of swish(x) + swish(x) x", again.grad(), x.grad());
}

TEST_CASE("it is one operation") {
  const Tensor x(real(1), true);
  const Tensor y = exercise::swish(x);
  verdict::holds(
      "graph",
      y.node().inputs.size() == 1 && &y.node().inputs[0].node() == &x.node() &&
          y.node().op == std::string("swish"),
      "swish(x) should be one node of that name on top of x, made by make_op, not a composition");
}
