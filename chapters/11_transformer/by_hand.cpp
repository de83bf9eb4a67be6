#include "chapters/11_transformer/by_hand.hpp"

#include <algorithm>
#include <cmath>

namespace transformer::by_hand {
using namespace byhand;

namespace {

/// One number for each row of weights: the sum of the word's numbers times that row.
Values weighted_sums(const Values& word, const Array& weights) {
  Values sums;
  for (std::size_t row = 0; row < weights.shape()[0]; ++row) {
    real sum = 0;
    for (std::size_t i = 0; i < word.size(); ++i) sum += word[i] * weights(row, i);
    sums.push_back(sum);
  }
  return sums;
}

real dot_product(const Values& a, const Values& b) {
  real sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// e^similarity, in shares of their sum. The largest is subtracted first: no exponential overflows, and the shares stay the same.
Values softmax(Values similarities) {
  const real largest = *std::max_element(similarities.begin(), similarities.end());
  real sum = 0;
  for (real& s : similarities) sum += s = std::exp(s - largest);
  for (real& s : similarities) s /= sum;
  return similarities;
}

Values add(Values a, const Values& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

}  // namespace

Values word_embedding(std::int64_t word, const Array& weights) {
  Values sums(weights.shape()[1], 0);
  for (std::size_t input = 0; input < weights.shape()[0]; ++input)
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += real(std::size_t(word) == input ? 1 : 0) * weights(input, i);
  return sums;
}

Values position_values(std::size_t position) { return {std::sin(real(position)), std::cos(real(position))}; }

Phrase encode_positions(const Words& words, const Array& embedding_weights) {
  Phrase phrase;
  for (std::size_t position = 0; position < words.size(); ++position)
    phrase.push_back(add(word_embedding(words[position], embedding_weights), position_values(position)));
  return phrase;
}

Values attention(const Values& word, const Phrase& others, std::size_t visible, const AttentionWeights& weights) {
  const Values query = weighted_sums(word, weights.query);
  Values similarities;
  Phrase values;
  for (std::size_t other = 0; other < visible; ++other) {
    const Values key = weighted_sums(others[other], weights.key);
    values.push_back(weighted_sums(others[other], weights.value));
    similarities.push_back(dot_product(query, key) / std::sqrt(real(key.size())));
  }
  const Values percentages = softmax(similarities);
  Values result(values.front().size(), 0);
  for (std::size_t other = 0; other < visible; ++other)
    for (std::size_t i = 0; i < result.size(); ++i) result[i] += percentages[other] * values[other][i];
  return result;
}

Phrase encode(const Weights& weights, const Words& words) {
  const Phrase encoded = encode_positions(words, weights.encoder_embedding);
  Phrase encodings;
  for (const Values& word : encoded) {
    const Values self_attention = attention(word, encoded, encoded.size(), weights.encoder_self);
    encodings.push_back(add(self_attention, word));  // residual connection
  }
  return encodings;
}

Phrase decode(const Weights& weights, const Words& words, const Phrase& encodings) {
  const Phrase encoded = encode_positions(words, weights.decoder_embedding);
  Phrase outputs;
  for (std::size_t position = 0; position < encoded.size(); ++position) {
    const Values& word = encoded[position];
    const Values self_attention = attention(word, encoded, position + 1, weights.decoder_self);  // masked: nothing later is looked at
    const Values after_self = add(self_attention, word);                                         // residual connection
    const Values cross_attention = attention(after_self, encodings, encodings.size(), weights.decoder_cross);
    const Values after_cross = add(cross_attention, after_self);  // residual connection
    Values output = weighted_sums(after_cross, weights.fc_weight);
    for (std::size_t i = 0; i < output.size(); ++i) output[i] += weights.fc_bias(i);
    outputs.push_back(output);
  }
  return outputs;
}

Array to_array(const Phrase& phrase) {
  std::vector<real> numbers;
  for (const Values& word : phrase) numbers.insert(numbers.end(), word.begin(), word.end());
  return array({phrase.size(), phrase.front().size()}, numbers);
}

}  // namespace transformer::by_hand
