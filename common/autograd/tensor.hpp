#pragma once
/// @file
/// Spine, autograd. Reverse-mode automatic differentiation: Tensor, a value with a gradient.
///
/// A Tensor is a shared handle to a Node (node.hpp). An operation makes a new Node that remembers
/// its inputs and how to push its gradient back into them. backward() walks these nodes from the
/// newest to the oldest: in the order of creation every result comes after its inputs, so nothing
/// is sorted.
#include <memory>

#include "common/tensor/array.hpp"

namespace byhand {

struct Node;

/// A value with a gradient. Copying a Tensor shares it, as in PyTorch: a weight used in two places
/// is one weight. `const Tensor` is a constant handle; the numbers behind it may change. The same
/// holds for nn::Module.
class Tensor {
 public:
  /// No tensor; defined() is false and every other call is an error.
  Tensor() = default;
  /// A leaf: a parameter when `requires_grad`, otherwise a constant.
  explicit Tensor(Array value, bool requires_grad = false);
  /// A single number, shape ().
  explicit Tensor(real number, bool requires_grad = false);

  bool defined() const { return node_ != nullptr; }
  const Array& value() const;
  const Shape& shape() const;
  /// The size of one axis; negative axes count from the end. Error when there is no such axis.
  std::size_t shape(int axis) const;
  std::size_t ndim() const { return shape().size(); }
  std::size_t size() const;
  /// The one number of a tensor with one element. Error otherwise.
  real item() const;

  /// The value of a leaf, to be changed by optimisers and initialisers. Error on a result in a
  /// graph.
  /// Do not change a leaf between a forward pass and its backward(): the rules read the inputs'
  /// values then, and nothing notices.
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
  /// d loss / d this, of value()'s shape. Only leaves keep theirs; error where there is none.
  const Array& grad() const;
  /// The gradient to be written to: made of zeros on first use.
  Array& mutable_grad() const;
  /// Forgets the gradient.
  void zero_grad() const;

  /// From a loss with one element: adds d loss / d leaf to the gradient of every leaf that requires
  /// one. Frees the graph on the way, so a second backward() through the same results is an Error.
  /// Gradients add up over calls until zero_grad().
  void backward() const;

  /// A leaf with a shape and no memory, to be counted (PyTorch's meta device; nn::MetaGuard makes
  /// parameters so): value() and all that needs it is an error.
  static Tensor meta(const Shape& shape, bool requires_grad = false);
  bool is_meta() const;

  /// What the handle refers to, for those who write operations. Error when undefined.
  Node& node() const;
  /// For backward rules: adds to the gradient. Nothing happens unless requires_grad().
  void add_grad(const Array& gradient) const;
  void add_grad(Array&& gradient) const;

 private:
  friend struct Node;
  std::shared_ptr<Node> node_;
};

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
