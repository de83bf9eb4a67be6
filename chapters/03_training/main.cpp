// Chapter 03: training. Notes 000 § 29, 002 (SGD and Adam), 003 § 12, 004 § 1.3 and § 3.
#include "chapters/03_training/batch_norm.hpp"
#include "chapters/03_training/clipping.hpp"
#include "chapters/03_training/pictures.hpp"
#include "chapters/03_training/rates.hpp"
#include "chapters/03_training/resume.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/random.hpp"

using namespace byhand;

namespace {

struct Sets {
  moons::Data train, test;
};

Array as_array(const std::vector<double>& v) { return array(std::vector<real>(v.begin(), v.end())); }

void three_descents(const app::Settings& settings, const Sets& sets) {
  app::heading("1. One task, three batch sizes: SGD, learning rate 0.2, the same start");
  const moons::Data& data = sets.train;
  Generator generator{settings.seed};
  const moons::Classifier model({}, generator);
  fmt::print("two crescents: {} points to train on, {} to test; network 2 -> 16 -> 16 -> 1, {} parameters\n", data.size(), sets.test.size(),
             model.parameter_count());
  app::agree("gradient of all points = mean of their single gradients", descent::gradient(model, data),
             descent::mean_of_single_gradients(model, data), 1e-6);
  std::vector<descent::Run> runs;
  app::Table table({"", "batch", "off by", "updates/epoch", "in all", "loss: start", "1 epoch", "end", "right: train", "test"}, 2);
  for (const auto& [name, size] :
       {std::pair{"batch: all points", data.size()}, {"mini-batch", std::size_t(20)}, {"one at a time", std::size_t(1)}}) {
    const descent::Run run = descent::descend(name, data, sets.test, size, settings.epochs, settings.seed);
    const std::string off = fmt::format("{:.0f} degrees", descent::mean_angle(model, data, size, 200, generator));
    table.add_row({name, size, off, run.updates_per_epoch, run.updates_per_epoch * std::size_t(settings.epochs), run.losses[0],
                   run.losses[1], run.losses.back(), run.train_accuracy, run.test_accuracy});
    runs.push_back(run);
  }
  table.print();
  fmt::print(
      "off by: how far a random batch's gradient points away from that of all points, at the start. Small batches err, and step often.\n");
  fmt::print("\"Stochastic\" says that a batch is drawn at random, of whatever size; one example at a time is batch size 1.\n");
  app::save_figure(pictures::data(data, runs[1].model), "data", settings);
  app::save_figure(pictures::descent(runs), "descent", settings);
}

void optimiser_paths(const app::Settings& settings) {
  app::heading("2. Five update rules by hand, from (-1.2, 1) through Rosenbrock's valley to (1, 1)");
  const auto contestants = rules::contestants();
  std::vector<rules::Path> paths;
  app::Table table({"", "rate", "after 1 step", "after 500 steps", "PyTorch", "f there", "steps to f < 1", "f < 0.1"});
  const auto row = [&](const std::string& name, double rate, const rules::Path& path, const std::string& pytorch) {
    const auto place = [&](std::size_t step) { return app::number(path[step][0], 3) + " " + app::number(path[step][1], 3); };
    table.add_row({name, fmt::format("{}", rate), place(1), place(500), pytorch, app::number(rules::rosenbrock(path[500]), 3),
                   rules::steps_to(path, 1), rules::steps_to(path, 0.1)});
  };
  for (const rules::Contestant& c : contestants) {
    const rules::Path path = rules::walk(c.rule, 2000);
    row(c.name, c.lr, path, c.pytorch);
    paths.emplace_back(path.begin(), path.begin() + 501);
    app::agree(c.name + " by hand = common/optim: 300 steps", rules::flat(path, 300), rules::flat(rules::walk(c, 300), 300), 1e-3);
  }
  row("Adam, larger rate", 0.2, rules::walk(rules::adam(0.2), 2000), "");
  table.print();
  fmt::print("First step in x: SGD its rate times a slope of -215.6; Adam its rate, whatever the slope; RMSprop ten times its rate.\n");
  fmt::print("Which is fastest depends on the surface and the rate: momentum here, and Adam with ten times its rate comes close.\n");
  app::save_figure(pictures::paths(contestants, paths), "paths", settings);
}

void find_learning_rate(const app::Settings& settings, const Sets& sets) {
  app::heading("3. The learning-rate finder: at most 100 steps, each with a larger rate");
  Generator generator{settings.seed};
  moons::Classifier model({}, generator);
  // Stop soon after the loss turns round: where it jumps about, a lucky jump down would look like the steepest descent.
  const train::LrFindOptions options{.min_lr = 1e-4, .max_lr = 100, .stop_factor = 1.5};
  const train::LrFind found = train::lr_find(model, moons::loader(sets.train, 20, generator), options);
  app::Table table({"rate", "smoothed loss"}, 2);
  for (std::size_t i = 11; i < found.lr.size(); i += 12) table.add_row({fmt::format("{:.2g}", found.lr[i]), found.loss[i]});
  table.print();
  fmt::print("Suggestion {:.2g}: there the loss falls fastest. The model is as it was before.\n", found.suggestion);
  app::Table trained({"trained with", "rate", "loss after 5 epochs"}, 2);
  for (const auto& [name, factor] : {std::pair{"a hundredth of it", 0.01}, {"the suggestion", 1.0}, {"thirty times as much", 30.0}}) {
    const descent::Run run = descent::descend(name, sets.train, sets.test, 20, 5, settings.seed, factor * found.suggestion);
    trained.add_row({name, fmt::format("{:.2g}", factor * found.suggestion), run.losses.back()});
  }
  trained.print();
  app::save_figure(pictures::lr_find(found), "lr_find", settings);
}

void schedules(const app::Settings& settings) {
  app::heading("4. Schedules and warm-up: the rate is a formula of the step");
  app::Table table({"base rate 1", "step 0", "10", "20", "50", "75", "100"}, 3);
  for (const auto& [name, rate, by_hand] : rates::hundred_steps())
    table.add_row({name, rate(1, 0), rate(1, 10), rate(1, 20), rate(1, 50), rate(1, 75), rate(1, 100)});
  table.print();
  app::agree("formulas by hand = common/optim: 7 schedules, 101 steps", rates::all_by_hand(), rates::all_built_in(), 1e-6);
  const optim::Schedule noam = optim::Noam(512, 4000);
  fmt::print("the transformer's, size 512, warm-up 4000: step 1 {:.3e}, step 100000 {:.3e}, highest at 4000:\n", noam(1, 0),
             noam(1, 99999));
  app::agree("1 / sqrt(512 * 4000) = 6.988e-4 = optim::Noam", 1 / std::sqrt(512.0 * 4000), noam(1, 3999), 1e-12);
  app::save_figure(pictures::schedules(), "schedules", settings);
}

void deep_gradients(const app::Settings& settings, const Sets& sets) {
  app::heading("5. Vanishing and exploding gradients: what reaches the first layer");
  for (const double weight : {2.0, 0.5}) {
    const double by_hand = depth::applied_by_hand(weight, 50);
    fmt::print("a weight of {} applied 50 times: derivative {:.16g}\n", weight, by_hand);
    check(by_hand == depth::applied_by_autograd(weight, 50), "{}^50 by hand is not what autograd says", weight);  // powers of 2 are exact
  }
  const depth::Table norms = depth::measure({2, 5, 10, 20, 30, 40, 50}, sets.test, settings.quick ? 1 : 5, settings.seed);
  app::Table table({"norm of the gradient at the first layer of", "2 layers", "10", "20", "50", "factor a layer"});
  for (std::size_t i = 0; i < norms.norms.size(); ++i) {
    const auto& n = norms.norms[i];  // n[0] at 2 layers, n[2] at 10, n[3] at 20, n[4] at 30, n[6] at 50
    const auto text = [](double v) { return v > 0 ? fmt::format("{:.0e}", v) : "0"; };
    table.add_row(
        {depth::setups()[i].name, text(n[0]), text(n[2]), text(n[3]), text(n[6]), app::number(std::pow(n[4] / n[2], 1 / 20.0), 2)});
  }
  table.print();
  fmt::print(
      "The sigmoid's slope is at most 0.25: each layer takes most of what is left, and after 50 a float holds 0. Xavier's and He's\n"
      "weights, or batch normalisation, keep the factor near 1. With weights three times as large it is near 3. (From 10 to 30 layers.)\n");
  Generator generator{settings.seed};
  const Array x = randn({20, 4}, generator);
  app::agree("batch norm by hand = nn::BatchNorm", by_hand::BatchNorm(4).training(x), nn::BatchNorm(4)(Tensor(x)).value(), 1e-5);
  app::save_figure(pictures::depth(norms), "depth", settings);
}

void clip_gradients(const app::Settings& settings) {
  app::heading("6. Clipping the gradient [0.9, 100] at 1");
  const clipping::Vector g = {0.9, 100}, value = clipping::by_value(g, 1), norm = clipping::by_norm(g, 1),
                         global = clipping::by_global_norm({g}, 1)[0], other = {3, -4};
  app::Table table({"", "first", "second", "length", "direction, degrees", "turned by"}, 4);
  for (const auto& [name, v] : {std::pair{"gradient", g}, {"by value", value}, {"by norm", norm}, {"by norm, with PyTorch's 1e-6", global}})
    table.add_row({name, app::number(v[0], 8), app::number(v[1], 8), clipping::norm(v), clipping::angle({1, 0}, v),
                   app::number(clipping::angle(g, v), 2)});
  table.print();
  fmt::print("with pencil: length sqrt(0.81 + 10000) = 100.00405; 0.9 / 100.00405 = 0.00899964, 100 / 100.00405 = 0.99995950\n");
  app::agree("by value: by hand = common/optim", as_array(value), as_array(clipping::built_in_by_value(g, 1)), 1e-7);
  app::agree("by norm, with PyTorch's 1e-6: by hand = common/optim", as_array(global), as_array(clipping::built_in_by_norm(g, 1)), 1e-7);
  const auto together = clipping::by_global_norm({g, other}, 5);
  fmt::print("Two variables, [0.9, 100] and [3, -4], limit 5. Each by itself (Keras' clipnorm): lengths {:.2f} and {:.2f}.\n",
             clipping::norm(clipping::by_norm(g, 5)), clipping::norm(clipping::by_norm(other, 5)));
  fmt::print("All together (PyTorch's clip_grad_norm_): {:.2f} and {:.2f}; only so does the whole gradient keep its direction.\n",
             clipping::norm(together[0]), clipping::norm(together[1]));
  app::save_figure(pictures::clipping(), "clipping", settings);
}

void over_fit(const app::Settings& settings) {
  Generator generator{settings.seed + 1};
  const moons::Data few = moons::make(40, 0.35, generator), many = moons::make(400, 0.35, generator);
  app::heading(fmt::format("7. Under- and over-fitting: {} noisy points to train on, {} to validate", few.size(), many.size()));
  std::vector<overfitting::Run> runs;
  app::Table table({"", "parameters", "epochs", "loss: train", "validation", "smallest", "at epoch", "right: train", "validation"}, 2);
  for (const overfitting::Case& c : overfitting::cases()) {
    const overfitting::Run& r = runs.emplace_back(overfitting::fit(c, few, many, settings.quick ? 60 : 300, settings.seed));
    table.add_row({r.name, r.parameters, r.history.epochs.size(), r.train_loss, r.validation_loss, r.best_validation_loss, r.best_epoch,
                   r.train_accuracy, r.validation_accuracy});
  }
  table.print();
  fmt::print(
      "The line is too simple for either set. The large network learns 40 points by heart and gets sure of its mistakes elsewhere.\n");
  fmt::print("Early stopping waits 20 epochs for a smaller validation loss; it keeps the weights of the last epoch, not of the best.\n");
  app::save_figure(pictures::overfitting(runs), "overfitting", settings);
}

void stop_and_resume(const app::Settings& settings, const Sets& sets) {
  app::heading("8. The Trainer: the notes' loop, a checkpoint, a stop, and on");
  Generator first{settings.seed}, second{settings.seed};
  moons::Classifier by_loop({}, first), by_trainer({}, second);
  moons::train_by_hand(by_loop, moons::loader(sets.train, 20, first), 3);
  train::Trainer({.max_epochs = 3, .progress = train::ProgressMode::off}).fit(by_trainer, moons::loader(sets.train, 20, second));
  app::agree("the loop by hand = Trainer::fit: weights after 3 epochs", moons::weights(by_loop), moons::weights(by_trainer), 0);
  const std::filesystem::path checkpoint = settings.out / "resume.safetensors";
  const resume::Result whole = resume::run(sets.train, {.seed = settings.seed});
  resume::run(sets.train, {.epochs = 3, .checkpoint = checkpoint, .seed = settings.seed});
  const resume::Result resumed = resume::run(sets.train, {.checkpoint = checkpoint, .from_checkpoint = true, .seed = settings.seed + 1});
  app::agree("6 epochs = 3 epochs, checkpoint, another start, 3 more: weights", whole.weights, resumed.weights, 0);
  app::agree("the same: loss of every epoch", as_array(whole.losses), as_array(resumed.losses), 0);
}

}  // namespace

int main(int argc, char** argv) {
  app::Settings settings;
  settings.epochs = 40;
  app::Options options("03_training", "How networks are trained, and what goes wrong. --epochs: of part 1.", settings);
  return options.run(argc, argv, [&] {
    if (settings.quick) settings.epochs = std::min(settings.epochs, 3);
    Generator generator{settings.seed};
    const Sets sets{moons::make(400, 0.2, generator), moons::make(200, 0.2, generator)};
    three_descents(settings, sets);
    optimiser_paths(settings);
    find_learning_rate(settings, sets);
    schedules(settings);
    deep_gradients(settings, sets);
    clip_gradients(settings);
    over_fit(settings);
    stop_and_resume(settings, sets);
  });
}
