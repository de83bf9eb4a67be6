#include <cmath>

#include "chapters/10_attention/built_in.hpp"
#include "chapters/10_attention/masks.hpp"
#include "chapters/10_attention/parts/parts.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/matmul.hpp"

namespace attention::parts {
using namespace byhand;
using by_hand::See;

namespace {

/// The lecture's numbers for three words, four decimals each: (3, 2).
Array lecture_self() {
  return array({3, 2}, {real(1.0100), real(1.0641),    // word 1
                        real(0.2040), real(0.7057),    // word 2
                        real(3.4989), real(2.2427)});  // word 3
}
Array lecture_masked() {
  return array({3, 2}, {real(0.6038), real(0.7434),    // word 1
                        real(-0.0062), real(0.6072),   // word 2
                        real(3.4989), real(2.2427)});  // word 3
}

/// The attention of x (n, 2) over memory (m, 2): loops, matrices and both built-in ways agree.
Array compare(const std::string& name, const Array& x, const Array& memory, const Weights& w,
              See see, const Array& hidden) {
  const by_hand::Phrase words = by_hand::rows_of(x), others = by_hand::rows_of(memory);
  const Array loops = by_hand::to_array(by_hand::attend_all(words, others, see, w));
  const Array matrices = attend(x, memory, w, hidden).attention;  // (n, 2)
  app::agree(name + ": loops = matrices", loops, matrices, same);
  app::agree(name + ": matrices = scaled_dot_product_attention", matrices,
             fused(x, memory, w, hidden), same);
  app::agree(name + ": matrices = nn::MultiheadAttention", matrices,
             layer(x, memory, {w}, hidden).output, same);
  return matrices;
}

/// What the root of the layer's size would do in place of the root of a key's length, with two
/// heads of 2 in a layer of 4. x (3, 2), `right` (3, 4): both heads side by side.
void which_root(const Array& x, const Weights& head2, const Array& right) {
  const Steps s = attend(x, x, head2, nothing_hidden(3, 3));
  const Array by_size = s.similarities / std::sqrt(real(4));
  const Array wrong = matmul(softmax_rows(by_size), s.V);  // (3, 2)
  fmt::print(
      "The scale is the root of a key's length. Layer of size 4, two heads, keys of 2: the root of "
      "2 gives {} {} (word 1, head 2).\n",
      app::number(double(right(0, 2))), app::number(double(right(0, 3))));
  fmt::print("The root of 4, the layer's size, would give {} {}.\n",
             app::number(double(wrong(0, 0))), app::number(double(wrong(0, 1))));
}

}  // namespace

void three_ways(const std::vector<Weights>& heads) {
  app::heading("2. Loops, matrices and the built-in layer: weights from seed 42");
  check(heads.size() == 2, "three_ways: the lecture has two heads, not {}", heads.size());
  const Array x = lecture_encodings();  // (3, 2)
  const Array all = nothing_hidden(3, 3);
  const Array self = compare("self", x, x, heads[0], See::all, all);
  const Array masked = compare("masked", x, x, heads[0], See::itself_and_before, future_hidden(3));
  const Array asking = xt::view(x, xt::range(1, 3), xt::all());  // words 2 and 3 ask: (2, 2)
  compare("encoder-decoder", asking, x, heads[0], See::all, nothing_hidden(2, 3));

  const Array two = side_by_side({self, attend(x, x, heads[1], all).attention});  // (3, 4)
  const Array built_in = layer(x, x, heads, all).output;                          // (3, 4)
  app::agree("two heads side by side = nn::MultiheadAttention with two heads", two, built_in, same);
  const Array wide = widened(x, 2);  // (3, 4)
  app::agree("multi_head, its matrices cut into two heads = nn::MultiheadAttention",
             multi_head(wide, wide, as_one_layer(heads), 2, all).output, built_in, same);
  app::agree("self = lecture", self, lecture_self(), printed);
  app::agree("masked = lecture", masked, lecture_masked(), printed);

  app::Table table(
      {"word", "self", "", "masked", "", "head 2", "", "lecture: self", "lecture: masked"});
  const auto row = [](const Array& a, std::size_t i) {
    return fmt::format("{:.4f} {:.4f}", a(i, 0), a(i, 1));
  };
  for (std::size_t i = 0; i < 3; ++i)
    table.add_row({i + 1, self(i, 0), self(i, 1), masked(i, 0), masked(i, 1), two(i, 2), two(i, 3),
                   row(lecture_self(), i), row(lecture_masked(), i)});
  table.print();
  fmt::print(
      "Word 1, masked, sees itself only: its attention is its own value. Word 3 sees all, so "
      "masking changes nothing for it.\n");
  which_root(x, heads[1], two);
  fmt::print(
      "An input (2, 3, 4), 2 sentences of 3 words, needs batch_first: percentages are then {}, "
      "without it {}: sentences look at each other.\n",
      weights_shape({2, 3, 4}, true), weights_shape({2, 3, 4}, false));
}

}  // namespace attention::parts
