#include "chapters/01_tensors/parts/parts.hpp"
#include "chapters/01_tensors/parts/show.hpp"
#include "chapters/01_tensors/pictures.hpp"
#include "chapters/01_tensors/transforms.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/matmul.hpp"

namespace tensors {
using namespace byhand;

void two_into_one(const app::Settings& settings) {
  app::heading("4. Two matrices into one, and the order matters");
  const Array turn = rotation(90), slant = shear(1);
  const Array turn_slant = matmul(turn, slant), slant_turn = matmul(slant, turn);
  const Array x = array({1, 2}, {1, 2});

  app::Table table({"", "rows of the matrix", "1 2 goes to", "by pencil"});
  const auto row = [&](const char* what, const Array& A, const char* pencil) {
    table.add_row({what, in_one_line(A), in_one_line(matmul(x, A)), pencil});
  };
  row("turn by 90 degrees", turn, "-2  1");
  row("shear", slant, " 3  2");
  row("turn, then shear", turn_slant, "-1  1");
  row("shear, then turn", slant_turn, "-2  3");
  table.print();

  const Array F = letter_f();
  app::agree("row by column, by hand = matmul", multiply_by_hand(turn, slant), turn_slant, 1e-6);
  app::agree("(F turn) shear = F (turn shear)", matmul(matmul(F, turn), slant),
             matmul(F, turn_slant), 1e-5);
  app::agree("(F shear) turn = F (shear turn)", matmul(matmul(F, slant), turn),
             matmul(F, slant_turn), 1e-5);
  fmt::print("turn shear and shear turn differ by up to {:.1f}.\n",
             max_difference(turn_slant, slant_turn));
  fmt::print("{}\n", refusal([] { return multiply_by_hand(zeros({2, 3}), zeros({2, 3})); }));
  app::save_figure(order_figure(turn, "turn", slant, "shear"), "order", settings);
}

}  // namespace tensors
