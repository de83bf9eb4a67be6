// Exercise 14.2: Let every text count the same
//
// The chapter's masked loss (notes 004 § 4.1.1) is the mean over all hidden words of a batch: a
// long text with 20 of them counts twenty times as much as a short one with 1. Here every text
// shall count the same:
//   loss of a text = mean over its hidden places i of -log P(word i),
//   where log P(w) = z_w - log(sum over all words v of e^(z_v))
//   loss = mean over the texts of their losses; a text without a hidden word does not count
// When no text has one, the loss is 0. Scores z in the thousands must not overflow.
#pragma once
#include <algorithm>
#include <cmath>

#include "common/bert/masked_lm.hpp"

namespace byhand::exercise {

/// logits (texts, length, words); labels (texts, length): the hidden word, text::no_label where
/// nothing is asked.
inline double loss_per_text(const Array& logits, const Ids& labels) {
  double total = 0, texts = 0;
  for (std::size_t b = 0; b < labels.shape()[0]; ++b) {
    double sum = 0, hidden = 0;
    for (std::size_t t = 0; t < labels.shape()[1]; ++t) {
      if (labels(b, t) == text::no_label) continue;
      double largest = double(logits(b, t, 0)), exponentials = 0;
      for (std::size_t w = 1; w < logits.shape()[2]; ++w)
        largest = std::max(largest, double(logits(b, t, w)));
      for (std::size_t w = 0; w < logits.shape()[2]; ++w)
        exponentials += std::exp(double(logits(b, t, w)) - largest);
      sum += largest + std::log(exponentials) - double(logits(b, t, std::size_t(labels(b, t))));
      ++hidden;
    }
    if (hidden == 0) continue;
    total += sum / hidden;
    ++texts;
  }
  return texts == 0 ? 0 : total / texts;
}

}  // namespace byhand::exercise
