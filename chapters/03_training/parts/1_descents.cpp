#include "chapters/03_training/descent.hpp"
#include "chapters/03_training/parts/parts.hpp"
#include "chapters/03_training/pictures.hpp"
#include "common/app/chapter.hpp"

namespace training {
using namespace byhand;

void three_descents(const app::Settings& settings, const Sets& sets) {
  app::heading("1. One task, three batch sizes: SGD, learning rate 0.2, the same start");
  const moons::Data& data = sets.train;
  Generator generator{settings.seed};
  const moons::Classifier model({}, generator);
  fmt::print("two crescents: {} points to train on, {} to test; ", data.size(), sets.test.size());
  fmt::print("network 2 -> 16 -> 16 -> 1, {} parameters\n", model.parameter_count());
  app::agree("gradient of all points = mean of their single gradients",
             descent::gradient(model, data), descent::mean_of_single_gradients(model, data), 1e-6);

  std::vector<descent::Run> runs;
  app::Table table({"", "batch", "off by", "updates/epoch", "in all", "loss: start", "1 epoch",
                    "end", "right: train", "test"},
                   2);
  for (const auto& [name, size] : {std::pair{"batch: all points", data.size()},
                                   {"mini-batch", std::size_t(20)},
                                   {"one at a time", std::size_t(1)}}) {
    const descent::Run& run = runs.emplace_back(
        descent::descend(name, data, sets.test, size, settings.epochs, settings.seed));
    const double angle = descent::mean_angle(model, data, size, 200, generator);
    const std::size_t updates = run.updates_per_epoch * std::size_t(settings.epochs);
    table.add_row({name, size, fmt::format("{:.0f} degrees", angle), run.updates_per_epoch, updates,
                   run.losses[0], run.losses[1], run.losses.back(), run.train_accuracy,
                   run.test_accuracy});
  }
  table.print();
  fmt::print("off by: how far a random batch's gradient points away from that of all points, ");
  fmt::print("at the start. Small batches err, and step often.\n");
  fmt::print("\"Stochastic\" says that a batch is drawn at random, of whatever size; ");
  fmt::print("one example at a time is batch size 1.\n");
  app::save_figure(pictures::data(data, runs[1].model), "data", settings);
  app::save_figure(pictures::descent(runs), "descent", settings);
}

}  // namespace training
