#include "chapters/03_training/descent.hpp"
#include "chapters/03_training/lr_find.hpp"
#include "chapters/03_training/parts/parts.hpp"
#include "chapters/03_training/pictures.hpp"
#include "common/app/chapter.hpp"

namespace training {
using namespace byhand;

void find_learning_rate(const app::Settings& settings, const Sets& sets) {
  app::heading("3. The learning-rate finder: at most 100 steps, each with a larger rate");
  Generator generator{settings.seed};
  moons::Classifier model({}, generator);
  // Stop soon after the loss turns round: where it jumps about, a lucky jump down would look like
  // the steepest descent.
  const train::LrFindOptions options{.min_lr = 1e-4, .max_lr = 100, .stop_factor = 1.5};
  const train::LrFind found =
      train::lr_find(model, moons::loader(sets.train, 20, generator), options);
  app::Table table({"rate", "smoothed loss"}, 2);
  for (std::size_t i = 11; i < found.lr.size(); i += 12)
    table.add_row({fmt::format("{:.2g}", found.lr[i]), found.loss[i]});
  table.print();
  fmt::print("Suggestion {:.2g}: there the loss falls fastest. The model is as it was before.\n",
             found.suggestion);

  app::Table trained({"trained with", "rate", "loss after 5 epochs"}, 2);
  for (const auto& [name, factor] : {std::pair{"a hundredth of it", 0.01},
                                     {"the suggestion", 1.0},
                                     {"thirty times as much", 30.0}}) {
    const double rate = factor * found.suggestion;
    const descent::Run run =
        descent::descend(name, sets.train, sets.test, 20, 5, settings.seed, rate);
    trained.add_row({name, fmt::format("{:.2g}", rate), run.losses.back()});
  }
  trained.print();
  app::save_figure(pictures::lr_find(found), "lr_find", settings);
}

}  // namespace training
