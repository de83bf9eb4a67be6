#pragma once
/// @file
/// Spine, nn. Layers of one kind, counted.
#include "common/nn/module.hpp"

namespace byhand::nn {

/// A vector of layers whose parameters are named by position ("0.weight", "1.weight"), as PyTorch's
/// ModuleList.
template <class M>
class ModuleList : public Module {
 public:
  void push_back(const M& module) {
    modules_.push_back(child(std::to_string(modules_.size()), module));
  }
  std::size_t size() const { return modules_.size(); }
  const M& operator[](std::size_t i) const {
    check(i < size(), "ModuleList: layer {} of {}", i, size());
    return modules_[i];
  }
  auto begin() const { return modules_.begin(); }
  auto end() const { return modules_.end(); }

 private:
  std::vector<M> modules_;
};

}  // namespace byhand::nn
