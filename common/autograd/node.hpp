#pragma once
/// @file
/// Spine, autograd. For those who write operations: what stands behind a Tensor, and how one is
/// made.
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "common/autograd/tensor.hpp"

namespace byhand {

/// What a Tensor refers to.
struct Node {
  Array value;
  std::optional<Array> gradient;
  bool requires_grad = false;
  bool freed = false;                 // backward() has passed here
  const char* op = "leaf";            // the operation's name, for messages
  std::uint64_t id = 0;               // creation order
  std::uint64_t visit = 0;            // the backward() that last saw it
  std::unique_ptr<const Shape> meta;  // the shape of a meta tensor, which has no value
  // kept only while a gradient is to flow; emptied by backward()
  std::vector<Tensor> inputs;
  std::function<void(Node&)> backward;

  /// For backward rules: the gradient that arrived, and the inputs.
  const Array& grad() const { return *gradient; }
  Array take_grad() { return std::move(*gradient); }  ///< to keep, for the last use of it
  const Tensor& input(std::size_t i) const { return inputs[i]; }
  /// True for a result in a graph, also after backward() has freed it; false for leaves and
  /// constants.
  bool is_result() const { return freed || backward != nullptr; }

  Node();
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
};

/// The one way an operation is made: its value now, and for later its backward rule, which reads
/// node.grad() and calls add_grad on node.input(i). The rule is dropped at once when no input
/// requires a gradient or a NoGrad is alive.
Tensor make_op(const char* name, Array value, std::vector<Tensor> inputs,
               std::function<void(Node&)> backward);

/// Where a matrix product C = A B + beta C may write a gradient: new memory with anything in it and
/// beta 0 when there is no gradient yet, else the gradient and beta 1.
struct GradTarget {
  real* data;
  real beta;
};
GradTarget grad_target(const Tensor& input);

}  // namespace byhand
