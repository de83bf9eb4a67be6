#include "chapters/11_transformer/lecture/matrices.hpp"

#include <cmath>
#include <limits>

#include "common/fast/kernels/rows.hpp"
#include "common/nn/position.hpp"
#include "common/tensor/matmul.hpp"

namespace transformer {
using namespace byhand;

namespace {

Array times_transposed(const Array& x, const Array& weights) {
  return matmul(x, weights, Transpose::no, Transpose::yes);
}

Array softmax_rows(const Array& x) {
  Array y = empty(x.shape());
  kernels::softmax(x.data(), y.data(), x.shape()[0], x.shape()[1]);
  return y;
}

InputSteps enter(const Words& words, const Array& embedding) {
  InputSteps s;
  s.one_hot = zeros({words.size(), embedding.shape()[0]});
  for (std::size_t i = 0; i < words.size(); ++i) {
    check(words[i] >= 0 && std::size_t(words[i]) < embedding.shape()[0],
          "there is no word {} among {}", words[i], embedding.shape()[0]);
    s.one_hot(i, std::size_t(words[i])) = 1;
  }
  s.embedded = matmul(s.one_hot, embedding);  // (n, vocabulary) x (vocabulary, d) -> (n, d)
  s.position = nn::sinusoidal_encoding(words.size(), embedding.shape()[1]);  // (n, d), d is even
  s.encoded = s.embedded + s.position;
  return s;
}

}  // namespace

Array minus_infinity_above(std::size_t n) {
  Array mask = zeros({n, n});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) mask(i, j) = -std::numeric_limits<real>::infinity();
  return mask;
}

Steps attend(const Array& x, const Array& memory, const Weights& weights, const Array& mask) {
  Steps s;
  s.Q = times_transposed(x, weights.query);                          // (n, d)
  s.K = times_transposed(memory, weights.key);                       // (m, d)
  s.V = times_transposed(memory, weights.value);                     // (m, d)
  s.similarities = matmul(s.Q, s.K, Transpose::no, Transpose::yes);  // (n, d) x (d, m) -> (n, m)
  s.scaled = s.similarities / std::sqrt(real(s.K.shape()[1]));       // d_k is the length of a key
  s.mask = mask;
  s.masked = s.scaled + mask;
  s.percent = softmax_rows(s.masked);
  s.attention = matmul(s.percent, s.V);  // (n, m) x (m, d) -> (n, d)
  return s;
}

EncoderSteps encode(const ModelWeights& weights, const Words& words) {
  EncoderSteps s;
  s.input = enter(words, weights.encoder_embedding);
  s.self = attend(s.input.encoded, s.input.encoded, weights.encoder_self,
                  zeros({words.size(), words.size()}));
  s.output = s.self.attention + s.input.encoded;
  return s;
}

DecoderSteps decode(const ModelWeights& weights, const Words& words, const Array& encodings) {
  DecoderSteps s;
  s.input = enter(words, weights.decoder_embedding);
  s.self = attend(s.input.encoded, s.input.encoded, weights.decoder_self,
                  minus_infinity_above(words.size()));
  s.after_self = s.self.attention + s.input.encoded;
  s.cross = attend(s.after_self, encodings, weights.decoder_cross,
                   zeros({words.size(), encodings.shape()[0]}));
  s.after_cross = s.cross.attention + s.after_self;
  s.fc = times_transposed(s.after_cross, weights.fc_weight);  // (n, d) x (d, 5) -> (n, 5)
  s.logits = s.fc + reshape(weights.fc_bias, {1, weights.fc_bias.size()});
  s.percent = softmax_rows(s.logits);
  return s;
}

Words most_likely(const Array& logits) {
  const Ids largest = argmax(logits);
  return {largest.begin(), largest.end()};
}

Run run(const ModelWeights& weights, const Pair& pair) {
  Run r{weights, encoder_input(pair.input), decoder_input(pair.output), {}, {}};
  r.encoder = encode(weights, r.input);
  r.decoder = decode(weights, r.output, r.encoder.output);
  return r;
}

}  // namespace transformer
