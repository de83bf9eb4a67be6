#include "chapters/03_training/resume.hpp"

#include "common/train/loader.hpp"

namespace resume {
using namespace byhand;

Result run(const moons::Data& data, const Plan& plan) {
  Generator generator{plan.seed};
  moons::Classifier model(
      {.dropout = 0.2, .optimiser = moons::Optimiser::adam, .learning_rate = 0.01}, generator);
  const train::DataLoader loader = moons::loader(data, 20, generator);
  train::TrainerOptions options{.max_epochs = plan.epochs,
                                .schedule = optim::CosineAnnealingLR(1000),
                                .checkpoint = plan.checkpoint,
                                .resume = plan.from_checkpoint,
                                .progress = train::ProgressMode::off};
  if (plan.after_epoch)
    options.callbacks.emplace_back(
        [&](const train::EpochReport& report) { plan.after_epoch(report.epoch); });
  const train::History history = train::Trainer(options).fit(model, loader);
  return {moons::weights(model), history.train_losses()};
}

}  // namespace resume
