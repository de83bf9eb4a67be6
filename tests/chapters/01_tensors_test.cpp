// Chapter 01 against the golden files of PyTorch, and against numbers found with pencil and paper.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "chapters/01_tensors/derivatives.hpp"
#include "chapters/01_tensors/graph.hpp"
#include "chapters/01_tensors/layers.hpp"
#include "chapters/01_tensors/parts/show.hpp"
#include "chapters/01_tensors/pictures.hpp"
#include "chapters/01_tensors/shapes.hpp"
#include "chapters/01_tensors/speed.hpp"
#include "chapters/01_tensors/transforms.hpp"
#include "common/core/parallel.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/tensor/broadcast.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"
#include "tests/common/values.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using namespace tensors;
using golden::expect;
using test::error_of;

namespace {

Tensor leaf(const Array& a) { return Tensor(a, true); }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

}  // namespace

TEST_CASE("shapes: steps in memory are those of torch.empty(shape).stride()") {
  const std::vector<std::pair<Shape, Shape>> torch = {
      {{}, {}}, {{2}, {1}}, {{1, 2}, {2, 1}}, {{6, 6}, {6, 1}}, {{256, 256, 3}, {768, 3, 1}}, {{16, 256, 256, 3}, {196608, 768, 3, 1}}};
  const std::vector<Example> all = examples();
  REQUIRE(all.size() == torch.size());
  const std::size_t dimensions[] = {0, 1, 2, 2, 3, 4};  // a 1 x 2 matrix is a 2-D tensor
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(std::pair(all[i].shape, strides_of(all[i].shape)) == torch[i]);
    CHECK(all[i].shape.size() == dimensions[i]);
  }
  CHECK(element_count(all[4].shape) == 196608);  // values of 65,536 pixels
  const Array t = reshape(arange(24), {2, 3, 4});
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 4; ++k) CHECK(real(place_of(t.shape(), {i, j, k})) == t(i, j, k));
  CHECK(place_of({}, {}) == 0);
  CHECK(error_of([] { place_of({2, 3}, {1, 3}); }) == "place_of: index 3 along axis 1 of (2, 3)");
  CHECK(error_of([] { place_of({2, 3}, {1}); }) == "place_of: 1 indices for the shape (2, 3)");
}

TEST_CASE("the first draws of seed 42 are PyTorch's") {
  if (!golden::own_values()) return;
  const golden::Document f("torch_rng");
  bool found = false;
  for (const golden::json& c : f.root_.at("cases")) {
    if (c.at("seed") != 42 || c.at("name") != "rand(5)") continue;
    found = true;
    Generator generator{42};
    expect("literals", first_draws_of_torch(), c.at("draws").at(0), {0, 0});
    expect("generator", rand({5}, generator), c.at("draws").at(0), {0, 0});
  }
  CHECK(found);
}

TEST_CASE("broadcasting by hand = operator+ of tensors, for every pair of small shapes") {
  const std::vector<Shape> shapes = {{}, {1}, {3}, {4}, {1, 1}, {1, 4}, {3, 1}, {3, 4}, {4, 3}};
  int fits = 0, refused = 0;
  for (const Shape& a : shapes) {
    for (const Shape& b : shapes) {
      Generator generator{7};
      const Array x = randn(a, generator), y = randn(b, generator);
      const std::string by_hand = error_of([&] { add_by_hand(x, y); }), built_in = error_of([&] { Tensor(x) + Tensor(y); });
      CHECK(by_hand == built_in);
      if (!built_in.empty()) {
        ++refused;
        CHECK(error_of([&] { broadcast_picture(a, b); }) == built_in);
        continue;
      }
      ++fits;
      const Array sum = add_by_hand(x, y);
      CHECK(sum.shape() == (Tensor(x) + Tensor(y)).shape());
      CHECK(max_difference(sum, (Tensor(x) + Tensor(y)).value()) == 0);
      CHECK_FALSE(broadcast_picture(a, b).empty());
    }
  }
  // Of 9 x 9 pairs these do not line up, in both orders: (3,) with (4,), (1, 4), (3, 4); (4,) with (4, 3); (1, 4) with (4, 3);
  // (3, 4) with (4, 3); (3, 1) with (4, 3). That is 7 pairs.
  CHECK(refused == 14);
  CHECK(fits == 81 - 14);
  CHECK(error_of([] { add_by_hand(zeros({3, 4}), zeros({3})); }) == "add: shapes (3, 4) and (3,) do not line up: sizes 4 and 3 differ");
  CHECK(error_of([] { add_by_hand(zeros({3, 4}), zeros({3, 1})); }) == "");
  CHECK(error_of([] { add_by_hand(zeros({2, 3, 4}), zeros({4})); }) == "rows and columns: the shape (2, 3, 4) has more than two axes");
}

