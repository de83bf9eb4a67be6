#include "chapters/01_tensors/layers.hpp"
#include "chapters/01_tensors/parts/parts.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/random.hpp"

namespace tensors {
using namespace byhand;
namespace {

/// One layer: its output three ways, its derivatives two.
void one_layer(std::uint64_t seed) {
  Generator generator{seed};
  const nn::Linear layer(4, 3, generator);
  const Layer weights{layer.weight.value(), layer.bias.value()};
  fmt::print("x (2, 4), W (3, 4), b (3,) -> y (2, 3): ");
  fmt::print("each number of y is a row of x times a row of W, plus its bias.\n");
  const Array input = randn({2, 4}, generator), dy = randn({2, 3}, generator);
  const Tensor x(input, true), y = layer(x);

  const Array by_hand = linear_by_hand(weights, input);
  const Array matrices = linear_as_matrices(weights, input);
  app::agree("nn.Linear(4, 3): by hand = matrices", by_hand, matrices, 1e-5);
  app::agree("nn.Linear(4, 3): matrices = built-in", matrices, y.value(), 1e-5);

  sum(y * Tensor(dy)).backward();
  const LayerGradients gradients = gradients_as_matrices(weights, input, dy);
  app::agree("dx = dy W = autograd", gradients.dx, x.grad(), 1e-5);
  app::agree("dW = dy^T x = autograd", gradients.dW, layer.weight.grad(), 1e-5);
  app::agree("db = sum of dy = autograd", gradients.db, layer.bias.grad(), 1e-5);
}

/// Two layers with a bend between them: which iris is it? And what is left without the bend.
void irises_in_two_layers() {
  const Network network = iris_network();
  const Array irises = three_irises();                                // (3, 2)
  const Array by_hand = network_by_hand(network, irises, relu);       // (3, 3)
  const Array matrices = network_as_matrices(network, irises, relu);  // (3, 3)
  const Ids largest = argmax(matrices);
  const char* species[] = {"Setosa", "Versicolor", "Virginica"};
  const char* truth[] = {"Setosa", "Virginica", "Versicolor"};

  app::Table table({"iris", "petal, sepal", "Setosa", "Versicolor", "Virginica", "largest"}, 2);
  for (std::size_t i = 0; i < 3; ++i)
    table.add_row({truth[i], fmt::format("{:.2f}, {:.2f}", irises(i, 0), irises(i, 1)),
                   matrices(i, 0), matrices(i, 1), matrices(i, 2), species[largest(i)]});
  table.print();
  app::agree("irises: by hand = matrices", by_hand, matrices, 1e-5);
  app::agree("irises: matrices = built-in", matrices,
             network_built_in(network, relu)(Tensor(irises)).value(), 1e-5);

  const Array one_layer = linear_as_matrices(without_activation(network), irises);
  app::agree("without ReLU two layers = one",
             network_as_matrices(network, irises, [](real v) { return v; }), one_layer, 1e-5);
  fmt::print("With ReLU that one layer is off by up to {:.2f}: ",
             max_difference(matrices, one_layer));
  fmt::print("the bend is what a second layer needs.\n");
}

}  // namespace

void layers_are_matrices(const app::Settings& settings) {
  app::heading("5. nn.Linear as a matrix: y = x W^T + b");
  one_layer(settings.seed);
  irises_in_two_layers();
}

}  // namespace tensors
