// Chapter 02 against the golden files of its networks.
#include "chapters/02_first_network/bent_line.hpp"
#include "chapters/02_first_network/dosage.hpp"
#include "chapters/02_first_network/iris.hpp"
#include "common/autograd/losses.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/io/csv.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;

namespace {

std::vector<real> numbers(const Array& a) { return {a.begin(), a.end()}; }

template <class F>
Array each(const Array& x, F f) {
  Array y = empty(x.shape());
  for (std::size_t i = 0; i < x.size(); ++i) y.data()[i] = f(x.data()[i]);
  return y;
}

bent::Network bent_network(const json& p, bent::Bend bend) {
  bent::Parameters values{};
  for (std::size_t i = 0; i < bent::parameter_count; ++i)
    if (p.contains(bent::parameter_names[i])) values[i] = p.at(bent::parameter_names[i]).get<real>();
  return bent::from_parameters(bend, values);
}

void check_same(const bent::Network& a, const bent::Network& b) {
  if (golden::own_values()) CHECK(bent::to_parameters(a) == bent::to_parameters(b));
}
void check_same(const iris::Weights& a, const iris::Weights& b) {
  if (golden::own_values())
    CHECK(max_difference(a.W1, b.W1) + max_difference(a.b1, b.b1) + max_difference(a.W2, b.W2) + max_difference(a.b2, b.b2) == 0);
}

iris::Weights weights_of(const golden::File& f, const json& p) {
  return {f.array(p.at("W1"), "W1"), f.array(p.at("b1"), "b1"), f.array(p.at("W2"), "W2"), f.array(p.at("b2"), "b2")};
}

}  // namespace

TEST_CASE("dosage network: outputs") {
  golden::File f("sq_dosage_pytorch_intro");
  dosage::Network n;
  for (const auto& [key, mine] : {std::pair{"w00", &n.w00},
                                  {"b00", &n.b00},
                                  {"w01", &n.w01},
                                  {"w10", &n.w10},
                                  {"b10", &n.b10},
                                  {"w11", &n.w11},
                                  {"final_bias_trained", &n.final_bias}}) {
    if (golden::own_values()) CHECK(*mine == f.params().at(key).get<real>());
    *mine = f.params().at(key).get<real>();
  }
  const Array doses = f.input("doses"), three = f.input("train_inputs");
  f.check("pre_final_relu_at_doses", each(doses, [&](real d) { return dosage::forward(n, d).input_to_final_relu; }), golden::forward);
  f.check("output_at_doses", each(doses, [&](real d) { return dosage::forward(n, d).output; }), golden::forward);
  f.check("output_at_0_0.5_1_final_bias_-16", each(three, [&](real d) { return dosage::forward(n, d).output; }), golden::forward);
  const Array column = reshape(doses, {doses.size(), 1});
  expect("matrices", reshape(dosage::forward(dosage::as_matrices(n), column), doses.shape()), f.expected("output_at_doses"),
         golden::forward);
  expect("built-in", reshape(dosage::BuiltIn(n)(Tensor(column)).value(), doses.shape()), f.expected("output_at_doses"), golden::forward);

  const dosage::Data data{numbers(three), numbers(f.input("train_labels"))};
  if (golden::own_values()) {
    CHECK(data.inputs == dosage::Data{}.inputs);
    CHECK(data.labels == dosage::Data{}.labels);
  }
  n.final_bias = f.expected("start_final_bias").get<real>();
  f.check("output_at_0_0.5_1_final_bias_0", each(three, [&](real d) { return dosage::forward(n, d).output; }), golden::forward);
  f.check("first_epoch_gradient", double(dosage::derivative_by_hand(n, data)), golden::gradient);

  const dosage::BuiltIn built_in(n);
  const double lr = f.expected("sgd_lr").get<double>();
  const auto by_hand = dosage::train_by_hand(n, data, real(lr), 100);
  const auto autograd = dosage::train_built_in(built_in, data, lr, 100);
  for (const auto& run : {by_hand, autograd}) {
    std::vector<real> losses, biases;
    for (const dosage::Step& s : run) {
      losses.push_back(s.loss);
      biases.push_back(s.final_bias);
    }
    biases.erase(biases.begin());  // the file lists the bias after each step
    REQUIRE(losses.size() == f.expected("total_loss_per_epoch").size());
    // A loss of 256 in float is known to 1.5e-5; squares of small residuals of numbers near 16 to about 1e-6.
    f.check("total_loss_per_epoch", array(losses), golden::is_double ? golden::trajectory : golden::Tolerance{1e-4, 1e-5});
    f.check("final_bias_after_each_step", array(biases), golden::trajectory);
    CHECK(int(run.size()) - 1 == f.expected("epoch_where_total_loss_below_1e-4").get<int>());
    f.check("final_bias", double(run.back().final_bias), golden::trajectory);
  }
}

