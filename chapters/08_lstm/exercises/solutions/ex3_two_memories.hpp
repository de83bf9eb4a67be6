// Exercise 08.3: Find the bug that one memory cannot show
//
// forward() should be the chapter's LSTM (notes 000 § 30.2, matrices.cpp) written with loops: for
// every day and every memory k
//   i, f, o = sigmoid(z), g = tanh(z), each z = (its row of W) x + (its row of U) h + b,
//   where h is all short memories of the day before;
//   c' = f c + i g,  h' = o tanh(c')
// With one memory it agrees with the chapter to the last digit. With two or more it does not. One
// place is wrong. Mend it.
// The chapter has this already; its own function is the judge and does not count as an answer.
#pragma once
#include "chapters/08_lstm/matrices.hpp"

namespace byhand::exercise {

/// The short memories of every day: x (time, in) -> (time, hidden).
/// W (4 hidden, in), U (4 hidden, hidden), b (4 hidden,), rows i, f, g, o.
inline Array forward(const lstm::MatrixLstm& lstm, const Array& x) {
  const std::size_t time = x.shape()[0], in = x.shape()[1], hidden = lstm.U.shape()[1];
  std::vector<real> c(hidden), h(hidden);  // long and short memories, 0 at the start
  Array states = zeros({time, hidden});
  for (std::size_t t = 0; t < time; ++t) {
    const std::vector<real> before = h;  // all gates of a day read yesterday's short memories
    for (std::size_t k = 0; k < hidden; ++k) {
      const auto z = [&](std::size_t gate) {
        const std::size_t row = gate * hidden + k;
        real sum = lstm.b(row);
        for (std::size_t j = 0; j < in; ++j) sum += lstm.W(row, j) * x(t, j);
        for (std::size_t j = 0; j < hidden; ++j) sum += lstm.U(row, j) * before[j];
        return sum;
      };
      const real i = sigmoid(z(0)), f = sigmoid(z(1)), g = tanh(z(2)), o = sigmoid(z(3));
      c[k] = f * c[k] + i * g;
      h[k] = o * tanh(c[k]);
      states(t, k) = h[k];
    }
  }
  return states;
}

}  // namespace byhand::exercise
