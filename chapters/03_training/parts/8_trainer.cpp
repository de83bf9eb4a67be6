#include "chapters/03_training/parts/parts.hpp"
#include "chapters/03_training/resume.hpp"
#include "common/app/chapter.hpp"

namespace training {
using namespace byhand;

void stop_and_resume(const app::Settings& settings, const Sets& sets) {
  app::heading("8. The Trainer: the notes' loop, a checkpoint, a stop, and on");
  Generator first{settings.seed}, second{settings.seed};
  moons::Classifier by_loop({}, first), by_trainer({}, second);
  moons::train_by_hand(by_loop, moons::loader(sets.train, 20, first), 3);
  train::Trainer({.max_epochs = 3, .progress = train::ProgressMode::off})
      .fit(by_trainer, moons::loader(sets.train, 20, second));
  app::agree("the loop by hand = Trainer::fit: weights after 3 epochs", moons::weights(by_loop),
             moons::weights(by_trainer), 0);

  const std::filesystem::path checkpoint = settings.out / "resume.safetensors";
  const resume::Result whole = resume::run(sets.train, {.seed = settings.seed});
  resume::run(sets.train, {.epochs = 3, .checkpoint = checkpoint, .seed = settings.seed});
  const resume::Result resumed = resume::run(
      sets.train, {.checkpoint = checkpoint, .from_checkpoint = true, .seed = settings.seed + 1});
  const auto as_array = [](const std::vector<double>& v) {
    return array(std::vector<real>(v.begin(), v.end()));
  };
  app::agree("6 epochs = 3 epochs, checkpoint, another start, 3 more: weights", whole.weights,
             resumed.weights, 0);
  app::agree("the same: loss of every epoch", as_array(whole.losses), as_array(resumed.losses), 0);
}

}  // namespace training