TEST_CASE("dosage network: what is no number stays none, by hand and in matrices") {
  const dosage::Network network{};
  CHECK(std::isnan(dosage::forward(network, NAN).output));
  CHECK(std::isnan(dosage::forward(dosage::as_matrices(network), array({1, 1}, {NAN}))(0, 0)));
}

TEST_CASE("dosage network: below 0 the final ReLU lets no derivative through") {
  dosage::Network n;
  n.final_bias = -20;  // at dose 0.5: 17.01 - 20 < 0, output 0, residual -1; 2 * -1 * relu'(-2.99) = 0
  const dosage::Data data;
  CHECK(dosage::derivative_by_hand(n, data) == 0);
  const auto autograd = dosage::train_built_in(dosage::BuiltIn(n), data, 0.1, 1);
  CHECK(autograd.front().loss == 1);
  CHECK(autograd.front().derivative == 0);
  CHECK(autograd.back().final_bias == -20);
}

TEST_CASE("two ReLUs: the derivative at the bend is 0") {
  // Start of the book's chapter 2 at dose 0: both sums are exactly 0 and so is the output. An observed 1 gives dLoss/dOutput = 2 (0 - 1),
  // which only b3, behind both ReLUs, may feel.
  const bent::Network n = bent::book_chapter_2();
  for (const auto& gradients : {bent::gradients_by_hand(n, 0, 1), bent::gradients_by_autograd(n, 0, 1)})
    CHECK(gradients == bent::Parameters{0, 0, 0, 0, 0, 0, -2});
}

TEST_CASE("two ReLUs: the book's chapter 1") {
  golden::File f("sq_book_ch01_two_relu");
  const bent::Network n = bent_network(f.params(), bent::Bend::relu);
  check_same(n, bent::book_chapter_1());
  const Array doses = f.input("doses");
  for (const auto& [key, field] : {std::pair{"top_x", &bent::Steps::top_x},
                                   {"top_relu", &bent::Steps::top_y},
                                   {"top_scaled", &bent::Steps::top_scaled},
                                   {"bottom_x", &bent::Steps::bottom_x},
                                   {"bottom_relu", &bent::Steps::bottom_y},
                                   {"bottom_scaled", &bent::Steps::bottom_scaled},
                                   {"output", &bent::Steps::output}})
    f.check(key, each(doses, [&, field = field](real d) { return bent::forward(n, d).*field; }), golden::forward);
  f.check("output_at_0_0.5_1", each(array({0, real(0.5), 1}), [&](real d) { return bent::forward(n, d).output; }), golden::forward);
}

