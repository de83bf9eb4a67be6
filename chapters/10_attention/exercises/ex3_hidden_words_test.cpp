// The reader's, the original, or the one in solutions/: the build decides.
#include <ex3_hidden_words.hpp>
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include "chapters/10_attention/masks.hpp"
#include "common/tensor/matmul.hpp"

namespace ex = byhand::exercise;
using namespace byhand;
using ex::Mask;
using ex::Matrix;

namespace {

Matrix matrix_of(const Array& a) {
  Matrix rows;
  for (std::size_t i = 0; i < a.shape()[0]; ++i)
    rows.emplace_back(a.data() + i * a.shape()[1], a.data() + (i + 1) * a.shape()[1]);
  return rows;
}
Mask mask_of(const Array& hidden) {
  Mask rows;
  for (std::size_t i = 0; i < hidden.shape()[0]; ++i) {
    rows.emplace_back();
    for (std::size_t j = 0; j < hidden.shape()[1]; ++j) rows.back().push_back(hidden(i, j) != 0);
  }
  return rows;
}
/// Error-free for any sizes: another shape is for verdict::equal to say.
Array array_of(const Matrix& rows) {
  std::vector<real> all;
  for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
  const std::size_t columns = rows.empty() ? 0 : all.size() / rows.size();
  return columns * rows.size() == all.size() ? array({rows.size(), columns}, all) : array(all);
}

/// The chapter's right masking.
void judge(const std::string& name, const Array& scores, const Array& hidden, const Array& values) {
  const Array percent =
      attention::masked_percentages(scores, hidden, attention::Masking::minus_infinity);
  verdict::equal(
      name, matmul(percent, values),
      array_of(ex::masked_attention(matrix_of(scores), mask_of(hidden), matrix_of(values))));
}

}  // namespace

TEST_CASE("the future hidden") {
  Generator generator{42};
  const Array scores = randn({5, 5}, generator), values = randn({5, 3}, generator);
  judge("nothing hidden", scores, zeros({5, 5}), values);
  judge("the future hidden", scores, attention::future_hidden(5), values);
  judge("the same, values all 1: shares sum to 1", scores, attention::future_hidden(5),
        ones({5, 3}));
}

TEST_CASE("padding hidden, more keys than queries") {
  Generator generator{7};
  const Array scores = normal({3, 6}, 0, 3, generator), values = randn({6, 2}, generator);
  judge("first and last two keys hidden", scores,
        array({3, 6}, {1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1}), values);
  judge("one key left", scores,
        array({3, 6}, {0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0}), values);
}

TEST_CASE("extreme scores") {
  const Array values = array({3, 2}, {1, 2, 3, 5, 8, 13}), hidden = array({1, 3}, {0, 0, 1});
  judge("scores 1, 2 and hidden 3", array({1, 3}, {1, 2, 3}), hidden, values);
  judge("scores 1, 2 and hidden 2000", array({1, 3}, {1, 2, 2000}), hidden, values);
  judge("scores -2000, -2001 and hidden 0", array({1, 3}, {-2000, -2001, 0}), hidden, values);
  judge("scores 2000, 2001 and hidden 0", array({1, 3}, {2000, 2001, 0}), hidden, values);
}

TEST_CASE("digits") {
  // Shares 1 / (1 + e) and e / (1 + e) of the values 0.1 and 0.7, written out.
  const double expected = (0.1 + std::exp(1.0) * 0.7) / (1 + std::exp(1.0));
  const Matrix mine =
      ex::masked_attention({{0.3, 1.3, 0.9}}, {{false, false, true}}, {{0.1}, {0.7}, {100}});
  if (mine.size() != 1 || mine[0].size() != 1)
    return verdict::holds("one query, values of one number", false, "the result is not 1 by 1");
  verdict::below("error of one number, in double", std::abs(mine[0][0] - expected), 1e-10);
}
