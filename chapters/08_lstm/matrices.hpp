#pragma once
/// @file
/// The same unit as matrices, for any number of inputs and memories.
#include "chapters/08_lstm/by_hand.hpp"
#include "common/tensor/array.hpp"

namespace lstm {

using byhand::Array;

/// One LSTM layer: z = W x + U h + b holds all four gates below each other,
/// in PyTorch's order i, f, g, o.
struct MatrixLstm {
  Array W;  ///< (4 hidden, in)
  Array U;  ///< (4 hidden, hidden)
  Array b;  ///< (4 hidden,)
};

/// The twelve numbers as matrices: hidden = in = 1, so W is (4, 1), U (4, 1), b (4,).
/// Row i is the notes' percent of potential memory (pr), f the percent to remember (lr),
/// g the potential memory (p), o the output (o).
MatrixLstm as_matrices(const Weights<real>& w);

/// The short memory of every time step: x (time, in) -> (time, hidden).
Array forward(const MatrixLstm& lstm, const Array& x);

}  // namespace lstm
