// Exercise 05.5: Look up rows, and hand their gradient back
//
// nn::Embedding multiplies no one-hot rows: it copies rows of its table (notes 000 § 31.7). Write
// it as one operation of autograd:
// 1 the value: row i of the result is row words(i) of the table, which is what one-hot times table
//   gives. (n,) -> (n, width)
// 2 the rule: node.grad() is (n, width), the gradient that arrived; the table's is (rows, width),
//   one-hot^T times node.grad().
//   A word that comes twice gets the sum of both its rows, a word that does not come gets 0.
// 3 a number that is no row of the table: an Error by check(), as in counts.cpp:one_hot.
//   (0 to rows - 1 are rows.)
// make_op() is explained in common/autograd/node.hpp; node.input(0) is the table. No one-hot
// rows, please: a language model has 100000 words.
// embedding() of common/autograd/ops.hpp is the judge and does not count as an answer.
#pragma once
#include "common/autograd/node.hpp"
#include "common/autograd/tensor.hpp"

namespace byhand::exercise {

/// table (rows, width); words (n,), n >= 1.
inline Tensor look_up(const Tensor& table, const Ids& words) {
  const std::size_t width = table.shape(1), n = words.size();
  Array y = zeros({n, width});  // TODO: the value
  return make_op("look_up", y, {table}, [words](Node& node) {
    Array d = zeros(node.input(0).shape());  // (rows, width). TODO: from node.grad()
    node.input(0).add_grad(d);
  });
}

}  // namespace byhand::exercise
