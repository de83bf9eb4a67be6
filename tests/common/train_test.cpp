// The room train: loader, loop, early stopping, metrics, progress. Interrupted runs: train_resume_test.cpp; the learning-rate finder: tests/chapters/03_training_lr_find_test.cpp.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "common/autograd/losses.hpp"
#include "common/io/json.hpp"
#include "common/nn/layers.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/files.hpp"
#include "common/tensor/random.hpp"
#include "common/train/loader.hpp"
#include "common/train/run/metrics_file.hpp"
#include "common/train/trainer.hpp"

using namespace byhand;
using namespace byhand::train;
namespace fs = std::filesystem;

namespace {

fs::path golden_dir() {
  const char* folder = std::getenv("BYHAND_GOLDEN_DIR");
  return folder && *folder ? fs::path(folder) : project_dir() / "tests" / "golden";
}

/// A folder for one test, removed at its end.
struct TemporaryFolder {
  fs::path path = fs::temp_directory_path() / fmt::format("byhand_train_{}_{}", ::getpid(), std::rand());
  TemporaryFolder() { fs::create_directories(path); }
  ~TemporaryFolder() { fs::remove_all(path); }
};

/// What a function prints to the FILE* it is given.
template <class F>
std::string printed(F print) {
  std::FILE* file = std::tmpfile();
  print(file);
  std::string text(std::size_t(std::ftell(file)), '\0');
  std::rewind(file);
  const std::size_t got = std::fread(text.data(), 1, text.size(), file);
  std::fclose(file);
  text.resize(got);
  return text;
}

const TrainerOptions quiet{.progress = ProgressMode::off};

/// y = w x with one weight.
struct Slope : Trainable {
  explicit Slope(real start, double rate) : w(parameter("w", array({start}))), lr(rate) {}
  Tensor training_step(const Batch& b) override { return mse_loss(b.tensor(0) * w, b.tensor(1)); }
  std::unique_ptr<optim::Optimizer> configure_optimizers() override {
    return std::make_unique<optim::SGD>(parameters(), optim::SGDOptions{.lr = lr});
  }
  nn::Parameter w;
  double lr;
};
const TensorDataset one_point(array({1}), array({1}));  // then loss = (w - 1)^2, its derivative 2 (w - 1)

/// Its losses are those of a list, one a call.
struct Scripted : Slope {
  Scripted(std::vector<double> training, std::vector<double> validation)
      : Slope(0, 0), train_losses(training), validation_losses(validation) {}
  Tensor training_step(const Batch&) override { return sum(w) * 0 + real(train_losses[std::min(calls++, train_losses.size() - 1)]); }
  Tensor validation_step(const Batch&) override {
    CHECK(!training());
    CHECK(!grad_enabled());
    return Tensor(real(validation_losses.at(checks++)));
  }
  std::vector<double> train_losses, validation_losses;
  std::size_t calls = 0, checks = 0;
};

}  // namespace

TEST_CASE("DataLoader: two shuffled epochs as PyTorch's, every seed of the golden file") {
  int cases = 0;
  const nlohmann::json golden = io::read_json(golden_dir() / "torch_rng.json");
  for (const auto& c : golden.at("cases")) {
    if (c.at("name") != "DataLoader(arange(10), batch_size=3, shuffle=True), two epochs") continue;
    ++cases;
    const DataLoader loader(TensorDataset(ids({0, 1, 2, 3, 4, 5, 6, 7, 8, 9})), {.batch_size = 3, .shuffle = true},
                            Generator(c.at("seed").get<std::uint64_t>()));
    for (const auto& epoch : c.at("draws")) {
      std::vector<std::vector<std::int64_t>> batches;
      for (const Batch& b : loader) batches.emplace_back(b.ids().begin(), b.ids().end());
      CHECK(batches == epoch.get<std::vector<std::vector<std::int64_t>>>());
    }
  }
  CHECK(cases > 0);
}

