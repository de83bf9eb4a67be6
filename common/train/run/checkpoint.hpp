#pragma once
/// @file
/// Appliance, train/run. A training run in one file, so that it can be taken up where it stopped.
#include <filesystem>
#include <functional>

#include "common/io/safetensors.hpp"
#include "common/nn/module.hpp"
#include "common/optim/optimizer.hpp"
#include "common/train/run/run_state.hpp"

namespace byhand::train {

/// Writes a safetensors file: weights and buffers as "model.<name>", the optimiser's running state as "optimizer.<name>", everything else
/// as text in its metadata, where the run stands as JSON. The file there was before is replaced only when the new one is complete.
/// Error, and nothing is written, when a weight is not finite.
void save_checkpoint(const std::filesystem::path& file, const nn::Module& model, const optim::Optimizer& optimizer, const RunState& state);

/// Hash of all names, numbers and texts but "checksum" itself: safetensors has none of its own, and a flipped bit in a weight would go unseen.
std::string checksum(const io::NamedArrays& arrays, const io::Metadata& fields);

/// Reads one back into model and optimiser and returns where the run stood. `accept` may look at that first and throw when it does not fit.
/// Error when the file is missing, damaged or not a checkpoint, or was made by an older program or with another model, optimiser or number type. After any error
/// the model is as it was.
RunState load_checkpoint(const std::filesystem::path& file, const nn::Module& model, optim::Optimizer& optimizer,
                         const std::function<void(const RunState&)>& accept = {});

}  // namespace byhand::train
