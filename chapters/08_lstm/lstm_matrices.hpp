#pragma once
/// @file
/// The same unit as matrices, for any number of inputs and memories, and as the built-in layer with the same weights.
#include "chapters/08_lstm/lstm_by_hand.hpp"
#include "common/nn/recurrent.hpp"

namespace lstm {

using byhand::Array;

/// One LSTM layer: z = W x + U h + b holds all four gates below each other, in PyTorch's order i, f, g, o.
struct MatrixLstm {
  Array W;  ///< (4 hidden, in)
  Array U;  ///< (4 hidden, hidden)
  Array b;  ///< (4 hidden,)
};

/// The twelve numbers as matrices: hidden = in = 1, so W is (4, 1), U (4, 1), b (4,).
/// Row i is the notes' percent of potential memory (pr), f the percent to remember (lr), g the potential memory (p), o the output (o).
MatrixLstm as_matrices(const Weights<real>& w);

/// The short memory of every time step: x (time, in) -> (time, hidden).
Array forward(const MatrixLstm& lstm, const Array& x);

/// nn::LSTM(1, 1) with these weights. It has two bias vectors where the notes have one: the second is 0 here. 16 parameters, not 12.
byhand::nn::LSTM as_built_in(const Weights<real>& w);

/// The last short memory of a built-in layer for a company's days.
real predict(const byhand::nn::LSTM& model, const std::vector<real>& days);

/// Trains a built-in layer on the two companies with Adam, one company at a time.
std::vector<Progress> train_built_in(const byhand::nn::LSTM& model, double learning_rate, int epochs, int every,
                                     const std::vector<Company>& data = companies());

}  // namespace lstm
