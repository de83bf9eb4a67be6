// Chapter 02: the first network. Notes 000 § 28, 004 § 1.3.3.
#include "chapters/02_first_network/bent_line.hpp"
#include "chapters/02_first_network/dosage.hpp"
#include "chapters/02_first_network/iris.hpp"
#include "chapters/02_first_network/pictures.hpp"
#include "common/app/chapter.hpp"
#include "common/autograd/losses.hpp"
#include "common/system/files.hpp"

using namespace byhand;

namespace {

void dosage_three_ways() {
  app::heading("1. The dosage network: by hand, as matrices, built in");
  const dosage::Network n;
  const dosage::Data data;
  app::Table table({"dose", "to top ReLU", "scaled", "to bottom ReLU", "scaled", "to final ReLU", "output", "notes"});
  const char* notes[] = {"0", "1.01", "0"};
  for (std::size_t i = 0; i < 3; ++i) {
    const dosage::Steps s = dosage::forward(n, data.inputs[i]);
    table.add_row({app::number(data.inputs[i], 1), s.input_to_top_relu, s.scaled_top_relu_output, s.input_to_bottom_relu,
                   s.scaled_bottom_relu_output, s.input_to_final_relu, s.output, notes[i]});
  }
  table.print();
  const Array doses = linspace(0, 1, 11), column = reshape(doses, {11, 1});
  std::vector<real> by_hand;
  for (const real dose : doses) by_hand.push_back(dosage::forward(n, dose).output);
  const Array matrices = dosage::forward(dosage::as_matrices(n), column);
  app::agree("by hand = matrices: 11 doses", array({11, 1}, by_hand), matrices, 1e-5);
  app::agree("matrices = built-in: 11 doses", matrices, dosage::BuiltIn(n)(Tensor(column)).value(), 1e-5);
}

std::vector<dosage::Step> train_final_bias(const app::Settings& settings) {
  app::heading("2. Training final_bias from 0: gradient descent, learning rate 0.1");
  const dosage::Data data;
  dosage::Network n;
  n.final_bias = 0;
  const dosage::BuiltIn built_in(n);
  const auto by_hand = dosage::train_by_hand(n, data, real(0.1), settings.epochs);
  const auto autograd = dosage::train_built_in(built_in, data, 0.1, settings.epochs);
  app::Table table({"epoch", "final_bias", "loss", "derivative", "notes"});
  const char* notes[] = {"derivative 32.02", "-3.2020", "-5.7636", "-7.8129"};
  for (std::size_t epoch = 0; epoch < by_hand.size(); ++epoch)
    if (epoch < 4 || epoch + 1 == by_hand.size())
      table.add_row({epoch, app::number(by_hand[epoch].final_bias, 5), by_hand[epoch].loss, by_hand[epoch].derivative,
                     epoch < 4     ? notes[epoch]
                     : epoch == 34 ? "-16.00188"
                                   : ""});
  table.print();
  const auto column = [](const std::vector<dosage::Step>& steps, real dosage::Step::*field) {
    std::vector<real> values;
    for (const dosage::Step& s : steps) values.push_back(s.*field);
    return array(values);
  };
  app::agree("chain rule = autograd: every derivative", column(by_hand, &dosage::Step::derivative),
             column(autograd, &dosage::Step::derivative), 1e-4);
  app::agree("by hand = SGD: every final_bias", column(by_hand, &dosage::Step::final_bias), column(autograd, &dosage::Step::final_bias),
             1e-4);
  return by_hand;
}

void bent_lines() {
  app::heading("3. Back-propagation by hand = autograd: seven derivatives of a bent line");
  const bent::Data data;
  for (const auto& [name, n] : {std::pair{"two ReLUs", bent::book_chapter_2()}, {"two softpluses", bent::softplus_part_2(0)}}) {
    std::vector<real> by_hand, autograd;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto a = bent::gradients_by_hand(n, data.doses[i], data.observed[i]),
                 b = bent::gradients_by_autograd(n, data.doses[i], data.observed[i]);
      by_hand.insert(by_hand.end(), a.begin(), a.end());
      autograd.insert(autograd.end(), b.begin(), b.end());
    }
    app::agree(fmt::format("{}: chain rule = autograd", name), array(by_hand), array(autograd), 1e-4);
  }
  app::Table outputs({"outputs at the doses", "0", "0.5", "1", "source"});
  const auto row = [&](const char* name, const bent::Network& n, const char* source) {
    const auto at = [&](std::size_t i) { return app::number(bent::forward(n, data.doses[i]).output, 4); };
    outputs.add_row({name, at(0), at(1), at(2), source});
  };
  row("two ReLUs, trained", bent::book_chapter_1(), "book: 0, 1.0023, -0.0038");
  row("two ReLUs, before training", bent::book_chapter_2(), "");
  row("two softpluses, trained", bent::softplus_part_1(), "");
  outputs.print();
  bent::Network book = bent::book_chapter_2();
  bent::train_one_by_one(book, data, real(0.01), 500);
  app::Table trained({"", "w1", "b1", "w2", "b2", "w3", "w4"}, 3);
  trained.add_row({"all six trained, 500 epochs", book.w1, book.b1, book.w2, book.b2, book.w3, book.w4});
  trained.add_row({"the book", "1.479", "-0.568", "2.698", "-0.258", "-4.240", "1.583"});
  trained.print();
  app::Table descent({"b3 of the softplus network", "SSR", "slope", "step", "video"});
  const char* video[] = {"SSR 20.4, slope -15.7", "1.57, slope -6.26", "2.19", "", ""};
  const auto rows = bent::descend_b3(bent::softplus_part_2(0), data, real(0.1), 12);
  for (std::size_t i = 0; i < 5; ++i) descent.add_row({rows[i].b3, rows[i].ssr, rows[i].slope, rows[i].step, video[i]});
  descent.add_row({rows.back().b3, rows.back().ssr, rows.back().slope, rows.back().step, "2.61"});
  descent.print();
}

