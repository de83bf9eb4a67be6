// docs/design.md: what its four recipes show, compiled and tested. Two cases at the end read the page: each block of C++ must
// stand in this file, and the golden values of its example must be met.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <sstream>

#include "common/app/chapter.hpp"
#include "common/autograd/elementwise.hpp"
#include "common/autograd/gradcheck.hpp"
#include "common/autograd/node.hpp"
#include "common/autograd/ops.hpp"
#include "common/nn/layers.hpp"
#include "common/system/files.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"
#include "tests/common/values.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using test::values;

// --- recipe 1: an operation -----------------------------------------------------------------------------------------------------
namespace byhand {
using detail::unary;

/// x / (1 + |x|), values in (-1, 1): a tanh without exponentials.
Tensor softsign(const Tensor& x);
/// The sums of the first 1, 2, 3, … elements along the last axis. Error on a single number.
Tensor cumsum(const Tensor& x);

Tensor softsign(const Tensor& x) {
  return unary(
      "softsign", x, [](real v) { return v / (1 + std::abs(v)); },
      [](real v, real) { return 1 / ((1 + std::abs(v)) * (1 + std::abs(v))); });
}

Tensor cumsum(const Tensor& x) {
  check(x.ndim() > 0, "cumsum: needs an axis, got shape {}", x.shape());
  const std::size_t n = x.shape(-1), rows = n ? x.size() / n : 0;
  Array y = empty(x.shape());
  for (std::size_t row = 0; row < rows; ++row) {
    const real* from = x.value().data() + row * n;
    real* to = y.data() + row * n;
    double total = 0;  // in double, as the library's other sums
    for (std::size_t i = 0; i < n; ++i) to[i] = real(total += double(from[i]));
  }
  return make_op("cumsum", std::move(y), {x}, [rows, n](Node& node) {
    // y_i = x_0 + … + x_i: x_i is in y_i and in all that follow  =>  dx_i = dy_i + … + dy_(n-1)
    Array dx = empty(node.grad().shape());
    for (std::size_t row = 0; row < rows; ++row) {
      const real* from = node.grad().data() + row * n;
      real* to = dx.data() + row * n;
      double total = 0;
      for (std::size_t i = n; i-- > 0;) to[i] = real(total += double(from[i]));
    }
    node.input(0).add_grad(std::move(dx));
  });
}

}  // namespace byhand

namespace {

// As in tests/common/ops_gradient_test.cpp, where the two lines belong.
using Tensors = std::vector<Tensor>;
constexpr double tolerance = sizeof(real) == 8 ? 1e-6 : 1e-2;
#define FUNCTION(...) [](const Tensors& x) -> Tensor { return __VA_ARGS__; }
Array v(const Shape& shape, std::uint32_t seed = 1) { return values(shape, -1, 1, seed); }

struct Row {
  std::string name;
  std::function<Tensor(const Tensors&)> f;
};
struct Case {
  std::string name;
  std::vector<Array> inputs;
  std::function<Tensor(const Tensors&)> f;
};
const std::vector<Row> anywhere{
    {"softsign", FUNCTION(softsign(x[0]))},
};
const std::vector<Case> others{
    {"cumsum", {v({2, 3})}, FUNCTION(cumsum(x[0]))},
};

void check_function(const std::string& name, const std::vector<Array>& inputs, const std::function<Tensor(const Tensors&)>& f) {
  Tensors leaves;
  for (const Array& input : inputs) leaves.emplace_back(input, true);
  const GradientCheck result = check_gradients(leaves, f);
  CHECK_MESSAGE(result.worst <= tolerance, result.message(name));
}

// As in tests/golden/functions_test.cpp, where the line belongs.
std::function<Tensor(const Tensor&)> activation(const std::string& key) {
  if (key == "softsign") return [](const Tensor& x) { return softsign(x); };
  return {};
}

}  // namespace

TEST_CASE("design, an operation: values by hand and gradients") {
  CHECK(all_close(softsign(Tensor(array({-1, 0, 3}))).value(), array({-0.5, 0, 0.75}), 0));
  for (const Row& row : anywhere) check_function(row.name, {test::apart({2, 9})}, row.f);
  for (const Case& c : others) check_function(c.name, c.inputs, c.f);
  CHECK(cumsum(Tensor(zeros({2, 0}))).shape() == Shape{2, 0});
  CHECK(cumsum(Tensor(zeros({0, 2}))).shape() == Shape{0, 2});
}

