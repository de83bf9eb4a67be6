#include "chapters/10_attention/parts.hpp"

#include <cmath>

#include "chapters/10_attention/built_in.hpp"
#include "chapters/10_attention/masks.hpp"
#include "chapters/10_attention/tables.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/matmul.hpp"

namespace attention {
using namespace byhand;

namespace {
constexpr double same = 1e-5;  // two ways of computing in float, numbers up to about 4
}

void which_root(const Array& x, const Weights& head2, const Array& right) {
  const Steps s = attend(x, x, head2, nothing_hidden(3, 3));
  const Array by_size = s.similarities / std::sqrt(real(4));
  const Array wrong = matmul(softmax_rows(by_size), s.V);  // (3, 2)
  fmt::print(
      "The scale is the root of a key's length. Layer of size 4, two heads, keys of 2: the root of 2 gives {} {} (word 1, head 2).\n",
      app::number(double(right(0, 2))), app::number(double(right(0, 3))));
  fmt::print("The root of 4, the layer's size, would give {} {}.\n", app::number(double(wrong(0, 0))), app::number(double(wrong(0, 1))));
}

void masks(const Weights& w) {
  app::heading("3. Hiding the future, right and wrong: scores 1, 2, 3 of a first word that may see only itself");
  masking_table(w).print();
  const Array far_below = softmax_rows(array({1, 3}, {1, real(-1e9), real(-1e9)}));
  check(far_below == array({1, 3}, {1, 0, 0}), "softmax of 1, -1e9, -1e9 is not 1, 0, 0");
  fmt::print("-1e9, which the lecture uses, does the same as minus infinity: 1, 0, 0 to the last bit.\n");
}

void rows_or_columns(const Weights& w) {
  app::heading("4. Rows or columns: scores 1 2 / 3 5, a row for each query");
  softmax_table().print();
  const Array x = lecture_encodings();
  const Steps s = attend(x, x, w, nothing_hidden(3, 3));
  const Array columns = softmax_columns(transposed(s.scaled));
  app::agree("columns of K Q^T = rows of Q K^T, transposed", columns, transposed(s.percent), same);
  fmt::print("The video draws K Q^T, a column for each query, so its columns add up to 1. The formula has a row for each query.\n");
}

void backward(const Weights& w) {
  app::heading("9. Backward by hand: d loss / d encodings and weights, loss = sum of attention x R");
  const Array x = lecture_encodings();
  const Array R = array({3, 2}, {real(0.932), real(0.863), real(0.141), real(-0.688), real(-0.996), real(-0.551)});
  for (const auto& [name, hidden] : {std::pair{"self", nothing_hidden(3, 3)}, {"masked", future_hidden(3)}}) {
    const Gradients hand = attend_backward(attend(x, x, w, hidden), x, x, w, R);
    const Gradients automatic = autograd_gradients(x, w, hidden, R);
    const Array dx = hand.x + hand.memory;  // x went in twice
    app::agree(fmt::format("{}: encodings, by hand = autograd", name), dx, automatic.x, same);
    app::agree(fmt::format("{}: query weights", name), hand.weights.query, automatic.weights.query, same);
    app::agree(fmt::format("{}: key weights", name), hand.weights.key, automatic.weights.key, same);
    app::agree(fmt::format("{}: value weights", name), hand.weights.value, automatic.weights.value, same);
  }
}

}  // namespace attention
