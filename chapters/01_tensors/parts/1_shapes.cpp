#include "chapters/01_tensors/parts/parts.hpp"
#include "chapters/01_tensors/shapes.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/random.hpp"

namespace tensors {
using namespace byhand;

void scalars_to_n_dimensions() {
  app::heading("1. From one number to n dimensions");
  const auto text = [](const Shape& shape) { return fmt::format("{}", shape); };
  app::Table table({"notes", "for example", "shape", "dimensions", "values", "steps in memory"});
  for (const Example& e : examples())
    table.add_row({e.name, e.what, text(e.shape), e.shape.size(), element_count(e.shape),
                   text(strides_of(e.shape))});
  table.print();
  fmt::print("A 1 x 2 matrix has 2 dimensions, like every matrix. ");
  fmt::print("The colour image has 65,536 pixels of 3 values: 196,608 values.\n");

  fmt::print("In (2, 3, 4), [1][2][3] is number 1*12 + 2*4 + 3*1 = {} in memory.\n",
             place_of({2, 3, 4}, {1, 2, 3}));
  const Array counted = reshape(arange(24), {2, 3, 4});
  app::agree("0 ... 23 as (2, 3, 4): t[1][2][3] = 23", counted(1, 2, 3), 23, 0);

  Generator generator{42};
  const Array ours = rand({5}, generator);
  app::agree(fmt::format("seed 42 draws {:.4f} as torch.rand(5) does:", fmt::join(ours, " ")), ours,
             first_draws_of_torch(), 0);
}

}  // namespace tensors
