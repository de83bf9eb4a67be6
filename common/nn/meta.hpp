#pragma once
/// @file
/// Spine, nn. Models without memory, to be counted.
#include "common/nn/module.hpp"

namespace byhand::nn {

/// While one is alive on this thread, parameters get their shape and neither numbers nor memory. So
/// a model of any size can be built to be counted: parameter_count(), names and shapes work. To
/// compute with such a parameter, change or save it is an error.
///
///   const nn::MetaGuard guard;
///   const nn::TransformerEncoderLayer layer(12288, 96, g, {.feed_forward = 49152});
///   const nn::TransformerEncoder gpt3(layer, 96);
///
/// Layers of this library draw nothing meanwhile, and the table of a PositionalEncoding is a shape
/// only as well. A layer that makes its start weights first and registers them then, as in
/// parameter("weight", rand(…)), needs their memory for that moment.
class MetaGuard {
 public:
  MetaGuard();
  ~MetaGuard();
  MetaGuard(const MetaGuard&) = delete;
  MetaGuard& operator=(const MetaGuard&) = delete;
  /// Whether one is alive on this thread.
  static bool active();

 private:
  bool before_;
};

}  // namespace byhand::nn
