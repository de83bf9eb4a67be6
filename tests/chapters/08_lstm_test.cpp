// Chapter 08 against tests/golden/sq_lstm_video, sq_lstm_by_hand_training, sq_nn_lstm_training, and prices made for the purpose.
#include <numeric>

#include "chapters/08_lstm/built_in.hpp"
#include "chapters/08_lstm/forgetting.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;

namespace {

lstm::Weights<real> weights_of(const json& params) {
  std::array<real, lstm::weight_count> values;
  for (std::size_t i = 0; i < lstm::weight_count; ++i) values[i] = params.at(lstm::weight_names[i]).get<real>();
  return lstm::from_array(values);
}

std::vector<real> days_of(const golden::File& f, const std::string& key) {
  const Array a = f.input(key);
  return {a.begin(), a.end()};
}

void expect_weights(const std::string& where, const lstm::Weights<real>& w, const json& expected, golden::Tolerance tolerance) {
  const auto values = lstm::to_array(w);
  for (std::size_t i = 0; i < lstm::weight_count; ++i)
    expect(where + " " + lstm::weight_names[i], double(values[i]), expected.at(lstm::weight_names[i]), tolerance);
}

void expect_unit(const std::string& where, const lstm::Unit<real>& unit, const json& expected) {
  expect(where + " x", double(unit.input), expected.at("x"), golden::forward);
  expect(where + " forget", double(unit.long_remember_percent), expected.at("forget"), golden::forward);
  expect(where + " input", double(unit.potential_remember_percent), expected.at("input"), golden::forward);
  expect(where + " candidate", double(unit.potential_memory), expected.at("candidate"), golden::forward);
  expect(where + " c", double(unit.after.long_memory), expected.at("c"), golden::forward);
  expect(where + " output", double(unit.output_percent), expected.at("output"), golden::forward);
  expect(where + " h", double(unit.after.short_memory), expected.at("h"), golden::forward);
}

}  // namespace

TEST_CASE("the video's unit") {
  golden::File f("sq_lstm_video");
  const lstm::Weights<real> w = weights_of(f.params());
  if (golden::own_values())
    expect_weights("the chapter's literals", lstm::video_weights(), f.params(), {1e-6, 0});  // 4.38 as a float is 1e-7 off
  const json& step = f.root().at("inputs").at("worked_step");
  expect_unit(
      "worked step",
      lstm::lstm_unit<real>(step.at("input").get<real>(), {step.at("long_memory").get<real>(), step.at("short_memory").get<real>()}, w),
      f.expected("worked_step"));
  const real h = step.at("short_memory").get<real>(), x = step.at("input").get<real>();
  const json& sums = f.expected("worked_step_preactivations");
  expect("forget sum", double(h * w.wlr1 + x * w.wlr2 + w.blr1), sums.at("forget_x"), golden::forward);
  expect("input sum", double(h * w.wpr1 + x * w.wpr2 + w.bpr1), sums.at("input_x"), golden::forward);
  expect("candidate sum", double(h * w.wp1 + x * w.wp2 + w.bp1), sums.at("candidate_x"), golden::forward);
  expect("output sum", double(h * w.wo1 + x * w.wo2 + w.bo1), sums.at("output_x"), golden::forward);
  for (const std::string company : {"A", "B"}) {
    const std::vector<real> days = days_of(f, "company_" + company);
    const auto units = lstm::unroll(days, w);
    const json& trace = f.expected("company_" + company + "_trace");
    for (std::size_t day = 0; day < units.size(); ++day) expect_unit("company " + company, units[day], trace.at(day));
    f.check("prediction_" + company, double(lstm::predict(days, w)), golden::forward);
  }
}

TEST_CASE("by hand = matrices = built-in, and 12 gradients by hand = autograd") {
  Generator generator{3};
  for (int trial = 0; trial < 5; ++trial) {
    lstm::Weights<real> w = lstm::random_weights(generator);
    w.blr1 = generator.normal(), w.bpr1 = generator.normal(), w.bp1 = generator.normal(), w.bo1 = generator.normal();
    const std::vector<float> drawn = generator.uniform(std::size_t(trial + 1), -1, 1);  // sequences of 1 to 5 days
    const std::vector<real> days(drawn.begin(), drawn.end());
    const Array x = array({days.size(), 1}, days), matrices = lstm::forward(lstm::as_matrices(w), x);
    const auto units = lstm::unroll(days, w);
    for (std::size_t t = 0; t < days.size(); ++t)
      CHECK(std::abs(units[t].after.short_memory - matrices(t, 0)) < (golden::is_double ? 1e-14 : 1e-6));
    CHECK(max_difference(matrices, lstm::as_built_in(w)(Tensor(x)).output.value()) < (golden::is_double ? 1e-14 : 1e-6));
    const auto by_hand = lstm::gradients_by_hand(days, real(0.3), w);
    const lstm::Weights<Tensor> tensors = lstm::to_tensors(w);
    square(lstm::predict(days, tensors) - real(0.3)).backward();
    const auto leaves = lstm::to_array(tensors);
    for (std::size_t i = 0; i < lstm::weight_count; ++i)
      CHECK(std::abs(by_hand[i] - leaves[i].grad().data()[0]) < (golden::is_double ? 1e-13 : 1e-5));
  }
}