TEST_CASE("boxes: solid where a number is stored, dashed where it is repeated") {
  const std::vector<std::string> row = boxes(array({7, 8}), 2, 2);
  CHECK(row == std::vector<std::string>{"┌───┬───┐", "│ 7 │ 8 │", "└───┴───┘", "┆ 7 ┆ 8 ┆", "·╌╌╌·╌╌╌·"});
  const std::vector<std::string> column = boxes(array({2, 1}, {5, -10}), 2, 2);
  CHECK(column == std::vector<std::string>{"┌─────┐╌╌╌╌╌·", "│   5 │   5 ┆", "├─────┤╌╌╌╌╌·", "│ -10 │ -10 ┆", "└─────┘╌╌╌╌╌·"});
  CHECK(boxes(scalar(3), 1, 1) == std::vector<std::string>{"┌───┐", "│ 3 │", "└───┘"});
  CHECK(boxes(array({2, 2}, {1, 2, 3, 4}), 2, 2) ==
        std::vector<std::string>{"┌───┬───┐", "│ 1 │ 2 │", "├───┼───┤", "│ 3 │ 4 │", "└───┴───┘"});
  CHECK(error_of([] { boxes(zeros({3}), 2, 4); }) == "boxes: (3,) cannot be repeated to (2, 4)");

  const std::string expected =
      "(2, 1)          (3,)            (2, 3)\n"
      "┌────┐╌╌╌╌·╌╌╌╌·   ┌───┬───┬───┐   ┌────┬────┬────┐\n"
      "│ 10 │ 10 ┆ 10 ┆   │ 1 │ 2 │ 3 │   │ 11 │ 12 │ 13 │\n"
      "├────┤╌╌╌╌·╌╌╌╌· + └───┴───┴───┘ = ├────┼────┼────┤\n"
      "│ 20 │ 20 ┆ 20 ┆   ┆ 1 ┆ 2 ┆ 3 ┆   │ 21 │ 22 │ 23 │\n"
      "└────┘╌╌╌╌·╌╌╌╌·   ·╌╌╌·╌╌╌·╌╌╌·   └────┴────┴────┘\n";
  const std::string picture = broadcast_picture(Shape{2, 1}, Shape{3});
  CHECK(picture.substr(picture.find('\n')) == expected.substr(expected.find('\n')));
  CHECK(picture.substr(0, picture.find('\n')) == "(2, 1)             (3,)            (2, 3)");
  CHECK(error_of([] { broadcast_picture(Shape{9, 1}, Shape{2}); }) == "picture: (9, 2) is larger than 8 x 8 boxes");
  CHECK(error_of([] { broadcast_picture(Shape{0, 2}, Shape{2}); }) == "picture: (0, 2) is empty or larger than 8 x 8 boxes");
  CHECK(error_of([] { broadcast_picture(Shape{1, 2, 3}, Shape{3}); }) == "rows and columns: the shape (1, 2, 3) has more than two axes");
}

