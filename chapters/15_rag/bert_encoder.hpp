#pragma once
/// @file
/// Passages as vectors of a small encoder-only transformer: the notes' way (000 § 21.4). Trained on the knowledge base itself.
#include <functional>

#include "chapters/15_rag/chunk.hpp"
#include "chapters/15_rag/embed.hpp"
#include "common/nn/bert.hpp"
#include "common/text/wordpiece.hpp"

namespace rag {

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

/// What is learned from: of each passage its heading with the text below, and one of its sentences with the others (Lee et al. 2019,
/// "Latent retrieval for weakly supervised open domain question answering", call that the inverse cloze task).
std::vector<Pair> training_pairs(const std::vector<Passage>& passages, byhand::Generator& generator);

/// -mean log softmax(cosines / temperature) of each question's own passage among those of the batch, plus the same from passages to
/// questions, halved: (batch, size) twice -> one number. Van den Oord et al. 2018, "InfoNCE"; both ways as Radford et al. 2021.
byhand::Tensor contrastive_loss(const byhand::Tensor& questions, const byhand::Tensor& passages, double temperature);

/// The mean of a BERT's token vectors.
class BertEncoder : public Encoder {
 public:
  BertEncoder(byhand::text::WordPiece tokenizer, byhand::nn::Bert bert, std::size_t length);
  std::string name() const override { return "bert"; }
  std::size_t width() const override { return bert_.config.size; }
  std::string fingerprint() const override { return fingerprint_; }
  byhand::Array encode(const std::vector<std::string>& texts) const override;
  /// (texts, size), not scaled, with gradients.
  byhand::Tensor vectors(const std::vector<std::string>& texts) const;
  const byhand::nn::Bert& bert() const { return bert_; }

  /// STEM.vocab and STEM.safetensors.
  void save(const std::filesystem::path& stem) const;
  /// Error that names the file when one of the two is missing or does not fit the other.
  static std::shared_ptr<BertEncoder> load(const std::filesystem::path& stem);

 private:
  byhand::nn::BertInput input(const std::vector<std::string>& texts) const;
  void take_fingerprint();

  byhand::text::WordPiece tokenizer_;
  byhand::nn::Bert bert_;
  std::size_t length_;
  std::string fingerprint_;
  friend std::shared_ptr<BertEncoder> tune_bert(const std::vector<Passage>&, const TuneOptions&, byhand::Generator&,
                                                const std::function<void(std::size_t, double)>&);
};

/// Learns a vocabulary from the passages, then trains from random weights. report(step, mean loss of the last 50 steps).
std::shared_ptr<BertEncoder> tune_bert(const std::vector<Passage>& passages, const TuneOptions& options, byhand::Generator& generator,
                                       const std::function<void(std::size_t, double)>& report = {});

}  // namespace rag
