// Exercise 11.3: Find the bug in the probability of an answer
//
// The probability of an answer is the product of the probabilities of its words and of the end
// mark, each given the source and the words before it; so the logarithms add up. Teacher forcing
// (notes 000 § 27.3 (1)) gives all of them in one pass: the decoder reads start, a, b, end, and row
// t of its logits is what it says after it has read word t.
// Rows of different length are filled up with padding, which does not count.
// The function below is wrong in one place: a model trained to make its result large would be
// wonderful in training and useless in use.
// TODO: mend it.
#pragma once
#include "chapters/11_transformer/seq2seq/model.hpp"

namespace byhand::exercise {

/// The logarithm of each answer's probability, (batch,). Sources and answers are token numbers
/// without start and end marks.
inline Array log_probabilities(const seq2seq::Model& model,
                               const std::vector<seq2seq::Tokens>& sources,
                               const std::vector<seq2seq::Tokens>& answers) {
  const NoGrad no_grad;
  std::vector<seq2seq::Tokens> marked;  // start, answer, end
  for (const seq2seq::Tokens& answer : answers) {
    marked.push_back({seq2seq::sos});
    marked.back().insert(marked.back().end(), answer.begin(), answer.end());
    marked.back().push_back(seq2seq::eos);
  }
  const Ids read = seq2seq::padded(sources);  // (batch, m)
  const Ids words = seq2seq::padded(marked);  // (batch, n)
  const Array log_p =
      log_softmax(model.decode(words, model.encode(read), read)).value();  // (batch, n, vocabulary)
  Array sums = zeros({answers.size()});
  for (std::size_t i = 0; i < answers.size(); ++i)
    for (std::size_t t = 1; t < words.shape()[1]; ++t)  // the start mark is given
      if (words(i, t) != seq2seq::pad) sums(i) += log_p(i, t, std::size_t(words(i, t)));
  return sums;
}

}  // namespace byhand::exercise
