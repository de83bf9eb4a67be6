#include "chapters/14_bert/pretraining/by_hand.hpp"

#include <cmath>

#include "common/bert/masked_lm.hpp"

namespace bert {
using namespace byhand;
using text::no_label;

LossSizes loss_sizes(const Array& logits, const Ids& labels) {
  check(logits.dimension() == 3 && labels.dimension() == 2 &&
            logits.shape()[0] == labels.shape()[0] && logits.shape()[1] == labels.shape()[1],
        "masked LM: logits {} need labels (batch, length), got {}", shape_of(logits),
        shape_of(labels));
  const LossSizes sizes{labels.size(), logits.shape()[2]};
  bool any = false;
  for (const std::int64_t label : labels) {
    if (label != no_label && (label < 0 || std::size_t(label) >= sizes.words))
      fail("masked LM: there is no word {} among {}", label, sizes.words);
    any = any || label != no_label;
  }
  check(any, "masked LM: no word is hidden, so there is nothing to take the mean of");
  return sizes;
}

namespace {

/// log of the sum of the exponentials, the largest score taken out first so that none overflows.
double log_sum_of_exponentials(const real* scores, std::size_t words) {
  double largest = double(scores[0]), sum = 0;
  for (std::size_t w = 1; w < words; ++w) largest = std::max(largest, double(scores[w]));
  for (std::size_t w = 0; w < words; ++w) sum += std::exp(double(scores[w]) - largest);
  return largest + std::log(sum);
}

}  // namespace

MaskedLoss masked_loss_by_hand(const Array& logits, const Ids& labels) {
  const auto [places, words] = loss_sizes(logits, labels);
  MaskedLoss loss;
  for (std::size_t i = 0; i < places; ++i) {
    const std::int64_t hidden_word = labels.data()[i];
    if (hidden_word == no_label) continue;  // -100: this word was not hidden, so it teaches nothing
    const real* scores = logits.data() + i * words;
    const double log_probability =
        double(scores[hidden_word]) - log_sum_of_exponentials(scores, words);
    loss.log_probabilities.push_back(log_probability);
    loss.sum -= log_probability;
  }
  // Notes 004, § 4.1.1 have sum of log P(w_i | w_i-1): a bigram's likelihood. It is minus, over the
  // hidden words only, and given ALL words that can still be seen, left and right.
  loss.mean = loss.sum / double(loss.log_probabilities.size());
  return loss;
}

Array masked_loss_gradient(const Array& logits, const Ids& labels) {
  const auto [places, words] = loss_sizes(logits, labels);
  const double n = double(masked_loss_by_hand(logits, labels).log_probabilities.size());
  Array gradient = zeros(logits.shape());
  for (std::size_t i = 0; i < places; ++i) {
    if (labels.data()[i] == no_label) continue;
    const real* scores = logits.data() + i * words;
    const double log_sum = log_sum_of_exponentials(scores, words);
    for (std::size_t w = 0; w < words; ++w)
      gradient.data()[i * words + w] = real(
          (std::exp(double(scores[w]) - log_sum) - double(labels.data()[i] == std::int64_t(w))) /
          n);
  }
  return gradient;
}

double autoregressive_loss(const Array& logits, const Ids& original) {
  const std::size_t texts = original.shape()[0], length = original.shape()[1];
  Ids next = original;
  for (std::size_t b = 0; b < texts; ++b)
    for (std::size_t t = 0; t < length; ++t)
      next(b, t) = t + 1 < length ? original(b, t + 1) : no_label;
  return masked_loss_by_hand(logits, next).mean;
}

Array mean_pool_by_hand(const Array& vectors, const Array& padding) {
  const std::size_t length = vectors.shape()[0], size = vectors.shape()[1];
  Array mean = zeros({size});
  double tokens = 0;
  for (std::size_t i = 0; i < length; ++i) {
    if (padding(i) != 0) continue;
    for (std::size_t d = 0; d < size; ++d) mean(d) += vectors(i, d);
    ++tokens;
  }
  check(tokens > 0, "mean pooling: all {} tokens are padding", length);
  for (real& x : mean) x = real(double(x) / tokens);
  return mean;
}

}  // namespace bert