TEST_CASE("cumsum: by hand, and what it refuses") {
  const Tensor x(array({2, 3}, {1, 2, 3, 10, 20, 30}), true), y = cumsum(x);
  CHECK(y.value() == array({2, 3}, {1, 3, 6, 10, 30, 60}));
  sum(y).backward();
  CHECK(x.grad() == array({2, 3}, {3, 2, 1, 3, 2, 1}));
  CHECK(test::error_of([] { cumsum(Tensor(2)); }) == "cumsum: needs an axis, got shape ()");
}

// --- recipe 2: a layer ----------------------------------------------------------------------------------------------------------
namespace byhand::nn {

/// y = x1 W x2 + b for each output: (batch, in1) and (batch, in2) -> (batch, out). Weight and bias start uniform on +-1 / sqrt(in1).
/// Error when in1 is 0.
struct Bilinear : Module {
  Bilinear(std::size_t in1, std::size_t in2, std::size_t out, Generator& generator);
  Tensor operator()(const Tensor& x1, const Tensor& x2) const;
  Parameter weight;  ///< (out, in1, in2)
  Parameter bias;    ///< (out,)
};

Bilinear::Bilinear(std::size_t in1, std::size_t in2, std::size_t out, Generator& generator) {
  check(in1 > 0, "Bilinear: needs at least one input");
  const real bound = real(1 / std::sqrt(double(in1)));
  weight = parameter("weight", uniform({out, in1, in2}, -bound, bound, generator));
  bias = parameter("bias", uniform({out}, -bound, bound, generator));
}

Tensor Bilinear::operator()(const Tensor& x1, const Tensor& x2) const {
  check(x1.ndim() == 2 && x2.ndim() == 2 && x1.shape(0) == x2.shape(0) && x1.shape(1) == weight.shape(1) && x2.shape(1) == weight.shape(2),
        "Bilinear: {} and {} do not fit a weight {}", x1.shape(), x2.shape(), weight.shape());
  const Tensor halfway = matmul(x1, weight);         // (out, batch, in2)
  return transpose(sum(halfway * x2, {-1})) + bias;  // (batch, out)
}

}  // namespace byhand::nn

TEST_CASE("bilinear: names, start weights, a value by hand, gradients, errors") {
  Generator g{42};
  const nn::Bilinear layer(2, 2, 1, g);
  const nn::NamedTensors state = layer.state_dict();
  REQUIRE(state.size() == 2);
  CHECK(fmt::format("{} {}", state[0].first, state[0].second.shape()) == "weight (1, 2, 2)");
  CHECK(fmt::format("{} {}", state[1].first, state[1].second.shape()) == "bias (1,)");
  // torch.manual_seed(42); torch.rand(5) gives 0.8823 0.9150 0.3829 0.9593 0.3904, here stretched to +-1 / sqrt(2)
  CHECK(all_close(layer.weight.value(), array({1, 2, 2}, {0.5406, 0.5869, -0.1656, 0.6496}), 1e-4));
  CHECK(all_close(layer.bias.value(), array({-0.1550}), 1e-4));

  layer.weight.set_value(array({1, 2, 2}, {1, 2, 3, 4}));
  layer.bias.set_value(array({0.5}));
  const Tensor x1(array({2, 2}, {1, -1, 0, 2}), true), x2(array({2, 2}, {2, 1, 1, 0}), true);
  CHECK(layer(x1, x2).value() ==
        array({2, 1}, {-5.5, 6.5}));  // (1, -1) W = (-2, -2), times (2, 1) is -6; (0, 2) W = (6, 8), times (1, 0) is 6
  const GradientCheck result = check_gradients({x1, x2, layer.weight, layer.bias}, [&](const auto&) { return layer(x1, x2); });
  CHECK_MESSAGE(result.worst <= (sizeof(real) == 8 ? 1e-6 : 1e-2), result.message("bilinear"));
  CHECK(test::error_of([&] { layer(x1, Tensor(zeros({2, 3}))); }) == "Bilinear: (2, 2) and (2, 3) do not fit a weight (1, 2, 2)");
}

