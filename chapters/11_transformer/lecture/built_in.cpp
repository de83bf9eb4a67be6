#include "chapters/11_transformer/lecture/built_in.hpp"

#include "common/fast/attention.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/nn/position.hpp"
#include "common/optim/optimizers.hpp"

namespace transformer {
using namespace byhand;

namespace {

/// Embedding plus position: (n,) -> (n, d).
Tensor enter(const Words& words, const nn::Embedding& we) {
  const Tensor embedded = we(to_ids(words));
  return embedded + Tensor(nn::sinusoidal_encoding(embedded.shape(0), embedded.shape(1)));
}

}  // namespace

Attention::Attention(std::size_t d, Generator& g)
    : W_q(child("W_q", nn::Linear(d, d, g, false))),
      W_k(child("W_k", nn::Linear(d, d, g, false))),
      W_v(child("W_v", nn::Linear(d, d, g, false))) {}

Tensor Attention::operator()(const Tensor& x, const Tensor& memory, bool causal) const {
  const Tensor Q = W_q(x), K = W_k(memory), V = W_v(memory);  // (n, d), (m, d), (m, d)
  return scaled_dot_product_attention(Q, K, V, {.mask = {.causal = causal}});  // (n, d)
}

Encoder::Encoder(Generator& g)
    : we(child("we", nn::Embedding(input_words().size(), 2, g))),
      self_attention(child("self_attention", Attention(2, g))) {}

Tensor Encoder::operator()(const Words& words) const {
  const Tensor encoded = enter(words, we);  // (n, 2)
  return self_attention(encoded, encoded) + encoded;
}

Decoder::Decoder(Generator& g)
    : we(child("we", nn::Embedding(output_words().size(), 2, g))),
      self_attention(child("self_attention", Attention(2, g))),
      enc_dec_attention(child("enc_dec_attention", Attention(2, g))),
      fc_layer(child("fc_layer", nn::Linear(2, output_words().size(), g))) {}

Tensor Decoder::operator()(const Words& words, const Tensor& encodings, bool masked) const {
  const Tensor encoded = enter(words, we);                                           // (n, 2)
  const Tensor after_self = self_attention(encoded, encoded, masked) + encoded;      // (n, 2)
  const Tensor after_cross = enc_dec_attention(after_self, encodings) + after_self;  // (n, 2)
  return fc_layer(after_cross);                                                      // (n, 5)
}

namespace {

Encoder seeded_encoder(std::uint64_t seed) {
  Generator generator{seed};
  return Encoder(generator);
}

Decoder seeded_decoder(std::uint64_t seed) {
  Generator generator{seed};
  return Decoder(generator);
}

Weights weights_of(const Attention& a) {
  return {a.W_q.weight.value(), a.W_k.weight.value(), a.W_v.weight.value()};
}

}  // namespace

Translator::Translator(std::uint64_t seed)
    : encoder(child("encoder", seeded_encoder(seed))),
      decoder(child("decoder", seeded_decoder(seed + 1))) {}

ModelWeights weights_of(const Translator& model) {
  const Encoder& e = model.encoder;
  const Decoder& d = model.decoder;
  return {e.we.weight.value(),          weights_of(e.self_attention),    d.we.weight.value(),
          weights_of(d.self_attention), weights_of(d.enc_dec_attention), d.fc_layer.weight.value(),
          d.fc_layer.bias.value()};
}

Tensor teacher_forcing_loss(const Translator& model, const Pair& pair) {
  const Tensor encodings = model.encoder(encoder_input(pair.input));           // (m, 2)
  const Tensor logits = model.decoder(decoder_input(pair.output), encodings);  // (n, 5)
  return cross_entropy(logits, to_ids(decoder_target(pair.output)));
}

std::vector<double> train(const Translator& model, const std::vector<Pair>& data, int epochs,
                          double learning_rate) {
  optim::Adam adam(model.parameters(), {.lr = learning_rate});
  std::vector<double> losses;
  for (int epoch = 0; epoch < epochs; ++epoch)
    for (const Pair& pair : data) {
      const Tensor loss = teacher_forcing_loss(model, pair);
      losses.push_back(double(loss.item()));
      adam.zero_grad();
      loss.backward();
      adam.step();
    }
  return losses;
}

Words translate(const Translator& model, const Words& input, std::size_t most) {
  const NoGrad no_grad;
  const Tensor encodings = model.encoder(encoder_input(input));  // once for the whole answer
  Words answer{sos};
  while (answer.size() <= most && answer.back() != eos)
    answer.push_back(most_likely(model.decoder(answer, encodings).value()).back());
  return answer;
}

}  // namespace transformer
