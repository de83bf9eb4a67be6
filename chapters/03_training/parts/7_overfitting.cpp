#include "chapters/03_training/overfitting.hpp"
#include "chapters/03_training/parts/parts.hpp"
#include "chapters/03_training/pictures.hpp"
#include "common/app/chapter.hpp"

namespace training {
using namespace byhand;

void over_fit(const app::Settings& settings) {
  Generator generator{settings.seed + 1};
  const moons::Data few = moons::make(40, 0.35, generator),
                    many = moons::make(400, 0.35, generator);
  app::heading(
      fmt::format("7. Under- and over-fitting: {} noisy points to train on, {} to validate",
                  few.size(), many.size()));
  const int epochs = settings.quick ? 60 : 300;
  std::vector<overfitting::Run> runs;
  app::Table table({"", "parameters", "epochs", "loss: train", "validation", "smallest", "at epoch",
                    "right: train", "validation"},
                   2);
  for (const overfitting::Case& c : overfitting::cases()) {
    const overfitting::Run& r =
        runs.emplace_back(overfitting::fit(c, few, many, epochs, settings.seed));
    table.add_row({r.name, r.parameters, r.history.epochs.size(), r.train_loss, r.validation_loss,
                   r.best_validation_loss, r.best_epoch, r.train_accuracy, r.validation_accuracy});
  }
  table.print();
  fmt::print("The line is too simple for either set. ");
  fmt::print(
      "The large network learns 40 points by heart and gets sure of its mistakes elsewhere.\n");
  fmt::print("Early stopping waits 20 epochs for a smaller validation loss; ");
  fmt::print("it keeps the weights of the last epoch, not of the best.\n");
  app::save_figure(pictures::overfitting(runs), "overfitting", settings);
}

}  // namespace training
