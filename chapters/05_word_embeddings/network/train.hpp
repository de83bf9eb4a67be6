#pragma once
/// @file
/// The training that all four codes of the network share.
#include "chapters/05_word_embeddings/network/built_in.hpp"

namespace embeddings {

/// A training run.
struct Run {
  Matrices end;
  std::vector<double> losses;  ///< mean loss before training and after each epoch
  /// before training and after each step of the first `recorded_epochs` epochs
  std::vector<Matrices> steps;
  static constexpr int recorded_epochs = 100;
};

/// Adam, one example at a time, in order.
Run train_by_hand(const Weights<real>& start, double learning_rate, int epochs,
                  const Data& data = lecture_data());
Run train_matrices(const Matrices& start, double learning_rate, int epochs,
                   const Data& data = lecture_data());
Run train(const TwoLinear& model, double learning_rate, int epochs,
          const Data& data = lecture_data());
Run train(const LookUp& model, double learning_rate, int epochs, const Data& data = lecture_data());

/// All recorded numbers of a run, a row for each step: (steps + 1, 16). And the embedding of one
/// word: (steps + 1, 2).
Array history(const Run& run);
Array path(const Run& run, std::size_t word);

}  // namespace embeddings
