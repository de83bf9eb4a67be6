// Exercise 01.2: A layer that is wrong
//
// linear() should compute y = x W^T + b, as nn.Linear does: output j of an example is b[j] plus the
// sum over i of W[j][i] times input i.
// It compiles and it runs, and for some layers it is even right. One line is wrong. Find the bug.
// Notes 000 § 26.5.
#pragma once
#include "common/tensor/array.hpp"

namespace byhand::exercise {

/// x (examples, in), W (out, in), b (out,) -> y (examples, out)
inline Array linear(const Array& x, const Array& W, const Array& b) {
  const std::size_t examples = x.shape()[0], in = W.shape()[1], out = W.shape()[0];
  Array y = zeros({examples, out});  // TODO: is it this line,
  for (std::size_t e = 0; e < examples; ++e) {
    for (std::size_t j = 0; j < out; ++j) {
      real sum = b(j);                                                              // this one,
      for (std::size_t i = 0; i < in; ++i) sum += W.data()[i * out + j] * x(e, i);  // or this one?
      y(e, j) = sum;
    }
  }
  return y;
}

}  // namespace byhand::exercise
