#pragma once
/// @file
/// Fast, fast. A whole LSTM layer as one operation: several times faster, because the inputs of all time steps
/// enter one matrix product. Its definition, step by step: autograd/definitions.hpp:lstm_cell; held equal by
/// tests/common/ops_fused_test.cpp.
#include "common/autograd/ops.hpp"

namespace byhand {

/// One direction of one LSTM layer over a sequence. Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000; notes 000 § 30.
///   x (time, batch, in), h0 and c0 (batch, hidden), w_ih (4 hidden, in), w_hh (4 hidden, hidden), b_ih and b_hh (4 hidden,)
/// The rows of the weights are the gates i, f, g, o, as in PyTorch:
///   i, f, o = sigmoid(…), g = tanh(w_ih x + b_ih + w_hh h + b_hh);  c' = f c + i g;  h' = o tanh(c')
/// Returns (time + 1, batch, hidden): the h of every time step, and in the last row the final c. (An operation has one result;
/// nn::LSTM cuts it apart.) With `reverse` time runs backwards.
/// Error when the shapes do not fit or time is 0.
Tensor lstm_sequence(const Tensor& x, const Tensor& h0, const Tensor& c0, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih,
                     const Tensor& b_hh, bool reverse = false);

}  // namespace byhand
