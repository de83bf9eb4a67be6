#include "chapters/10_attention/masks.hpp"
#include "chapters/10_attention/parts/parts.hpp"
#include "common/app/chapter.hpp"

namespace attention::parts {
using namespace byhand;

namespace {

/// Three ways to hide words 2 and 3 from word 1 with the scores 1, 2, 3, and whether the lecture's
/// first word then sees the last.
app::Table masking_table(const Weights& weights) {
  const Array scores = array({1, 3}, {1, 2, 3}), hidden = array({1, 3}, {0, 1, 1});
  app::Table table({"", "word 1", "word 2", "word 3", "sum", "word 1 changes when word 3 does"}, 2);
  for (const auto& [name, masking] :
       {std::pair{"right: minus infinity before the softmax", Masking::minus_infinity},
        {"wrong: 0 before the softmax", Masking::zeros_before},
        {"wrong: 0 after the softmax", Masking::zeros_after}}) {
    const Array p = masked_percentages(scores, hidden, masking);
    const bool leaks = leak_into_first_word(lecture_encodings(), weights, masking) > 0;
    table.add_row({name, p(0, 0), p(0, 1), p(0, 2), p(0, 0) + p(0, 1) + p(0, 2),
                   leaks ? "yes: it sees the future" : "no"});
  }
  return table;
}

}  // namespace

void hiding_the_future(const Weights& weights) {
  app::heading(
      "3. Hiding the future, right and wrong: scores 1, 2, 3 of a first word that may see only "
      "itself");
  masking_table(weights).print();
  const Array far_below = softmax_rows(array({1, 3}, {1, real(-1e9), real(-1e9)}));
  check(far_below == array({1, 3}, {1, 0, 0}), "softmax of 1, -1e9, -1e9 is not 1, 0, 0");
  fmt::print(
      "-1e9, which the lecture uses, does the same as minus infinity: 1, 0, 0 to the last bit.\n");
}

}  // namespace attention::parts
