#pragma once
/// @file
/// Spine, nn. Layers one after the other.
#include <concepts>
#include <functional>

#include "common/nn/module.hpp"

namespace byhand::nn {

/// Layers and activation functions in a row, as in PyTorch; their parameters are named by position
/// ("0.weight", "2.weight").
///
///   nn::Sequential net{nn::Linear(4, 16, g), tanh, nn::Linear(16, 2, g)};
class Sequential : public Module {
 public:
  /// A layer (any module that maps a Tensor to a Tensor) or a plain function of a Tensor.
  class Layer {
   public:
    // As a Module it still names the same parameters; as a layer it lives in call_.
    template <std::derived_from<Module> M>
    // NOLINTNEXTLINE(*-slicing)
    Layer(M module) : module_(module), call_([module](const Tensor& x) { return module(x); }) {}
    Layer(Tensor (*function)(const Tensor&)) : call_(function) {}
    template <std::invocable<const Tensor&> F>
    requires(!std::derived_from<F, Module>) Layer(F function) : call_(std::move(function)) {}

   private:
    friend class Sequential;
    Module module_;
    std::function<Tensor(const Tensor&)> call_;
  };

  Sequential(std::initializer_list<Layer> layers) {
    for (const Layer& layer : layers) {
      child(std::to_string(calls_.size()), layer.module_);
      calls_.push_back(layer.call_);
    }
  }

  Tensor operator()(Tensor x) const {
    for (const auto& call : calls_) x = call(x);
    return x;
  }

 private:
  std::vector<std::function<Tensor(const Tensor&)>> calls_;
};

}  // namespace byhand::nn
