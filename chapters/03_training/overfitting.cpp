#include "chapters/03_training/overfitting.hpp"

#include <tuple>

namespace overfitting {
using namespace byhand;

std::vector<Case> cases() {
  const moons::Recipe line{.layers = 0, .optimiser = moons::Optimiser::adam, .learning_rate = 0.1};
  const moons::Recipe large{
      .layers = 2, .hidden = 128, .optimiser = moons::Optimiser::adam, .learning_rate = 0.01};
  moons::Recipe dropped = large;
  dropped.dropout = 0.5;
  return {{"a straight line", line},
          {"large network", large},
          {"with dropout 0.5", dropped},
          {"with early stopping", large, 20}};
}

Run fit(const Case& c, const moons::Data& train, const moons::Data& validation, int epochs,
        std::uint64_t seed) {
  Generator generator{seed};
  moons::Classifier model(c.recipe, generator);
  const auto batches = moons::loader(train, train.size(), generator),
             checks = moons::loader(validation, validation.size(), Generator{seed});
  train::TrainerOptions options{.max_epochs = epochs, .progress = train::ProgressMode::off};
  if (c.patience > 0) options.early_stopping = train::EarlyStopping{.patience = c.patience};
  Run run{.name = c.name,
          .parameters = model.parameter_count(),
          .history = train::Trainer(options).fit(model, batches, &checks)};
  run.train_loss = moons::loss(model, train);
  run.validation_loss = moons::loss(model, validation);
  run.train_accuracy = moons::accuracy(model, train);
  run.validation_accuracy = moons::accuracy(model, validation);
  const auto losses = run.history.validation_losses();
  std::tie(run.best_epoch, run.best_validation_loss) = losses.front();
  for (const auto& [epoch, loss] : losses)
    if (loss < run.best_validation_loss)
      std::tie(run.best_epoch, run.best_validation_loss) = std::pair(epoch, loss);
  return run;
}

}  // namespace overfitting
