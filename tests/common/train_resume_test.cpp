// Checkpoints: an interrupted and resumed run equals the uninterrupted one bit for bit, wherever it was interrupted.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "common/autograd/losses.hpp"
#include "common/io/safetensors.hpp"
#include "common/nn/layers.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/files.hpp"
#include "common/tensor/random.hpp"
#include "common/train/loader.hpp"
#include "common/train/run/checkpoint.hpp"
#include "common/train/trainer.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using namespace byhand::train;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// A folder for one test, removed at its end.
struct TemporaryFolder {
  fs::path path = fs::temp_directory_path() / fmt::format("byhand_resume_{}_{}", ::getpid(), std::rand());
  TemporaryFolder() { fs::create_directories(path); }
  ~TemporaryFolder() { fs::remove_all(path); }
};

enum class Kind { adam, amsgrad, adamw, sgd };

/// An MLP with dropout and batch norm that presses Ctrl-C in one of its steps.
struct Net : Trainable {
  Net(Generator& g, const Generator& noise, std::size_t hidden = 6)
      : fc1(child("fc1", nn::Linear(3, hidden, g))),
        norm(child("norm", nn::BatchNorm(hidden))),
        drop(child("drop", nn::Dropout(0.3, noise))),
        fc2(child("fc2", nn::Linear(hidden, 1, g))) {}
  Tensor operator()(const Tensor& x) const { return fc2(drop(relu(norm(fc1(x))))); }
  Tensor training_step(const Batch& b) override {
    if (++steps == interrupt_step) std::raise(SIGINT);
    const Tensor y = (*this)(b.tensor(0));
    log("mean", double(mean(y).item()));
    return mse_loss(y, b.tensor(1));
  }
  Tensor validation_step(const Batch& b) override {
    if (++checks == interrupt_check) std::raise(SIGINT);
    const Tensor y = (*this)(b.tensor(0));
    log("mean", double(mean(y).item()));
    return mse_loss(y, b.tensor(1));
  }
  std::unique_ptr<optim::Optimizer> configure_optimizers() override {
    if (kind == Kind::adam) return std::make_unique<optim::Adam>(parameters(), optim::AdamOptions{.lr = 0.02});
    if (kind == Kind::amsgrad) return std::make_unique<optim::Adam>(parameters(), optim::AdamOptions{.lr = 0.02, .amsgrad = true});
    if (kind == Kind::adamw) return std::make_unique<optim::AdamW>(parameters(), optim::AdamWOptions{.lr = 0.02});
    return std::make_unique<optim::SGD>(parameters(), optim::SGDOptions{.lr = 0.02, .momentum = 0.9});
  }
  nn::Linear fc1;
  nn::BatchNorm norm;
  nn::Dropout drop;
  nn::Linear fc2;
  Kind kind = Kind::adam;
  int steps = 0, interrupt_step = -1, checks = 0, interrupt_check = -1;
};

/// 14 rows in batches of 4: four steps an epoch, the last one short.
TensorDataset data(std::uint64_t seed) {
  Generator g(seed);
  const Array x = randn({14, 3}, g), y = randn({14, 1}, g);
  return TensorDataset(x, y);
}

struct Settings {
  std::int64_t epochs = 5;
  int interrupt_step = -1, interrupt_check = -1;
  std::int64_t interrupt_epoch = -1;  // in the callback after it
  bool resume = false, schedule = true, one_generator = false;
  std::uint64_t seed = 1;  // of everything: a resumed run must not depend on it
};

/// What is left of a run: the checkpoint and the table it wrote, its history, the state of its generators.
struct Result {
  std::string checkpoint, csv, streams;
  History history;
  std::string printed;
};