TEST_CASE("training by hand") {
  golden::File f("sq_lstm_by_hand_training");
  Generator generator{42};
  if (golden::own_values())
    expect_weights("start", lstm::random_weights(generator), f.params(), {0, 0});  // drawn as PyTorch draws, to the last bit
  const std::vector<real> a = days_of(f, "company_A"), b = days_of(f, "company_B");
  const lstm::Weights<real> start = weights_of(f.params());
  f.check("prediction_A_before", double(lstm::predict(a, start)), golden::forward);
  f.check("prediction_B_before", double(lstm::predict(b, start)), golden::forward);
  const auto gradients = lstm::gradients_by_hand(b, f.root().at("inputs").at("labels").at(1).get<real>(), start);
  const json& expected_gradients = f.expected("loss_B_grads_before");
  for (std::size_t i = 0; i < lstm::weight_count; ++i)
    expect(std::string("gradient ") + lstm::weight_names[i], double(gradients[i]), expected_gradients.at(lstm::weight_names[i]),
           golden::gradient);
  const std::vector<lstm::Company> data = {{"A", a, f.root().at("inputs").at("labels").at(0).get<real>()},
                                           {"B", b, f.root().at("inputs").at("labels").at(1).get<real>()}};

  for (const auto& [key, rate] : {std::pair{"adam_lr_0.001", 0.001}, {"adam_lr_0.1_same_start", 0.1}}) {
    const json& marks = f.expected(key);
    std::vector<int> epochs;
    for (const auto& [epoch, mark] : marks.items()) epochs.push_back(std::stoi(epoch));
    std::sort(epochs.begin(), epochs.end());
    for (const int epoch : epochs) {
      lstm::Weights<real> w = start;
      lstm::train_by_hand(w, rate, epoch, epoch, data);
      const json& mark = marks.at(std::to_string(epoch));
      // The file's tolerances for double; in float 10,000 steps of Adam leave 2e-4 of weights near 4.
      const golden::Tolerance run = !golden::is_double ? golden::Tolerance{5e-4, 5e-4}
                                    : epoch <= 100     ? golden::Tolerance{1e-10, 1e-10}
                                                       : golden::Tolerance{1e-6, 1e-6};
      expect(fmt::format("{} A after {}", key, epoch), double(lstm::predict(a, w)), mark.at("A"), run);
      expect(fmt::format("{} B after {}", key, epoch), double(lstm::predict(b, w)), mark.at("B"), run);
      expect_weights(fmt::format("{} after {}", key, epoch), w, mark.at("params"), run);
    }
  }
}

TEST_CASE("training the built-in layer") {
  golden::File f("sq_nn_lstm_training");
  Generator generator{42};
  nn::LSTM model(1, 1, generator);
  for (const auto& [name, tensor] : model.named_parameters()) expect("start " + name, tensor, f.params().at(name), {0, 0});
  const std::vector<real> a = days_of(f, "company_A"), b = days_of(f, "company_B");
  f.check("prediction_A_before", double(lstm::predict(model, a)), golden::forward);
  f.check("prediction_B_before", double(lstm::predict(model, b)), golden::forward);
  f.check("all_h_A_before", model(Tensor(array({a.size(), 1}, a))).output, golden::forward);
  const Tensor loss = square(select(model(Tensor(array({b.size(), 1}, b))).output, 0, b.size() - 1) - real(1));
  f.check("loss_B_before", loss, golden::forward);
  loss.backward();
  f.check_gradients("loss_B_grads_before", f.expected("loss_B_grads_before"), model.named_parameters());
  model.zero_grad();
  int done = 0;
  for (const int epoch : {1, 10, 100, 300}) {
    Generator again{42};
    const nn::LSTM fresh(1, 1, again);
    lstm::train_built_in(fresh, 0.1, epoch, epoch);
    const json& mark = f.expected("epoch" + std::to_string(epoch));
    // In float the run is a long flat stretch near 0.5 from which rounding decides when it leaves: only its end is fixed.
    const golden::Tolerance run = golden::is_double ? golden::Tolerance{1e-8, 1e-8} : golden::Tolerance{2e-3, 2e-3};
    expect("A after " + std::to_string(epoch), double(lstm::predict(fresh, a)), mark.at("A"), run);
    expect("B after " + std::to_string(epoch), double(lstm::predict(fresh, b)), mark.at("B"), run);
    for (const auto& [name, tensor] : fresh.named_parameters())
      expect(name + " after " + std::to_string(epoch), tensor, mark.at("params").at(name), run);
    ++done;
  }
  CHECK(done == 4);
}

