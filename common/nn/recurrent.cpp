#include "common/nn/recurrent.hpp"

#include <cmath>

#include "common/fast/lstm.hpp"
#include "common/tensor/random.hpp"

namespace byhand::nn {

Recurrent::Recurrent(std::size_t gates, std::size_t in, std::size_t hidden, Generator& generator,
                     const RecurrentOptions& options)
    : in_(in), hidden_(hidden), options_(options), generator_(generator) {
  check(in > 0 && hidden > 0 && options.layers > 0,
        "recurrent layer: sizes in {}, hidden {}, layers {} must be at least 1", in, hidden,
        options.layers);
  check(options.dropout >= 0 && options.dropout < 1, "recurrent layer: dropout {} is not in [0, 1)",
        options.dropout);
  const real bound = real(1 / std::sqrt(double(hidden)));
  const std::size_t directions = options.bidirectional ? 2 : 1;
  for (std::size_t layer = 0; layer < options.layers; ++layer) {
    for (std::size_t d = 0; d < directions; ++d) {
      const std::string suffix = fmt::format("_l{}{}", layer, d ? "_reverse" : "");
      const auto weight = [&](const char* name, const Shape& shape) {
        return parameter(name + suffix, uniform(shape, -bound, bound, generator));
      };
      Weights w;
      w.w_ih = weight("weight_ih", {gates * hidden, layer ? directions * hidden : in});
      w.w_hh = weight("weight_hh", {gates * hidden, hidden});
      w.b_ih = weight("bias_ih", {gates * hidden});
      w.b_hh = weight("bias_hh", {gates * hidden});
      weights_.push_back(w);
    }
  }
}

/// A start state as (layers * directions, batch, hidden): the given one, or zeros.
Tensor Recurrent::start(const char* name, const char* which, const Tensor& given, std::size_t batch,
                        bool batched) const {
  const Shape inside{weights_.size(), batch, hidden_};
  if (!given.defined()) return Tensor(zeros(inside));
  const Shape expected = batched ? inside : Shape{weights_.size(), hidden_};
  check(given.shape() == expected, "{}: {} is {}, needed is {} (layers * directions, {}hidden)",
        name, which, given.shape(), expected, batched ? "batch, " : "");
  return batched ? given : unsqueeze(given, 1);
}

template <class F>
RecurrentOutput Recurrent::run(const char* name, Tensor x, const Tensor& h0, const Tensor& c0,
                               bool has_cell, F&& direction) const {
  check(x.ndim() == 2 || x.ndim() == 3,
        "{}: needs an input (time, batch, in) or (time, in), got {}", name, x.shape());
  const bool batched = x.ndim() == 3;
  const Shape given = x.shape();
  if (!batched)
    x = unsqueeze(x, 1);
  else if (options_.batch_first)
    x = transpose(x, 0, 1);  // (time, batch, in)
  check(x.shape(2) == in_ && x.shape(0) > 0,
        "{}: an input {} {} where in should be {} and time at least 1", name, given,
        !batched               ? "(time, in)"
        : options_.batch_first ? "(batch, time, in)"
                               : "(time, batch, in)",
        in_);
  const Tensor h_start = start(name, "h0", h0, x.shape(1), batched),
               c_start = has_cell ? start(name, "c0", c0, x.shape(1), batched) : Tensor();

  const std::size_t directions = options_.bidirectional ? 2 : 1;
  std::vector<Tensor> h_last, c_last;
  for (std::size_t layer = 0; layer < options_.layers; ++layer) {
    if (layer) x = dropout(x, options_.dropout, generator_, training());
    std::vector<Tensor> outputs;
    for (std::size_t d = 0; d < directions; ++d) {
      const std::size_t row = layer * directions + d;
      const Direction result =
          direction(x, select(h_start, 0, row), has_cell ? select(c_start, 0, row) : Tensor(),
                    weights_[row], d == 1);
      outputs.push_back(result.output);
      h_last.push_back(result.h);
      if (has_cell) c_last.push_back(result.c);
    }
    x = directions == 1 ? outputs[0] : concat(outputs, -1);  // (time, batch, directions * hidden)
  }
  RecurrentOutput out{x, stack(h_last), has_cell ? stack(c_last) : Tensor()};
  if (!batched)
    return {squeeze(out.output, 1), squeeze(out.h_n, 1), has_cell ? squeeze(out.c_n, 1) : Tensor()};
  if (options_.batch_first) out.output = transpose(out.output, 0, 1);
  return out;
}

namespace {

/// Runs step(x_t, h) -> h over time and stacks the states in the order of time.
template <class Step>
std::pair<Tensor, Tensor> over_time(const Tensor& x, Tensor h, bool reverse, Step&& step) {
  const std::size_t time = x.shape(0);
  std::vector<Tensor> states(time);
  for (std::size_t s = 0; s < time; ++s) {
    const std::size_t t = reverse ? time - 1 - s : s;
    states[t] = h = step(select(x, 0, t), h);
  }
  return {stack(states), h};
}

}  // namespace

RNN::RNN(std::size_t in, std::size_t hidden, Generator& generator, const RecurrentOptions& options)
    : Recurrent(1, in, hidden, generator, options) {}

RecurrentOutput RNN::operator()(const Tensor& input, const Tensor& h0) const {
  return run("RNN", input, h0, {}, false,
             [](const Tensor& x, const Tensor& start, const Tensor&, const Weights& w,
                bool reverse) -> Direction {
               // (time, batch, hidden), all time steps at once
               const Tensor from_input = linear(x, w.w_ih, w.b_ih);
               auto [output, last] =
                   over_time(from_input, start, reverse, [&](const Tensor& u, const Tensor& h) {
                     return tanh(u + linear(h, w.w_hh, w.b_hh));
                   });
               return {output, last, {}};
             });
}

GRU::GRU(std::size_t in, std::size_t hidden, Generator& generator, const RecurrentOptions& options)
    : Recurrent(3, in, hidden, generator, options) {}

RecurrentOutput GRU::operator()(const Tensor& input, const Tensor& h0) const {
  const std::size_t n = hidden_size();
  return run("GRU", input, h0, {}, false,
             [n](const Tensor& x, const Tensor& start, const Tensor&, const Weights& w,
                 bool reverse) -> Direction {
               const Tensor from_input = linear(x, w.w_ih, w.b_ih);  // (time, batch, 3 hidden)
               auto [output, last] =
                   over_time(from_input, start, reverse, [&](const Tensor& u, const Tensor& h) {
                     const Tensor v = linear(h, w.w_hh, w.b_hh);  // (batch, 3 hidden)
                     const auto part = [n](const Tensor& t, std::size_t k) {
                       return slice(t, -1, k * n, (k + 1) * n);
                     };
                     const Tensor r = sigmoid(part(u, 0) + part(v, 0)),
                                  z = sigmoid(part(u, 1) + part(v, 1)),
                                  candidate = tanh(part(u, 2) + r * part(v, 2));
                     return (1 - z) * candidate + z * h;
                   });
               return {output, last, {}};
             });
}

LSTM::LSTM(std::size_t in, std::size_t hidden, Generator& generator,
           const RecurrentOptions& options)
    : Recurrent(4, in, hidden, generator, options) {}

RecurrentOutput LSTM::operator()(const Tensor& input, const Tensor& h0, const Tensor& c0) const {
  return run("LSTM", input, h0, c0, true,
             [](const Tensor& x, const Tensor& h, const Tensor& c, const Weights& w,
                bool reverse) -> Direction {
               const std::size_t time = x.shape(0);
               // (time + 1, batch, hidden)
               const Tensor states =
                   lstm_sequence(x, h, c, w.w_ih, w.w_hh, w.b_ih, w.b_hh, reverse);
               return {slice(states, 0, 0, time), select(states, 0, reverse ? 0 : time - 1),
                       select(states, 0, time)};
             });
}

}  // namespace byhand::nn
