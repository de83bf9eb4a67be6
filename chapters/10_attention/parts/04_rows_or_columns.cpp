#include "chapters/10_attention/masks.hpp"
#include "chapters/10_attention/parts/parts.hpp"
#include "common/app/chapter.hpp"

namespace attention::parts {
using namespace byhand;

namespace {

/// The scores 1 2 / 3 5 through a softmax of rows and one of columns.
app::Table softmax_table() {
  const Array scores = array({2, 2}, {1, 2, 3, 5});
  app::Table table({"softmax", "query 1", "", "query 2", "", "sum: query 1", "query 2"}, 2);
  for (const auto& [name, p] : {std::pair{"of rows: right for Q K^T", softmax_rows(scores)},
                                {"of columns: wrong for Q K^T", softmax_columns(scores)}})
    table.add_row({name, p(0, 0), p(0, 1), p(1, 0), p(1, 1), p(0, 0) + p(0, 1), p(1, 0) + p(1, 1)});
  return table;
}

}  // namespace

void rows_or_columns(const Weights& weights) {
  app::heading("4. Rows or columns: scores 1 2 / 3 5, a row for each query");
  softmax_table().print();
  const Array x = lecture_encodings();
  const Steps s = attend(x, x, weights, nothing_hidden(3, 3));
  const Array columns = softmax_columns(transposed(s.scaled));  // of K Q^T, a column a query
  app::agree("columns of K Q^T = rows of Q K^T, transposed", columns, transposed(s.percent), same);
  fmt::print(
      "The video draws K Q^T, a column for each query, so its columns add up to 1. The formula has "
      "a row for each query.\n");
}

}  // namespace attention::parts