TEST_CASE("matrix products: golden values, by hand and as matmul") {
  golden::File f("linear_mlp");
  const Array A1 = f.input("A1"), A2 = f.input("A2"), x = f.input("point"), rotate = f.input("rotate"), scale = f.input("scale");
  for (const auto product :
       {+[](const Array&a, const Array&b) { return multiply_by_hand(a, b); }, +[](const Array&a, const Array&b) { return matmul(a, b); }}) {
    f.check("A1@A2", product(A1, A2), golden::forward);
    f.check("A2@A1", product(A2, A1), golden::forward);
    f.check("point@rotate@scale", product(product(x, rotate), scale), golden::forward);
    f.check("point@scale@rotate", product(product(x, scale), rotate), golden::forward);
    f.check("(point@rotate)@scale == point@(rotate@scale)", product(x, product(rotate, scale)), golden::forward);
  }
  if (golden::own_values()) {  // the chapter's own matrices are those of the file
    expect("rotation(90)", rotation(90), f.inputs().at("rotate"), golden::forward);
    expect("scaling(2, 0.5)", scaling(2, real(0.5)), f.inputs().at("scale"), golden::forward);
  }
  CHECK(error_of([] {
          multiply_by_hand(zeros({2, 3}), zeros({2, 3}));
        }) == "multiply_by_hand: (2, 3) x (2, 3): the columns of the first must be as many as the rows of the second");

  // The layer: by hand, as matrices, built in.
  const Layer layer{f.param("W"), f.param("b")};
  const Array X = f.input("X"), R = f.input("R");
  f.check("linear_y", linear_by_hand(layer, X), golden::forward);
  f.check("linear_y", linear_as_matrices(layer, X), golden::forward);
  const nn::Linear built_in = linear_built_in(layer);
  const Tensor input = leaf(X), y = built_in(input);
  f.check("linear_y", y, golden::forward);
  sum(y * Tensor(R)).backward();
  f.check_gradients("linear_grads_of_sum(y*R)", {{"x", input}, {"W", built_in.weight}, {"b", built_in.bias}});
  const LayerGradients by_hand = gradients_as_matrices(layer, X, R);  // dy = R
  const golden::json& gradients = f.expected("linear_grads_of_sum(y*R)");
  expect("dx", by_hand.dx, gradients.at("x"), golden::gradient);
  expect("dW", by_hand.dW, gradients.at("W"), golden::gradient);
  expect("db", by_hand.db, gradients.at("b"), golden::gradient);
  CHECK_FALSE(error_of([&] { linear_by_hand(layer, zeros({2, layer.W.shape()[1] + 1})); }).empty());

  // The network of two layers with tanh between them, and its loss.
  const Network network{{f.param("W1"), f.param("b1")}, {f.param("W2"), f.param("b2")}};
  f.check("mlp_hidden_tanh", map(linear_by_hand(network.hidden, X), [](real v) { return std::tanh(v); }), golden::forward);
  const auto bend = [](real v) { return real(std::tanh(v)); };
  f.check("mlp_logits", network_by_hand(network, X, bend), golden::forward);
  f.check("mlp_logits", network_as_matrices(network, X, bend), golden::forward);
  const nn::Sequential mlp = network_built_in(network, tanh);
  const Tensor again = leaf(X), logits = mlp(again), loss = cross_entropy(logits, f.input_ids("targets"));
  f.check("mlp_logits", logits, golden::forward);
  f.check("mlp_ce_mean", loss, golden::forward);
  loss.backward();
  const nn::NamedTensors p = mlp.named_parameters();
  REQUIRE(p.size() == 4);
  f.check_gradients("mlp_grads", {{"W1", p[0].second}, {"b1", p[1].second}, {"W2", p[2].second}, {"b2", p[3].second}, {"x", again}});

  // Without tanh the two layers are one.
  const auto nothing = [](real v) { return v; };
  const Array two = network_as_matrices(network, X, nothing), one = linear_as_matrices(without_activation(network), X);
  CHECK(all_close(one, two, golden::forward.absolute, golden::forward.relative));
  CHECK(max_difference(one, network_as_matrices(network, X, bend)) > 0.01);
}

TEST_CASE("the iris network of the notes") {
  const golden::Document f("sq_cross_entropy_video");
  const Network n = iris_network();
  const auto param = [&](const char* key) { return golden::array_from_json(f.root_.at("params").at(key), key); };
  const Network given{{param("W1"), param("b1")}, {param("W2"), param("b2")}};
  const Array irises = golden::array_from_json(f.root_.at("inputs").at("petal_sepal"), "petal_sepal");
  if (golden::own_values()) {
    CHECK(max_difference(n.hidden.W, given.hidden.W) + max_difference(n.hidden.b, given.hidden.b) +
              max_difference(n.output.W, given.output.W) + max_difference(n.output.b, given.output.b) +
              max_difference(three_irises(), irises) ==
          0);
  }
  const golden::json& expected = f.root_.at("expected");
  expect("hidden", map(linear_as_matrices(given.hidden, irises), [](real v) { return relu(v); }), expected.at("hidden_relu"),
         golden::forward);
  expect("by hand", network_by_hand(given, irises, relu), expected.at("logits"), golden::forward);
  expect("matrices", network_as_matrices(given, irises, relu), expected.at("logits"), golden::forward);
  expect("built-in", network_built_in(given, relu)(Tensor(irises)), expected.at("logits"), golden::forward);
}

