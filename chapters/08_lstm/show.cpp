#include "chapters/08_lstm/show.hpp"

#include <tuple>

#include "chapters/08_lstm/built_in.hpp"
#include "chapters/08_lstm/forgetting.hpp"
#include "chapters/08_lstm/pictures.hpp"
#include "common/app/chapter.hpp"

namespace lstm {
using namespace byhand;

void why_an_lstm() {
  app::heading("1. Why a plain recurrent network forgets: 50 days through one feedback weight");
  app::Table table({"feedback weight", "by hand: weight^50", "by autograd"});
  for (const double w : {2.0, 0.5, 0.997}) {
    const double by_hand = influence_by_hand(w, 50), by_autograd = influence_by_autograd(w, 50);
    table.add_row(
        {fmt::format("{}", w), fmt::format("{:.5g}", by_hand), fmt::format("{:.5g}", by_autograd)});
    check(std::abs(by_hand - by_autograd) <= 1e-4 * by_hand,
          "weight^50 and autograd differ: {} and {}", by_hand, by_autograd);
  }
  table.print();
  fmt::print(
      "Above 1 the gradient explodes, below 1 it vanishes. The long-term memory is multiplied by a "
      "percentage near 1 (0.997 here).\n");
}

void the_video_unit(const Settings& settings) {
  app::heading("2. The unit of the video, one day: long memory 2, short memory 1, input 1");
  const Weights<real> w = video_weights();
  const auto unit = lstm_unit<real>(1, {2, 1}, w);
  app::Table table({"", "here", "notes"});
  table.add_row({"percent of long memory to remember", unit.long_remember_percent, "0.997"});
  table.add_row(
      {"percent of potential memory to remember", unit.potential_remember_percent, "1.0"});
  table.add_row({"potential memory", unit.potential_memory, "0.97"});
  table.add_row({"new long memory", unit.after.long_memory, "2.95 (2.9 with rounded steps)"});
  table.add_row({"percent of output", unit.output_percent, "0.99"});
  table.add_row({"new short memory", unit.after.short_memory, "0.99"});
  table.print();
  for (const Company& company : companies())
    fmt::print("company {}: prediction for day 5 is {:.4f} (notes: {})\n", company.name,
               predict(company.days, w), company.day5);
  app::save_figure(gates_figure(w), "gates", settings);
}

namespace {

/// By hand = matrices = built-in, and the gradients by hand = autograd's; error when they are not.
void three_ways_agree(const Weights<real>& w) {
  const nn::LSTM built_in = as_built_in(w);
  for (const Company& company : companies()) {
    std::vector<real> by_hand;
    for (const auto& unit : unroll(company.days, w)) by_hand.push_back(unit.after.short_memory);
    const Array x = array({4, 1}, company.days),
                matrices = forward(as_matrices(w), x);  // (time, 1)
    app::agree(fmt::format("company {}: by hand = matrices", company.name), array({4, 1}, by_hand),
               matrices, 1e-6);
    app::agree(fmt::format("company {}: matrices = built-in", company.name), matrices,
               built_in(Tensor(x)).output.value(), 1e-6);

    const Weights<Tensor> tensors = to_tensors(w);
    square(predict(company.days, tensors) - company.day5).backward();
    const auto gradients = gradients_by_hand(company.days, company.day5, w);
    std::vector<real> from_autograd;
    for (const Tensor& weight : to_array(tensors)) from_autograd.push_back(weight.grad().data()[0]);
    app::agree(fmt::format("company {}: 12 gradients by hand = autograd", company.name),
               array(std::vector<real>(gradients.begin(), gradients.end())), array(from_autograd),
               1e-5);
  }
}

}  // namespace

std::vector<Progress> training_by_hand(const Settings& settings) {
  app::heading("3. By hand, from seed 42: Adam with learning rate 0.001");
  Generator generator{settings.seed};
  Weights<real> w = random_weights(generator);
  three_ways_agree(w);
  const auto data = companies();
  app::Table table({"epochs", "company A (goal 0)", "company B (goal 1)", "notes: A", "B"});
  table.add_row({0, predict(data[0].days, w), predict(data[1].days, w), "-0.0377", "-0.0383"});
  const std::vector<Progress> history = train_by_hand(w, 0.001, settings.epochs, 1);
  for (const auto& [epoch, a, b] : {std::tuple{2000, "0.4342", "0.6171"},
                                    {3000, "0.2708", "0.7534"},
                                    {5000, "0.0022", "0.9693"}}) {
    if (std::size_t(epoch) > history.size()) continue;
    const Progress& p = history[std::size_t(epoch) - 1];
    table.add_row({epoch, p.prediction_a, p.prediction_b, a, b});
  }
  table.print();
  std::string weights = "weights:";
  for (std::size_t i = 0; i < weight_count; ++i)
    weights += fmt::format(" {} {:.4f}", weight_names[i], to_array(w)[i]);
  fmt::print("{}\n", weights);
  return history;
}

void training_built_in(const Settings& settings, const std::vector<Progress>& by_hand) {
  app::heading("4. Built in, nn.LSTM(1, 1) from the same seed: Adam with learning rate 0.1");
  Generator generator{settings.seed}, again{settings.seed};
  const nn::LSTM model(1, 1, generator);
  const auto data = companies();
  app::Table table({"epochs", "company A", "company B", "notes: A", "B"});
  table.add_row(
      {0, predict(model, data[0].days), predict(model, data[1].days), "0.6675", "0.6665"});
  const auto built_in = train_built_in(model, 0.1, 300, 1);
  table.add_row(
      {300, built_in.back().prediction_a, built_in.back().prediction_b, "0.0001", "0.9809"});
  table.print();
  Weights<real> start = random_weights(again);
  const auto by_hand_fast = train_by_hand(start, 0.1, 300, 1);
  fmt::print("By hand with learning rate 0.1 as well: A {:.4f}, B {:.4f} after 300 epochs.\n",
             by_hand_fast.back().prediction_a, by_hand_fast.back().prediction_b);
  fmt::print(
      "So the learning rate explains 5000 -> 300, not the built-in layer. "
      "(It has 16 parameters, by hand there are 12.)\n");
  app::save_figure(training_figure(by_hand, built_in, by_hand_fast), "training", settings);
}

namespace {

/// The forecasts beside two that know nothing. Returns the error in percent of the naive one.
double show_scores(const prices::Split& split, const std::vector<double>& forecasts) {
  const auto constant = [&](double value) {
    return prices::score(split.test, prices::constant_forecast(split.test, value));
  };
  const prices::Score ours = prices::score(split.test, forecasts), naive = constant(0),
                      mean = constant(split.scaler.mean);
  app::Table scores(
      {"forecast of the test days", "RMSE log-return", "RMSE price", "direction right, %"});
  const auto row = [&](const char* name, const prices::Score& s, const std::string& direction) {
    scores.add_row({name, app::number(s.rmse_return, 5), app::number(s.rmse_price, 3), direction});
  };
  row("LSTM", ours, app::number(100 * ours.direction, 1));
  row("naive: tomorrow = today", naive, "says none");
  row("always the training mean", mean, app::number(100 * mean.direction, 1));
  scores.print();
  return 100 * ours.rmse_return / naive.rmse_return;
}

}  // namespace

void real_prices(const Settings& settings, const prices::Split& split) {
  app::heading(fmt::format("5. Real prices: {}, column {}", settings.data.filename().string(),
                           settings.column));
  app::Table days({"part", "days", "from", "to"});
  for (const auto& [name, part] :
       {std::pair{"train", &split.train}, {"validation", &split.validation}, {"test", &split.test}})
    days.add_row({name, part->dates.size(), part->dates.front(), part->dates.back()});
  days.print();

  Generator generator{settings.seed};
  prices::Forecaster model(std::size_t(settings.hidden), 0.003, generator);
  const auto train = prices::loader(split.train, true, generator),
             validation = prices::loader(split.validation, false, generator);
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
  const double percent = show_scores(split, forecasts);
  fmt::print("{} epochs. The LSTM's error is {:.1f} % of the naive one", history.epochs.size(),
             percent);
  fmt::print("{}\n",
             percent < 98
                 ? ": better than tomorrow = today on these days. "
                   "Try other seeds before you believe it."
                 : ": past returns tell next to nothing about the next one.\n"
                   "A curve close to the truth shows that prices move little from day to day, "
                   "not that they can be forecast.");
  app::save_figure(prices::forecast_figure(split, forecasts, history), "forecast", settings);
}

}  // namespace lstm
