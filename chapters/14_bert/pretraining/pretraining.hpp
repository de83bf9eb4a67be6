#pragma once
/// @file
/// Pre-training: hidden words and next sentences at once, by the Trainer, with checkpoint and
/// resume. Notes 004 § 4.1.1, § 7.
#include "chapters/14_bert/pretraining/corpus.hpp"
#include "common/bert/bert.hpp"
#include "common/train/trainer.hpp"

namespace bert {

using byhand::Tensor;

/// How it is done. An epoch is `steps` batches drawn at random from the text, however long that is.
struct Plan {
  std::size_t size = 64, layers = 2, heads = 4, feed_forward = 128, max_length = 40;
  double dropout = 0, learning_rate = 5e-3;
  std::int64_t epochs = 16;
  /// Steps an epoch, pairs a step, pairs to validate on.
  std::size_t steps = 100, batch = 32, validation = 300;
  bool next_sentence = true;
  std::filesystem::path csv = {}, checkpoint = {};  ///< none: not written
  bool resume = false;
  std::uint64_t seed = 0;       ///< of the run: part of its fingerprint
  std::int64_t stop_after = 0;  ///< epochs after which to stop, as if interrupted; 0: none
};

/// BERT and what the Trainer must know about it.
struct Pretraining : byhand::train::Trainable {
  Pretraining(const byhand::nn::BertConfig& config, const Plan& plan, const Array& fingerprint,
              Generator& generator);
  /// The sum of both losses.
  Tensor training_step(const byhand::train::Batch& batch) override;
  /// The same, and logs masked_loss, masked_accuracy, and next_loss, next_accuracy if there are
  /// pairs.
  Tensor validation_step(const byhand::train::Batch& batch) override;
  /// AdamW, weight decay 0.01.
  std::unique_ptr<byhand::optim::Optimizer> configure_optimizers() override;
  byhand::nn::BertForPreTraining model;

 private:
  byhand::nn::Parameter fingerprint_;  // a buffer: it goes into the checkpoint and is not trained
  double learning_rate_;
  bool next_sentence_;
};

/// What a run's weights mean something with: texts, vocabulary and plan (its files and `stop_after`
/// apart) as four numbers of 16 bits.
Array fingerprint(const Texts& training, const Texts& validation,
                  const byhand::text::WordPiece& vocabulary, const Plan& plan);

/// Error unless the plan's checkpoint is there and is one of a run with this fingerprint.
void check_checkpoint(const Plan& plan, const Array& fingerprint);

/// A model, its vocabulary and how it came about.
struct Pretrained {
  byhand::nn::BertForPreTraining model;
  byhand::text::WordPiece vocabulary;
  byhand::train::History history = {};
  /// The share of the validation texts' hidden words that are the training texts' most frequent
  /// piece.
  double baseline = 0;
  std::string most_frequent = {};
  /// Of the same words under their frequencies in the training texts.
  double unigram_perplexity = 0;
};

/// The words that are asked for in a batch: where they stand among all (row-major), and which they
/// are.
struct Asked {
  std::vector<std::int64_t> places, words;
};
Asked asked(const Ids& labels);

/// In how many rows of the scores (n, choices) the right one is the highest.
std::size_t count_right(const Array& scores, const Ids& wanted);

/// BERT's start weights have the standard deviation 0.02, which suits vectors of 768 numbers. In a
/// sum over fewer numbers they must be larger to say as much: multiplies all matrices and tables by
/// sqrt(768 / size).
void widen_start_weights(const byhand::nn::Module& model, std::size_t size);

/// The batches a plan draws from a vocabulary's tokens.
PairPlan pairs_of(const Plan& plan, const byhand::text::WordPiece& vocabulary);

/// The plan's BERT for a vocabulary of so many pieces.
byhand::nn::BertConfig config_of(const Plan& plan, std::size_t vocabulary);

/// How many numbers that model has.
std::size_t parameter_count(const Plan& plan, std::size_t vocabulary);

/// The validation pairs with their hidden words, drawn once from their own seed, so that every
/// epoch is asked the same.
byhand::train::Batch validation_batch(const std::vector<byhand::text::Document>& documents,
                                      const PairPlan& pairs, std::size_t count);

/// Pre-trains on texts, validates on others after each epoch. Warm-up over a tenth of the steps,
/// then down to 0 in a straight line.
/// `report` is called after each epoch. Error when the plan's checkpoint is to be resumed and is
/// another run's (check_checkpoint).
Pretrained pretrain(const Texts& training, const Texts& validation,
                    const byhand::text::WordPiece& vocabulary, const Plan& plan,
                    Generator& generator,
                    const std::function<void(const byhand::train::EpochReport&)>& report = {});

/// Writes model.safetensors (Hugging Face's names) and vocab.txt into a folder that is there, and
/// says so. nn::load_bert and text::WordPiece::load read them.
void save(const std::filesystem::path& folder, const Pretrained& trained);

}  // namespace bert
