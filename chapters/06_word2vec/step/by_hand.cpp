#include "chapters/06_word2vec/step/by_hand.hpp"

#include <cmath>

#include "common/tensor/functions.hpp"

namespace word2vec {
using namespace byhand;

namespace {

void check_example(const Weights& w, const Example& e) {
  check(!e.inputs.empty() && !e.targets.empty(),
        "word2vec: a step needs an input word and a target");
  check(!e.negative() || e.targets.size() == 1,
        "word2vec: negative sampling takes one target at a time, not {}", e.targets.size());
  for (const auto* list : {&e.inputs, &e.targets, &e.noise})
    for (const std::int64_t word : *list)
      check(word >= 0 && std::size_t(word) < w.in.shape()[0], "word2vec: there is no word {}",
            word);
}

/// hidden[d] = mean of the inputs' numbers d.
Array hidden_layer(const Array& in, const std::vector<std::int64_t>& inputs) {
  const std::size_t width = in.shape()[1];
  Array hidden = zeros({width});
  for (const std::int64_t word : inputs)
    for (std::size_t d = 0; d < width; ++d) hidden(d) += in(word, d) / real(inputs.size());
  return hidden;
}

/// hidden . the word's row of W_out
real score(const Array& hidden, const Array& out, std::int64_t word) {
  real sum = 0;
  for (std::size_t d = 0; d < hidden.size(); ++d) sum += hidden(d) * out(word, d);
  return sum;
}

/// From d loss / d score of one word: what flows into its row of W_out, and back into the hidden
/// layer.
void back_through_score(real d_score, std::int64_t word, const Array& out, Step& step,
                        Array& d_hidden) {
  for (std::size_t d = 0; d < d_hidden.size(); ++d) {
    step.grad_out(word, d) += d_score * step.hidden(d);
    d_hidden(d) += d_score * out(word, d);
  }
}

/// One target or many: the loss is the sum of -log(probability of the target), and
/// d loss / d score = targets * probability - 1 if target.
void softmax_loss(const Weights& w, const Example& e, Step& step, Array& d_hidden) {
  const std::size_t words = w.out.shape()[0];
  step.scores = zeros({words});
  step.probabilities = zeros({words});
  real sum = 0;
  for (std::size_t word = 0; word < words; ++word) {
    step.scores(word) = score(step.hidden, w.out, std::int64_t(word));
    // the scores of this example are small, so nothing overflows
    sum += std::exp(step.scores(word));
  }
  for (std::size_t word = 0; word < words; ++word)
    step.probabilities(word) = std::exp(step.scores(word)) / sum;
  for (const std::int64_t target : e.targets)
    step.loss -= std::log(double(step.probabilities(target)));
  for (std::size_t word = 0; word < words; ++word) {
    real d_score = real(e.targets.size()) * step.probabilities(word);
    for (const std::int64_t target : e.targets)
      if (target == std::int64_t(word)) d_score -= 1;
    back_through_score(d_score, std::int64_t(word), w.out, step, d_hidden);
  }
}

/// A yes-no question for each word: the target should get 1, a noise word 0.
/// d loss / d score = sigmoid(score) - wanted.
void negative_loss(const Weights& w, const Example& e, Step& step, Array& d_hidden) {
  std::vector<std::int64_t> asked = {e.targets[0]};
  asked.insert(asked.end(), e.noise.begin(), e.noise.end());
  step.scores = zeros({asked.size()});
  step.probabilities = zeros({asked.size()});
  for (std::size_t k = 0; k < asked.size(); ++k) {
    const real wanted = k == 0 ? real(1) : real(0);
    step.scores(k) = score(step.hidden, w.out, asked[k]);
    step.probabilities(k) = sigmoid(step.scores(k));
    step.loss -= std::log(double(k == 0 ? step.probabilities(k) : 1 - step.probabilities(k)));
    back_through_score(step.probabilities(k) - wanted, asked[k], w.out, step, d_hidden);
  }
}

}  // namespace

Step by_hand(const Weights& w, const Example& e) {
  check_example(w, e);
  Step step;
  step.grad_in = zeros(w.in.shape());
  step.grad_out = zeros(w.out.shape());
  step.hidden = hidden_layer(w.in, e.inputs);
  Array d_hidden = zeros(step.hidden.shape());
  if (e.negative())
    negative_loss(w, e, step, d_hidden);
  else
    softmax_loss(w, e, step, d_hidden);
  for (const std::int64_t word : e.inputs)  // each input has its share of the mean
    for (std::size_t d = 0; d < d_hidden.size(); ++d)
      step.grad_in(word, d) += d_hidden(d) / real(e.inputs.size());
  return step;
}

}  // namespace word2vec