Result run(const fs::path& folder, const Settings& s) {
  Generator g(s.seed), noise(s.seed + 1), other(s.seed + 2);
  if (s.one_generator) noise = g, other = g;
  Net model(g, noise);
  model.interrupt_step = s.interrupt_step;
  model.interrupt_check = s.interrupt_check;
  const DataLoader loader(data(5), {.batch_size = 4, .shuffle = true}, g), validation(data(6), {.batch_size = 5, .shuffle = true}, other);
  TrainerOptions options{.max_epochs = s.epochs,
                         .validate_every = 2,
                         .metrics_csv = folder / "run.csv",
                         .checkpoint = folder / "run.safetensors",
                         .resume = s.resume,
                         .generators = {noise},
                         .progress = ProgressMode::off,
                         .output = std::tmpfile()};
  if (s.schedule) options.schedule = optim::CosineAnnealingLR(20);
  options.early_stopping = EarlyStopping{.patience = 50};
  options.callbacks.push_back([&](const EpochReport& r) {
    if (r.epoch == s.interrupt_epoch) std::raise(SIGINT);
  });
  Result result;
  result.history = Trainer(options).fit(model, loader, &validation);
  result.printed.resize(std::size_t(std::ftell(options.output)));
  std::rewind(options.output);
  result.printed.resize(std::fread(result.printed.data(), 1, result.printed.size(), options.output));
  std::fclose(options.output);
  result.checkpoint = read_file(folder / "run.safetensors");
  if (fs::exists(folder / "run.csv")) result.csv = read_file(folder / "run.csv");
  result.streams = g.state() + noise.state() + other.state();
  return result;
}

void check_equal(const Result& a, const Result& b) {
  CHECK(a.checkpoint == b.checkpoint);  // weights, buffers, optimiser, generators, history: every byte of the file
  CHECK(a.csv == b.csv);
  CHECK(a.streams == b.streams);
  CHECK(a.history.train_losses() == b.history.train_losses());
  CHECK(a.history.validation_losses() == b.history.validation_losses());
}

}  // namespace

TEST_CASE("a run interrupted anywhere and resumed equals the whole run, bit for bit") {
  const TemporaryFolder folder;
  for (const bool schedule : {true, false}) {
    for (const bool one_generator : {false, true}) {
      Settings whole;
      whole.schedule = schedule;
      whole.one_generator = one_generator;
      const Result expected = run(folder.path / "whole", whole);
      CHECK_FALSE(expected.history.interrupted);
      CHECK(expected.history.epochs.size() == 5);
      for (const int step :
           {1, 3, 4, 5, 11, 20}) {  // first, in the middle, at the end of an epoch, first of the next, later, the very last
        CAPTURE(step);
        Settings first = whole, second = whole;
        first.interrupt_step = step;
        const Result part = run(folder.path / "parts", first);
        CHECK(part.history.interrupted);
        CHECK(part.checkpoint != expected.checkpoint);
        CHECK(part.history.epochs.size() == std::size_t((step - 1) / 4));
        second.resume = true;
        second.seed = 99;
        check_equal(run(folder.path / "parts", second), expected);
      }
    }
  }
}

TEST_CASE("interrupted in validation, after an epoch, twice in one epoch") {
  const TemporaryFolder folder;
  const Result expected = run(folder.path / "whole", {});
  for (const int check : {1, 2, 3, 4}) {  // three validation batches in epochs 2 and 4
    CAPTURE(check);
    CHECK(run(folder.path / "validation", {.interrupt_check = check}).history.interrupted);
    check_equal(run(folder.path / "validation", {.resume = true, .seed = 99}), expected);
  }
  const Result after = run(folder.path / "callback", {.interrupt_epoch = 3});
  CHECK(after.history.epochs.size() == 3);
  CHECK(after.printed == fmt::format("interrupted after epoch 3, saved in {}; go on with --resume\n",
                                     (folder.path / "callback" / "run.safetensors").string()));
  check_equal(run(folder.path / "callback", {.resume = true, .seed = 99}), expected);

  const Result once = run(folder.path / "twice", {.interrupt_step = 6});
  CHECK(once.printed.find("interrupted in epoch 2 after batch 2 of 4, saved in") == 0);
  CHECK(run(folder.path / "twice", {.interrupt_step = 1, .resume = true, .seed = 98}).history.interrupted);
  check_equal(run(folder.path / "twice", {.resume = true, .seed = 99}), expected);
}

TEST_CASE("a finished run can be made longer; resuming it as it is changes nothing; a table of rows too many is mended") {
  const TemporaryFolder folder;
  const Result expected = run(folder.path / "whole", {});
  const Result three = run(folder.path / "longer", {.epochs = 3});
  check_equal(run(folder.path / "longer", {.epochs = 3, .resume = true}), three);
  write_file(folder.path / "longer" / "run.csv", three.csv + "4,1,2,3,4,5\n");  // as left by a crash between the row and the checkpoint
  check_equal(run(folder.path / "longer", {.resume = true, .seed = 99}), expected);
}

