#include "chapters/06_word2vec/glove.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "common/autograd/ops.hpp"
#include "common/tensor/broadcast.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"

namespace word2vec {
using namespace byhand;

// ---- counting ----

std::vector<Cooccurrence> count_cooccurrences(const text::Corpus& corpus, std::size_t window) {
  check(window > 0, "glove: the window must be at least 1 word");
  std::unordered_map<std::uint64_t, double> counts;  // word << 32 | other
  std::size_t begin = 0;
  for (const std::size_t end : corpus.ends) {
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t j = i + 1; j < end && j - i <= window; ++j) {
        const std::uint64_t a = corpus.words[i], b = corpus.words[j];
        counts[a << 32 | b] += 1.0 / double(j - i);
        counts[b << 32 | a] += 1.0 / double(j - i);
      }
    begin = end;
  }
  std::vector<Cooccurrence> list;
  for (const auto& [pair, count] : counts)
    list.push_back({std::uint32_t(pair >> 32), std::uint32_t(pair), count});
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return std::pair(a.word, a.other) < std::pair(b.word, b.other);
  });
  return list;
}

namespace {

/// Puts in the pairs that are not there, with a count of `unseen`.
void add_unseen(std::vector<Cooccurrence>& counts, std::size_t words, double unseen) {
  if (unseen <= 0) return;
  check(words <= 2000,
        "glove: all pairs of {} words are too many; pairs never seen can be counted for 2000 words "
        "at most",
        words);
  std::vector<bool> seen(words * words, false);
  for (const auto& [word, other, count] : counts) seen[word * words + other] = true;
  for (std::size_t pair = 0; pair < seen.size(); ++pair)
    if (!seen[pair])
      counts.push_back({std::uint32_t(pair / words), std::uint32_t(pair % words), unseen});
}

}  // namespace

double glove_weight(double count, double x_max, double alpha) {
  return count < x_max ? std::pow(count / x_max, alpha) : 1;
}

// ---- loss and gradients of a whole table of counts, three ways ----

Array glove_example_counts() {
  return array({4, 4}, {0, 10, 3, 0,    //
                        10, 0, 120, 1,  //
                        3, 120, 0, 7,   //
                        0, 1, 7, 2});
}

GloveWeights glove_example_weights() {
  return {array({4, 2}, {0.559, 0.518, 0.085, -0.413, -0.598, -0.33, 0.187, 0.563}),
          array({4, 2}, {0.546, 0.144, -0.367, -0.6, -0.379, 0.129, 0.539, 0.541}),
          array({0.3, 0.18, -0.077, -0.275}), array({0.1, -0.159, -0.298, -0.212})};
}

GloveStep glove_by_hand(const GloveWeights& weights, const Array& X, const GloveOptions& options) {
  const auto& [w, w_tilde, b, b_tilde] = weights;
  const std::size_t words = w.shape()[0], width = w.shape()[1];
  GloveStep step{0, {zeros(w.shape()), zeros(w.shape()), zeros(b.shape()), zeros(b.shape())}};
  for (std::size_t i = 0; i < words; ++i)
    for (std::size_t j = 0; j < words; ++j) {
      if (X(i, j) <= 0) continue;  // pairs never seen do not count
      real error = b(i) + b_tilde(j) - std::log(X(i, j));
      for (std::size_t d = 0; d < width; ++d) error += w(i, d) * w_tilde(j, d);
      const real f = real(glove_weight(double(X(i, j)), options.x_max, options.alpha));
      step.loss += double(f * error * error);
      for (std::size_t d = 0; d < width; ++d) {
        step.grad.w(i, d) += 2 * f * error * w_tilde(j, d);
        step.grad.w_tilde(j, d) += 2 * f * error * w(i, d);
      }
      step.grad.b(i) += 2 * f * error;
      step.grad.b_tilde(j) += 2 * f * error;
    }
  return step;
}

namespace {

/// f(x), and 0 where x is 0; ln x, and 0 there.
Array weights_of(const Array& X, const GloveOptions& o) {
  return map(
      X, [&](real x) { return x > 0 ? real(glove_weight(double(x), o.x_max, o.alpha)) : real(0); });
}
Array logarithms(const Array& X) {
  return map(X, [](real x) { return x > 0 ? std::log(x) : real(0); });
}

}  // namespace

