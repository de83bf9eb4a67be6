// Chapter 08: the LSTM. Notes 000 § 30, 004 § 2.
#include "chapters/08_lstm/forecaster.hpp"
#include "chapters/08_lstm/forgetting.hpp"
#include "chapters/08_lstm/lstm_matrices.hpp"
#include "chapters/08_lstm/pictures.hpp"
#include "common/app/chapter.hpp"
#include "common/system/files.hpp"
#include "common/train/run/checkpoint.hpp"

using namespace byhand;

namespace {

struct Settings : app::Settings {
  std::filesystem::path data;
  std::filesystem::path checkpoint;
  std::string column = "close";
  int window = 20, hidden = 16;
  bool resume = false;
};

void why_an_lstm() {
  app::heading("1. Why a plain recurrent network forgets: 50 days through one feedback weight");
  app::Table table({"feedback weight", "by hand: weight^50", "by autograd"});
  for (const double w : {2.0, 0.5, 0.997}) {
    const double by_hand = lstm::influence_by_hand(w, 50), by_autograd = lstm::influence_by_autograd(w, 50);
    table.add_row({fmt::format("{}", w), fmt::format("{:.5g}", by_hand), fmt::format("{:.5g}", by_autograd)});
    check(std::abs(by_hand - by_autograd) <= 1e-4 * by_hand, "weight^50 and autograd differ: {} and {}", by_hand, by_autograd);
  }
  table.print();
  fmt::print(
      "Above 1 the gradient explodes, below 1 it vanishes. The long-term memory is multiplied by a percentage near 1 (0.997 here).\n");
}

void the_video_unit(const Settings& settings) {
  app::heading("2. The unit of the video, one day: long memory 2, short memory 1, input 1");
  const lstm::Weights<real> w = lstm::video_weights();
  const auto unit = lstm::lstm_unit<real>(1, {2, 1}, w);
  app::Table table({"", "here", "notes"});
  table.add_row({"percent of long memory to remember", unit.long_remember_percent, "0.997"});
  table.add_row({"percent of potential memory to remember", unit.potential_remember_percent, "1.0"});
  table.add_row({"potential memory", unit.potential_memory, "0.97"});
  table.add_row({"new long memory", unit.after.long_memory, "2.95 (2.9 with rounded steps)"});
  table.add_row({"percent of output", unit.output_percent, "0.99"});
  table.add_row({"new short memory", unit.after.short_memory, "0.99"});
  table.print();
  for (const lstm::Company& company : lstm::companies())
    fmt::print("company {}: prediction for day 5 is {:.4f} (notes: {})\n", company.name, lstm::predict(company.days, w), company.day5);
  app::save_figure(lstm::gates_figure(w), "gates", settings);
}

void three_ways_agree(const lstm::Weights<real>& w) {
  const nn::LSTM built_in = lstm::as_built_in(w);
  for (const lstm::Company& company : lstm::companies()) {
    std::vector<real> by_hand;
    for (const auto& unit : lstm::unroll(company.days, w)) by_hand.push_back(unit.after.short_memory);
    const Array x = array({4, 1}, company.days), matrices = lstm::forward(lstm::as_matrices(w), x);  // (time, 1)
    app::agree(fmt::format("company {}: by hand = matrices", company.name), array({4, 1}, by_hand), matrices, 1e-6);
    app::agree(fmt::format("company {}: matrices = built-in", company.name), matrices, built_in(Tensor(x)).output.value(), 1e-6);

    const lstm::Weights<Tensor> tensors = lstm::to_tensors(w);
    square(lstm::predict(company.days, tensors) - company.day5).backward();
    const auto gradients = lstm::gradients_by_hand(company.days, company.day5, w);
    std::vector<real> from_autograd;
    for (const Tensor& weight : lstm::to_array(tensors)) from_autograd.push_back(weight.grad().data()[0]);
    app::agree(fmt::format("company {}: 12 gradients by hand = autograd", company.name),
               array(std::vector<real>(gradients.begin(), gradients.end())), array(from_autograd), 1e-5);
  }
}

/// The two trainings of the notes, and the one that explains the difference between them.
void train_both(const Settings& settings) {
  app::heading("3. By hand, from seed 42: Adam with learning rate 0.001");
  Generator generator{settings.seed};
  lstm::Weights<real> w = lstm::random_weights(generator);
  const lstm::Weights<real> start = w;
  three_ways_agree(w);
  const auto data = lstm::companies();
  app::Table table({"epochs", "company A (goal 0)", "company B (goal 1)", "notes: A", "B"});
  table.add_row({0, lstm::predict(data[0].days, w), lstm::predict(data[1].days, w), "-0.0377", "-0.0383"});
  const auto by_hand = lstm::train_by_hand(w, 0.001, settings.epochs, 1);
  for (const auto& [epoch, a, b] : {std::tuple{2000, "0.4342", "0.6171"}, {3000, "0.2708", "0.7534"}, {5000, "0.0022", "0.9693"}}) {
    if (std::size_t(epoch) > by_hand.size()) continue;
    const lstm::Progress& p = by_hand[std::size_t(epoch) - 1];
    table.add_row({epoch, p.prediction_a, p.prediction_b, a, b});
  }
  table.print();
  std::string weights = "weights:";
  for (std::size_t i = 0; i < lstm::weight_count; ++i) weights += fmt::format(" {} {:.4f}", lstm::weight_names[i], to_array(w)[i]);
  fmt::print("{}\n", weights);

  app::heading("4. Built in, nn.LSTM(1, 1) from the same seed: Adam with learning rate 0.1");
  Generator again{settings.seed};
  const nn::LSTM model(1, 1, again);
  app::Table built({"epochs", "company A", "company B", "notes: A", "B"});
  built.add_row({0, lstm::predict(model, data[0].days), lstm::predict(model, data[1].days), "0.6675", "0.6665"});
  const auto built_in = lstm::train_built_in(model, 0.1, 300, 1);
  built.add_row({300, built_in.back().prediction_a, built_in.back().prediction_b, "0.0001", "0.9809"});
  built.print();
  lstm::Weights<real> fast = start;
  const auto by_hand_fast = lstm::train_by_hand(fast, 0.1, 300, 1);
  fmt::print("By hand with learning rate 0.1 as well: A {:.4f}, B {:.4f} after 300 epochs.\n", by_hand_fast.back().prediction_a,
             by_hand_fast.back().prediction_b);
  fmt::print("So the learning rate explains 5000 -> 300, not the built-in layer. (It has 16 parameters, by hand there are 12.)\n");
  app::save_figure(lstm::training_figure(by_hand, built_in, by_hand_fast), "training", settings);
}

/// Whether --checkpoint can be read and written is known before anything is trained.
void check_checkpoint(const Settings& settings) {
  if (settings.resume) {
    std::error_code error;
    check(std::filesystem::exists(settings.checkpoint, error), "--resume needs a --checkpoint that exists, '{}' does not",
          settings.checkpoint.string());
    Generator generator{settings.seed};
    prices::Forecaster model(std::size_t(settings.hidden), 0.003, generator);
    train::load_checkpoint(settings.checkpoint, model, *model.configure_optimizers());
  }
  if (!settings.checkpoint.empty()) check_can_write(settings.checkpoint);
}

void real_prices(const Settings& settings, const prices::Split& split) {
  app::heading(fmt::format("5. Real prices: {}, column {}", settings.data.filename().string(), settings.column));
  app::Table days({"part", "days", "from", "to"});
  for (const auto& [name, part] : {std::pair{"train", &split.train}, {"validation", &split.validation}, {"test", &split.test}})
    days.add_row({name, part->dates.size(), part->dates.front(), part->dates.back()});
  days.print();

  Generator generator{settings.seed};
  prices::Forecaster model(std::size_t(settings.hidden), 0.003, generator);
  const auto train = prices::loader(split.train, true, generator), validation = prices::loader(split.validation, false, generator);
  const train::Trainer trainer({.max_epochs = settings.quick ? 3 : 60,
                                .gradient_clip_norm = 1,
                                .early_stopping = train::EarlyStopping{.patience = 8},
                                .metrics_csv = settings.out / "prices.csv",
                                .checkpoint = settings.checkpoint,
                                .resume = settings.resume,
                                .progress = train::ProgressMode::off});
  const train::History history = trainer.fit(model, train, &validation);
  if (history.interrupted) return;

  const std::vector<double> forecasts = prices::forecast(model, split.test, split.scaler);
  const prices::Score ours = prices::score(split.test, forecasts),
                      naive = prices::score(split.test, prices::constant_forecast(split.test, 0));
  const prices::Score mean = prices::score(split.test, prices::constant_forecast(split.test, split.scaler.mean));
  app::Table scores({"forecast of the test days", "RMSE log-return", "RMSE price", "direction right, %"});
  const auto row = [&](const char* name, const prices::Score& s, const std::string& direction) {
    scores.add_row({name, app::number(s.rmse_return, 5), app::number(s.rmse_price, 3), direction});
  };
  row("LSTM", ours, app::number(100 * ours.direction, 1));
  row("naive: tomorrow = today", naive, "says none");
  row("always the training mean", mean, app::number(100 * mean.direction, 1));
  scores.print();
  fmt::print(
      "{} epochs. The LSTM's error is {:.1f} % of the naive one{}\n", history.epochs.size(), 100 * ours.rmse_return / naive.rmse_return,
      ours.rmse_return < 0.98 * naive.rmse_return ? ": better than tomorrow = today on these days. Try other seeds before you believe it."
                                                  : ": past returns tell next to nothing about the next one.\nA curve close to the truth "
                                                    "shows that prices move little from day to day, not that they can be forecast.");
  app::save_figure(prices::forecast_figure(split, forecasts, history), "forecast", settings);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  settings.epochs = 5000;
  app::Options options("08_lstm", "The LSTM by hand, as matrices, built in; then real prices. --epochs: of the training by hand.",
                       settings);
  options.add("--data", settings.data, "CSV file with a header and a price for each day (default: GOOG 2004-2008)");
  options.add("--column", settings.column, "the column of prices");
  options.add("--window", settings.window, "days the forecast looks back", 1, 250);
  options.add("--hidden", settings.hidden, "short memories of the forecasting LSTM", 1, 512);
  options.add("--checkpoint", settings.checkpoint, "file to save the training on prices in");
  options.add("--resume", settings.resume, "go on from --checkpoint");
  return options.run(argc, argv, [&] {
    if (settings.quick) settings.epochs = std::min(settings.epochs, 500);
    check_checkpoint(settings);
    if (settings.data.empty()) settings.data = dataset("goog.csv");
    const prices::Split split = prices::make_split(prices::read_prices(settings.data, settings.column), std::size_t(settings.window));
    why_an_lstm();
    the_video_unit(settings);
    train_both(settings);
    real_prices(settings, split);
  });
}