TEST_CASE("DataLoader: batches, last batch, and one draw an epoch without shuffling") {
  const Array x = array({5, 2}, {0, 1, 10, 11, 20, 21, 30, 31, 40, 41});
  const TensorDataset data(x, ids({0, 1, 2, 3, 4}));
  Generator g(7);
  const DataLoader loader(data, {.batch_size = 2}, g);
  std::vector<std::size_t> sizes;
  for (const Batch& b : loader) sizes.push_back(b.size);
  CHECK(sizes == std::vector<std::size_t>{2, 2, 1});
  Generator expected(7);
  expected.random64();  // PyTorch draws a base seed for its workers in every epoch (torch/utils/data/dataloader.py, _BaseDataLoaderIter)
  CHECK(g.state() == expected.state());

  const Batch second = loader.epoch().batch(1);
  CHECK(second.tensor().value() == array({2, 2}, {20, 21, 30, 31}));
  CHECK(second.ids() == ids({2, 3}));
  CHECK_FALSE(second.tensor().requires_grad());

  CHECK(DataLoader(data, {.batch_size = 2, .drop_last = true}).size() == 2);
  CHECK(DataLoader(data, {.batch_size = 5, .drop_last = true}).size() == 1);
  CHECK(DataLoader(data, {.batch_size = std::size_t(-1)}).size() == 1);
  CHECK(DataLoader(data).size() == 5);
}

TEST_CASE("datasets and loaders refuse what does not fit") {
  const Array four = zeros({4, 2}), five = zeros({5});
  CHECK_THROWS_WITH_AS(TensorDataset(four, five), "TensorDataset: array 1 is (5,), the ones before it have 4 rows", Error);
  CHECK_THROWS_AS(TensorDataset(four, ids({1, 2, 3})), Error);
  CHECK_THROWS_AS(TensorDataset(scalar(1)), Error);
  CHECK_THROWS_AS(TensorDataset(four).rows({4}), Error);
  CHECK_THROWS_AS(TensorDataset(four).rows({-1}), Error);
  CHECK_THROWS_AS(TensorDataset(four).rows({0}).tensor(1), Error);
  CHECK_THROWS_AS(TensorDataset(four).rows({0}).ids(), Error);
  CHECK_THROWS_AS(DataLoader(TensorDataset(four), {.batch_size = 0}), Error);
  CHECK_THROWS_AS(DataLoader(TensorDataset(four)).epoch().batch(4), Error);
  Slope model(0, 0.1);
  CHECK_THROWS_AS(Trainer(quiet).fit(model, DataLoader(TensorDataset(four), {.batch_size = 5, .drop_last = true})), Error);
  CHECK_THROWS_AS(Trainer({.max_epochs = 0}), Error);
  CHECK_THROWS_AS(Trainer({.gradient_clip_norm = 1, .gradient_clip_value = 1}), Error);
  CHECK_THROWS_AS(Trainer({.resume = true}), Error);
  CHECK_THROWS_AS(Trainer({.early_stopping = EarlyStopping{.patience = 0}}), Error);
}

TEST_CASE("fit: gradient descent by hand") {
  // w = 0: loss 1, w += 0.25 * 2 = 0.5: loss 0.25, w = 0.75: loss 0.0625, w = 0.875. All exact in binary.
  Slope model(0, 0.25);
  const History history = Trainer({.max_epochs = 3, .progress = ProgressMode::off}).fit(model, DataLoader(one_point));
  CHECK(history.train_losses() == std::vector<double>{1, 0.25, 0.0625});
  CHECK(model.w.item() == real(0.875));
  CHECK(history.epochs.back().epoch == 3);
  CHECK(history.epochs.back().lr == 0.25);
  CHECK_FALSE(history.interrupted);
  CHECK_FALSE(history.stopped_early);
}

TEST_CASE("fit: clipping and schedules change the step as derived") {
  // The gradient at w = 0 is -2; limited to 0.5 either way, lr 0.5 moves w to 0.25. (The norm is divided by norm + 1e-6: hence 1e-6.)
  for (const bool by_norm : {true, false}) {
    Slope model(0, 0.5);
    TrainerOptions options = quiet;
    (by_norm ? options.gradient_clip_norm : options.gradient_clip_value) = 0.5;
    Trainer(options).fit(model, DataLoader(one_point));
    CHECK(model.w.item() == doctest::Approx(0.25).epsilon(1e-6));
  }
  // Two batches an epoch of one point each; the rate halves every step, or every epoch.
  const DataLoader loader(TensorDataset(array({1, 1}), array({1, 1})));
  for (const Every every : {Every::step, Every::epoch}) {
    Slope model(0, 0.5);
    const TrainerOptions options{
        .max_epochs = 2, .schedule = optim::ExponentialLR(0.5), .schedule_every = every, .progress = ProgressMode::off};
    const History history = Trainer(options).fit(model, loader);
    const bool step = every == Every::step;
    CHECK(history.epochs[0].lr == (step ? 0.25 : 0.5));  // the last step's: 0.5, 0.25 | 0.125, 0.0625
    CHECK(history.epochs[1].lr == (step ? 0.0625 : 0.25));
  }
}

