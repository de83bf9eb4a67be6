#pragma once
/// @file
/// Spine, nn. What all layers and models have: parameters with names, buffers, children, training
/// or evaluation.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/autograd/tensor.hpp"

namespace byhand::nn {

/// A tensor that belongs to a module. Copying it shares the tensor, except while deep_copy() runs,
/// which gives each its own numbers.
class Parameter : public Tensor {
 public:
  Parameter() = default;
  explicit Parameter(const Tensor& tensor) : Tensor(tensor) {}
  Parameter(const Parameter& other);
  Parameter(Parameter&&) = default;
  Parameter& operator=(const Parameter&) = default;
  Parameter& operator=(Parameter&&) = default;
};

/// Tensors with their names, in the order of PyTorch's state_dict().
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// The base of layers and models. A module is a handle: a copy shares parameters and mode with the
/// original, so it can be stored and passed by value. deep_copy() makes one that shares nothing.
///
///   struct Net : nn::Module {
///     explicit Net(Generator& g)
///         : fc1(child("fc1", nn::Linear(2, 3, g))), fc2(child("fc2", nn::Linear(3, 1, g))) {}
///     Tensor operator()(const Tensor& x) const { return fc2(relu(fc1(x))); }
///     nn::Linear fc1, fc2;
///   };
class Module {
 public:
  Module();
  Module(const Module& other);
  Module(Module&&) = default;
  Module& operator=(const Module&) = default;
  Module& operator=(Module&&) = default;
  virtual ~Module() = default;

  /// Parameters by their full names ("lstm.weight_ih_l0"), own ones first, then the children's. A
  /// parameter used in two places comes once, under its first name, so that an optimiser moves it
  /// once.
  NamedTensors named_parameters() const;
  std::vector<Tensor> parameters() const;
  /// Parameters and buffers, under every name they have.
  NamedTensors state_dict() const;
  /// Copies values in by name. Error that names the first entry missing, unknown, or of another
  /// shape; then nothing is changed.
  void load_state_dict(const std::vector<std::pair<std::string, Array>>& values) const;
  void load_state_dict(const NamedTensors& values) const;
  /// How many numbers the parameters hold. A parameter used twice counts once.
  std::size_t parameter_count() const;

  /// Training mode (dropout drops, batch norm uses the batch) or evaluation mode, for this module
  /// and all below it.
  void train(bool on = true) const;
  void eval() const { train(false); }
  bool training() const;

  /// freeze(), for pre-trained layers: backward() does not reach the parameters of this module and
  /// all below it, and running statistics stay as they are, in training mode too. (In PyTorch
  /// requires_grad_(False) leaves batch norm's statistics moving; it takes eval() besides.)
  void freeze() const { set_frozen(true); }
  void unfreeze() const { set_frozen(false); }
  bool frozen() const;
  /// Whether backward() reaches the parameters; nothing else.
  void set_requires_grad(bool on) const;
  void zero_grad() const;

 protected:
  /// Registers a parameter, a buffer (saved, not trained), a child. Error when the name is taken or
  /// has a dot.
  Parameter parameter(const std::string& name, Array value);
  /// The same with start(shape), which is not called under a MetaGuard.
  Parameter parameter(const std::string& name, const Shape& shape,
                      const std::function<Array(const Shape&)>& start);
  Parameter buffer(const std::string& name, Array value);
  template <class M>
  M child(const std::string& name, M module) {
    adopt(name, module);
    return module;
  }

 private:
  struct State;
  friend class CloneScope;
  void set_frozen(bool on) const;
  void adopt(const std::string& name, const Module& module);
  std::shared_ptr<State> state_;
};

}  // namespace byhand::nn