TEST_CASE("Ctrl-C: the handler there was before is put back, and a run without checkpoint says so") {
  static volatile std::sig_atomic_t ours = 0;
  auto* const before = std::signal(SIGINT, [](int) { ours = ours + 1; });
  Generator g(1);
  Net model(g, g);
  std::FILE* out = std::tmpfile();
  TrainerOptions options{.max_epochs = 3, .progress = ProgressMode::off, .output = out};
  options.callbacks.push_back([](const EpochReport& r) {
    if (r.epoch == 1) std::raise(SIGINT);
  });
  const History history = Trainer(options).fit(model, DataLoader(data(5), {.batch_size = 4}));
  CHECK(history.interrupted);
  CHECK(history.epochs.size() == 1);
  CHECK(ours == 0);
  std::raise(SIGINT);
  CHECK(ours == 1);
  std::signal(SIGINT, before);
  std::rewind(out);
  char line[200] = "";
  CHECK(std::fgets(line, sizeof line, out) != nullptr);
  CHECK(std::string(line) == "interrupted after epoch 1; nothing was saved, since no checkpoint file was asked for\n");
  std::fclose(out);
}

namespace {

/// A checkpoint in the middle of epoch 2, and a model that was not in it.
struct Saved {
  TemporaryFolder folder;
  fs::path file = folder.path / "run.safetensors";
  Generator g{3}, noise{4};
  Saved() {
    Net model(g, noise);
    model.interrupt_step = 6;
    Trainer(options(false)).fit(model, loader());
  }
  DataLoader loader(std::size_t batch_size = 4) const { return DataLoader(data(5), {.batch_size = batch_size, .shuffle = true}, g); }
  TrainerOptions options(bool resume) const {
    static std::FILE* const nowhere = std::fopen("/dev/null", "w");
    return {.max_epochs = 3, .checkpoint = file, .resume = resume, .generators = {noise}, .progress = ProgressMode::off, .output = nowhere};
  }
  /// The Error of resuming with this model; "" when there is none. The model must then be untouched.
  std::string error(Net& model, const TrainerOptions& o, std::size_t batch_size = 4) const {
    const Array before = model.fc1.weight.value();
    try {
      Trainer(o).fit(model, loader(batch_size));
      return "";
    } catch (const Error& e) {
      CHECK(model.fc1.weight.value() == before);
      return e.what();
    }
  }
  std::string error(Kind kind = Kind::adam, std::size_t hidden = 6) const {
    Generator own(8);
    Net model(own, noise, hidden);
    model.kind = kind;
    return error(model, options(true));
  }
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a checkpoint of another model, optimiser, number type or run is refused in one line") {
  const Saved saved;
  CHECK(saved.error(Kind::adam, 7) ==
        saved.file.string() + ": load_state_dict: 'fc1.weight' is (7, 3) in the model and (6, 3) in the file");
  CHECK(contains(saved.error(Kind::sgd), "the checkpoint's optimizer is 'byhand::optim::Adam', this run's is 'byhand::optim::SGD'"));
  CHECK(contains(saved.error(Kind::amsgrad), "optimiser state: 'max_exp_avg_sq.0' is missing"));
  CHECK(contains(saved.error(Kind::adamw), "this run's is 'byhand::optim::AdamW'"));
  Generator own(8);
  Net model(own, saved.noise);
  TrainerOptions fewer = saved.options(true);
  fewer.generators.clear();
  CHECK(contains(saved.error(model, fewer), "the checkpoint holds 2 generators, this run has 1"));
  CHECK(contains(saved.error(model, saved.options(true), 5), "14 rows in 4 batches; this loader has 14 rows in 3"));
  TrainerOptions missing = saved.options(true);
  missing.checkpoint = saved.folder.path / "none";
  CHECK(contains(saved.error(model, missing), "no such file"));

