#pragma once
/// @file
/// The small example of this chapter: eight words, their two tables of numbers, and the four kinds
/// of training step.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/array.hpp"

namespace word2vec {

/// The two tables: row i belongs to word i. `in` holds the vectors that are kept, `out` those of
/// the words to be predicted.
struct Weights {
  byhand::Array in, out;  // (words, width)
};

/// "a wide road shimmered in the hot sun": eight words, numbers 0 to 7.
const std::vector<std::string>& example_words();
/// Their tables, 8 words x 3 numbers, of tests/golden/word2vec.json.
Weights example_weights();
/// How often each of the eight words is seen in the example's text of 100 words.
const std::vector<double>& example_counts();

/// All pairs (middle word, word around it) of a sentence, at most `window` places apart.
std::vector<std::pair<std::string, std::string>> training_pairs(
    const std::vector<std::string>& sentence, std::size_t window);

/// Probability to keep a word of frequency f (0 to 1): sqrt(t / f) in the paper,
/// sqrt(t / f) + t / f in the authors' program; at most 1.
double keep_paper(double f, double t);
double keep_program(double f, double t);
/// The shares of words when each count is raised to a power (0.75 for noise words). They sum to 1.
std::vector<double> noise_distribution(const std::vector<double>& counts, double power);

/// What one training step sees. The mean of the rows `inputs` of W_in is to predict each of
/// `targets`, and, with negative sampling, none of `noise`. Without noise words the loss is the
/// full softmax.
struct Example {
  std::string name;
  std::vector<std::int64_t> inputs, targets, noise;
  std::string pytorch_loss;  ///< of tests/golden/word2vec.json, as text

  bool negative() const { return !noise.empty(); }
};
/// CBOW and skip-gram, each with softmax and with negative sampling, around "shimmered".
std::vector<Example> examples();

/// The words whose scores the step needs: the target, then the noise words; for softmax all words.
std::vector<std::int64_t> scored_words(const Example& example, std::size_t words);

/// What a step computes. A gradient is d loss / d table.
struct Step {
  byhand::Array hidden;  ///< (width,): the mean of the inputs' rows
  /// one for each word (softmax), or for the target and each noise word (negative sampling)
  byhand::Array scores;
  byhand::Array probabilities;  ///< softmax of the scores, or the sigmoid of each
  double loss = 0;
  byhand::Array grad_in, grad_out;  ///< (words, width)
};

}  // namespace word2vec