TEST_CASE("what is linear, what is affine, and what is neither") {
  for (const std::uint64_t seed : {0, 1, 42}) {
    Generator generator{seed};
    std::vector<NamedMap> maps = maps_of_the_plane();
    for (const NamedMap& layer : linear_layers(generator)) maps.push_back(layer);
    REQUIRE(maps.size() == 8);
    const char* kinds[] = {"linear", "linear", "linear", "affine", "neither", "neither", "linear", "affine"};
    for (std::size_t i = 0; i < maps.size(); ++i) {
      CHECK(std::string(name(maps[i].kind)) == kinds[i]);
      CHECK_MESSAGE(judge(measure(maps[i].map, generator)) == maps[i].kind, maps[i].name);
    }
  }
  // Found with pencil and paper. x -> x + (3, 4): f(a + b) lacks one (3, 4), f(c a) lacks (1 - c) (3, 4); lines and steps are kept.
  Generator generator{1};
  const Broken moved = measure([](const Array& x) -> Array { return x + array({3, 4}); }, generator);
  CHECK(moved.origin == doctest::Approx(4));
  CHECK(moved.sum == doctest::Approx(4).epsilon(1e-5));
  CHECK(moved.multiple <= 12 + 1e-4);  // c is between -2 and 2, so |1 - c| 4 <= 12
  CHECK(moved.multiple > 6);
  CHECK(std::max(moved.straight, moved.steps) < 1e-5);
  // (x, y) -> (x^3, x^3): all points come to lie on one line, but the steps on it are uneven.
  const Broken uneven = measure(
      [](Array x) {
        for (std::size_t i = 0; i < x.shape()[0]; ++i) x(i, 0) = x(i, 1) = x(i, 0) * x(i, 0) * x(i, 0);
        return x;
      },
      generator);
  CHECK(uneven.straight < 1e-5);
  CHECK(uneven.steps > 0.1);
  CHECK(judge(uneven) == Kind::neither);
  // (x, y) -> (|x|, |x|) doubles positive multiples, but not negative ones.
  const Broken folded = measure(
      [](Array x) {
        for (std::size_t i = 0; i < x.shape()[0]; ++i) x(i, 0) = x(i, 1) = std::abs(x(i, 0));
        return x;
      },
      generator);
  CHECK(folded.origin == 0);
  CHECK(folded.multiple > 0.1);
  CHECK(judge(folded) == Kind::neither);
}

TEST_CASE("two matrices into one: the order matters") {
  // With pencil and paper: a turn by 90 degrees takes (x, y) to (-y, x), the shear by 1 takes it to (x + y, y).
  const Array x = array({1, 2}, {1, 2}), turn = rotation(90), slant = shear(1);
  const auto goes_to = [&](const Array& A, real px, real py) { return all_close(matmul(x, A), array({1, 2}, {px, py}), 1e-6); };
  CHECK(goes_to(turn, -2, 1));
  CHECK(goes_to(slant, 3, 2));
  CHECK(goes_to(matmul(turn, slant), -1, 1));
  CHECK(goes_to(matmul(slant, turn), -2, 3));
  CHECK(all_close(rotation(30), array({2, 2}, {real(0.8660254037844387), real(0.5), real(-0.5), real(0.8660254037844387)}), 1e-6));
  CHECK(in_one_line(turn) == " 0  1, -1  0");
  CHECK(in_one_line(matmul(x, slant)) == " 3  2");
  const Array F = letter_f();
  CHECK(F.shape() == Shape{11, 2});
  CHECK((F(0, 0) == F(10, 0) && F(0, 1) == F(10, 1)));
  CHECK(max_difference(matmul(matmul(F, turn), slant), matmul(F, matmul(turn, slant))) < 1e-5);
  CHECK(max_difference(matmul(matmul(F, turn), slant), matmul(F, matmul(slant, turn))) > 1);
}

