#include "common/train/trainer.hpp"

#include <cmath>

#include "common/optim/clip.hpp"
#include "common/train/loader.hpp"
#include "common/train/run/checkpoint.hpp"
#include "common/train/run/interrupt.hpp"
#include "common/train/run/metrics_file.hpp"

namespace byhand::train {
namespace {

using Clock = std::chrono::steady_clock;

/// Evaluation mode and no graph; training mode again at the end.
class Evaluation {
 public:
  explicit Evaluation(const nn::Module& model) : model_(model) { model_.eval(); }
  ~Evaluation() { model_.train(); }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

 private:
  const nn::Module& model_;
  NoGrad no_grad_;
};

/// One call of fit().
class Run {
 public:
  Run(const TrainerOptions& options, Trainable& model, const DataLoader& loader,
      const DataLoader* validation);
  History go();

 private:
  enum class Outcome { done, interrupted };
  void resume();
  void save();
  Epoch begin_epoch();
  Outcome train_epoch();
  void step(const Batch& batch);
  Outcome validate(Averages& averages);
  void finish_epoch(const Averages* validation);
  void watch(double loss);
  bool stopped_early() const {
    return options_.early_stopping && state_.waited >= options_.early_stopping->patience;
  }
  bool checkpoint_due() const;
  void say_interrupted();
  double checked(double loss, const char* kind, std::size_t batch, std::size_t batches) const;

