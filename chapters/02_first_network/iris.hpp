#pragma once
/// @file
/// Three species from petal and sepal width: 2 inputs, 2 ReLUs, 3 outputs, softmax, cross-entropy.
/// The networks of the videos on softmax and cross-entropy and of the book's chapters 3 and 4.
#include <filesystem>
#include <string>
#include <vector>

#include "common/nn/layers.hpp"

namespace iris {

using byhand::Array;
using byhand::Ids;
using byhand::real;
using byhand::Tensor;

/// Weights as PyTorch stores them: W1 (2, 2), b1 (2,), W2 (3, 2), b2 (3,).
struct Weights {
  Array W1, b1, W2, b2;
};
Weights video_network();   ///< the network of the video on softmax and cross-entropy
Weights book_chapter_3();  ///< trained with squared residuals
Weights book_chapter_4();  ///< trained with cross-entropy

/// The three irises of the video: widths (petal, sepal) scaled to 0 … 1, and the species 0 Setosa,
/// 2 Virginica, 1 Versicolor.
struct Examples {
  Array inputs;  ///< (examples, 2)
  Ids species;   ///< (examples,)
};
Examples video_irises();

/// By hand, one iris: loops over the units, every number kept.
struct Forward {
  std::vector<real> hidden, logits, softmax;  ///< 2, 3, 3 numbers
};
Forward forward_by_hand(const Weights& w, real petal_width, real sepal_width);

/// The sum over the examples of -log(softmax of the true species), and its gradients by the chain
/// rule, with d loss / d logits = softmax - one-hot.
real cross_entropy_by_hand(const Weights& w, const Examples& e);
Weights gradients_by_hand(const Weights& w, const Examples& e);

/// Built in.
struct Network : byhand::nn::Module {
  explicit Network(byhand::Generator& g);  ///< PyTorch's start weights
  explicit Network(const Weights& w);
  /// (examples, 2) -> logits (examples, 3)
  Tensor operator()(const Tensor& widths) const { return output(relu(hidden(widths))); }
  byhand::nn::Linear hidden, output;
};

/// The 150 irises of datasets/iris.csv: widths scaled by the training part's smallest and largest,
/// in the notebook's order.
struct Dataset {
  Examples train, test;
  std::vector<double> smallest, largest;  ///< of petal and sepal width in the training part, cm
};
Dataset read_irises(const std::filesystem::path& file);

/// Trains with Adam, one iris at a time, in order; with cross-entropy, or with the sum of squared
/// residuals against one-hot targets.
enum class Loss { squared_residuals, cross_entropy };
void train(const Network& network, const Examples& e, Loss loss, double learning_rate, int epochs);

/// The share of examples whose largest output is the true species.
double accuracy(const Network& network, const Examples& e);

}  // namespace iris
