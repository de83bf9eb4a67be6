#pragma once
/// @file
/// Appliance, train/run. What a training run tells about itself: averages over an epoch, a report for each epoch, the history of a run.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace byhand::train {

/// Named numbers, in the order in which they first came up.
using Metrics = std::vector<std::pair<std::string, double>>;

/// The metric of this name; nothing when there is none.
std::optional<double> find_metric(const Metrics& metrics, const std::string& name);

/// Running averages by name. Batches count by their number of rows, so a short last batch weighs less.
class Averages {
 public:
  struct Entry {
    std::string name;
    double sum = 0, weight = 0;
  };
  void add(const std::string& name, double value, double weight);
  /// The average of one name. Error when nothing was added under it.
  double mean(const std::string& name) const;
  const std::vector<Entry>& entries() const { return entries_; }
  /// Puts back an entry that was saved.
  void restore(Entry entry) { entries_.push_back(std::move(entry)); }

 private:
  std::vector<Entry> entries_;
};

/// One epoch of a run.
struct EpochReport {
  std::int64_t epoch = 0;                      ///< counted from 1
  double train_loss = 0;                       ///< average over the examples, measured while the weights were moving
  std::optional<double> validation_loss = {};  ///< average over the validation set, when there was a validation in this epoch
  Metrics metrics = {};                        ///< what the model logged, averaged; those of the validation begin with "validation_"
  double lr = 0;                               ///< learning rate of the epoch's last step
  double seconds = 0;                          ///< wall-clock time; 0 for epochs read back from a checkpoint

  std::optional<double> metric(const std::string& name) const { return find_metric(metrics, name); }
};

/// What Trainer::fit returns. After a resume it also holds the epochs before.
struct History {
  std::vector<EpochReport> epochs;
  bool interrupted = false;    ///< stopped by Ctrl-C
  bool stopped_early = false;  ///< stopped by early stopping

  /// One number an epoch, to be drawn: the training losses; the validation losses with the epochs they belong to.
  std::vector<double> train_losses() const;
  std::vector<std::pair<std::int64_t, double>> validation_losses() const;
};

}  // namespace byhand::train
