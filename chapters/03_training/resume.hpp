#pragma once
/// @file
/// A run in one piece, and the same run stopped half-way and taken up again from its checkpoint.
/// Notes 000 § 29.
#include <filesystem>

#include "chapters/03_training/moons.hpp"

namespace resume {

using byhand::Array;

/// What is left of a run.
struct Result {
  Array weights;               ///< all of them in one row
  std::vector<double> losses;  ///< training loss of each epoch, also of those before a resume
};

/// How a run is done. With dropout and shuffling, so that random numbers matter too.
struct Plan {
  int epochs = 6;
  std::filesystem::path checkpoint = {};  ///< none: nothing is saved
  bool from_checkpoint = false;
  std::uint64_t seed = 42;  ///< of the start; a resumed run does not depend on it
  /// Called before the epoch's checkpoint is written.
  std::function<void(std::int64_t epoch)> after_epoch = {};
};
Result run(const moons::Data& data, const Plan& plan);

}  // namespace resume