void cross_entropy_on_irises() {
  app::heading("4. Cross-entropy on three irises");
  const iris::Weights w = iris::video_network();
  const iris::Examples irises = iris::video_irises();
  app::Table table({"iris", "logits", "softmax", "p of the truth", "-log p", "video"}, 4);
  const char* names[] = {"Setosa", "Versicolor", "Virginica"};
  const char* video[] = {"1.04 0.00 0.14 -> 0.57, 0.56", "0.58, 0.54", "0.52, 0.65"};
  for (std::size_t i = 0; i < 3; ++i) {
    const iris::Forward f = iris::forward_by_hand(w, irises.inputs(i, 0), irises.inputs(i, 1));
    const real p = f.softmax[std::size_t(irises.species(i))];
    table.add_row({names[irises.species(i)],
                   fmt::format("{} {} {}", app::number(f.logits[0], 2), app::number(f.logits[1], 2), app::number(f.logits[2], 2)),
                   fmt::format("{} {} {}", app::number(f.softmax[0], 2), app::number(f.softmax[1], 2), app::number(f.softmax[2], 2)), p,
                   -std::log(p), video[i]});
  }
  table.print();
  const iris::Network network(w);
  const Tensor loss = cross_entropy(network(Tensor(irises.inputs)), irises.species, {.reduction = Reduction::sum});
  loss.backward();
  fmt::print("total {:.4f} (the video adds rounded numbers: 1.75)\n", iris::cross_entropy_by_hand(w, irises));
  app::agree("by hand = built-in: total cross-entropy", iris::cross_entropy_by_hand(w, irises), loss.item(), 1e-5);
  const iris::Weights d = iris::gradients_by_hand(w, irises);
  app::agree("chain rule = autograd: dW1", d.W1, network.hidden.weight.grad(), 1e-5);
  app::agree("chain rule = autograd: dW2", d.W2, network.output.weight.grad(), 1e-5);
  iris::Weights from_zero = w;
  from_zero.b2 = zeros({3});
  app::Table descent({"step", "cross-entropy", "db1", "db2", "db3", "b1", "b2", "b3"}, 4);
  for (int step = 0; step <= 3; ++step) {  // learning rate 1: a bias's derivative is the sum of softmax - one-hot
    const Array g = iris::gradients_by_hand(from_zero, irises).b2, b = from_zero.b2;
    descent.add_row({step, iris::cross_entropy_by_hand(from_zero, irises), g(0), g(1), g(2), b(0), b(1), b(2)});
    from_zero.b2 = b - g;
  }
  fmt::print("Three output biases from 0: the derivatives are sums of softmax - one-hot, the step is the derivative itself.\n");
  descent.print();
}

void train_on_all_irises(const app::Settings& settings) {
  app::heading("5. The same network trained on 112 irises, tested on 38");
  const iris::Dataset data = iris::read_irises(dataset("iris.csv"));
  app::Table table({"loss", "epochs", "right on the test irises", "book"});
  for (const auto& [name, kind, ten, hundred] : {std::tuple{"squared residuals", iris::Loss::squared_residuals, "0.7368", "0.9211"},
                                                 {"cross-entropy", iris::Loss::cross_entropy, "0.6579", "0.9474"}}) {
    Generator g{settings.seed};
    const iris::Network network(g);
    iris::train(network, data.train, kind, 0.001, 10);
    table.add_row({name, 10, iris::accuracy(network, data.test), ten});
    if (settings.quick) continue;
    Generator again{settings.seed};
    const iris::Network longer(again);
    iris::train(longer, data.train, kind, 0.001, 100);
    table.add_row({name, 100, iris::accuracy(longer, data.test), hundred});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  app::Settings settings;
  settings.epochs = 100;
  app::Options options(
      "02_first_network",
      "The first network: outputs, one bias trained, back-propagation by hand, cross-entropy. --epochs: at most so many for final_bias.",
      settings);
  return options.run(argc, argv, [&] {
    dosage_three_ways();
    const auto run = train_final_bias(settings);
    bent_lines();
    cross_entropy_on_irises();
    train_on_all_irises(settings);
    fmt::print("\n");
    app::save_figure(first_network::dosage_figure(), "dosage", settings);
    app::save_figure(first_network::descent_figure(run), "descent", settings);
    app::save_figure(first_network::activations_figure(), "activations", settings);
    app::save_figure(first_network::losses_figure(), "losses", settings);
  });
}
