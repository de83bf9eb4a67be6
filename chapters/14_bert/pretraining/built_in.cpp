#include "chapters/14_bert/pretraining/built_in.hpp"

#include "common/bert/bert.hpp"
#include "common/fast/cross_entropy.hpp"

namespace bert {
using namespace byhand;

BuiltInLoss masked_loss_built_in(const Array& scores, const Ids& labels) {
  const Tensor logits(scores, true);
  const Tensor loss = cross_entropy(logits, labels);
  loss.backward();
  return {double(loss.item()), logits.grad()};
}

double next_sentence_loss(const Array& logits, const Ids& labels) {
  return double(cross_entropy(Tensor(logits), labels).item());
}

Array mean_pool_built_in(const Array& vectors, const Array& padding) {
  const std::size_t length = vectors.shape()[0], size = vectors.shape()[1];
  const Tensor rows(reshape(vectors, {1, length, size}));
  return reshape(nn::mean_pool(rows, reshape(padding, {1, length})).value(), {size});
}

}  // namespace bert
