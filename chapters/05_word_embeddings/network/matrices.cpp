#include "chapters/05_word_embeddings/network/matrices.hpp"

#include "chapters/05_word_embeddings/counts.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/tensor/matmul.hpp"

namespace embeddings {
using namespace byhand;

Data lecture_data() {
  std::vector<real> inputs, labels;
  for (const Example& example : examples()) {
    inputs.insert(inputs.end(), example.input.begin(), example.input.end());
    labels.insert(labels.end(), example.label.begin(), example.label.end());
  }
  return {array({word_count, word_count}, inputs), array({word_count, word_count}, labels)};
}

Matrices as_matrices(const Weights<real>& w) {
  const auto v = to_array(w);
  return {array({word_count, 2}, {v.begin(), v.begin() + 8}),
          array({word_count, 2}, {v.begin() + 8, v.end()})};
}

Array forward(const Matrices& m, const Array& x) {
  const Array hidden = matmul(x, m.E);                        // x E: (examples, 2)
  return matmul(hidden, m.O, Transpose::no, Transpose::yes);  // x E O^T: (examples, 4)
}

real mean_loss(const Matrices& m, const Data& data) {
  return cross_entropy(Tensor(forward(m, data.inputs)), data.labels).item();
}

Matrices gradients(const Matrices& m, const Data& data) {
  const auto& [x, t] = data;
  const Array h = matmul(x, m.E);                          // x E: (examples, 2)
  const Array p = softmax(Tensor(forward(m, x))).value();  // (examples, 4)
  // of the mean: (examples, 4)
  const Array dy = (p - t) / real(x.shape()[0]);
  const Array dh = matmul(dy, m.O);  // (examples, 2)
  // dE = x^T dh, dO = dy^T h: (4, 2) each
  return {matmul(x, dh, Transpose::yes), matmul(dy, h, Transpose::yes)};
}

std::vector<real> probability_of_next(const Matrices& m, const Data& data) {
  const Array p = softmax(Tensor(forward(m, data.inputs))).value();  // (examples, 4)
  std::vector<real> result;
  for (std::size_t i = 0; i < p.shape()[0]; ++i)
    result.push_back(real(dot_by_hand(row(p, i), row(data.labels, i))));
  return result;
}

}  // namespace embeddings
