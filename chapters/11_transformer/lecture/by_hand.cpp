#include "chapters/11_transformer/lecture/by_hand.hpp"

#include <algorithm>
#include <cmath>

namespace transformer::by_hand {
using namespace byhand;

namespace {

/// One number for each row of the weights: the sum of the word's numbers times that row.
Numbers times_weights(const Numbers& word, const Array& weights) {
  Numbers sums;
  for (std::size_t row = 0; row < weights.shape()[0]; ++row) {
    real sum = 0;
    for (std::size_t i = 0; i < word.size(); ++i) sum += word[i] * weights(row, i);
    sums.push_back(sum);
  }
  return sums;
}

real dot_product(const Numbers& a, const Numbers& b) {
  real sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Softmax: e^similarity, in shares of their sum. The largest is taken off first: no exponential
/// overflows, and the shares stay the same.
Numbers percentages(Numbers similarities) {
  const real largest = *std::max_element(similarities.begin(), similarities.end());
  real sum = 0;
  for (real& s : similarities) sum += s = std::exp(s - largest);
  for (real& s : similarities) s /= sum;
  return similarities;
}

Numbers add(Numbers a, const Numbers& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

}  // namespace

Numbers word_embedding(std::int64_t word, const Array& weights) {
  Numbers sums(weights.shape()[1], 0);
  for (std::size_t input = 0; input < weights.shape()[0]; ++input)
    for (std::size_t i = 0; i < sums.size(); ++i)
      sums[i] += real(std::size_t(word) == input ? 1 : 0) * weights(input, i);
  return sums;
}

Numbers position_values(std::size_t position) {
  return {std::sin(real(position)), std::cos(real(position))};
}

Phrase encode_positions(const Words& words, const Array& embedding_weights) {
  Phrase phrase;
  for (std::size_t position = 0; position < words.size(); ++position)
    phrase.push_back(
        add(word_embedding(words[position], embedding_weights), position_values(position)));
  return phrase;
}

Numbers attend_word(const Numbers& word, const Phrase& others, std::size_t visible,
                    const Weights& weights) {
  const Numbers query = times_weights(word, weights.query);
  Numbers similarities;
  Phrase values;
  for (std::size_t other = 0; other < visible; ++other) {
    const Numbers key = times_weights(others[other], weights.key);
    values.push_back(times_weights(others[other], weights.value));
    similarities.push_back(dot_product(query, key) / std::sqrt(real(key.size())));
  }
  const Numbers percent = percentages(similarities);
  Numbers result(values.front().size(), 0);
  for (std::size_t other = 0; other < visible; ++other)
    for (std::size_t i = 0; i < result.size(); ++i) result[i] += percent[other] * values[other][i];
  return result;
}

Phrase encode(const ModelWeights& weights, const Words& words) {
  const Phrase encoded = encode_positions(words, weights.encoder_embedding);
  Phrase encodings;
  for (const Numbers& word : encoded) {
    const Numbers self_attention = attend_word(word, encoded, encoded.size(), weights.encoder_self);
    encodings.push_back(add(self_attention, word));  // residual connection
  }
  return encodings;
}

Phrase decode(const ModelWeights& weights, const Words& words, const Phrase& encodings) {
  const Phrase encoded = encode_positions(words, weights.decoder_embedding);
  Phrase outputs;
  for (std::size_t position = 0; position < encoded.size(); ++position) {
    const Numbers& word = encoded[position];
    // Masked: nothing later is looked at.
    const Numbers self_attention = attend_word(word, encoded, position + 1, weights.decoder_self);
    const Numbers after_self = add(self_attention, word);  // residual connection
    const Numbers cross_attention =
        attend_word(after_self, encodings, encodings.size(), weights.decoder_cross);
    const Numbers after_cross = add(cross_attention, after_self);  // residual connection
    Numbers output = times_weights(after_cross, weights.fc_weight);
    for (std::size_t i = 0; i < output.size(); ++i) output[i] += weights.fc_bias(i);
    outputs.push_back(output);
  }
  return outputs;
}

Array to_array(const Phrase& phrase) {
  std::vector<real> numbers;
  for (const Numbers& word : phrase) numbers.insert(numbers.end(), word.begin(), word.end());
  return array({phrase.size(), phrase.front().size()}, numbers);
}

}  // namespace transformer::by_hand
