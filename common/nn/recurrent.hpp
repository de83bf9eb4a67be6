#pragma once
/// @file
/// Spine, nn. RNN, GRU and LSTM over sequences, with PyTorch's parameter names, gate order and
/// shapes. Notes 000 § 30, 004 § 2.
#include "common/autograd/activations.hpp"
#include "common/core/generator.hpp"
#include "common/nn/module.hpp"

namespace byhand::nn {

struct RecurrentOptions {
  std::size_t layers = 1;
  bool bidirectional = false;
  /// input and output are (batch, time, size) instead of (time, batch, size)
  bool batch_first = false;
  double dropout = 0;  ///< between the layers, in training
};

/// What a recurrent layer gives: `output` (time, batch, directions * hidden) holds the h of the
/// last layer at every time step; `h_n` (and, for an LSTM, `c_n`) (layers * directions, batch,
/// hidden) the final states. Row 2l of a bidirectional layer l runs forward, row 2l + 1 backward.
/// For an input without a batch axis, (time, in), the batch axis is missing everywhere.
struct RecurrentOutput {
  Tensor output, h_n, c_n;
};

/// The parts RNN, GRU and LSTM share. For layer l: weight_ih_l (gates * hidden, in), weight_hh_l
/// (gates * hidden, hidden), bias_ih_l, bias_hh_l, and the same with _reverse; all start uniform on
/// +-1 / sqrt(hidden). Error when a size or the number of layers is 0, or dropout outside [0, 1).
/// The calls of all three: x (time, batch, in), h0 and c0 (layers * directions, batch, hidden),
/// zeros when not given; with batch_first x is (batch, time, in); without a batch axis (time, in)
/// and (layers * directions, hidden). Error when a shape differs from these or time is 0.
class Recurrent : public Module {
 public:
  std::size_t hidden_size() const { return hidden_; }

 protected:
  struct Weights {
    Parameter w_ih, w_hh, b_ih, b_hh;
  };
  Recurrent(std::size_t gates, std::size_t in, std::size_t hidden, Generator& generator,
            const RecurrentOptions& options);

  /// What a direction gives: (time, batch, hidden), and the final states.
  struct Direction {
    Tensor output, h, c;
  };
  /// Runs all layers by direction(x (time, batch, in), h0, c0 (batch, hidden), weights, reverse).
  /// `has_cell`: are c0 and c used? (Defined in recurrent.cpp, where its users are.)
  template <class F>
  RecurrentOutput run(const char* name, Tensor x, const Tensor& h0, const Tensor& c0, bool has_cell,
                      F&& direction) const;

 private:
  Tensor start(const char* name, const char* which, const Tensor& given, std::size_t batch,
               bool batched) const;
  std::size_t in_, hidden_;
  RecurrentOptions options_;
  mutable Generator generator_;  // for dropout
  std::vector<Weights> weights_;
};

/// h' = tanh(w_ih x + b_ih + w_hh h + b_hh).
struct RNN : Recurrent {
  RNN(std::size_t in, std::size_t hidden, Generator& generator,
      const RecurrentOptions& options = {});
  RecurrentOutput operator()(const Tensor& x, const Tensor& h0 = {}) const;
};

/// r, z = sigmoid(…), n = tanh(w_in x + b_in + r (w_hn h + b_hn)), h' = (1 - z) n + z h. Rows of
/// the weights: r, z, n.
struct GRU : Recurrent {
  GRU(std::size_t in, std::size_t hidden, Generator& generator,
      const RecurrentOptions& options = {});
  RecurrentOutput operator()(const Tensor& x, const Tensor& h0 = {}) const;
};

/// i, f, o = sigmoid(…), g = tanh(…), c' = f c + i g, h' = o tanh(c'). Rows of the weights: i, f,
/// g, o.
struct LSTM : Recurrent {
  LSTM(std::size_t in, std::size_t hidden, Generator& generator,
       const RecurrentOptions& options = {});
  RecurrentOutput operator()(const Tensor& x, const Tensor& h0 = {}, const Tensor& c0 = {}) const;
};

}  // namespace byhand::nn
