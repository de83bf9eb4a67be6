#include "chapters/01_tensors/parts/parts.hpp"
#include "chapters/01_tensors/parts/show.hpp"
#include "chapters/01_tensors/shapes.hpp"
#include "common/app/chapter.hpp"
#include "common/autograd/ops.hpp"

namespace tensors {
using namespace byhand;

void broadcasting() {
  app::heading("2. Broadcasting: a missing axis, or one of size 1, is repeated (dashed)");
  for (const auto& [a, b] : {std::pair{Shape{3, 4}, Shape{4}}, {Shape{3, 1}, Shape{1, 4}}}) {
    fmt::print("{}", broadcast_picture(a, b));
    const Array left = reshape(arange(element_count(a)), a);
    const Array right = reshape(arange(element_count(b)), b);
    app::agree(fmt::format("{} + {}: loops = tensors", a, b), add_by_hand(left, right),
               (Tensor(left) + Tensor(right)).value(), 0);
  }
  fmt::print("(3, 4) + (3,): {}\n", refusal([] {
               return Tensor(zeros({3, 4})) + Tensor(zeros({3}));
             }));
  fmt::print("Shapes are lined up at their last axes. ");
  fmt::print("Reshaped to (3, 1), the three numbers fit: one for each row.\n");
}

}  // namespace tensors