TEST_CASE("fit learns a linear function") {
  struct Plane : Trainable {
    explicit Plane(Generator& g) : fc(child("fc", nn::Linear(2, 1, g))) {}
    Tensor training_step(const Batch& b) override { return mse_loss(fc(b.tensor(0)), b.tensor(1)); }
    std::unique_ptr<optim::Optimizer> configure_optimizers() override {
      return std::make_unique<optim::SGD>(parameters(), optim::SGDOptions{.lr = 0.1});
    }
    nn::Linear fc;
  };
  const auto run = [] {
    Generator g(42);
    Plane model(g);
    const Array x = randn({64, 2}, g);
    Array y = zeros({64, 1});
    for (std::size_t i = 0; i < 64; ++i) y(i, 0) = 2 * x(i, 0) - 3 * x(i, 1) + 1;
    Trainer({.max_epochs = 30, .progress = ProgressMode::off})
        .fit(model, DataLoader(TensorDataset(x, y), {.batch_size = 8, .shuffle = true}, g));
    return array({model.fc.weight.value()(0, 0), model.fc.weight.value()(0, 1), model.fc.bias.value()(0)});
  };
  const Array learned = run();
  CHECK(all_close(learned, array({2, -3, 1}), 1e-5));  // 240 steps that each take about a fifth off the error: rounding is what is left
  CHECK(learned == run());                             // the same seed, the same bits
}

TEST_CASE("metrics: averages over examples, names, the CSV file") {
  struct Logging : Slope {
    Logging() : Slope(0, 0) {}
    Tensor training_step(const Batch& b) override {
      log("first", double(b.tensor(0).value()(0)));
      return sum(w) * 0 + b.tensor(0).value()(0);
    }
  };
  const TemporaryFolder folder;
  const fs::path csv = folder.path / "metrics.csv";
  write_file(csv, "left over from another run\n");
  const DataLoader loader(TensorDataset(array({1, 7, 7, 5})), {.batch_size = 3}), validation(TensorDataset(array({0.5})));
  Logging model;
  const TrainerOptions options{.max_epochs = 4, .validate_every = 2, .metrics_csv = csv, .progress = ProgressMode::off};
  const History history = Trainer(options).fit(model, loader, &validation);
  // Batches (1, 7, 7) and (5): the average of their first values over the examples is (1 * 3 + 5 * 1) / 4 = 2.
  CHECK(history.epochs[0].train_loss == 2);
  CHECK(history.epochs[0].metric("first") == 2);
  CHECK_FALSE(history.epochs[0].validation_loss);
  CHECK(history.epochs[1].validation_loss == 0.5);
  CHECK(history.epochs[1].metric("validation_first") == 0.5);
  CHECK(read_file(csv) ==
        "epoch,lr,train_loss,validation_loss,first,validation_first\n"
        "1,0,2,,2,\n"
        "2,0,2,0.5,2,0.5\n"
        "3,0,2,,2,\n"
        "4,0,2,0.5,2,0.5\n");
  CHECK(history.validation_losses() == std::vector<std::pair<std::int64_t, double>>{{2, 0.5}, {4, 0.5}});
  CHECK(model.training());
  CHECK_THROWS_AS(model.log("a,b", 1), Error);
  CHECK_THROWS_AS(model.log("", 1), Error);
  CHECK_THROWS_AS(model.log("train_loss", 1), Error);
  CHECK_THROWS_AS(model.log("validation_x", 1), Error);
}

TEST_CASE("the table of epochs: of a row that finds no room nothing is written") {
  const TemporaryFolder folder;
  const fs::path csv = folder.path / "run.csv";
  MetricsFile table(csv);
  std::vector<EpochReport> epochs = {{.epoch = 1, .train_loss = 0.5, .lr = 0.1}};
  table.update(epochs);
  const std::string before = read_file(csv);
  epochs.push_back({.epoch = 2, .train_loss = 0.25, .lr = 0.1});
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit) == 0);
  const rlimit small{before.size() + 3, limit.rlim_max};  // part of the row would fit
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);     // as start_process does
  std::string message;
  ::setrlimit(RLIMIT_FSIZE, &small);
  try {
    table.update(epochs);
  } catch (const Error& error) {
    message = error.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  CHECK(message == csv.string() + ": a row cannot be added: File too large");
  CHECK(read_file(csv) == before);
}

