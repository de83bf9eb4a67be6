#pragma once
/// @file
/// The same transformer from the library's layers, with the names of the lecture's notebook,
/// and its training.
#include "chapters/11_transformer/lecture/matrices.hpp"
#include "common/nn/layers.hpp"

namespace transformer {

using byhand::Tensor;

/// Attention with one head and no biases:
/// queries from x (n, d), keys and values from memory (m, d) -> (n, d).
struct Attention : byhand::nn::Module {
  Attention(std::size_t d, byhand::Generator& generator);
  Tensor operator()(const Tensor& x, const Tensor& memory, bool causal = false) const;
  byhand::nn::Linear W_q, W_k, W_v;
};

/// Word numbers (n,) -> (n, 2).
struct Encoder : byhand::nn::Module {
  explicit Encoder(byhand::Generator& generator);
  Tensor operator()(const Words& words) const;
  byhand::nn::Embedding we;
  Attention self_attention;
};

/// Word numbers so far (n,) and the encoder's output (m, 2) -> logits (n, 5),
/// row i for the word after word i.
struct Decoder : byhand::nn::Module {
  explicit Decoder(byhand::Generator& generator);
  /// `masked` false leaves the mask out, to see what it is for.
  Tensor operator()(const Words& words, const Tensor& encodings, bool masked = true) const;
  byhand::nn::Embedding we;
  Attention self_attention, enc_dec_attention;
  byhand::nn::Linear fc_layer;
};

/// Both. As in the notebook, the encoder's weights are drawn from one seed (42),
/// the decoder's from the next one.
struct Translator : byhand::nn::Module {
  explicit Translator(std::uint64_t seed);
  Encoder encoder;
  Decoder decoder;
};

/// Its weights for the two ways by hand (copies).
ModelWeights weights_of(const Translator& model);

/// Teacher forcing: the decoder reads SOS and the known answer, and should say the known answer and
/// EOS. Mean cross-entropy.
Tensor teacher_forcing_loss(const Translator& model, const Pair& pair);
/// One step of Adam for each pair, `epochs` times. The loss of every step, before it.
std::vector<double> train(const Translator& model, const std::vector<Pair>& data, int epochs,
                          double learning_rate);

/// Token by token: SOS, then each time the most likely word, until EOS or `most` words.
/// The answer with SOS.
Words translate(const Translator& model, const Words& input, std::size_t most = 3);

}  // namespace transformer
