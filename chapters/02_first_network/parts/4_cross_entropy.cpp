#include <cmath>

#include "chapters/02_first_network/iris.hpp"
#include "chapters/02_first_network/parts/parts.hpp"
#include "common/app/chapter.hpp"
#include "common/autograd/losses.hpp"
#include "common/fast/cross_entropy.hpp"

namespace first_network {
using namespace byhand;
namespace {

/// Three numbers in one cell: "1.04 0.00 0.14".
std::string in_one_cell(const std::vector<real>& v) {
  return app::number(v[0], 2) + " " + app::number(v[1], 2) + " " + app::number(v[2], 2);
}

void one_row_for_each_iris(const iris::Weights& w, const iris::Examples& irises) {
  app::Table table({"iris", "logits", "softmax", "p of the truth", "-log p", "video"}, 4);
  const char* names[] = {"Setosa", "Versicolor", "Virginica"};
  const char* video[] = {"1.04 0.00 0.14 -> 0.57, 0.56", "0.58, 0.54", "0.52, 0.65"};
  for (std::size_t i = 0; i < 3; ++i) {
    const iris::Forward f = iris::forward_by_hand(w, irises.inputs(i, 0), irises.inputs(i, 1));
    const std::size_t truth = std::size_t(irises.species(i));
    const real p = f.softmax[truth];
    table.add_row(
        {names[truth], in_one_cell(f.logits), in_one_cell(f.softmax), p, -std::log(p), video[i]});
  }
  table.print();
}

void three_biases_from_zero(iris::Weights w, const iris::Examples& irises) {
  w.b2 = zeros({3});
  app::Table table({"step", "cross-entropy", "db1", "db2", "db3", "b1", "b2", "b3"}, 4);
  for (int step = 0; step <= 3; ++step) {  // learning rate 1
    const Array d = iris::gradients_by_hand(w, irises).b2, b = w.b2;
    table.add_row(
        {step, iris::cross_entropy_by_hand(w, irises), d(0), d(1), d(2), b(0), b(1), b(2)});
    w.b2 = b - d;
  }
  fmt::print("Three output biases from 0: the derivatives are sums of softmax - one-hot, ");
  fmt::print("the step is the derivative itself.\n");
  table.print();
}

}  // namespace

void cross_entropy_on_irises() {
  app::heading("4. Cross-entropy on three irises");
  const iris::Weights w = iris::video_network();
  const iris::Examples irises = iris::video_irises();
  one_row_for_each_iris(w, irises);

  const real by_hand = iris::cross_entropy_by_hand(w, irises);
  const iris::Network network(w);
  const Tensor loss =
      cross_entropy(network(Tensor(irises.inputs)), irises.species, {.reduction = Reduction::sum});
  loss.backward();
  fmt::print("total {:.4f} (the video adds rounded numbers: 1.75)\n", by_hand);
  app::agree("by hand = built-in: total cross-entropy", by_hand, loss.item(), 1e-5);
  const iris::Weights d = iris::gradients_by_hand(w, irises);
  app::agree("chain rule = autograd: dW1", d.W1, network.hidden.weight.grad(), 1e-5);
  app::agree("chain rule = autograd: dW2", d.W2, network.output.weight.grad(), 1e-5);
  three_biases_from_zero(w, irises);
}

}  // namespace first_network
