#include <ex1_shapes.hpp>  // the reader's, the original or the solution: the build decides

#include "chapters/01_tensors/shapes.hpp"
#include "common/autograd/ops.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

TEST_CASE("the shape of (2, 1, 4) + (3, 1)") {
  const Tensor c = Tensor(zeros({2, 1, 4})) + Tensor(zeros({3, 1}));
  verdict::holds(
      "shape of c", c.shape() == exercise::shape_of_c,
      fmt::format("{} is not right. Write one shape below the other, right end below right end",
                  exercise::shape_of_c));
  verdict::predicted("numbers in c", double(c.size()), double(exercise::numbers_in_c), 0);
  verdict::predicted("step of the first axis", double(tensors::strides_of(c.shape())[0]),
                     double(exercise::step_of_the_first_axis), 0);
}
