#pragma once
/// @file
/// GloVe (Pennington, Socher, Manning 2014): count which words stand near each other in the whole
/// text, then find vectors whose products are the logarithms of the counts.
#include <functional>

#include "chapters/06_word2vec/engine/word2vec.hpp"

namespace word2vec {

/// How often two words stood near each other; a pair d places apart counts 1 / d.
struct Cooccurrence {
  std::uint32_t word, other;
  double count;
};
/// All pairs within `window` places in one sentence, each in both orders, sorted by the two
/// numbers. Error when the window is 0.
std::vector<Cooccurrence> count_cooccurrences(const byhand::text::Corpus& corpus,
                                              std::size_t window);

struct GloveOptions {
  std::size_t width = 50, window = 5;
  int epochs = 25;
  double lr = 0.05;     ///< of AdaGrad
  double x_max = 100;   ///< a pair seen so often, or more often, has the weight 1
  double alpha = 0.75;  ///< rarer ones (count / x_max)^alpha
  /// not in the paper: pairs never seen count as if seen so often; 0 leaves them out. For up to
  /// 2000 words.
  double unseen = 0;
};

/// The weight of a count: min(1, (count / x_max)^alpha).
double glove_weight(double count, double x_max = 100, double alpha = 0.75);

/// Two vectors and two biases for each word.
struct GloveWeights {
  byhand::Array w, w_tilde;  // (words, width)
  byhand::Array b, b_tilde;  // (words,)
};
/// The loss sum of f(x) (w . w_tilde + b + b_tilde - ln x)^2 over all counts x > 0 of X (words,
/// words), and its gradients.
struct GloveStep {
  double loss = 0;
  GloveWeights grad;
};
GloveStep glove_by_hand(const GloveWeights& weights, const byhand::Array& X,
                        const GloveOptions& options = {});
GloveStep glove_as_matrices(const GloveWeights& weights, const byhand::Array& X,
                            const GloveOptions& options = {});
GloveStep glove_by_autograd(const GloveWeights& weights, const byhand::Array& X,
                            const GloveOptions& options = {});

/// The small example: four words of tests/golden/glove.json.
byhand::Array glove_example_counts();
GloveWeights glove_example_weights();

/// One count, one step as the authors' program takes it: the derivatives of half of f (…)^2, each
/// number with its own AdaGrad step size. `squares` holds the sums of squared steps so far and
/// starts at 1. Returns half of f (…)^2.
double glove_adagrad_step(GloveWeights& weights, GloveWeights& squares, const Cooccurrence& pair,
                          const GloveOptions& options);

/// Trains on the counts in a random order that stays the same; a word's vector is w + w_tilde, as
/// the authors advise. `report` gets the epoch, from 1, the mean of half of f (…)^2 over the
/// counts, and the vectors so far. Error when an option makes no sense.
byhand::text::WordVectors train_glove(
    const byhand::text::Corpus& corpus, const GloveOptions& options, byhand::Generator& generator,
    const std::function<void(int, double, const byhand::text::WordVectors&)>& report = {});

}  // namespace word2vec
