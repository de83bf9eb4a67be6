#include "chapters/06_word2vec/matrices.hpp"

#include <cmath>

#include "common/autograd/activations.hpp"
#include "common/autograd/losses.hpp"
#include "common/tensor/broadcast.hpp"
#include "common/tensor/functions.hpp"
#include "common/fast/kernels/rows.hpp"
#include "chapters/06_word2vec/engine/word2vec_steps.hpp"
#include "common/tensor/matmul.hpp"

namespace word2vec {
using namespace byhand;

namespace {

/// The target first, then the noise words; or all words.
std::vector<std::int64_t> scored_words(const Example& e, std::size_t words) {
  std::vector<std::int64_t> list;
  if (e.negative()) {
    list = {e.targets[0]};
    list.insert(list.end(), e.noise.begin(), e.noise.end());
  } else {
    for (std::size_t word = 0; word < words; ++word) list.push_back(std::int64_t(word));
  }
  return list;
}

/// A row with 1 in a column for each row that is wanted: P x table picks rows, P^T x rows puts them back. (numbers, words)
Array picker(const std::vector<std::int64_t>& numbers, std::size_t words) {
  Array p = zeros({numbers.size(), words});
  for (std::size_t i = 0; i < numbers.size(); ++i) p(i, std::size_t(numbers[i])) = 1;
  return p;
}

}  // namespace

Step as_matrices(const Weights& w, const Example& e) {
  const std::size_t words = w.in.shape()[0], width = w.in.shape()[1];
  const Array inputs = picker(e.inputs, words);                // (inputs, V)
  const Array scored = picker(scored_words(e, words), words);  // (k, V); all words: the identity
  const Array average = full({1, e.inputs.size()}, real(1) / real(e.inputs.size()));
  const Array h = matmul(average, matmul(inputs, w.in));           // (1, d)
  const Array rows = matmul(scored, w.out);                        // (k, d)
  const Array z = matmul(h, rows, Transpose::no, Transpose::yes);  // (1, k)

  Step step;
  Array p = empty(z.shape()), dz;  // (1, k)
  if (e.negative()) {
    p = map(z, [](real score) { return sigmoid(score); });
    Array wanted = zeros(z.shape());
    wanted(0, 0) = 1;
    dz = p - wanted;
    for (std::size_t k = 0; k < z.size(); ++k) step.loss -= double(logsigmoid(k == 0 ? z(0, k) : -z(0, k)));
  } else {
    kernels::softmax(z.data(), p.data(), 1, words);
    dz = p * real(e.targets.size());
    for (const std::int64_t target : e.targets) {
      dz(0, target) -= 1;
      step.loss -= std::log(double(p(0, target)));
    }
  }
  const Array dh = matmul(dz, rows);                                                   // (1, d)
  const Array drows = matmul(dz, h, Transpose::yes);                                   // (k, d)
  step.grad_out = matmul(scored, drows, Transpose::yes);                               // (V, d): a word that was drawn twice gets both
  step.grad_in = matmul(inputs, matmul(average, dh, Transpose::yes), Transpose::yes);  // (V, d)
  step.hidden = reshape(h, {width});
  step.scores = reshape(z, {z.size()});
  step.probabilities = reshape(p, {p.size()});
  return step;
}

Step by_autograd(const Weights& w, const Example& e) {
  const Tensor in(w.in, true), out(w.out, true);
  const Tensor h = mean(embedding(in, ids(e.inputs)), {0});                           // (d,)
  const Tensor z = matmul(embedding(out, ids(scored_words(e, w.in.shape()[0]))), h);  // (k,)
  Tensor loss;
  if (e.negative()) {
    Array sign = full(z.shape(), -1);
    sign.data()[0] = 1;
    loss = -sum(logsigmoid(z * Tensor(sign)));
  } else {
    const Tensor every_target = expand(reshape(z, {1, z.size()}), {e.targets.size(), z.size()});  // the same scores for each
    loss = cross_entropy(every_target, ids(e.targets), {.reduction = Reduction::sum});
  }
  Step step;
  step.loss = double(loss.item());
  step.hidden = h.value();
  loss.backward();
  step.grad_in = in.grad();
  step.grad_out = out.grad();
  return step;
}

Step by_fast_trainer(const Weights& w, const Example& e) {
  text::RowTable in(w.in), out(w.out);
  text::Word2VecStep trainer(in, out);
  const std::vector<std::uint32_t> inputs(e.inputs.begin(), e.inputs.end());
  std::vector<std::uint32_t> targets(e.targets.begin(), e.targets.end());
  targets.insert(targets.end(), e.noise.begin(), e.noise.end());
  Step step;
  step.loss = e.negative() ? trainer.negative(inputs, targets, 1) : trainer.softmax(inputs, targets, 1);
  step.grad_in = w.in - in.values();
  step.grad_out = w.out - out.values();
  return step;
}

}  // namespace word2vec
