#pragma once
/// @file
/// How the transformer of 2017 was trained:
/// teacher forcing, label smoothing, Adam with warm-up, and averaged weights.
#include <functional>

#include "chapters/11_transformer/seq2seq/model.hpp"

namespace seq2seq {

struct Training {
  std::int64_t steps = 1000, warmup = 100;
  std::size_t batch = 64;
  /// Times the paper's schedule, size^-0.5 min(step^-0.5, step warmup^-1.5).
  double rate = 0.3;
  double smoothing = 0.1;  ///< label smoothing: this share of the target is spread over all words
  double clip = 1;         ///< the gradient's largest norm
  /// At the end the weights become their mean over this last part of the steps; 0: they stay.
  double averaged = 0.25;
};

/// What a step saw.
struct Step {
  double loss, rate;
};

/// Mean cross-entropy of a batch of PairDataset under teacher forcing, without padding.
Tensor batch_loss(const Model& model, const byhand::train::Batch& batch, double smoothing = 0);
/// The same over all examples, in evaluation mode and without a graph.
double mean_loss(const Model& model, const PairDataset& examples);

/// The loss when every prediction equals the smoothed target: its entropy. No training with label
/// smoothing gets below it.
double smallest_loss(double smoothing, std::size_t words);

/// Trains on shuffled batches. Leaves the model in evaluation mode. `at_end`, if any, is called
/// before the weights are averaged. Error when the loss is not finite.
std::vector<Step> fit(const Model& model, const PairDataset& examples, const Training& training,
                      const byhand::Generator& generator, const std::function<void()>& at_end = {});

}  // namespace seq2seq
