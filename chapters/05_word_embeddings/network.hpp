#pragma once
/// @file
/// The same network as two matrices, as two nn::Linear, as nn::Embedding and nn::Linear; and the training that all four share.
#include <functional>

#include "chapters/05_word_embeddings/network_by_hand.hpp"
#include "common/nn/layers.hpp"

namespace embeddings {

using byhand::Array;
using byhand::Ids;

/// Row i of E is the embedding of word i, row j of O what the output of word j multiplies it by: outputs = x E O^T. Both (4, 2).
struct Matrices {
  Array E, O;
};
Matrices as_matrices(const Weights<real>& w);

/// The training data as matrices, (examples, 4) each, a one-hot row for each word and for the word that comes next.
struct Data {
  Array inputs, labels;
};
/// examples() of the notes.
Data lecture_data();

/// x (examples, 4) -> outputs before the softmax (examples, 4).
Array forward(const Matrices& m, const Array& x);
/// The mean cross-entropy of the examples, and its gradients.
real mean_loss(const Matrices& m, const Data& data);
Matrices gradients(const Matrices& m, const Data& data);
/// For each example, the softmax at the word that does come next.
std::vector<real> probability_of_next(const Matrices& m, const Data& data);

/// Built in, notes 000 § 31.6: two layers without bias. One-hot rows (examples, 4) -> outputs (examples, 4).
struct TwoLinear : byhand::nn::Module {
  explicit TwoLinear(Generator& generator);  ///< PyTorch's start weights
  explicit TwoLinear(const Matrices& m);
  Tensor operator()(const Tensor& one_hot) const { return hidden_to_output(input_to_hidden(one_hot)); }
  Matrices matrices() const;
  byhand::nn::Linear input_to_hidden, hidden_to_output;
};

/// Built in, notes 000 § 31.7: a row of a table in place of a product with a one-hot row. Numbers of words (examples,) -> (examples, 4).
struct LookUp : byhand::nn::Module {
  explicit LookUp(Generator& generator);  ///< PyTorch's start weights
  /// The table is m.E; frozen, it stays what it is.
  LookUp(const Matrices& m, bool freeze);
  Tensor operator()(const Ids& words) const { return hidden_to_output(embedding(words)); }
  Matrices matrices() const;
  byhand::nn::Embedding embedding;
  byhand::nn::Linear hidden_to_output;
};

/// A new output layer, (4, 2): PyTorch's start weights.
Array new_outputs(Generator& generator);

/// A training run.
struct Run {
  Matrices end;
  std::vector<double> losses;   ///< mean loss before training and after each epoch
  std::vector<Matrices> steps;  ///< before training and after each step of the first `recorded_epochs` epochs
  static constexpr int recorded_epochs = 100;
};

/// Adam, one example at a time, in order.
Run train_by_hand(const Weights<real>& start, double learning_rate, int epochs, const Data& data = lecture_data());
Run train_matrices(const Matrices& start, double learning_rate, int epochs, const Data& data = lecture_data());
Run train(const TwoLinear& model, double learning_rate, int epochs, const Data& data = lecture_data());
Run train(const LookUp& model, double learning_rate, int epochs, const Data& data = lecture_data());

/// All recorded numbers of a run, a row for each step: (steps + 1, 16). And the embedding of one word: (steps + 1, 2).
Array history(const Run& run);
Array path(const Run& run, std::size_t word);

}  // namespace embeddings