TEST_CASE("three derivatives of one function") {
  // f = tanh(s) (s + z), s = x y at (1.5, 0.5, 2), by PyTorch in float64:
  //   x, y, z = (torch.tensor(v, requires_grad=True) for v in (1.5, .5, 2.)); s = x * y; f = torch.tanh(s) * (s + z); f.backward()
  const double f = 1.74665961906504, gradient[] = {1.1378799625804743, 3.413639887741423, 0.6351489523872873};
  CHECK(point<double> == Triple<double>{1.5, 0.5, 2});
  CHECK(steps(1.5, 0.5, 2.0).f == doctest::Approx(f).epsilon(1e-14));
  const ByHand<double> by_hand = derivatives_by_hand(point<double>);
  const Triple<real> by_autograd = derivatives_by_autograd(point<real>);
  const Triple<double> central = central_differences(point<double>, 0x1p-17);
  const Triple<float> central_float = central_differences(point<float>, 0x1p-7f);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(by_hand.gradient[i] == doctest::Approx(gradient[i]).epsilon(1e-14));
    CHECK(golden::close(gradient[i], by_autograd[i], golden::gradient));
    CHECK(std::abs(central[i] - gradient[i]) < 1e-9);        // about h^2 + 2^-52 / h = 6e-11 + 3e-11, times derivatives of size 1 to 10
    CHECK(std::abs(central_float[i] - gradient[i]) < 2e-3);  // h^2 + 2^-23 / h = 6e-5 + 2e-5, in the same way
  }
  CHECK(derivatives_by_hand(Triple<double>{0, 3, 5}).gradient == Triple<double>{15, 0, 0});  // tanh(s) = s near 0: f = s z, df/dx = y z
  CHECK(error_of([] { central_differences(point<double>, 0.0); }) == "central difference: the step 0 must be positive");
}

TEST_CASE("central differences: the error falls as h^2, then rounding makes it rise") {
  const ErrorCurve in_double = central_difference_errors<double>(40), in_float = central_difference_errors<float>(22);
  REQUIRE((in_double.h.size() == 40 && in_float.h.size() == 22));
  CHECK((in_double.h[0] == 0.5 && in_double.h[9] == 0x1p-10));
  for (std::size_t k = 3; k <= 10; ++k)  // a quarter for half the step; the next term of the series, h^4, is small from h = 2^-4 on
    CHECK(in_double.error[k - 1] / in_double.error[k] == doctest::Approx(4).epsilon(0.02));
  const auto smallest = [](const ErrorCurve& c) {
    return c.h[std::size_t(std::min_element(c.error.begin(), c.error.end()) - c.error.begin())];
  };
  CHECK(smallest(in_double) < 0x1p-13);  // near the third root of 2^-52, which is 2^-17; single errors can be small by chance
  CHECK(smallest(in_double) > 0x1p-24);
  CHECK(in_double.error.back() > 1e-7);                                           // 2^-52 / 2^-40 = 2e-4, give or take
  CHECK(in_float.error[20] > 1e-4);                                               // 2^-23 / 2^-21 = 0.25, give or take
  CHECK(in_float.error[1] == doctest::Approx(in_double.error[1]).epsilon(0.01));  // large steps: rounding does not show
}

TEST_CASE("the graph: what was computed from what") {
  const Tensor x = leaf(scalar(real(1.5))), y = leaf(scalar(real(0.5))), z = leaf(scalar(2));
  const Steps<Tensor> f = steps(x, y, z);
  const Graph graph = trace(f.f, {{"x", x}, {"y", y}, {"z", z}, {"s", f.s}, {"f", f.f}});
  REQUIRE(graph.nodes.size() == 7);  // x y z s tanh add mul: s once, though it is used twice
  const auto node = [&](std::size_t i) {
    return fmt::format("{} {} {}", graph.nodes[i].name, graph.nodes[i].op, fmt::join(graph.nodes[i].inputs, ","));
  };
  CHECK(node(0) == "x leaf ");
  CHECK((node(3) == "s mul 0,1" && node(4) == " tanh 3"));
  CHECK((node(5) == " add 3,2" && node(6) == "f mul 4,5"));
  CHECK(graph_text(graph) ==
        "f = mul  1.7467\n"
        "├─ tanh  0.6351\n"
        "│  └─ s = mul  0.7500\n"
        "│     ├─ x  1.5000\n"
        "│     └─ y  0.5000\n"
        "└─ add  2.7500\n"
        "   ├─ s = mul  0.7500  (see above)\n"
        "   └─ z  2.0000\n");
  f.f.backward();
  CHECK(count(graph_text(graph), "derivative") == 3);
  CHECK(count(graph_text(graph), "x  1.5000  derivative 1.1379") == 1);
  CHECK(error_of([&] { trace(f.f, {}); }) == "graph: backward() has taken the graph behind 'mul' apart; trace it before");
  CHECK(error_of([] { graph_text(Graph{}); }) == "graph: there is nothing in it");

  const std::string dot = graph_dot(graph, "a \"title\" with \\");
  CHECK(count(dot, " -> ") == 7);  // x y to s, s to t and u, z to u, t u to f
  CHECK((count(dot, "n3 -> n4;") == 1 && count(dot, "n3 -> n5;") == 1));
  CHECK(count(dot, "shape=box") == 3);
  CHECK(count(dot, "label=\"a \\\"title\\\" with \\\\\"") == 1);

  const Tensor W = leaf(zeros({2, 3})), matrix = relu(matmul(W, W, Transpose::no, Transpose::yes)) + real(1);
  CHECK(count(graph_text(trace(matrix, {})), "relu  (2, 2)") == 1);  // arrays show their shape
  Tensor chain = x;
  for (int i = 0; i < 1001; ++i) chain = chain + real(1);
  CHECK(error_of([&] { trace(chain, {}); }) == "graph: more than 1000 values, too many to draw");
}

