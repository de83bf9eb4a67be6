#pragma once
/// @file
/// Appliance, bert. BERT: an encoder that reads a text from both sides, and the two tasks it is pre-trained on. Notes 000 § 21; 004 § 7.
/// Devlin et al. 2019; layers and defaults are those of BERT-base.
#include "common/nn/position.hpp"
#include "common/nn/transformer.hpp"

namespace byhand::nn {

/// The sizes of a BERT. `heads` must divide `size`.
struct BertConfig {
  std::size_t vocabulary;  ///< how many ids there are
  std::size_t size = 768;  ///< numbers a token
  std::size_t layers = 12;
  std::size_t heads = 12;
  std::size_t feed_forward = 3072;  ///< neurons between the two matrices of a layer
  std::size_t max_length = 512;     ///< positions, [CLS] and [SEP] included
  std::size_t segments = 2;         ///< sentence a is 0, sentence b is 1
  double dropout = 0.1;             ///< in training; the layers have it between their two matrices as well, as in PyTorch
  double layer_norm_eps = 1e-12;
};

/// A batch of token sequences, each (batch, length).
struct BertInput {
  Ids ids;
  std::optional<Ids> segments = {};  ///< all 0 unless given
  /// Not 0 where a token is padding; none unless given. (Hugging Face's attention_mask is 1 where one is NOT.)
  std::optional<Array> padding = {};
};

/// The sum of three tables' rows - the token's, its position's and its segment's - normalised: (batch, length) -> (batch, length, size).
/// Error when ids and segments are not of one shape (batch, length), or an id, a position or a segment is not in its table.
struct BertEmbeddings : Module {
  BertEmbeddings(const BertConfig& config, Generator& generator);
  Tensor operator()(const Ids& ids, const std::optional<Ids>& segments = {}) const;
  Embedding word;
  LearnedPosition position;
  Embedding segment;
  LayerNorm norm;

 private:
  Dropout drop_;
};

/// Embeddings, then encoder layers (norm after each part, GELU by erf). A padded token is seen by no other; what stands at its own place
/// in the result means nothing. Matrices and tables start from a normal distribution with standard deviation 0.02, each drawn anew
/// (the authors' program cuts its tails off at 2 deviations, this does not); biases start at 0, layer norms at gain 1.
/// Error when a size is 0, the heads do not divide the size, or the input's shapes do not fit.
struct Bert : Module {
  Bert(const BertConfig& config, Generator& generator);
  /// -> (batch, length, size). `weights`, when given, gets (batch, heads, length, length) for each layer.
  Tensor operator()(const BertInput& input, std::vector<Array>* weights = nullptr) const;
  /// tanh of a matrix times the first token, [CLS]: (batch, length, size) -> (batch, size). What sentence tasks are trained on.
  Tensor pooled(const Tensor& sequence) const;
  /// The mean of each text's token vectors without its padding, (batch, size): mean_pool of the encoder's result.
  Tensor sentence_vectors(const BertInput& input) const;

  BertConfig config;
  BertEmbeddings embeddings;
  TransformerEncoder encoder;
  Linear pooler;
};

/// The mean over the tokens that are not padding: (batch, length, size) -> (batch, size), `padding` (batch, length) not 0 where one is.
/// Error when the shapes do not fit, or a text is all padding.
Tensor mean_pool(const Tensor& sequence, const std::optional<Array>& padding = {});

/// Scores each word of the vocabulary for each token: matrix, GELU, layer norm, then the products with all word vectors plus a bias.
/// The word vectors are handed in at each call: they are the embedding's, so this head does not own them and they count once.
struct MaskedLmHead : Module {
  MaskedLmHead(const BertConfig& config, Generator& generator);
  /// sequence (…, size), words (vocabulary, size) -> logits (…, vocabulary).
  Tensor operator()(const Tensor& sequence, const Tensor& words) const;
  Linear dense;
  LayerNorm norm;
  Parameter bias;  ///< (vocabulary,)
};

/// What to predict in pre-training.
struct BertLabels {
  Ids words;                              ///< (batch, length): the hidden word's id, -100 where nothing is asked (text::mask_tokens)
  std::optional<Ids> next_sentence = {};  ///< (batch,): 0 when b follows a in the text, 1 when it does not; not trained unless given
};

/// The losses of a batch, each of one element; total is what backward() is called on.
struct BertLoss {
  Tensor masked_lm, next_sentence, total;  ///< next_sentence is undefined without labels for it
};

/// BERT with the heads of its two pre-training tasks.
struct BertForPreTraining : Module {
  BertForPreTraining(const BertConfig& config, Generator& generator);
  /// (…, size) -> (…, vocabulary).
  Tensor masked_lm_logits(const Tensor& sequence) const { return masked_lm(sequence, bert.embeddings.word.weight); }
  /// (batch, length, size) -> (batch, 2): scores of "b follows a" and of "b is from elsewhere".
  Tensor next_sentence_logits(const Tensor& sequence) const { return next_sentence(bert.pooled(sequence)); }

  /// -mean over the asked places i of log P(word i | the corrupted text): sequence (batch, length, size), labels (batch, length). The
  /// logits are made for these places only, which is most of the work saved. 0 when none is asked: a mean over nothing would be NaN.
  /// Error when the shapes do not fit or a label is neither -100 nor in the vocabulary.
  Tensor masked_lm_loss(const Tensor& sequence, const Ids& labels) const;
  /// Both losses and their sum, as in the paper.
  BertLoss loss(const BertInput& input, const BertLabels& labels) const;

  Bert bert;
  MaskedLmHead masked_lm;
  Linear next_sentence;  ///< size -> 2
};

}  // namespace byhand::nn
