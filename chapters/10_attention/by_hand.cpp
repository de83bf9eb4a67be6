#include "chapters/10_attention/by_hand.hpp"

#include <algorithm>
#include <cmath>

#include "common/nn/layers.hpp"

namespace attention {
using namespace byhand;

Array lecture_encodings() {
  return array({3, 2}, {real(1.16), real(0.23),     // word 1
                        real(0.57), real(1.36),     // word 2
                        real(4.41), real(-2.16)});  // word 3
}

Weights random_weights(std::size_t d, std::size_t d_k, Generator& generator) {
  // Three lines, since the order of the draws counts.
  const nn::Linear query(d, d_k, generator, false);
  const nn::Linear key(d, d_k, generator, false);
  const nn::Linear value(d, d_k, generator, false);
  return {query.weight.value(), key.weight.value(), value.weight.value()};
}

FirstWord first_word(const Array& x, const Weights& w) {
  const Shape two_by_two{2, 2};
  check(x.shape() == Shape{3, 2} && w.query.shape() == two_by_two && w.key.shape() == two_by_two &&
            w.value.shape() == two_by_two,
        "first_word: needs encodings (3, 2) and weights (2, 2), got {} and {}, {}, {}", x.shape(),
        w.query.shape(), w.key.shape(), w.value.shape());
  FirstWord word;
  word.query1 = x(0, 0) * w.query(0, 0) + x(0, 1) * w.query(0, 1);
  word.query2 = x(0, 0) * w.query(1, 0) + x(0, 1) * w.query(1, 1);

  const real key11 = x(0, 0) * w.key(0, 0) + x(0, 1) * w.key(0, 1),
             key12 = x(0, 0) * w.key(1, 0) + x(0, 1) * w.key(1, 1);
  const real key21 = x(1, 0) * w.key(0, 0) + x(1, 1) * w.key(0, 1),
             key22 = x(1, 0) * w.key(1, 0) + x(1, 1) * w.key(1, 1);
  const real key31 = x(2, 0) * w.key(0, 0) + x(2, 1) * w.key(0, 1),
             key32 = x(2, 0) * w.key(1, 0) + x(2, 1) * w.key(1, 1);
  word.similarity1 = word.query1 * key11 + word.query2 * key12;
  word.similarity2 = word.query1 * key21 + word.query2 * key22;
  word.similarity3 = word.query1 * key31 + word.query2 * key32;

  const real root_of_d_k = std::sqrt(real(2));  // a key has two numbers
  word.scaled1 = word.similarity1 / root_of_d_k;
  word.scaled2 = word.similarity2 / root_of_d_k;
  word.scaled3 = word.similarity3 / root_of_d_k;

  const real e1 = std::exp(word.scaled1), e2 = std::exp(word.scaled2), e3 = std::exp(word.scaled3),
             total = e1 + e2 + e3;
  word.percent1 = e1 / total;
  word.percent2 = e2 / total;
  word.percent3 = e3 / total;

  const real value11 = x(0, 0) * w.value(0, 0) + x(0, 1) * w.value(0, 1),
             value12 = x(0, 0) * w.value(1, 0) + x(0, 1) * w.value(1, 1);
  const real value21 = x(1, 0) * w.value(0, 0) + x(1, 1) * w.value(0, 1),
             value22 = x(1, 0) * w.value(1, 0) + x(1, 1) * w.value(1, 1);
  const real value31 = x(2, 0) * w.value(0, 0) + x(2, 1) * w.value(0, 1),
             value32 = x(2, 0) * w.value(1, 0) + x(2, 1) * w.value(1, 1);
  word.attention1 = word.percent1 * value11 + word.percent2 * value21 + word.percent3 * value31;
  word.attention2 = word.percent1 * value12 + word.percent2 * value22 + word.percent3 * value32;
  return word;
}

namespace by_hand {

real dot_product(const Numbers& a, const Numbers& b) {
  check(a.size() == b.size(), "dot_product: {} numbers against {}", a.size(), b.size());
  real sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Numbers times_weights(const Numbers& word, const Array& weights) {
  check(weights.dimension() == 2 && weights.shape()[1] == word.size(),
        "times_weights: a word of {} numbers does not fit weights {}", word.size(),
        weights.shape());
  Numbers out;
  for (std::size_t j = 0; j < weights.shape()[0]; ++j) {
    real sum = 0;
    for (std::size_t i = 0; i < word.size(); ++i) sum += word[i] * weights(j, i);
    out.push_back(sum);
  }
  return out;
}

Numbers percentages(const Numbers& similarities) {
  check(!similarities.empty(), "percentages: needs at least one similarity");
  // The largest is taken off, so that no exponential overflows.
  const real largest = *std::max_element(similarities.begin(), similarities.end());
  Numbers percent;
  real total = 0;
  for (const real similarity : similarities) {
    percent.push_back(std::exp(similarity - largest));
    total += percent.back();
  }
  for (real& p : percent) p /= total;
  return percent;
}

Attended attend_word(const Numbers& word, const Phrase& others, std::size_t visible,
                     const Weights& weights) {
  check(visible >= 1 && visible <= others.size(), "attend_word: {} of {} words cannot be seen",
        visible, others.size());
  Attended a;
  a.query = times_weights(word, weights.query);
  for (std::size_t i = 0; i < visible; ++i) {
    const Numbers key = times_weights(others[i], weights.key);
    a.similarities.push_back(dot_product(a.query, key));
    a.scaled.push_back(a.similarities.back() / std::sqrt(real(key.size())));
  }
  a.percent = percentages(a.scaled);
  a.attention.assign(weights.value.shape()[0], 0);
  for (std::size_t i = 0; i < visible; ++i) {
    const Numbers value = times_weights(others[i], weights.value);
    for (std::size_t j = 0; j < value.size(); ++j) a.attention[j] += a.percent[i] * value[j];
  }
  return a;
}

Phrase attend_all(const Phrase& words, const Phrase& others, See see, const Weights& weights) {
  Phrase out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out.push_back(
        attend_word(words[i], others, see == See::all ? others.size() : i + 1, weights).attention);
  return out;
}

Phrase rows_of(const Array& a) {
  check(a.dimension() == 2, "rows_of: needs (words, numbers), got {}", a.shape());
  Phrase phrase;
  for (std::size_t i = 0; i < a.shape()[0]; ++i)
    phrase.emplace_back(a.data() + i * a.shape()[1], a.data() + (i + 1) * a.shape()[1]);
  return phrase;
}

Array to_array(const Phrase& phrase) {
  check(!phrase.empty(), "to_array: a phrase has at least one word");
  Numbers all;
  for (const Numbers& word : phrase) {
    check(word.size() == phrase.front().size(), "to_array: words of {} and of {} numbers",
          phrase.front().size(), word.size());
    all.insert(all.end(), word.begin(), word.end());
  }
  return array({phrase.size(), phrase.front().size()}, all);
}

}  // namespace by_hand
}  // namespace attention