namespace {
struct Matcher : nn::Module {
  explicit Matcher(Generator& g) : encode(child("encode", nn::Linear(3, 2, g))), score(child("score", nn::Bilinear(2, 2, 1, g))) {}
  Tensor operator()(const Tensor& a, const Tensor& b) const { return score(tanh(encode(a)), tanh(encode(b))); }
  nn::Linear encode;  // the members' order is the order of the draws
  nn::Bilinear score;
};
}  // namespace

TEST_CASE("design, a layer: as a child, the names are those of PyTorch; several outputs and examples") {
  Generator g{42};
  const Matcher model(g);
  std::string names;
  for (const auto& [name, tensor] : model.state_dict()) names += name + " ";
  CHECK(names == "encode.weight encode.bias score.weight score.bias ");
  CHECK(model(Tensor(v({4, 3})), Tensor(v({4, 3}, 2))).shape() == Shape{4, 1});

  const nn::Bilinear layer(2, 3, 4, g);  // against three loops
  const Array x1 = v({5, 2}), x2 = v({5, 3}, 2), W = layer.weight.value(), b = layer.bias.value();
  Array expected = zeros({5, 4});
  for (std::size_t n = 0; n < 5; ++n) {
    for (std::size_t o = 0; o < 4; ++o) {
      expected(n, o) = b(o);
      for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 3; ++j) expected(n, o) += x1(n, i) * W(o, i, j) * x2(n, j);
    }
  }
  CHECK(all_close(layer(Tensor(x1), Tensor(x2)).value(), expected, test::rounding));
  CHECK_THROWS_AS(nn::Bilinear(0, 2, 1, g), Error);
}

// --- recipe 3: a chapter --------------------------------------------------------------------------------------------------------
namespace newton {
using byhand::real;

/// The derivative of x^2 - a at x: by hand, and by autograd.
real slope_by_hand(real x);
real slope_by_autograd(real x, real a);

/// The start and the points after each step of Newton's method for x^2 = a: x - f(x) / f'(x). Error unless start and a are above 0.
std::vector<real> path(real start, real a, int steps);

}  // namespace newton

namespace newton {
using namespace byhand;

real slope_by_hand(real x) { return 2 * x; }

real slope_by_autograd(real x, real a) {
  const Tensor point(x, true);
  (square(point) - a).backward();
  return point.grad()();
}

std::vector<real> path(real start, real a, int steps) {
  check(start > 0 && a > 0, "newton: start {} and a {} must be above 0", start, a);
  std::vector<real> points{start};
  for (int step = 0; step < steps; ++step) {
    const real x = points.back();
    points.push_back(x - (x * x - a) / slope_by_hand(x));
  }
  return points;
}

}  // namespace newton

namespace program {  // a main of its own
using namespace byhand;

namespace {

void square_root(const app::Settings& settings) {
  app::heading("1. The square root of 2, from 3");
  const std::vector<real> points = newton::path(3, 2, settings.epochs);
  app::Table table({"step", "x", "x^2 - 2"});
  for (std::size_t i = 0; i < points.size(); ++i) table.add_row({i, points[i], points[i] * points[i] - 2});
  table.print();

  std::vector<real> by_hand, by_autograd;
  for (const real x : points) {
    by_hand.push_back(newton::slope_by_hand(x));
    by_autograd.push_back(newton::slope_by_autograd(x, 2));
  }
  app::agree("slope by hand = by autograd", array(by_hand), array(by_autograd), 1e-6);

  plot::Figure figure("Newton's method: a few steps are enough");
  figure.axes().lines(plot::counting(points.size()), points, "x").hline(std::sqrt(2.0)).x_label("step").y_label("x");
  app::save_figure(figure, "path", settings);
}

}  // namespace

int main(int argc, char** argv) {
  app::Settings settings;
  settings.epochs = 5;
  app::Options options("99_newton", "Newton's method: the square root of 2. --epochs: how many steps.", settings);
  return options.run(argc, argv, [&] { square_root(settings); });
}

}  // namespace program

TEST_CASE("newton: two steps by hand, and the goal") {
  const std::vector<real> points = newton::path(3, 2, 5);
  CHECK(points[1] == doctest::Approx(11.0 / 6));  // 3 - 7 / 6
  CHECK(points[2] == doctest::Approx(193.0 / 132));
  CHECK(points[5] == doctest::Approx(std::sqrt(2.0)).epsilon(1e-6));
  CHECK_THROWS_WITH_AS(newton::path(0, 2, 1), "newton: start 0 and a 2 must be above 0", Error);
}

