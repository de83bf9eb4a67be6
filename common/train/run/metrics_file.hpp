#pragma once
/// @file
/// Appliance, train/run. The history of a run as a table on disk.
#include <filesystem>

#include "common/train/run/report.hpp"

namespace byhand::train {

/// A CSV file with one row an epoch: epoch, lr, train_loss, validation_loss if there is one, then the metrics by name. A cell is empty when
/// its epoch has no such number. Numbers are written so that they read back exactly. No times, so that the same run gives the same file.
class MetricsFile {
 public:
  /// Nothing is written before the first update(); an empty path means no file.
  explicit MetricsFile(std::filesystem::path file) : file_(std::move(file)) {}

  /// Brings the file up to date with the epochs so far. The first call, and one that brings a new column, write the whole file anew, the
  /// others add rows at its end. Error when the disk says no.
  void update(const std::vector<EpochReport>& epochs);

 private:
  bool add_columns(const EpochReport& report);
  std::string header() const;
  std::string row(const EpochReport& report) const;
  std::filesystem::path file_;
  bool validation_ = false;
  std::vector<std::string> metrics_;
  std::size_t rows_ = 0;  // written so far
};

}  // namespace byhand::train
