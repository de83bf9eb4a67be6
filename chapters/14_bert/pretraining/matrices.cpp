#include "chapters/14_bert/pretraining/matrices.hpp"

#include <vector>

#include "chapters/14_bert/pretraining/by_hand.hpp"
#include "common/bert/masked_lm.hpp"
#include "common/tensor/matmul.hpp"

namespace bert {
using namespace byhand;
using text::no_label;

double masked_loss_as_matrices(const Array& logits, const Ids& labels) {
  const auto [places, words] = loss_sizes(logits, labels);
  std::vector<real> rows, one_hot;
  for (std::size_t i = 0; i < places; ++i) {
    if (labels.data()[i] == no_label) continue;
    rows.insert(rows.end(), logits.data() + i * words, logits.data() + (i + 1) * words);
    for (std::size_t w = 0; w < words; ++w)
      one_hot.push_back(real(labels.data()[i] == std::int64_t(w)));
  }
  const std::size_t n = rows.size() / words;
  const Array Z = array({n, words}, rows), Y = array({n, words}, one_hot);
  // These scores are small, nothing overflows
  const Array exponentials = xt::exp(Z);                                   // (n, words)
  const Array sums = matmul(exponentials, ones({words, 1}));               // (n, 1)
  const Array log_P = Z - xt::log(sums);                                   // (n, words)
  const Array picked = matmul(ones({1, n}), Array(Y * log_P));             // (1, words)
  return -double(matmul(picked, ones({words, 1})).data()[0]) / double(n);  // L = -1/n sum Y log P
}

}  // namespace bert