TEST_CASE("early stopping: patience, min_delta, training loss without validation") {
  const DataLoader loader(one_point), validation(one_point);
  const auto epochs = [&](std::vector<double> losses, EarlyStopping stopping, std::int64_t every = 1) {
    Scripted model({1}, losses);
    const TrainerOptions options{.max_epochs = 6, .validate_every = every, .early_stopping = stopping, .progress = ProgressMode::off};
    const History history = Trainer(options).fit(model, loader, &validation);
    return std::pair(history.epochs.size(), history.stopped_early);
  };
  using Result = std::pair<std::size_t, bool>;
  CHECK(epochs({3, 2, 2.5, 2.4, 1, 1}, {.patience = 2}) == Result{4, true});
  CHECK(epochs({3, 2, 2.5, 1.9, 1.95, 1}, {.patience = 2}) == Result{6, false});                 // 1.9 starts the count again
  CHECK(epochs({3, 2, 1.95, 1.9, 0, 0}, {.patience = 2, .min_delta = 0.2}) == Result{4, true});  // neither is 0.2 below 2
  CHECK(epochs({2, 2, 2, 2, 2, 2}, {.patience = 1}, 2) == Result{4, true});                      // checks in epochs 2 and 4

  Scripted model({3, 2, 2, 2, 1, 1}, {});
  const History history =
      Trainer({.max_epochs = 6, .early_stopping = EarlyStopping{.patience = 2}, .progress = ProgressMode::off}).fit(model, loader);
  CHECK(history.epochs.size() == 4);
}

TEST_CASE("a loss that is not finite stops the run; the last good checkpoint stays") {
  const TemporaryFolder folder;
  const fs::path file = folder.path / "run.safetensors";
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const DataLoader loader(TensorDataset(array({1, 1, 1}))), validation(one_point);
  std::string saved;
  TrainerOptions options{.max_epochs = 3, .checkpoint = file, .progress = ProgressMode::off};
  options.callbacks.push_back([&](const EpochReport& r) {
    if (r.epoch == 2) saved = read_file(file);  // that of epoch 1: callbacks come before the saving
  });
  Scripted bad_step({1, 1, 1, 1, 1, 1, 1, nan}, {});
  CHECK_THROWS_WITH_AS(Trainer(options).fit(bad_step, loader),
                       "fit: the training loss is nan in epoch 3, batch 2 of 3; try a smaller learning rate or gradient clipping", Error);
  CHECK(!saved.empty());
  saved = read_file(file);
  Scripted bad_validation({1}, {inf});
  options.max_epochs = 1;
  CHECK_THROWS_AS(Trainer(options).fit(bad_validation, loader, &validation), Error);
  CHECK(bad_validation.training());
  CHECK(grad_enabled());
  // A finite loss whose step leaves an infinite weight: w = 0 + lr * 2 = inf.
  Slope exploding(0, std::numeric_limits<double>::max());
  CHECK_THROWS_AS(Trainer(options).fit(exploding, DataLoader(one_point)), Error);
  CHECK(read_file(file) == saved);
}

TEST_CASE("progress: some lines a run, no times in them; a bar when asked for") {
  CHECK(epochs_between_lines(1) == 1);
  CHECK(epochs_between_lines(20) == 1);
  CHECK(epochs_between_lines(21) == 2);
  CHECK(epochs_between_lines(5000) == 500);
  const auto run = [](std::int64_t epochs, ProgressMode mode, const DataLoader& loader) {
    return printed([&](std::FILE* out) {
      Slope model(0, 0.25);
      Trainer({.max_epochs = epochs, .progress = mode, .output = out}).fit(model, loader);
    });
  };
  CHECK(run(2, ProgressMode::automatic, DataLoader(one_point)) == "epoch 1/2  loss 1\nepoch 2/2  loss 0.25\n");
  CHECK(run(2, ProgressMode::off, DataLoader(one_point)).empty());
  const std::string lines = run(41, ProgressMode::lines, DataLoader(one_point));  // 1, 2, 4, …, 40, 41
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 22);
  CHECK(lines.find("\nepoch 41/41  loss ") != std::string::npos);
  const std::string bar = run(3, ProgressMode::bar, DataLoader(one_point));
  CHECK(bar.find("\r[") != std::string::npos);
  CHECK(bar.find("] epoch 3/3  ") != std::string::npos);
  CHECK(bar.find("s left  loss 0.0625") != std::string::npos);
  CHECK(bar.back() == '\n');
  // One long epoch: ten lines inside it, at batches 10, 20, …, 90, and its end.
  const std::string inside = run(1, ProgressMode::lines, DataLoader(TensorDataset(ones({100}), ones({100}))));
  CHECK(std::count(inside.begin(), inside.end(), '\n') == 10);
  CHECK(inside.find("epoch 1/1  batch 10/100  loss ") == 0);
}