TEST_CASE("two ReLUs: all six trained") {
  golden::File f("sq_book_ch02_train_all");
  const bent::Network start = bent_network(f.params(), bent::Bend::relu);
  check_same(start, bent::book_chapter_2());
  const bent::Data data{numbers(f.input("train_inputs")), numbers(f.input("train_labels"))};
  const real lr = f.expected("lr").get<real>();
  for (std::size_t i = 0; i < 6; ++i) CHECK(f.expected("param_order").at(i) == bent::parameter_names[i]);
  CHECK(f.expected("optimizer").get<std::string>().find("SGD, batch size 1") == 0);
  f.check("output_before", each(f.input("train_inputs"), [&](real d) { return bent::forward(start, d).output; }), golden::forward);

  bent::Network n = start;
  for (std::size_t i = 0; i < data.doses.size(); ++i) {  // one epoch, looking at every gradient
    const auto by_hand = bent::gradients_by_hand(n, data.doses[i], data.observed[i]),
               autograd = bent::gradients_by_autograd(n, data.doses[i], data.observed[i]);
    bent::Parameters p = bent::to_parameters(n);
    for (std::size_t k = 0; k < 6; ++k) {
      expect(fmt::format("point {}: {}", i, bent::parameter_names[k]), double(by_hand[k]),
             f.expected("first_epoch_per_sample_grads").at(i).at(k), golden::gradient);
      expect(fmt::format("point {}: {} by autograd", i, bent::parameter_names[k]), double(autograd[k]),
             f.expected("first_epoch_per_sample_grads").at(i).at(k), golden::gradient);
      p[k] -= lr * by_hand[k];
    }
    n = bent::from_parameters(n.bend, p);
  }
  const golden::Tolerance run = golden::is_double ? golden::Tolerance{1e-9, 1e-9} : golden::Tolerance{2e-4, 2e-4};
  for (const auto& [epochs, expected] : f.expected("params_after_epochs").items()) {
    bent::Network trained = start;
    const auto losses = bent::train_one_by_one(trained, data, lr, std::stoi(epochs));
    const auto p = bent::to_parameters(trained);
    for (std::size_t k = 0; k < 6; ++k)
      expect(fmt::format("{} after {}", bent::parameter_names[k], epochs), double(p[k]), expected.at(k), run);
    if (epochs == "10") expect("losses", array(losses), f.expected("sum_loss_epochs_1_to_10"), run);
    if (epochs == "500") {
      f.check("output_at_doses_after_500", each(f.input("doses"), [&](real d) { return bent::forward(trained, d).output; }), run);
      CHECK(double(losses.back()) < (golden::is_double ? 1e-26 : 1e-9));  // the file says 3e-28: nothing is left but rounding
    }
  }
  f.expected("sum_loss_epoch_500");
}