TEST_CASE("design, a chapter: main knows what it is told") {
  std::string name = "99_newton", wrong = "--epochs=none";
  std::vector<char*> arguments{name.data(), wrong.data()};
  CHECK(program::main(2, arguments.data()) == 2);  // one line on stderr, nothing is run
}

// --- recipe 4: an exercise ------------------------------------------------------------------------------------------------------
namespace untouched {
namespace byhand {
using namespace ::byhand;
}

namespace byhand::exercise {

inline real step([[maybe_unused]] real x, [[maybe_unused]] real a) {
  return x;  // TODO
}

}  // namespace byhand::exercise
}  // namespace untouched

namespace byhand::exercise {

inline real step(real x, real a) {
  const real f = x * x * x - a, slope = 3 * x * x;
  return x - f / slope;
}

}  // namespace byhand::exercise

namespace byhand::verdict {  // stands for tests/exercises/verdict.hpp, whose main this program does not have
void equal(const std::string& name, double expected, double came, double allowed = 1e-5) {
  CHECK_MESSAGE(std::abs(expected - came) <= allowed, name, ": expected ", expected, ", came ", came);
}
}  // namespace byhand::verdict

TEST_CASE("one step towards the cube root, from three places") {
  Generator g{1};
  for (int i = 0; i < 3; ++i) {
    const real x = 1 + g.uniform();
    const real a = 9 + g.uniform();
    const Tensor point(x, true), f = point * point * point - a;
    f.backward();
    verdict::equal(fmt::format("from {:.2f} for a = {:.2f}", x, a), x - f.item() / point.grad()(), exercise::step(x, a));
  }
}

TEST_CASE("design, an exercise: untouched it fails where the solution passes") {
  CHECK(exercise::step(1, 8) == doctest::Approx(10.0 / 3));
  CHECK(untouched::byhand::exercise::step(1, 8) == 1);
}

// --- the page -------------------------------------------------------------------------------------------------------------------
namespace {

/// The text without comments and preprocessor lines and with no space at all: line breaks and indentation do not count.
std::string bare(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("#", 0) == 0 && line.rfind("#define", 0) != 0) continue;
    line.resize(std::min(line.size(), line.find("//")));
    for (const char c : line)
      if (!std::isspace(static_cast<unsigned char>(c))) out += c;
  }
  return out;
}

/// The blocks of one language on the page.
std::vector<std::string> blocks_of(const std::string& language) {
  std::vector<std::string> blocks;
  bool inside = false;
  std::istringstream lines(read_file(project_dir() / "docs/design.md"));
  for (std::string line; std::getline(lines, line);) {
    if (!inside && line == "```" + language) {
      inside = true;
      blocks.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

}  // namespace

TEST_CASE("design: every block of C++ on the page stands in this file") {
  const std::string source = bare(read_file(project_dir() / "tests/common/design_examples_test.cpp"));
  const std::vector<std::string> blocks = blocks_of("cpp");
  for (const std::string& block : blocks) CHECK_MESSAGE((!bare(block).empty() && source.find(bare(block)) != source.npos), block);
  CHECK(blocks.size() >= 18);  // at the time of writing; a changed layout of the page must not silence this test
}

TEST_CASE("design: the golden values on the page are met") {
  const std::vector<std::string> blocks = blocks_of("json");
  REQUIRE(blocks.size() == 1);
  const golden::json entries = io::parse_json("{" + blocks[0] + "}", "docs/design.md");
  REQUIRE(entries.size() == 1);
  const Array inputs = golden::array_from_json(io::read_json(project_dir() / "tests/golden/activations.json").at("inputs").at("x"), "x");
  const std::string key = entries.begin().key();
  const auto function = activation(key);
  REQUIRE_MESSAGE(bool(function), key);
  golden::Part expected("docs/design.md: " + key, entries.begin().value());
  const Tensor x(inputs, true), y = function(x);
  expected.check("f", y, golden::forward);
  sum(y).backward();
  expected.check("df", x.grad(), golden::gradient);
}
