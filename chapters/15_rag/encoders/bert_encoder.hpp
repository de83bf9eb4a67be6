#pragma once
/// @file
/// Passages as vectors of a small encoder-only transformer: the notes' way (000 § 21.4). Trained on
/// the knowledge base itself.
#include <functional>

#include "chapters/15_rag/chunk.hpp"
#include "chapters/15_rag/embed.hpp"
#include "common/bert/bert.hpp"
#include "common/text/wordpiece.hpp"

namespace rag {

/// How an encoder is made (sizes) and trained.
struct TuneOptions {
  std::size_t vocabulary = 4000;  ///< WordPiece pieces, learned from the passages
  std::size_t size = 96;          ///< numbers a token, and a text
  std::size_t layers = 2, heads = 4;
  std::size_t length = 48;  ///< pieces of a text; what follows is left out
  std::size_t batch = 32;
  std::size_t steps = 600;
  double lr = 1e-3;
  double temperature = 0.07;  ///< cosines are divided by this before the softmax
};

/// A text that asks and a passage that answers, for training.
struct Pair {
  std::string question, passage;
};

/// What is learned from: of each passage its heading with the text below, and one of its sentences
/// with the others (Lee et al. 2019, "Latent retrieval for weakly supervised open domain question
/// answering", call that the inverse cloze task).
std::vector<Pair> training_pairs(const std::vector<Passage>& passages,
                                 byhand::Generator& generator);

/// -mean log softmax(cosines / temperature) of each question's own passage among those of the
/// batch, plus the same from passages to questions, halved: (batch, size) twice -> one number. Van
/// den Oord et al. 2018, "InfoNCE"; both ways as Radford et al. 2021.
byhand::Tensor contrastive_loss(const byhand::Tensor& questions, const byhand::Tensor& passages,
                                double temperature);

/// The mean of a BERT's token vectors, of as many pieces of a text as it has positions for.
class BertEncoder : public Encoder {
 public:
  /// Error when the vocabulary and the weights do not fit.
  BertEncoder(byhand::text::WordPiece tokenizer, byhand::nn::BertForPreTraining model);
  std::string name() const override { return "bert"; }
  std::size_t width() const override { return model_.bert.config.size; }
  std::string fingerprint() const override { return fingerprint_; }
  byhand::Array encode(const std::vector<std::string>& texts) const override;
  /// (texts, size), not scaled, with gradients.
  byhand::Tensor vectors(const std::vector<std::string>& texts) const;

  /// Trains with contrastive_loss on training_pairs of the passages. report(step, mean loss of the
  /// last 50 steps).
  /// Error when there are fewer than two pairs.
  void tune(const std::vector<Passage>& passages, const TuneOptions& options,
            byhand::Generator& generator,
            const std::function<void(std::size_t, double)>& report = {});

  /// Writes model.safetensors and vocab.txt into a folder, as chapter 14's --save does.
  void save(const std::filesystem::path& folder) const;
  /// Reads such a folder, of this chapter or of chapter 14. Error that names the file when one is
  /// missing or they do not fit.
  static std::shared_ptr<BertEncoder> load(const std::filesystem::path& folder);

 private:
  std::size_t length() const { return model_.bert.config.max_length; }
  byhand::nn::BertInput input(const std::vector<std::string>& texts) const;
  void take_fingerprint();

  byhand::text::WordPiece tokenizer_;
  byhand::nn::BertForPreTraining model_;  // with its heads, so that a file keeps them
  std::string fingerprint_;
};

/// A vocabulary learned from the passages, and random weights.
std::shared_ptr<BertEncoder> new_bert(const std::vector<Passage>& passages,
                                      const TuneOptions& options, byhand::Generator& generator);

}  // namespace rag
