#pragma once
/// @file
/// Spine, nn. Copies of modules that share nothing with the original.
#include "common/nn/module.hpp"

namespace byhand::nn {

/// While one is alive on this thread, copying a module or a Parameter copies its numbers. Used by
/// deep_copy().
class CloneScope {
 public:
  CloneScope();
  ~CloneScope();
  CloneScope(const CloneScope&) = delete;
  CloneScope& operator=(const CloneScope&) = delete;

 private:
  friend class Parameter;
  friend class Module;
  struct Clones;
  static thread_local Clones* active_;
  Clones* before_;  // of an outer scope, should there be one
  std::unique_ptr<Clones> clones_;
};

/// A copy that shares no numbers with the original; what was shared inside the original is shared
/// inside the copy. Generators (of dropout) stay shared: both draw from one stream.
template <class M>
M deep_copy(const M& module) {
  const CloneScope scope;
  return M(module);
}

}  // namespace byhand::nn