  const io::Safetensors whole = io::read_safetensors(saved.file);
  const auto rewrite = [&](const std::string& field, const std::string& text) {
    io::Metadata metadata = whole.metadata();
    metadata[field] = text;
    io::write_safetensors(saved.file, whole.arrays(), metadata);
    return saved.error();
  };
  CHECK(contains(rewrite("real", sizeof(real) == 8 ? "float" : "double"), "the checkpoint's real is"));
  CHECK(contains(rewrite("format", "byhand training run 1"),
                 "the checkpoint's format is 'byhand training run 1', this program's is 'byhand training run 2'; start afresh"));
  CHECK(contains(rewrite("format", "two\nlines\x1b"), "the checkpoint's format is 'two?lines?'"));
  CHECK(contains(rewrite("state", "{}"), "damaged"));
  io::write_safetensors(saved.file, whole.arrays(), {});
  CHECK(contains(saved.error(), "not a checkpoint of a training run"));
}

TEST_CASE("a damaged checkpoint is an Error, wherever it is damaged") {
  const Saved saved;
  const std::string good = read_file(saved.file);
  for (std::size_t size = 0; size < good.size(); size += 199) {
    CAPTURE(size);
    write_file(saved.file, good.substr(0, size));
    CHECK(!saved.error().empty());
  }
  for (std::size_t i = 0; i < good.size(); i += 101) {
    CAPTURE(i);
    std::string bad = good;
    bad[i] = char(bad[i] ^ 1);
    write_file(saved.file, bad);
    CHECK(!saved.error().empty());
  }
  write_file(saved.file, good);
  CHECK(saved.error().empty());
}

TEST_CASE("the text of a run state: back bit for bit, nonsense refused") {
  RunState s;
  s.epoch = 2;
  s.batch = 1;
  s.batches = 3;
  s.rows = 9;
  s.lr = 0.1;
  s.best = 1.0 / 3;
  s.averages.add("loss", 0.1, 3);
  s.averages.add("a/b-c", -1e-300, 3);
  s.reports = {{.epoch = 1, .train_loss = 2.0 / 3, .metrics = {{"x", -std::numeric_limits<double>::infinity()}}, .lr = 0.1},
               {.epoch = 2, .train_loss = 5e-324, .validation_loss = 1e300, .lr = 0.1}};
  const std::string stream = Generator(1).state(), second = Generator(2).state();
  s.generators = {stream, second, stream};
  s.epoch_start = second;
  const std::string text = to_text(s);
  CHECK(text.find('\n') == text.npos);
  const RunState back = run_state(text, "file");
  CHECK(to_text(back) == text);
  CHECK((back.epoch == 2 && back.batch == 1 && back.batches == 3 && back.rows == 9 && back.lr == 0.1 && back.best == 1.0 / 3));
  CHECK(back.reports[0].epoch == 1);
  CHECK(back.reports[0].metric("x") == -std::numeric_limits<double>::infinity());
  CHECK(!back.reports[0].validation_loss);
  CHECK(back.reports[0].train_loss == 2.0 / 3);
  CHECK(back.reports[1].train_loss == 5e-324);
  CHECK(back.reports[1].validation_loss == 1e300);
  CHECK(back.generators == s.generators);
  CHECK(back.averages.mean("loss") == s.averages.mean("loss"));

  const json state = json::parse(text);
  const auto error = [&](const char* entry, const char* value) {
    json bad = state;
    bad[entry] = json::parse(value);
    return test::error_of([&] { run_state(bad.dump(), "file"); });
  };
  const std::pair<const char*, const char*> nonsense[] = {
      {"epoch", "-1"},    {"epoch", "\"2\""},    {"epoch", "null"},   {"epoch", "9223372036854775808"},
      {"batch", "4"},     {"rows", "1.5"},       {"lr", "\"nan\""},   {"lr", "\"0.1\""},
      {"lr", "-1"},       {"lr", "true"},        {"best", "\"nan\""}, {"averages", "{}"},
      {"averages", "[]"}, {"generators", "[1]"}, {"history", "7"},    {"history", "[]"}};
  for (const auto& row : nonsense) {
    const char *entry = row.first, *value = row.second;
    CAPTURE(value);
    CHECK(error(entry, value) == fmt::format("file: '{}' is not as it should be", entry));
  }
  CHECK(error("epoch", "3") == "file: 'history' is not as it should be");  // of two epochs
  CHECK(error("averages", "[7]") == "file: is number, not an object with the key 'name'");
  CHECK(contains(error("averages", R"([{"name": "loss", "sum": 1}])"), "file: no key 'weight'"));
  CHECK(contains(error("history", R"([{"lr": 1, "train_loss": 1}, {}])"), "file: no key 'metrics'"));
  for (const auto& [name, value] : state.items()) {
    json bad = state;
    bad.erase(name);
    CHECK(contains(test::error_of([&] { run_state(bad.dump(), "file"); }), fmt::format("file: no key '{}'", name)));
  }
  CHECK(contains(test::error_of([] { run_state("epoch 2", "file"); }), "file: line 1, column 1: not JSON"));
  s.averages.add("\xff", 1, 1);
  CHECK(test::error_of([&] { to_text(s); }) == "checkpoint: not written: the name of a metric is not UTF-8");
}
