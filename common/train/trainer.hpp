#pragma once
/// @file
/// Spine, train. The training loop, written once. Notes 000 § 29.
#include <cstdio>
#include <filesystem>
#include <functional>

#include "common/optim/schedule.hpp"
#include "common/train/loader.hpp"
#include "common/train/run/progress.hpp"
#include "common/train/trainable.hpp"

namespace byhand::train {

/// Stops a run when the validation loss (the training loss when there is no validation) has not
/// become smaller by more than min_delta for `patience` checks in a row.
struct EarlyStopping {
  std::int64_t patience = 3;
  double min_delta = 0;
};

/// When a schedule moves on.
enum class Every { step, epoch };

struct TrainerOptions {
  std::int64_t max_epochs = 1;
  double gradient_clip_norm = 0;  ///< scale gradients whose common norm is larger (0: no clipping)
  /// limit each gradient to +- this (0: no clipping); not together with the other
  double gradient_clip_value = 0;
  optim::Schedule schedule = {};  ///< learning rate over time; none: constant
  Every schedule_every = Every::step;
  std::int64_t validate_every = 1;  ///< epochs between two validations
  std::optional<EarlyStopping> early_stopping = {};
  std::filesystem::path metrics_csv = {};  ///< a table of the epochs (MetricsFile)
  /// where the run is saved: every checkpoint_every epochs, at its end, and at Ctrl-C
  std::filesystem::path checkpoint = {};
  std::int64_t checkpoint_every = 1;
  bool resume = false;  ///< go on from `checkpoint`, which must exist
  /// to be saved beside the loaders' own: those of dropout, when they are others
  std::vector<Generator> generators = {};
  ProgressMode progress = ProgressMode::automatic;
  /// where progress is printed
  std::FILE* output = stdout;
  std::vector<std::function<void(const EpochReport&)>> callbacks = {};  ///< called after each epoch
};

/// Trains a model: `train::Trainer({.max_epochs = 100}).fit(net, loader)`.
///
/// A run that is interrupted (Ctrl-C) and resumed gives the same bits as one that is not, with
/// dropout and shuffling too, provided every generator the model draws from is the loader's or
/// stands in options.generators.
class Trainer {
 public:
  /// Error when an option makes no sense.
  explicit Trainer(TrainerOptions options = {});

  /// Runs the epochs and returns their history; the model is left in training mode. Validation runs
  /// in evaluation mode without a graph. Error when there is nothing to train on, when a loss is
  /// not finite (names epoch and batch; the last good checkpoint stays), or when the checkpoint to
  /// be resumed does not fit.
  History fit(Trainable& model, const DataLoader& loader,
              const DataLoader* validation = nullptr) const;

  const TrainerOptions& options() const { return options_; }

 private:
  TrainerOptions options_;
};

}  // namespace byhand::train
