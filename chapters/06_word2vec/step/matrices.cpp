#include "chapters/06_word2vec/step/matrices.hpp"

#include <cmath>

#include "common/fast/kernels/rows.hpp"
#include "common/tensor/broadcast.hpp"
#include "common/tensor/functions.hpp"
#include "common/tensor/matmul.hpp"

namespace word2vec {
using namespace byhand;

namespace {

/// A row with 1 in a column for each row that is wanted: P x table picks rows, P^T x rows puts them
/// back. (numbers, words)
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
    for (std::size_t k = 0; k < z.size(); ++k)
      step.loss -= double(logsigmoid(k == 0 ? z(0, k) : -z(0, k)));
  } else {
    kernels::softmax(z.data(), p.data(), 1, words);
    dz = p * real(e.targets.size());
    for (const std::int64_t target : e.targets) {
      dz(0, target) -= 1;
      step.loss -= std::log(double(p(0, target)));
    }
  }
  const Array dh = matmul(dz, rows);                  // (1, d)
  const Array drows = matmul(dz, h, Transpose::yes);  // (k, d)
  // (V, d): a word that was drawn twice gets both
  step.grad_out = matmul(scored, drows, Transpose::yes);
  step.grad_in = matmul(inputs, matmul(average, dh, Transpose::yes), Transpose::yes);  // (V, d)
  step.hidden = reshape(h, {width});
  step.scores = reshape(z, {z.size()});
  step.probabilities = reshape(p, {p.size()});
  return step;
}

}  // namespace word2vec
