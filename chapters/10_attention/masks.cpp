#include "chapters/10_attention/masks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/fast/kernels/rows.hpp"
#include "common/tensor/matmul.hpp"

namespace attention {
using namespace byhand;

namespace {

void hide(Array& a, const Array& hidden, real value) {
  check(a.shape() == hidden.shape(), "masking: scores {} and mask {} differ in shape", a.shape(),
        hidden.shape());
  for (std::size_t i = 0; i < a.size(); ++i)
    if (hidden.data()[i] != 0) a.data()[i] = value;
}

}  // namespace

Array softmax_rows(const Array& scores) {
  check(scores.dimension() == 2, "softmax_rows: needs a matrix, got {}", scores.shape());
  Array percent = empty(scores.shape());
  kernels::softmax(scores.data(), percent.data(), scores.shape()[0], scores.shape()[1]);
  return percent;
}

Array softmax_columns(const Array& scores) { return transposed(softmax_rows(transposed(scores))); }

Array masked_percentages(const Array& scores, const Array& hidden, Masking masking) {
  Array masked = scores;
  if (masking == Masking::minus_infinity)
    hide(masked, hidden, -std::numeric_limits<real>::infinity());
  if (masking == Masking::zeros_before) hide(masked, hidden, 0);
  Array percent = softmax_rows(masked);
  if (masking == Masking::zeros_after) hide(percent, hidden, 0);
  return percent;
}

Array masked_attention(const Steps& unmasked, const Array& hidden, Masking masking) {
  return matmul(masked_percentages(unmasked.scaled, hidden, masking), unmasked.V);  // (n, d_v)
}

double leak_into_first_word(const Array& encodings, const Weights& weights, Masking masking) {
  const std::size_t n = encodings.shape()[0];
  Array other_end = encodings;
  for (std::size_t j = 0; j < other_end.shape()[1]; ++j) other_end(n - 1, j) = 0;
  const Array hidden = future_hidden(n), all = nothing_hidden(n, n);
  const Array before =
      masked_attention(attend(encodings, encodings, weights, all), hidden, masking);
  const Array after = masked_attention(attend(other_end, other_end, weights, all), hidden, masking);
  double largest = 0;
  for (std::size_t j = 0; j < before.shape()[1]; ++j)
    largest = std::max(largest, double(std::abs(before(0, j) - after(0, j))));
  return largest;
}

}  // namespace attention