TEST_CASE("dot: a drawing where there is the program, one line where there is not") {
  const Tensor x = leaf(scalar(3));
  const std::string source = graph_dot(trace(x * x, {{"x", x}}), "a < b");
  CHECK_FALSE(run_dot(source, "/nowhere/dot").found);
  CHECK(run_dot(source, "false").problem.rfind("false failed", 0) == 0);
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("byhand 01 graph {}", sizeof(real));
  std::filesystem::remove_all(folder);
  save_graph(source, folder / "graph.dot", "/nowhere/dot");
  CHECK(read_file(folder / "graph.dot") == source);
  CHECK_FALSE(std::filesystem::exists(folder / "graph.svg"));
  const DotRun run = run_dot(source);
  if (run.found) {
    CHECK(run.problem == "");
    CHECK(count(run.svg, "<ellipse") == 1);
    CHECK(count(run.svg, "a &lt; b") == 1);
    CHECK(count(run.svg, "<!--") == 0);
    CHECK(run_dot("digraph {").problem.rfind("dot failed: ", 0) == 0);
    save_graph(source, folder / "graph.dot");
    CHECK(read_file(folder / "graph.svg") == run.svg);
  } else {
    MESSAGE("dot is not installed: the drawing is not checked");
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE("all ways to multiply give the same product, to the last bit") {
  const Array a = array({2, 3}, {1, 2, 3, 4, 5, 6}), b = array({3, 2}, {7, 8, 9, 10, 11, 12});
  const Array c = array({2, 2}, {58, 64, 139, 154});  // with pencil and paper: 1*7 + 2*9 + 3*11 = 58, …
  for (const auto product : {product_ijk, product_ikj, product_xtensor, product_xtensor_rows}) {
    CHECK(product(a, b).shape() == c.shape());
    CHECK(max_difference(product(a, b), c) == 0);
  }
  Generator generator{3};
  for (const std::size_t size : {1, 7, 33}) {
    const Array A = whole_numbers(size, generator), B = whole_numbers(size, generator);
    for (const real v : A) CHECK((v == std::round(v) && std::abs(v) <= 8));
    const int before = threads();
    const std::vector<Timing> timings = race(A, B);
    CHECK(threads() == before);
    REQUIRE(timings.size() == 6);
    for (const Timing& t : timings) {
      CHECK_MESSAGE(max_difference(t.result, multiply_by_hand(A, B)) == 0, t.name);
      CHECK(t.seconds > 0);
    }
    CHECK(timings[4].threads == 1);
  }
  CHECK(gflops(1000, 2) == doctest::Approx(1));  // 2 * 10^9 operations in 2 s
}

TEST_CASE("the figures can be drawn") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("byhand 01 figures {}", sizeof(real));
  for (const auto& figure : {grids_figure(maps_of_the_plane()), order_figure(rotation(90), "turn", shear(1), "shear"),
                             step_figure(central_difference_errors<float>(22), central_difference_errors<double>(40))}) {
    const auto files = figure.save(folder / "figure");
    CHECK(std::filesystem::file_size(files.front()) > 1000);
  }
  std::filesystem::remove_all(folder);
}
