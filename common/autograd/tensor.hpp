#pragma once
/// @file
/// Spine, autograd. Reverse-mode automatic differentiation.
///
/// A Tensor is a shared handle to a Node; an operation makes a new Node that remembers its inputs and how to push its gradient back
/// into them. backward() walks these nodes from the newest to the oldest: creation order is an order in which every result comes after
/// its inputs, so no other sorting is needed.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "common/tensor/array.hpp"

namespace byhand {

struct Node;

/// A value with a gradient. Copying a Tensor shares it, as in PyTorch: a weight used in two places is one weight. `const Tensor` is a
/// constant handle; the numbers behind it may change (backward() is const for that reason). The same holds for nn::Module.
class Tensor {
 public:
  /// No tensor; defined() is false and every other call is an error.
  Tensor() = default;
  /// A leaf: a parameter when `requires_grad`, otherwise a constant.
  explicit Tensor(Array value, bool requires_grad = false);
  /// A single number, shape ().
  explicit Tensor(real number, bool requires_grad = false);
  /// A leaf with a shape and no memory, to be counted: value() and all that needs it is an error. nn::ShapesOnly makes parameters so.
  static Tensor without_numbers(const Shape& shape, bool requires_grad = false);

  bool defined() const { return node_ != nullptr; }
  const Array& value() const;
  bool has_numbers() const;  ///< false for a tensor made by without_numbers()
  const Shape& shape() const;
  /// The size of one axis; negative axes count from the end. Error when there is no such axis.
  std::size_t dim(int axis) const;
  std::size_t rank() const { return shape().size(); }
  std::size_t size() const { return has_numbers() ? value().size() : element_count(shape()); }
  /// The one number of a tensor with one element. Error otherwise.
  real item() const;

  /// The value of a leaf, to be changed by optimisers and initialisers. Error on a result that is part of a graph (one without a gradient
  /// counts as a constant). Do not change a leaf between a forward pass and its backward(): the rules read the inputs' values then, and nothing notices.
  Array& mutable_value() const;
  /// Replaces the value of a leaf by one of the same shape. Error when the shapes differ.
  void set_value(const Array& value) const;

  bool requires_grad() const;
  /// Says whether backward() should reach this leaf. Error on a result that is part of a graph.
  void set_requires_grad(bool requires_grad) const;
  /// The same value, cut off from its history (the numbers are copied).
  Tensor detach() const;

  /// True once backward() has reached this leaf (and zero_grad() has not been called since).
  bool has_grad() const;
  /// d loss / d this, the shape of value(). Error when backward() has not reached it. Only leaves keep theirs.
  const Array& grad() const;
  /// The gradient to be written to: made of zeros on first use.
  Array& mutable_grad() const;
  /// The same for a matrix product C = A B + beta C that is to write here: new memory with anything in it and beta 0 when there is no
  /// gradient yet, else beta 1.
  struct GradTarget {
    real* data;
    real beta;
  };
  GradTarget grad_target() const;
  /// Forgets the gradient.
  void zero_grad() const;

  /// From a loss with one element: adds d loss / d leaf to the gradient of every leaf that requires one. Frees the graph on the way, so
  /// a second backward() through the same results is an Error. Gradients add up over calls until zero_grad().
  void backward() const;

  /// For the backward rules of operations: adds to the gradient. Nothing happens unless requires_grad().
  void add_grad(const Array& gradient) const;
  void add_grad(Array&& gradient) const;

  /// What the handle refers to, for operations and tests. Error when undefined.
  Node& node() const;

 private:
  friend struct Node;
  friend Tensor make_op(const char*, Array, std::vector<Tensor>, std::function<void(Node&)>);
  std::shared_ptr<Node> node_;
};

/// What a Tensor refers to.
struct Node {
  Array value;
  std::optional<Array> gradient;
  bool requires_grad = false;
  bool freed = false;                       // backward() has passed here
  const char* op = "leaf";                  // the operation's name, for messages
  std::uint64_t id = 0;                     // creation order
  std::uint64_t visit = 0;                  // the backward() that last saw it
  std::unique_ptr<const Shape> shape_only;  // of a tensor without numbers
  std::vector<Tensor> inputs;               // kept only while a gradient is to flow; emptied by backward()
  std::function<void(Node&)> backward;

  /// For backward rules: the gradient that arrived, and the inputs.
  const Array& grad() const { return *gradient; }
  Array take_grad() { return std::move(*gradient); }  ///< the same to keep, for the last use of it
  const Tensor& input(std::size_t i) const { return inputs[i]; }
  /// True for a result in a graph, also after backward() has freed it; false for leaves and constants.
  bool is_result() const { return freed || backward != nullptr; }

  Node();
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
};

/// The one way an operation is made: its value now, and for later its backward rule, which reads node.grad() and calls add_grad on
/// node.input(i). The rule is dropped at once when no input requires a gradient or a NoGrad is alive.
Tensor make_op(const char* name, Array value, std::vector<Tensor> inputs, std::function<void(Node&)> backward);

/// While one is alive on this thread, operations record no graph (PyTorch: torch.no_grad()).
class NoGrad {
 public:
  NoGrad();
  ~NoGrad();
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  bool before_;
};

/// False while a NoGrad is alive.
bool grad_enabled();

}  // namespace byhand