TEST_CASE("forgetting: 2^50 and its opposite") {
  golden::File f("lstm_cell_bidirectional_stacked");
  for (const char* key : {"cell", "bidirectional", "stacked2"}) f.expected(key);  // layers_test.cpp
  f.check("2^50", lstm::influence_by_hand(2, 50), {0, 1e-12});
  f.check("0.5^50", lstm::influence_by_hand(0.5, 50), {0, 1e-12});
  f.check("2^50", lstm::influence_by_autograd(2, 50), {0, 1e-12});  // powers of two are exact in float as well
  f.check("0.5^50", lstm::influence_by_autograd(0.5, 50), {0, 1e-12});
}

TEST_CASE("prices: windows, split and scale") {
  prices::Series series;
  for (int day = 0; day < 221; ++day) {
    series.dates.push_back(std::to_string(day));
    series.values.push_back(100 * std::exp(0.01 * day + (day % 2 ? 0.02 : 0.0)));  // log-returns alternate: 0.03, -0.01
  }
  const prices::Split split = prices::make_split(series, 20);  // 220 returns, 200 examples: 140, 30, 30
  CHECK(split.train.returns.size() == 140);
  CHECK(split.validation.returns.size() == 30);
  CHECK(split.test.returns.size() == 30);
  CHECK(split.train.dates.front() == "21");  // window: returns 0 … 19, that is prices 0 … 20
  CHECK(split.validation.dates.front() == "161");
  CHECK(split.test.dates.back() == "220");
  CHECK(split.scaler.mean == doctest::Approx(0.01).epsilon(1e-9));  // 160 returns of the training part, half 0.03 and half -0.01
  CHECK(split.scaler.std == doctest::Approx(0.02).epsilon(1e-9));
  CHECK(split.train.inputs.shape() == Shape{140, 20, 1});
  CHECK(split.train.inputs(0, 0, 0) == doctest::Approx(1).epsilon(1e-5));
  CHECK(split.train.inputs(0, 1, 0) == doctest::Approx(-1).epsilon(1e-5));
  CHECK(split.train.targets(0, 0) == doctest::Approx(1).epsilon(1e-5));
  for (const prices::Part* part : {&split.train, &split.test})
    for (std::size_t i = 0; i < part->returns.size(); ++i)
      CHECK(std::log(part->price_after[i] / part->price_before[i]) == doctest::Approx(part->returns[i]).epsilon(1e-9));

  const prices::Score perfect = prices::score(split.test, split.test.returns);
  CHECK(perfect.rmse_return == 0);
  CHECK(perfect.rmse_price < 1e-9);
  CHECK(perfect.direction == 1);
  // Half the returns are 0.03, half -0.01: the naive forecast misses by sqrt((0.0009 + 0.0001) / 2).
  CHECK(prices::score(split.test, prices::constant_forecast(split.test, 0)).rmse_return ==
        doctest::Approx(std::sqrt(0.0005)).epsilon(1e-9));
  CHECK_THROWS_AS(prices::make_split(series, 200), Error);

  // A pattern that can be learned is learned: after training the error is a small part of the naive one.
  Generator generator{42};
  prices::Forecaster model(8, 0.01, generator);
  train::Trainer({.max_epochs = 15, .progress = train::ProgressMode::off}).fit(model, prices::loader(split.train, true, generator));
  CHECK(prices::score(split.test, prices::forecast(model, split.test, split.scaler)).rmse_return < 0.2 * std::sqrt(0.0005));
}

TEST_CASE("prices: files that are no prices") {
  const auto message = [](const std::string& name, const std::string& text, const std::string& column) {
    const auto file = std::filesystem::temp_directory_path() / fmt::format("byhand_{}_{}.csv", name, golden::is_double);
    write_file(file, text);
    std::string what;
    try {
      prices::read_prices(file, column);
    } catch (const Error& error) {
      what = error.what();
    }
    std::filesystem::remove(file);
    return what;
  };
  std::string rows = "date,close\n";
  for (int i = 0; i < 150; ++i) rows += fmt::format("2020-{},{}\n", i, 100 + i);
  CHECK(message("good", rows, "close") == "");
  CHECK(message("column", rows, "clsoe").find("clsoe") != std::string::npos);
  CHECK(message("zero", rows + "x,0\n", "close").find("day 151: 0 is not a price") != std::string::npos);
  CHECK(message("word", rows + "x,abc\n", "close").find("line 152") != std::string::npos);
  CHECK(message("short", "date,close\n1,2\n", "close").find("too few") != std::string::npos);
}