  const TrainerOptions& options_;
  Trainable& model_;
  const DataLoader& loader_;
  const DataLoader* validation_;
  std::unique_ptr<optim::Optimizer> optimizer_;
  std::optional<optim::LRScheduler> scheduler_;
  std::vector<Generator> generators_;
  RunState state_;
  MetricsFile metrics_;
  Progress progress_;
  InterruptGuard interrupt_;
  Generator epoch_start_;  // the loader's generator before it drew the order of this epoch
  Clock::time_point epoch_began_;
};

Run::Run(const TrainerOptions& options, Trainable& model, const DataLoader& loader,
         const DataLoader* validation)
    : options_(options),
      model_(model),
      loader_(loader),
      validation_(validation),
      optimizer_(model.configure_optimizers()),
      generators_{loader.generator()},
      metrics_(options.metrics_csv),
      progress_(options.progress, options.output, options.max_epochs, loader.size()) {
  check(loader.size() > 0, "fit: the loader has no batches ({} rows, batch_size {})", loader.rows(),
        loader.batch_size());
  check(!validation || validation->size() > 0, "fit: the validation loader has no batches");
  check(optimizer_ != nullptr, "fit: configure_optimizers returned nothing");
  if (validation) generators_.push_back(validation->generator());
  generators_.insert(generators_.end(), options.generators.begin(), options.generators.end());
  if (options.schedule) scheduler_.emplace(*optimizer_, options.schedule);
  state_.batches = loader.size();
  state_.rows = loader.rows();
}

History Run::go() {
  if (options_.resume) resume();
  model_.train();
  model_.take_logged();  // whatever was logged outside of a run
  Outcome outcome = Outcome::done;
  while (outcome == Outcome::done && state_.epoch < options_.max_epochs && !stopped_early()) {
    epoch_began_ = Clock::now();
    outcome = train_epoch();
    if (outcome == Outcome::interrupted) break;
    const bool with_validation = validation_ && (state_.epoch + 1) % options_.validate_every == 0;
    Averages averages;
    if (with_validation) outcome = validate(averages);
    if (outcome == Outcome::interrupted) break;
    finish_epoch(with_validation ? &averages : nullptr);
    if (interrupt_.requested())
      outcome = Outcome::interrupted;
    else if (checkpoint_due())
      save();
  }
  progress_.finish();
  if (outcome == Outcome::interrupted) {
    save();
    say_interrupted();
  }
  return {std::move(state_.reports), outcome == Outcome::interrupted, stopped_early()};
}

/// The order of the next epoch; of a resumed one the order it had, with the generators then left as
/// they were when it was interrupted.
Epoch Run::begin_epoch() {
  Generator generator = loader_.generator();
  if (state_.batch == 0) {
    epoch_start_ = generator.clone();
    return loader_.epoch();
  }
  const std::string now = generator.state();
  generator.set_state(epoch_start_.state());
  const Epoch epoch = loader_.epoch();
  generator.set_state(now);
  return epoch;
}

Run::Outcome Run::train_epoch() {
  const Epoch epoch = begin_epoch();
  model_.train();
  while (state_.batch < epoch.size()) {
    step(epoch.batch(state_.batch));
    ++state_.batch;
    progress_.step(state_.epoch + 1, state_.batch, state_.averages.mean("loss"));
    if (interrupt_.requested()) return Outcome::interrupted;
  }
  return Outcome::done;
}

void Run::step(const Batch& batch) {
  optimizer_->zero_grad();
  const Tensor loss = model_.training_step(batch);
  const double value = checked(double(loss.item()), "training", state_.batch, loader_.size());
  loss.backward();
  if (options_.gradient_clip_norm > 0)
    optim::clip_grad_norm(optimizer_->parameters(), options_.gradient_clip_norm);
  if (options_.gradient_clip_value > 0)
    optim::clip_grad_value(optimizer_->parameters(), options_.gradient_clip_value);
  optimizer_->step();
  state_.step_lr = optimizer_->lr();
  if (scheduler_ && options_.schedule_every == Every::step) scheduler_->step();
  state_.averages.add("loss", value, double(batch.size));
  for (const auto& [name, metric] : model_.take_logged())
    state_.averages.add(name, metric, double(batch.size));
}

Run::Outcome Run::validate(Averages& averages) {
  // a validation that is interrupted will be done again from its beginning
  std::vector<Generator> before;
  for (const Generator& g : generators_) before.push_back(g.clone());
  const Evaluation evaluation(model_);
  const Epoch epoch = validation_->epoch();
  for (std::size_t i = 0; i < epoch.size(); ++i) {
    const Batch batch = epoch.batch(i);
    averages.add(
        "loss",
        checked(double(model_.validation_step(batch).item()), "validation", i, epoch.size()),
        double(batch.size));
    for (const auto& [name, metric] : model_.take_logged())
      averages.add("validation_" + name, metric, double(batch.size));
    if (!interrupt_.requested()) continue;
    for (std::size_t g = 0; g < generators_.size(); ++g)
      generators_[g].set_state(before[g].state());
    return Outcome::interrupted;
  }
  return Outcome::done;
}

double Run::checked(double loss, const char* kind, std::size_t batch, std::size_t batches) const {
  check(std::isfinite(loss),
        "fit: the {} loss is {} in epoch {}, batch {} of {}; try a smaller learning rate or "
        "gradient clipping",
        kind, loss, state_.epoch + 1, batch + 1, batches);
  return loss;
}

void Run::finish_epoch(const Averages* validation) {
  EpochReport report{
      .epoch = state_.epoch + 1, .train_loss = state_.averages.mean("loss"), .lr = state_.step_lr};
  for (const Averages* averages : {static_cast<const Averages*>(&state_.averages), validation}) {
    if (!averages) continue;
    for (const auto& entry : averages->entries())
      if (entry.name != "loss") report.metrics.emplace_back(entry.name, averages->mean(entry.name));
  }
  if (validation) report.validation_loss = validation->mean("loss");
  report.seconds = std::chrono::duration<double>(Clock::now() - epoch_began_).count();
  if (scheduler_ && options_.schedule_every == Every::epoch) scheduler_->step();
  if (!validation_) watch(report.train_loss);
  if (validation) watch(*report.validation_loss);
  ++state_.epoch;
  state_.batch = 0;
  state_.averages = {};
  state_.reports.push_back(report);
  metrics_.update(state_.reports);
  progress_.epoch(report);
  for (const auto& callback : options_.callbacks) callback(report);
}

/// Early stopping's count.
void Run::watch(double loss) {
  if (!options_.early_stopping) return;
  const bool better = loss < state_.best - options_.early_stopping->min_delta;
  if (better) state_.best = loss;
  state_.waited = better ? 0 : state_.waited + 1;
}

bool Run::checkpoint_due() const {
  return state_.epoch % options_.checkpoint_every == 0 || state_.epoch == options_.max_epochs ||
         stopped_early();
}

void Run::save() {
  if (options_.checkpoint.empty()) return;
  state_.lr = optimizer_->lr();
  state_.schedule_step = scheduler_ ? scheduler_->steps() : 0;
  state_.epoch_start = state_.batch > 0 ? epoch_start_.state() : "";
  state_.generators.clear();
  for (const Generator& g : generators_) state_.generators.push_back(g.state());
  save_checkpoint(options_.checkpoint, model_, *optimizer_, state_);
}

void Run::resume() {
  const std::string file = options_.checkpoint.string();
  const auto accept = [&](const RunState& saved) {
    check(saved.generators.size() == generators_.size(),
          "{}: the checkpoint holds {} generators, this run has {}", file, saved.generators.size(),
          generators_.size());
    check(saved.batch == 0 || (saved.batches == loader_.size() && saved.rows == loader_.rows()),
          "{}: the run was interrupted in an epoch of {} rows in {} batches; this loader has {} "
          "rows in {}",
          file, saved.rows, saved.batches, loader_.rows(), loader_.size());
    for (const std::string& text : saved.generators) Generator().set_state(text);
    if (saved.batch > 0) epoch_start_.set_state(saved.epoch_start);
  };
  state_ = load_checkpoint(options_.checkpoint, model_, *optimizer_, accept);
  for (std::size_t i = 0; i < generators_.size(); ++i)
    generators_[i].set_state(state_.generators[i]);
  if (scheduler_)
    scheduler_->set_step(state_.schedule_step);
  else
    optimizer_->set_lr(state_.lr);
  state_.batches = loader_.size();
  state_.rows = loader_.rows();
  if (!state_.reports.empty()) metrics_.update(state_.reports);
}

void Run::say_interrupted() {
  const std::string where = state_.batch == 0
                                ? fmt::format("after epoch {}", state_.epoch)
                                : fmt::format("in epoch {} after batch {} of {}", state_.epoch + 1,
                                              state_.batch, loader_.size());
  progress_.say(
      options_.checkpoint.empty()
          ? fmt::format("interrupted {}; nothing was saved, since no checkpoint file was asked for",
                        where)
          : fmt::format("interrupted {}, saved in {}; go on with --resume", where,
                        options_.checkpoint.string()));
}

}  // namespace

Trainer::Trainer(TrainerOptions options) : options_(std::move(options)) {
  const TrainerOptions& o = options_;
  check(o.max_epochs >= 1, "trainer: max_epochs is {}, needs at least 1", o.max_epochs);
  check(o.validate_every >= 1 && o.checkpoint_every >= 1,
        "trainer: validate_every {} and checkpoint_every {} must be at least 1", o.validate_every,
        o.checkpoint_every);
  check(o.gradient_clip_norm >= 0 && o.gradient_clip_value >= 0,
        "trainer: gradient clipping at {} and {} is negative", o.gradient_clip_norm,
        o.gradient_clip_value);
  check(o.gradient_clip_norm == 0 || o.gradient_clip_value == 0,
        "trainer: clip gradients by norm or by value, not both");
  check(!o.early_stopping || (o.early_stopping->patience >= 1 && o.early_stopping->min_delta >= 0),
        "trainer: early stopping needs patience >= 1 and min_delta >= 0");
  check(!o.resume || !o.checkpoint.empty(), "trainer: resume needs a checkpoint file");
  check(o.output != nullptr, "trainer: output is no open file");
}

History Trainer::fit(Trainable& model, const DataLoader& loader,
                     const DataLoader* validation) const {
  return Run(options_, model, loader, validation).go();
}

}  // namespace byhand::train
