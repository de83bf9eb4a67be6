#pragma once
/// @file
/// Appliance, train/run. Where a training run stands, apart from weights and optimiser: what a checkpoint keeps as text.
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "common/train/run/report.hpp"

namespace byhand::train {

/// Where a run stands.
struct RunState {
  std::int64_t epoch = 0;             ///< epochs completed
  std::size_t batch = 0;              ///< batches done of the epoch under way
  std::size_t batches = 0, rows = 0;  ///< size of the loader, to notice another one
  std::int64_t schedule_step = 0;
  double lr = 0;                                          ///< the optimiser's learning rate now
  double step_lr = 0;                                     ///< the one its last step used
  double best = std::numeric_limits<double>::infinity();  ///< best loss so far, for early stopping
  std::int64_t waited = 0;                                ///< checks since then
  Averages averages;                                      ///< of the epoch under way
  std::vector<EpochReport> reports;                       ///< of the epochs completed
  std::string epoch_start;                                ///< the loader's generator as it was when the epoch under way began
  std::vector<std::string> generators;
};

/// As JSON, on one line. Numbers come back bit for bit.
std::string to_text(const RunState& state);

/// Back from such a text. Error that begins with `where` (the file) and names the entry when one is missing or makes no sense.
RunState run_state(std::string_view text, const std::string& where);

}  // namespace byhand::train