TEST_CASE("softplus networks") {
  golden::File f("sq_softplus_dosage");
  const bent::Network part1 = bent_network(f.params().at("pt1"), bent::Bend::softplus);
  const bent::Network part2 = bent_network(f.params().at("pt2"), bent::Bend::softplus);
  check_same(part1, bent::softplus_part_1());
  check_same(part2, bent::softplus_part_2(0));
  const Array three = f.input("dosages");
  const bent::Data data{numbers(three), numbers(f.input("observed"))};
  const auto outputs = [&](const bent::Network& n, const Array& doses) {
    return each(doses, [&](real d) { return bent::forward(n, d).output; });
  };
  f.check("pt1_output_at_0_0.5_1", outputs(part1, three), golden::forward);
  f.check("pt1_output_at_doses", outputs(part1, f.input("doses")), golden::forward);
  f.check("softplus_at_-5..5", each(linspace(-5, 5, 11), [](real x) { return softplus(x); }), golden::forward);
  f.check("pt2_predictions_b3_0", outputs(part2, three), golden::forward);
  bent::Network fitted = part2;
  fitted.b3 = f.params().at("pt2_final_b3_in_video").get<real>();
  f.check("pt2_predictions_b3_2.61", outputs(fitted, three), golden::forward);
  const auto gradients = bent::gradients_by_hand(part2, data);
  for (std::size_t k = 0; k < bent::parameter_count; ++k)
    expect(bent::parameter_names[k], double(gradients[k]), f.expected("pt2_all_gradients_at_b3_0").at(bent::parameter_names[k]),
           golden::gradient);
  const json& expected = f.expected("pt2_rows_[b3,SSR,dSSR/db3,step_lr0.1]");
  const auto rows = bent::descend_b3(part2, data, real(0.1), int(expected.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double got[] = {rows[i].b3, rows[i].ssr, rows[i].slope, rows[i].step};
    for (std::size_t k = 0; k < 4; ++k) expect(fmt::format("row {} column {}", i, k), got[k], expected.at(i).at(k), golden::trajectory);
  }
  const auto long_run = bent::descend_b3(part2, data, real(0.1), 100);
  f.check("pt2_optimal_b3", double(long_run.back().b3), golden::trajectory);
}

TEST_CASE("cross-entropy on three irises") {
  golden::File f("sq_cross_entropy_video");
  const iris::Weights w = weights_of(f, f.params());
  check_same(w, iris::video_network());
  const iris::Examples e{f.input("petal_sepal"), f.input_ids("species")};
  if (golden::own_values()) CHECK(max_difference(e.inputs, iris::video_irises().inputs) == 0);
  const std::size_t n = e.species.size();
  Array hidden = empty({n, 2}), logits = empty({n, 3}), softmax_ = empty({n, 3}), minus_log = empty({n}), squared = empty({n}),
        difference = empty({n, 3});
  for (std::size_t i = 0; i < n; ++i) {
    const iris::Forward forward = iris::forward_by_hand(w, e.inputs(i, 0), e.inputs(i, 1));
    for (std::size_t j = 0; j < 2; ++j) hidden(i, j) = forward.hidden[j];
    for (std::size_t j = 0; j < 3; ++j) {
      logits(i, j) = forward.logits[j];
      softmax_(i, j) = forward.softmax[j];
      difference(i, j) = forward.softmax[j] - real(std::int64_t(j) == e.species(i));
    }
    const real p = forward.softmax[std::size_t(e.species(i))];
    minus_log(i) = -std::log(p);
    squared(i) = (1 - p) * (1 - p);
  }
  f.check("hidden_relu", hidden, golden::forward);
  f.check("logits", logits, golden::forward);
  f.check("softmax", softmax_, golden::forward);
  f.check("cross_entropy_each", minus_log, golden::forward);
  f.check("squared_residual_each_(1-p)^2", squared, golden::forward);
  f.check("softmax_minus_onehot", difference, golden::forward);
  f.check("total", double(iris::cross_entropy_by_hand(w, e)), golden::forward);
  const iris::Weights d = iris::gradients_by_hand(w, e);
  const json& gradients = f.expected("grads_total");
  for (const auto& [key, got] : {std::pair{"W1", d.W1}, {"b1", d.b1}, {"W2", d.W2}, {"b2", d.b2}})
    expect(key, got, gradients.at(key), golden::gradient);
  const iris::Network network(w);
  const Tensor loss = cross_entropy(network(Tensor(e.inputs)), e.species, {.reduction = Reduction::sum});
  expect("built-in total", loss, f.expected("total"), golden::forward);
  loss.backward();
  f.check_gradients(
      "built-in", gradients,
      {{"W1", network.hidden.weight}, {"b1", network.hidden.bias}, {"W2", network.output.weight}, {"b2", network.output.bias}});

  iris::Weights descending = w;
  descending.b2 = zeros({3});
  for (const json& row : f.expected("output_bias_descent_from_zero_lr1_rows_[loss,g0,g1,g2,b0,b1,b2]")) {
    const Array g = iris::gradients_by_hand(descending, e).b2;
    expect("descent loss", double(iris::cross_entropy_by_hand(descending, e)), row.at(0), golden::trajectory);
    for (std::size_t j = 0; j < 3; ++j) {
      expect("descent gradient", double(g(j)), row.at(1 + j), golden::trajectory);
      expect("descent bias", double(descending.b2(j)), row.at(4 + j), golden::trajectory);
      descending.b2(j) -= g(j);
    }
  }
}

TEST_CASE("iris networks with given weights") {
  golden::File f("sq_iris_networks");
  const Array inputs = f.input("petal_sepal_width_scaled");
  const std::map<std::string, iris::Weights> literals = {{"book_ch03_figure", iris::book_chapter_3()},
                                                         {"book_ch04_figure_softmax", iris::book_chapter_4()},
                                                         {"video_Pt4_83LYR-1IcjA", iris::video_network()}};
  for (const auto& [name, p] : f.params().items()) {
    const iris::Weights w = weights_of(f, p);
    if (literals.count(name)) check_same(w, literals.at(name));
    const iris::Network network(w);
    const json& expected = f.expected(name);
    const Tensor hidden = relu(network.hidden(Tensor(inputs))), logits = network(Tensor(inputs));
    expect(name + " hidden", hidden, expected.at("hidden_relu"), golden::forward);
    expect(name + " logits", logits, expected.at("logits"), golden::forward);
    expect(name + " softmax", softmax(logits), expected.at("softmax"), golden::forward);
    CHECK(argmax(logits.value()) == golden::ids_from_json(expected.at("argmax"), name));
  }
}

TEST_CASE("training on 112 irises") {
  golden::File f("sq_iris_training");
  const iris::Dataset data = iris::read_irises(dataset("iris.csv"));
  CHECK(data.train.species.size() == f.root().at("inputs").at("train_row_indices_in_training_order").size());
  CHECK(data.test.species.size() == f.root().at("inputs").at("test_row_indices").size());
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(data.smallest[i] == f.root().at("inputs").at("train_min").at(i).get<double>());
    CHECK(data.largest[i] == f.root().at("inputs").at("train_max").at(i).get<double>());
  }
  const io::Table table = io::read_csv(dataset("iris.csv"));
  for (const auto& [key, part] : {std::pair{"train_row_indices_in_training_order", "train"}, {"test_row_indices", "test"}}) {
    const json& rows = f.root().at("inputs").at(key);
    for (std::size_t i = 0; i < rows.size(); ++i) {  // the order in the CSV file is the golden file's
      CHECK(table.text("part").at(rows.at(i).get<std::size_t>()) == part);
      CHECK(table.numbers("position").at(rows.at(i).get<std::size_t>()) == double(i));
    }
  }
  Generator g{42};
  const iris::Network start(g);
  const auto compare = [&](const std::string& where, const iris::Network& n, const json& p, golden::Tolerance tolerance) {
    for (const auto& [key, tensor] :
         {std::pair{"W1", n.hidden.weight}, {"b1", n.hidden.bias}, {"W2", n.output.weight}, {"b2", n.output.bias}})
      expect(where + key, tensor, p.at(key), tolerance);
  };
  if (golden::own_values()) compare("start ", start, f.params(), {0, 0});  // drawn as PyTorch draws from seed 42
  const double lr = f.root().at("inputs").at("lr").get<double>();
  for (const auto& [key, kind] : {std::pair{"mse_sum", iris::Loss::squared_residuals}, {"cross_entropy", iris::Loss::cross_entropy}}) {
    const json& exact = f.expected(key).at("float64");
    // float: 1,120 to 11,200 steps of Adam, whose first steps divide by square roots near 0. The file's own float runs differ from its
    // double runs by up to 1.4e-6 after 10 epochs and 2.7e-5 after 100; ours round in another order, so some 40 to 70 times that is left.
    const json& single = f.expected(key).at("float32");
    const golden::Tolerance loose{1e-4, 1e-4}, looser{1e-3, 1e-3};
    for (const int epochs : {1, 10, 100}) {
      const golden::Tolerance run =
          golden::is_double ? golden::Tolerance{1e-8, 1e-8} : golden::Tolerance{epochs == 100 ? 5e-3 : 1e-4, 1e-4};
      const iris::Network n(iris::Weights{f.param("W1"), f.param("b1"), f.param("W2"), f.param("b2")});
      iris::train(n, data.train, kind, lr, epochs);
      const json& expected = exact.at("epoch" + std::to_string(epochs));
      const std::string where = fmt::format("{} after {} ", key, epochs);
      compare(where, n, expected.at("params"), run);
      const Array outputs = n(Tensor(data.test.inputs)).value();
      expect(where + "first four", Array(xt::view(outputs, xt::range(0, 4), xt::all())), expected.at("first4_test_outputs"), run);
      CHECK(iris::accuracy(n, data.test) == doctest::Approx(expected.at("accuracy").get<double>()).epsilon(1e-12));
      if (epochs == 10) {
        expect(where + "first four, float", Array(xt::view(outputs, xt::range(0, 4), xt::all())), single.at("epoch10_first4"), loose);
        CHECK(iris::accuracy(n, data.test) == doctest::Approx(single.at("accuracy10").get<double>()).epsilon(1e-6));
      }
      if (epochs != 100) continue;
      CHECK(iris::accuracy(n, data.test) == doctest::Approx(single.at("accuracy100").get<double>()).epsilon(1e-6));
      Array flower = array({1, 2}, {real(0.2), 3});  // petal and sepal width of the notebook's new flower, cm
      for (std::size_t i = 0; i < 2; ++i) flower(0, i) = real((flower(0, i) - data.smallest[i]) / (data.largest[i] - data.smallest[i]));
      const Array output = reshape(n(Tensor(flower)).value(), {3});
      expect(where + "new flower", output, exact.at("new_flower_output"), run);
      expect(where + "new flower, float", output, single.at("new"), looser);
    }
  }
}