GloveStep glove_as_matrices(const GloveWeights& weights, const Array& X,
                            const GloveOptions& options) {
  const auto& [w, w_tilde, b, b_tilde] = weights;
  const std::size_t words = w.shape()[0];
  const Array f = weights_of(X, options);                                           // (V, V)
  Array error = matmul(w, w_tilde, Transpose::no, Transpose::yes) - logarithms(X);  // (V, V)
  error += broadcast_to(reshape(b, {words, 1}), X.shape()) + broadcast_to(b_tilde, X.shape());
  const Array g = real(2) * f * error;  // (V, V): d loss / d error
  GloveStep step;
  for (std::size_t i = 0; i < X.size(); ++i)
    step.loss += double(f.data()[i] * error.data()[i] * error.data()[i]);
  step.grad.w = matmul(g, w_tilde);
  step.grad.w_tilde = matmul(g, w, Transpose::yes);
  step.grad.b = reshape(sum_to(g, {words, 1}), {words});
  step.grad.b_tilde = reshape(sum_to(g, {1, words}), {words});
  return step;
}

GloveStep glove_by_autograd(const GloveWeights& weights, const Array& X,
                            const GloveOptions& options) {
  const Tensor w(weights.w, true), w_tilde(weights.w_tilde, true), b(weights.b, true),
      b_tilde(weights.b_tilde, true);
  const Tensor products = matmul(w, w_tilde, Transpose::no, Transpose::yes);
  const Tensor error = products + reshape(b, {b.size(), 1}) + b_tilde - Tensor(logarithms(X));
  const Tensor loss = sum(Tensor(weights_of(X, options)) * square(error));
  loss.backward();
  return {double(loss.item()), {w.grad(), w_tilde.grad(), b.grad(), b_tilde.grad()}};
}

// ---- training ----

double glove_adagrad_step(GloveWeights& weights, GloveWeights& squares, const Cooccurrence& pair,
                          const GloveOptions& options) {
  const std::size_t width = weights.w.shape()[1];
  real *w = weights.w.data() + pair.word * width,
       *w_tilde = weights.w_tilde.data() + pair.other * width;
  real *w_squares = squares.w.data() + pair.word * width,
       *tilde_squares = squares.w_tilde.data() + pair.other * width;
  real &b = weights.b(pair.word), &b_tilde = weights.b_tilde(pair.other);

  real error = b + b_tilde - real(std::log(pair.count));
#pragma omp simd reduction(+ : error)
  for (std::size_t d = 0; d < width; ++d) error += w[d] * w_tilde[d];
  const real weighted = real(glove_weight(pair.count, options.x_max, options.alpha)) * error;
  const real step = real(options.lr) * weighted;  // lr * d (half of f error^2) / d error
  const auto move = [](real& value, real& sum_of_squares, real by) {
    value -= by / std::sqrt(sum_of_squares);
    sum_of_squares += by * by;  // with the learning rate in it, as in the authors' program
  };
  for (std::size_t d = 0; d < width; ++d) {
    const real by = step * w_tilde[d], tilde_by = step * w[d];
    move(w[d], w_squares[d], by);
    move(w_tilde[d], tilde_squares[d], tilde_by);
  }
  move(b, squares.b(pair.word), step);
  move(b_tilde, squares.b_tilde(pair.other), step);
  return 0.5 * double(weighted) * double(error);
}

text::WordVectors train_glove(
    const text::Corpus& corpus, const GloveOptions& options, Generator& generator,
    const std::function<void(int, double, const text::WordVectors&)>& report) {
  check(options.width > 0 && options.epochs > 0 && options.lr > 0 && options.x_max > 0,
        "glove: width, epochs, lr and x_max must be positive");
  std::vector<Cooccurrence> counted = count_cooccurrences(corpus, options.window);
  check(!counted.empty(), "glove: no two words of the vocabulary stand near each other");
  add_unseen(counted, corpus.vocabulary.size(), options.unseen);
  std::vector<Cooccurrence> counts;
  for (const std::int64_t i : generator.randperm(counted.size()))
    counts.push_back(counted[std::size_t(i)]);

  const std::size_t words = corpus.vocabulary.size(), width = options.width;
  const auto start = [&](const Shape& shape) {
    return uniform(shape, real(-0.5) / real(width), real(0.5) / real(width), generator);
  };
  GloveWeights weights;
  weights.w = start({words, width});  // one after the other, so that the order of drawing is fixed
  weights.w_tilde = start({words, width});
  weights.b = start({words});
  weights.b_tilde = start({words});
  GloveWeights squares{ones({words, width}), ones({words, width}), ones({words}), ones({words})};
  for (int epoch = 1; epoch <= options.epochs; ++epoch) {
    double loss = 0;
    for (const Cooccurrence& pair : counts)
      loss += glove_adagrad_step(weights, squares, pair, options);
    check(std::isfinite(loss),
          "glove: the numbers grew beyond all bounds in epoch {}; take a smaller learning rate "
          "than {}",
          epoch, options.lr);
    if (report)
      report(epoch, loss / double(counts.size()),
             text::WordVectors(corpus.vocabulary.all(), weights.w + weights.w_tilde));
  }
  return text::WordVectors(corpus.vocabulary.all(), weights.w + weights.w_tilde);
}

}  // namespace word2vec
