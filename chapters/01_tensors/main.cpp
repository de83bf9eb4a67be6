// Chapter 01: tensors. Notes 000 § 25 and 26.
#include <algorithm>

#include "chapters/01_tensors/boxes.hpp"
#include "chapters/01_tensors/graph.hpp"
#include "chapters/01_tensors/layers.hpp"
#include "chapters/01_tensors/pictures.hpp"
#include "chapters/01_tensors/render.hpp"
#include "chapters/01_tensors/shapes.hpp"
#include "chapters/01_tensors/speed.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"

using namespace byhand;
using namespace tensors;

namespace {

struct Settings : app::Settings {
  int size = 256;
};

/// The message with which something that cannot work is refused.
template <class F>
std::string refusal(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  fail("something was computed that should have been refused");
}

void scalars_to_n_dimensions() {
  app::heading("1. From one number to n dimensions");
  const auto text = [](const Shape& shape) { return fmt::format("{}", shape); };
  app::Table table({"notes", "for example", "shape", "dimensions", "values", "steps in memory"});
  for (const Example& e : examples())
    table.add_row({e.name, e.what, text(e.shape), e.shape.size(), element_count(e.shape), text(strides_of(e.shape))});
  table.print();
  fmt::print("A 1 x 2 matrix has 2 dimensions, like every matrix. The colour image has 65,536 pixels of 3 values: 196,608 values.\n");
  fmt::print("In (2, 3, 4), [1][2][3] is number 1*12 + 2*4 + 3*1 = {} in memory.\n", place_of({2, 3, 4}, {1, 2, 3}));
  app::agree("0 ... 23 as (2, 3, 4): t[1][2][3] = 23", reshape(arange(24), {2, 3, 4})(1, 2, 3), 23, 0);
  Generator generator{42};
  const Array ours = rand({5}, generator);
  app::agree(fmt::format("seed 42 draws {:.4f} as torch.rand(5) does:", fmt::join(ours, " ")), ours, first_draws_of_torch(), 0);
}

void broadcasting() {
  app::heading("2. Broadcasting: a missing axis, or one of size 1, is repeated (dashed)");
  for (const auto& [a, b] : {std::pair{Shape{3, 4}, Shape{4}}, {Shape{3, 1}, Shape{1, 4}}}) {
    fmt::print("{}", broadcast_picture(a, b));
    const Array left = reshape(arange(element_count(a)), a), right = reshape(arange(element_count(b)), b);
    app::agree(fmt::format("{} + {}: loops = tensors", a, b), add_by_hand(left, right), (Tensor(left) + Tensor(right)).value(), 0);
  }
  fmt::print("(3, 4) + (3,): {}\n", refusal([] { return Tensor(zeros({3, 4})) + Tensor(zeros({3})); }));
  fmt::print("Shapes are lined up at their last axes. Reshaped to (3, 1), the three numbers fit: one for each row.\n");
}

void linear_or_not(const Settings& settings) {
  app::heading("3. Linear or not: how far each promise is broken, 50 random pairs of points");
  Generator generator{settings.seed};
  std::vector<NamedMap> maps = maps_of_the_plane();
  for (const NamedMap& layer : linear_layers(generator)) maps.push_back(layer);
  app::Table table({"map", "f(0) = 0", "f(a + b)", "f(c a)", "straight", "even steps", "it is"});
  for (const NamedMap& m : maps) {
    const Broken broken = measure(m.map, generator);
    check(judge(broken) == m.kind, "{} should be {}, but is {}", m.name, name(m.kind), name(judge(broken)));
    table.add_row({m.name, broken.origin, broken.sum, broken.multiple, broken.straight, broken.steps, name(m.kind)});
  }
  table.print();
  fmt::print("Even steps in, even steps out: affine maps do that too. Linear ones also keep 0 at 0: nn::Linear with a bias does not.\n");
  app::save_figure(grids_figure(maps_of_the_plane()), "grids", settings);
}

void two_into_one(const Settings& settings) {
  app::heading("4. Two matrices into one, and the order matters");
  const Array turn = rotation(90), slant = shear(1), x = array({1, 2}, {1, 2}), F = letter_f();
  const Array turn_slant = matmul(turn, slant), slant_turn = matmul(slant, turn);
  app::Table table({"", "rows of the matrix", "1 2 goes to", "by pencil"});
  const auto row = [&](const char* what, const Array& A, const char* pencil) {
    table.add_row({what, in_one_line(A), in_one_line(matmul(x, A)), pencil});
  };
  row("turn by 90 degrees", turn, "-2  1");
  row("shear", slant, " 3  2");
  row("turn, then shear", turn_slant, "-1  1");
  row("shear, then turn", slant_turn, "-2  3");
  table.print();
  app::agree("row by column, by hand = matmul", multiply_by_hand(turn, slant), turn_slant, 1e-6);
  app::agree("(F turn) shear = F (turn shear)", matmul(matmul(F, turn), slant), matmul(F, turn_slant), 1e-5);
  app::agree("(F shear) turn = F (shear turn)", matmul(matmul(F, slant), turn), matmul(F, slant_turn), 1e-5);
  fmt::print("turn shear and shear turn differ by up to {:.1f}.\n", max_difference(turn_slant, slant_turn));
  fmt::print("{}\n", refusal([] { return multiply_by_hand(zeros({2, 3}), zeros({2, 3})); }));
  app::save_figure(order_figure(turn, "turn", slant, "shear"), "order", settings);
}

void layers_are_matrices(const Settings& settings) {
  app::heading("5. nn.Linear as a matrix: y = x W^T + b");
  Generator generator{settings.seed};
  const nn::Linear layer(4, 3, generator);
  const Layer weights{layer.weight.value(), layer.bias.value()};
  fmt::print("x (2, 4), W (3, 4), b (3,) -> y (2, 3): each number of y is a row of x times a row of W, plus its bias.\n");
  const Array input = randn({2, 4}, generator), dy = randn({2, 3}, generator);
  const Tensor x(input, true), y = layer(x);
  app::agree("nn.Linear(4, 3): by hand = matrices", linear_by_hand(weights, input), linear_as_matrices(weights, input), 1e-5);
  app::agree("nn.Linear(4, 3): matrices = built-in", linear_as_matrices(weights, input), y.value(), 1e-5);
  sum(y * Tensor(dy)).backward();
  const LayerGradients gradients = gradients_as_matrices(weights, input, dy);
  app::agree("dx = dy W = autograd", gradients.dx, x.grad(), 1e-5);
  app::agree("dW = dy^T x = autograd", gradients.dW, layer.weight.grad(), 1e-5);
  app::agree("db = sum of dy = autograd", gradients.db, layer.bias.grad(), 1e-5);
  const Network iris = iris_network();
  const Array irises = three_irises(), by_hand = network_by_hand(iris, irises, relu), matrices = network_as_matrices(iris, irises, relu);
  app::Table table({"iris", "petal, sepal", "Setosa", "Versicolor", "Virginica", "largest"}, 2);
  const char *species[] = {"Setosa", "Versicolor", "Virginica"}, *truth[] = {"Setosa", "Virginica", "Versicolor"};
  const Ids largest = argmax(matrices);
  const auto widths = [&](std::size_t i) { return fmt::format("{:.2f}, {:.2f}", irises(i, 0), irises(i, 1)); };
  for (std::size_t i = 0; i < 3; ++i)
    table.add_row({truth[i], widths(i), matrices(i, 0), matrices(i, 1), matrices(i, 2), species[largest(i)]});
  table.print();
  app::agree("irises: by hand = matrices", by_hand, matrices, 1e-5);
  app::agree("irises: matrices = built-in", matrices, network_built_in(iris, relu)(Tensor(irises)).value(), 1e-5);
  const Array one_layer = linear_as_matrices(without_activation(iris), irises);
  app::agree("without ReLU two layers = one", network_as_matrices(iris, irises, [](real v) { return v; }), one_layer, 1e-5);
  fmt::print("With ReLU that one layer is off by up to {:.2f}: the bend is what a second layer needs.\n",
             max_difference(matrices, one_layer));
}

void three_derivatives() {
  app::heading("6. f = tanh(s) (s + z), s = x y: the derivative by hand = by central difference = by autograd");
  const Triple<real> by_autograd = derivatives_by_autograd(point<real>);
  const Triple<double> by_hand = derivatives_by_hand(point<double>).gradient, in_double = central_differences(point<double>, 0x1p-18);
  const Triple<float> in_float = central_differences(point<float>, 0x1p-7f);
  app::Table table({"", "by hand", "autograd", "off by", "central, float", "off by", "central, double", "off by"}, 6);
  for (std::size_t i = 0; i < 3; ++i) {
    const double exact = by_hand[i], a = by_autograd[i], f = in_float[i], d = in_double[i];
    const auto off = [=](double value) { return fmt::format("{:.0e}", value - exact); };
    table.add_row({std::string("df/d") + "xyz"[i], exact, a, off(a), f, off(f), d, off(d)});
  }
  table.print();
  const auto as_array = [](const auto& t) { return array({real(t[0]), real(t[1]), real(t[2])}); };
  app::agree("by hand = autograd", as_array(by_hand), as_array(by_autograd), 2e-6);
  app::agree("by hand = central difference in double, rounded to float", as_array(by_hand), as_array(in_double), 1e-6);
}

void what_autograd_remembers(const Settings& settings) {
  const Tensor x(point<real>[0], true), y(point<real>[1], true), z(point<real>[2], true);
  const Steps<Tensor> f = steps(x, y, z);
  const Graph graph = trace(f.f, {{"x", x}, {"y", y}, {"z", z}, {"s", f.s}, {"t", f.t}, {"u", f.u}, {"f", f.f}});
  f.f.backward();
  fmt::print("What autograd remembers, f on top:\n{}", graph_text(graph));
  fmt::print("s is used twice, so its two derivatives add up: u (1 - t^2) + t = {:.4f}.\n", derivatives_by_hand(point<double>).df_ds);
  save_graph(graph_dot(graph, "f = tanh(x y) (x y + z): what autograd remembers"), settings.out / "graph.dot");
}

void step_sizes(const Settings& settings) {
  app::Table errors({"step h", "error in float", "error in double"});
  const ErrorCurve in_float = central_difference_errors<float>(22), in_double = central_difference_errors<double>(40);
  const auto error = [](const ErrorCurve& curve, std::size_t k) { return fmt::format("{:.0e}", curve.error[k - 1]); };
  for (const std::size_t k : {2, 4, 6, 8, 12, 16, 20}) errors.add_row({fmt::format("2^-{}", k), error(in_float, k), error(in_double, k)});
  errors.print();
  fmt::print("A step 4 times smaller makes the error 16 times smaller, until the difference of two rounded values is mostly rounding:\n");
  fmt::print("in float (7 digits) from about 2^-7 on, in double (16 digits) from about 2^-17 on. Autograd takes no step.\n");
  app::save_figure(step_figure(in_float, in_double), "step", settings);
}

void speed(const Settings& settings) {
  app::heading(fmt::format("7. Speed: one product of two {0} x {0} matrices, best of several runs", settings.size));
  Generator generator{settings.seed};
  const std::size_t n = std::size_t(settings.size);
  const Array A = whole_numbers(n, generator), B = whole_numbers(n, generator);
  const std::vector<Timing> timings = race(A, B);
  app::Table table({"computed by", "threads", "ms", "GFLOP/s", "times faster"}, 2);
  for (const Timing& t : timings) {
    check(max_difference(t.result, timings[0].result) == 0, "{} gives another product than {}", t.name, timings[0].name);
    table.add_row({t.name, t.threads, app::number(1e3 * t.seconds, 3), gflops(n, t.seconds), timings[0].seconds / t.seconds});
  }
  table.print();
  fmt::print("All {} products are equal to the last bit: the numbers are whole. Memory and cores are used differently.\n", timings.size());
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  app::Options options("01_tensors", "Tensors, broadcasting, matrices, automatic differentiation, and how fast a product is.", settings);
  options.add("--size", settings.size, "rows and columns of the matrices that are multiplied in part 7", 1, 2048);
  return options.run(argc, argv, [&] {
    if (settings.quick) settings.size = std::min(settings.size, 64);
    scalars_to_n_dimensions();
    broadcasting();
    linear_or_not(settings);
    two_into_one(settings);
    layers_are_matrices(settings);
    three_derivatives();
    what_autograd_remembers(settings);
    step_sizes(settings);
    speed(settings);
  });
}
