#include "chapters/03_training/lr_find.hpp"

#include <algorithm>
#include <cmath>

#include "common/train/loader.hpp"

namespace byhand::train {
namespace {

constexpr std::size_t skip_begin = 10, skip_end = 1;  // Lightning's defaults
constexpr double beta = 0.98;                         // of the running average

/// Remembers a model and some generators and puts them back, also when a step throws.
class PutBack {
 public:
  PutBack(Trainable& model, std::vector<Generator> generators)
      : model_(model), generators_(std::move(generators)), training_(model.training()) {
    for (const auto& [name, tensor] : model.state_dict())
      values_.emplace_back(tensor, tensor.value());
    for (const Generator& g : generators_) states_.push_back(g.clone());
  }
  ~PutBack() {
    for (const auto& [tensor, value] : values_) tensor.mutable_value() = value;
    for (std::size_t i = 0; i < generators_.size(); ++i)
      generators_[i].set_state(states_[i].state());
    model_.zero_grad();
    model_.train(training_);
    model_.take_logged();
  }
  PutBack(const PutBack&) = delete;
  PutBack& operator=(const PutBack&) = delete;

 private:
  Trainable& model_;
  std::vector<Generator> generators_, states_;
  bool training_;
  std::vector<std::pair<Tensor, Array>> values_;
};

/// Batches without end, epoch after epoch.
class Stream {
 public:
  explicit Stream(const DataLoader& loader) : loader_(loader), epoch_(loader.epoch()) {}
  Batch next() {
    if (position_ == epoch_.size()) {
      epoch_ = loader_.epoch();
      position_ = 0;
    }
    return epoch_.batch(position_++);
  }

 private:
  const DataLoader& loader_;
  Epoch epoch_;
  std::size_t position_ = 0;
};

/// The point of steepest descent: central differences inside, one-sided ones at both ends, as
/// torch.gradient takes them.
std::size_t steepest(const std::vector<double>& loss) {
  const std::size_t begin = skip_begin, last = loss.size() - skip_end - 1;
  const auto slope = [&](std::size_t i) {
    const std::size_t left = i == begin ? i : i - 1, right = i == last ? i : i + 1;
    return (loss[right] - loss[left]) / double(right - left);
  };
  std::size_t best = begin;
  for (std::size_t i = begin; i <= last; ++i)
    if (slope(i) < slope(best)) best = i;
  return best;
}

void check_options(const LrFindOptions& o) {
  check(o.min_lr > 0 && o.max_lr > o.min_lr && std::isfinite(o.max_lr),
        "lr_find: min_lr {} and max_lr {} are not the ends of a range above 0", o.min_lr, o.max_lr);
  constexpr std::size_t least = skip_begin + skip_end + 2;
  check(o.steps >= std::int64_t(least), "lr_find: {} steps are too few, needs at least {}", o.steps,
        least);
  check(o.stop_factor == 0 || o.stop_factor > 1,
        "lr_find: stop_factor {} must be above 1, or 0 for never", o.stop_factor);
}

}  // namespace

LrFind lr_find(Trainable& model, const DataLoader& loader, const LrFindOptions& options) {
  check_options(options);
  check(loader.size() > 0, "lr_find: the loader has no batches ({} rows, batch_size {})",
        loader.rows(), loader.batch_size());
  std::vector<Generator> generators = options.generators;
  generators.push_back(loader.generator());
  const PutBack put_back(model, std::move(generators));
  const std::unique_ptr<optim::Optimizer> optimizer = model.configure_optimizers();
  check(optimizer != nullptr, "lr_find: configure_optimizers returned nothing");
  model.train();

  LrFind found;
  Stream batches(loader);
  double average = 0, best = 0;
  for (std::int64_t i = 0; i < options.steps; ++i) {
    // Lightning's rates: the first is min_lr, then min_lr (max_lr / min_lr)^((i + 1) / steps), so
    // that the last is max_lr.
    const double lr = i == 0 ? options.min_lr
                             : options.min_lr * std::pow(options.max_lr / options.min_lr,
                                                         double(i + 1) / double(options.steps));
    optimizer->set_lr(lr);
    optimizer->zero_grad();
    const Tensor loss = model.training_step(batches.next());
    const double value = double(loss.item());
    if (!std::isfinite(value)) break;
    loss.backward();
    optimizer->step();
    average = beta * average + (1 - beta) * value;
    const double smoothed = average / (1 - std::pow(beta, double(i + 1)));
    found.lr.push_back(lr);
    found.loss.push_back(smoothed);
    if (options.stop_factor > 0 && i > 0 && smoothed > options.stop_factor * best) break;
    best = i == 0 ? smoothed : std::min(best, smoothed);
  }
  check(found.loss.size() >= skip_begin + skip_end + 2,
        "lr_find: the loss grew beyond bounds after {} steps; begin with a smaller min_lr than {}",
        found.loss.size(), options.min_lr);
  found.index = steepest(found.loss);
  found.suggestion = found.lr[found.index];
  return found;
}

}  // namespace byhand::train
