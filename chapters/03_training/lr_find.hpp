#pragma once
/// @file
/// A search for a good learning rate, as Lightning's tuner.lr_find() makes it. Notes 000 § 29.
#include "common/train/trainable.hpp"

#include "common/train/loader.hpp"

namespace byhand::train {

struct LrFindOptions {
  double min_lr = 1e-8, max_lr = 1;
  std::int64_t steps = 100;
  double stop_factor = 4;  ///< stop when the smoothed loss is this many times its best (0: never)
  /// To be put back beside the loader's own: those of dropout, when they are others.
  std::vector<Generator> generators = {};
};

/// What lr_find saw.
struct LrFind {
  double suggestion = 0;   ///< the learning rate where the loss fell fastest
  std::size_t index = 0;   ///< its place in the curve
  std::vector<double> lr;  ///< one a step, rising evenly on a log scale
  /// Smoothed: running average with factor 0.98, corrected for its start as Adam's averages are.
  std::vector<double> loss;
};

/// Trains for `steps` batches while the learning rate rises from min_lr to max_lr, and suggests the
/// rate at which the smoothed loss fell fastest from step to step, without the first 10 and the
/// last point. Weights, buffers, mode and generators are then put back. Error when an option makes
/// no sense or when the loss grew beyond bounds before there were enough points.
LrFind lr_find(Trainable& model, const DataLoader& loader, const LrFindOptions& options = {});

}  // namespace byhand::train
