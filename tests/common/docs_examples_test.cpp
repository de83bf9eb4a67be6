// What docs/cpp-for-python-readers.md shows, compiled and checked. The last case reads the page and this file: each block of C++ and each of
// "our" lines in its tables must stand here. Expected numbers: by hand, or, for draws from seed 42, PyTorch's (tests/golden/torch_rng.json).
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "common/autograd/activations.hpp"
#include "common/nn/deep_copy.hpp"
#include "common/nn/layers.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/files.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"

using namespace byhand;

namespace {

/// These numbers in this shape; exactly, unless a tolerance is given.
bool is(const Array& a, const Shape& shape, const std::vector<real>& numbers, double tolerance = 0) {
  return all_close(a, array(shape, numbers), tolerance);
}
bool is(const Tensor& t, const Shape& shape, const std::vector<real>& numbers, double tolerance = 0) {
  return is(t.value(), shape, numbers, tolerance);
}
bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }
constexpr double printed = 1e-4;                             // numbers written with four decimals, or a little more
constexpr double rounded = sizeof(real) == 8 ? 1e-8 : 4e-6;  // numbers written with eight decimals; float has seven digits
using Integers = std::vector<std::int64_t>;

void twice(Array& a) { a *= real(2); }                  // changes the caller's array
real largest(const Array& a) { return xt::amax(a)(); }  // reads it, copies nothing
Array doubled(Array a) {                                // works on a copy and hands it out
  twice(a);
  return a;
}

template <class Number>
Number square_plus_one(const Number& x) {
  return x * x + real(1);
}

}  // namespace

TEST_CASE("docs: value and handle") {
  Generator g{42};
  Array a = array({1, 2, 3});
  Array b = a;  // three numbers of its own
  b(0) = 10;    // a is still 1, 2, 3

  const Tensor w(array({1, 2}), true);
  const Tensor same = w;                                     // the same numbers, the same gradient
  const Tensor copy = Tensor(w.value(), w.requires_grad());  // numbers of its own
  same.set_value(array({3, 4}));                             // w is 3, 4 now; copy is still 1, 2

  const nn::Linear layer(2, 3, g);
  const nn::Linear twin = layer;                  // one layer under two names
  const nn::Linear other = nn::deep_copy(layer);  // the same weights, but its own
  layer.weight.set_value(zeros({3, 2}));          // twin's are 0 now, other's are not

  Generator shared = g;       // one stream: what shared draws, g has drawn
  Generator own = g.clone();  // from here on a stream of its own
  CHECK(is(a, {3}, {1, 2, 3}));
  CHECK(is(b, {3}, {10, 2, 3}));
  CHECK(is(w, {2}, {3, 4}));
  CHECK(is(copy, {2}, {1, 2}));
  CHECK(copy.requires_grad());
  CHECK(is(twin.weight, {3, 2}, {0, 0, 0, 0, 0, 0}));
  CHECK(near(other.weight.value()(0, 0), 0.5406, printed));  // nn.Linear(2, 3) from seed 42
  const float next = own.uniform();
  CHECK(shared.uniform() == next);
  CHECK(g.uniform() != next);
}

TEST_CASE("docs: lazy auto") {
  Array a = array({1, 2}), b = array({10, 20});
  const auto lazy = a + b;  // no numbers yet: a formula that looks at a and b
  const Array now = a + b;  // 11, 22
  a(0) = 100;
  const real later = lazy(0);  // 110: it is computed here, and computed again each time
  CHECK(is(now, {2}, {11, 22}));
  CHECK(later == 110);
  static_assert(!std::is_same_v<std::remove_const_t<decltype(lazy)>, Array>);
  static_assert(std::is_same_v<decltype(Tensor() + Tensor()), Tensor>);  // tensors are not lazy
}

TEST_CASE("docs: views") {
  Array m = reshape(arange(6), {2, 3});
  auto row = xt::view(m, 1);          // a window on the second row: here auto is right
  const Array kept = xt::view(m, 1);  // numbers of its own: 3, 4, 5
  row(0) = 30;                        // m(1, 0) is 30

  const Tensor x(array({2, 2}, {1, 2, 3, 4}), true);
  const Tensor part = select(x, 0, 1);  // numbers of its own: 3, 4; gradients flow back to x
  CHECK(is(m, {2, 3}, {0, 1, 2, 30, 4, 5}));
  CHECK(is(kept, {3}, {3, 4, 5}));
  x.set_value(zeros({2, 2}));
  CHECK(is(part, {2}, {3, 4}));
  sum(part).backward();
  CHECK(is(x.grad(), {2, 2}, {0, 0, 1, 1}));
}

TEST_CASE("docs: integers and sizes") {
  const int whole = 7 / 2;               // 3; Python's 7 // 2
  const int towards_zero = -7 / 2;       // -3; Python's -7 // 2 is -4
  const real share = real(3) / real(4);  // 0.75; 3 / 4 is 0
  const std::vector<real> numbers{1, 2, 3};
  real total = 0;
  for (std::size_t i = numbers.size(); i-- > 0;) total += numbers[i];  // backwards: 3, 2, 1
  const std::size_t below = std::size_t(0) - 1;                        // 18446744073709551615, not -1
  const bool last = numbers.size() - 1 == 2;                           // fine; on an empty vector it would be that huge number
  const auto missing = std::ptrdiff_t(numbers.size()) - 5;             // -2: a signed size may go below 0
  CHECK(whole == 3);
  CHECK(towards_zero == -3);
  CHECK(share == real(0.75));
  CHECK(total == 6);
  CHECK(below == 18446744073709551615U);
  CHECK(last);
  CHECK(missing == -2);
  CHECK(-7 % 3 == -1);
}

TEST_CASE("docs: float literals") {
  const real rate = real(0.1);
  const Array a = array({1, 2});
  const Array slow = 0.5 * a;        // in the chapters: float turned to double, multiplied, turned back
  const Array fast = real(0.5) * a;  // float throughout
  const Tensor x = Tensor(a) * 0.5;  // a tensor's operators take a real: nothing to watch
  CHECK(rate == real(0.1));
  CHECK(is(slow, {2}, {real(0.5), 1}));
  CHECK(is(fast, {2}, {real(0.5), 1}));
  CHECK(is(x, {2}, {real(0.5), 1}));
  static_assert(std::is_same_v<decltype(0.5 * a)::value_type, double>);
  static_assert(std::is_same_v<decltype(real(0.5) * a)::value_type, real>);
  static_assert(double(0.1F) != 0.1 && 1 / 2 == 0);
}

TEST_CASE("docs: order of evaluation") {
  Generator g{42};
  const Array first = randn({2}, g);  // one draw a statement: in order
  const Array second = randn({2}, g);
  g.manual_seed(42);
  const std::vector<Array> both{randn({2}, g), randn({2}, g)};   // in braces: from left to right
  CHECK(is(first, {2}, {real(0.3367), real(0.1288)}, printed));  // torch.randn(1) five times: 0.3367 0.1288 0.2345 0.2303
  CHECK(is(second, {2}, {real(0.2345), real(0.2303)}, printed));
  CHECK(both[0] == first);
  CHECK(both[1] == second);
}

TEST_CASE("docs: references, const, lambdas") {
  Array a = array({1, 2});
  twice(a);                       // 2, 4
  const Array four = doubled(a);  // 4, 8; a stays 2, 4
  const real top = largest(a);    // 4
  const Tensor w(array({1, 2}), true);
  const Tensor product = w * 3;            // a name keeps it alive
  const Array& numbers = product.value();  // a reference: no copy
  CHECK(is(a, {2}, {2, 4}));
  CHECK(is(four, {2}, {4, 8}));
  CHECK(top == 4);
  CHECK(is(numbers, {2}, {3, 6}));

  real factor = 2;
  const auto by_value = [=](real x) { return factor * x; };      // keeps the 2 of this moment
  const auto by_reference = [&](real x) { return factor * x; };  // looks at factor when called, as in Python
  factor = 3;
  const real kept = by_value(10), seen = by_reference(10);  // 20 and 30
  CHECK(kept == 20);
  CHECK(seen == 30);
}

TEST_CASE("docs: designated initialisers") {
  Generator g;
  const nn::Linear net(2, 3, g);
  const optim::Adam adam(net.parameters(), {.lr = 0.01, .beta2 = 0.99});  // Adam(net.parameters(), lr=0.01, betas=(0.9, 0.99))
  const optim::AdamOptions slow{.lr = 0.0001};                            // all others keep their defaults
  CHECK(adam.lr() == 0.01);
  CHECK(slow.beta1 == 0.9);
}

TEST_CASE("docs: errors, guards, templates") {
  std::string message;
  try {
    const Array product = matmul(ones({2, 3}), ones({4, 5}));
  } catch (const Error& error) {
    message = error.what();  // matmul: (2, 3) x (4, 5): inner sizes 3 and 4 differ
  }
  CHECK(message == "matmul: (2, 3) x (4, 5): inner sizes 3 and 4 differ");

  const Tensor w(array({1, 2}), true);
  Tensor y;
  {
    const NoGrad no_grad;  // with torch.no_grad():
    y = w * 2;             // not recorded
  }
  const Tensor z = w * 2;  // recorded again
  CHECK_FALSE(y.requires_grad());
  CHECK(z.requires_grad());

  const real number = square_plus_one(real(3));            // 10
  const Tensor tensor = square_plus_one(Tensor(3, true));  // 10, and backward() gives 6
  tensor.backward();
  CHECK(number == 10);
  CHECK(tensor.item() == 10);
}

TEST_CASE("docs table: creation and random numbers") {
  CHECK(is(array({1, 2, 3}), {3}, {1, 2, 3}));
  CHECK(array({2, 2}, {1, 2, 3, 4})(1, 0) == 3);
  CHECK((scalar(5).dimension() == 0 && scalar(5)() == 5));
  CHECK(ids({1, 0, 2})(2) == 2);
  CHECK(is(zeros({2, 3}), {2, 3}, {0, 0, 0, 0, 0, 0}));
  CHECK(is(ones({2, 3}), {2, 3}, {1, 1, 1, 1, 1, 1}));
  CHECK(is(full({2, 3}, 7), {2, 3}, {7, 7, 7, 7, 7, 7}));
  CHECK(empty({2, 3}).size() == 6);
  CHECK(is(arange(5), {5}, {0, 1, 2, 3, 4}));
  CHECK(is(linspace(0, 1, 5), {5}, {0, real(0.25), real(0.5), real(0.75), 1}));
  CHECK(is(eye(2), {2, 2}, {1, 0, 0, 1}));
  const Array b = array({1, 2, 3});
  Array a = b;
  CHECK(is(zeros(a.shape()), {3}, {0, 0, 0}));
  CHECK(Tensor(array({1, 2}), true).requires_grad());
  CHECK(Tensor(real(2), true).item() == 2);
  a(0) = 7;
  CHECK(is(a, {3}, {7, 2, 3}));
  CHECK(is(b, {3}, {1, 2, 3}));

  Generator g{42};
  CHECK(is(rand({5}, g), {5}, {real(0.8823), real(0.9150), real(0.3829), real(0.9593), real(0.3904)}, printed));
  g.manual_seed(42);
  CHECK(is(randn({2, 2}, g), {2, 2}, {real(0.3367), real(0.1288), real(0.2345), real(0.2303)}, printed));
  g.manual_seed(42);
  CHECK(near(uniform({10}, real(-0.5), real(0.5), g)(2), -0.1171, printed));
  g.manual_seed(42);
  CHECK(near(normal({20}, 2, 3, g)(0), 7.7807, printed));
  g.manual_seed(42);
  CHECK(g.randint(0, 10, 12) == Integers{2, 7, 6, 4, 6, 5, 0, 4, 0, 3, 8, 4});
  g.manual_seed(42);
  CHECK(g.randperm(10) == Integers{2, 6, 1, 8, 4, 5, 0, 9, 3, 7});
  const std::vector<float> p{0.1F, 0.2F, 0.3F, 0.4F};
  g.manual_seed(42);
  CHECK(g.multinomial(p) == 3);
  g.manual_seed(42);
  CHECK(g.multinomial(p, 10) == Integers{0, 0, 1, 0, 2, 2, 3, 3, 0, 1});
  CHECK(g.bernoulli({0, 1, 0, 1}) == std::vector<float>{0, 1, 0, 1});
  const std::string state = g.state();
  const float next = g.uniform();
  g.set_state(state);
  CHECK(g.uniform() == next);
}

TEST_CASE("docs table: shapes and indexing") {
  const Tensor x(array({2, 3}, {1, 2, 3, 4, 5, 6})), y(array({2, 3}, {6, 5, 4, 3, 2, 1})), row(array({1, 2, 3}));
  const Tensor z(reshape(arange(24), {2, 3, 4}));
  CHECK(x.shape() == Shape{2, 3});
  CHECK(x.shape(-1) == 3);
  CHECK(x.ndim() == 2);
  CHECK(x.size() == 6);
  CHECK(is(reshape(x, {3, 2}), {3, 2}, {1, 2, 3, 4, 5, 6}));
  CHECK(reshape(x, {3, rest}).shape() == Shape{3, 2});
  CHECK(reshape(x, {rest}).shape() == Shape{6});
  CHECK(is(transpose(x), {3, 2}, {1, 4, 2, 5, 3, 6}));
  CHECK(transpose(z, 0, 1).value()(2, 1, 3) == 23);
  CHECK(permute(z, {2, 0, 1}).shape() == Shape{4, 2, 3});
  CHECK(permute(z, {2, 0, 1}).value()(1, 1, 2) == 21);  // z[1][2][1] = 1 * 12 + 2 * 4 + 1
  CHECK(unsqueeze(x, 0).shape() == Shape{1, 2, 3});
  CHECK(squeeze(unsqueeze(x, -1), 2).shape() == Shape{2, 3});
  CHECK(is(concat({x, y}), {4, 3}, {1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1}));
  CHECK(is(concat({x, y}, 1), {2, 6}, {1, 2, 3, 6, 5, 4, 4, 5, 6, 3, 2, 1}));
  CHECK(stack({x, y}).shape() == Shape{2, 2, 3});
  CHECK(is(expand(row, {2, 3}), {2, 3}, {1, 2, 3, 1, 2, 3}));

  CHECK(is(select(x, 0, 1), {3}, {4, 5, 6}));
  CHECK(is(select(x, 1, 2), {2}, {3, 6}));
  CHECK(is(slice(x, 1, 1, 3), {2, 2}, {2, 3, 5, 6}));
  CHECK(x.value()(0, 2) == 3);
  const Ids at = ids({2, 2}, {0, 2, 1, 1});
  const Tensor source(full({2, 2}, 10));
  CHECK(is(gather(x, 1, at), {2, 2}, {1, 3, 5, 5}));
  CHECK(is(scatter_add(x, 1, at, source), {2, 3}, {11, 2, 13, 4, 25, 6}));
  CHECK(is(embedding(x, ids({1, 0, 1})), {3, 3}, {4, 5, 6, 1, 2, 3, 4, 5, 6}));
  const Array mask = array({1, 3}, {1, 0, 1});
  CHECK(is(where(mask, x, y), {2, 3}, {1, 5, 3, 4, 2, 6}));
  CHECK(is(masked_fill(x, mask, -9), {2, 3}, {-9, 2, -9, -9, 5, -9}));
  Array a = x.value();
  xt::view(a, 1) = real(0);
  CHECK(is(a, {2, 3}, {1, 2, 3, 0, 0, 0}));
  const Array column = xt::view(a, xt::all(), 1);
  CHECK(is(column, {2}, {2, 0}));
}

TEST_CASE("docs table: numbers and sums") {
  const Tensor x(array({2, 3}, {1, 2, 3, 4, 5, 6})), y(array({2, 3}, {6, 5, 4, 3, 2, 1})), s(array({-2, 0, 2}));
  const Array a = x.value(), b = y.value();
  CHECK(is(x * y + 1, {2, 3}, {7, 11, 13, 13, 11, 7}));
  CHECK(is(x / 2, {2, 3}, {real(0.5), 1, real(1.5), 2, real(2.5), 3}));
  CHECK(is(square(x), {2, 3}, {1, 4, 9, 16, 25, 36}));
  CHECK(is(pow(x, 3), {2, 3}, {1, 8, 27, 64, 125, 216}, printed));
  CHECK(is(exp(s), {3}, {real(0.13533528), 1, real(7.38905610)}, rounded));
  CHECK(is(log(x / y), {2, 3},
           {real(-1.79175947), real(-0.91629073), real(-0.28768207), real(0.28768207), real(0.91629073), real(1.79175947)}, rounded));
  CHECK(is(abs(s), {3}, {2, 0, 2}));
  CHECK(is(clamp(s, -1, 1), {3}, {-1, 0, 1}));
  CHECK(is(maximum(x, y), {2, 3}, {6, 5, 4, 4, 5, 6}));
  CHECK(is(relu(s), {3}, {0, 0, 2}));
  CHECK(is(leaky_relu(s, real(0.5)), {3}, {-1, 0, 2}));
  CHECK(is(sigmoid(s), {3}, {real(0.11920292), real(0.5), real(0.88079708)}, rounded));
  CHECK(is(tanh(s), {3}, {real(-0.96402758), 0, real(0.96402758)}, rounded));
  CHECK(is(gelu(s), {3}, {real(-0.04550026), 0, real(1.95449974)}, rounded));              // 2 Phi(2), Phi(2) = 0.97724987
  CHECK(is(gelu(s, Gelu::tanh), {3}, {real(-0.04540231), 0, real(1.95459769)}, rounded));  // 1 + tanh(sqrt(2 / pi) 2.35772)
  CHECK(is(softplus(s), {3}, {real(0.12692801), real(0.69314718), real(2.12692801)}, rounded));

  CHECK(is(sum(x), {}, {21}));
  CHECK(is(sum(x, {1}), {2}, {6, 15}));
  CHECK(is(mean(x, {0}, true), {1, 3}, {real(2.5), real(3.5), real(4.5)}));
  CHECK(is(variance(x, {1}), {2}, {real(2) / 3, real(2) / 3}, rounded));
  CHECK(is(variance(x, {1}, false, true), {2}, {1, 1}, rounded));
  CHECK(is(max(x, 1), {2}, {3, 6}));
  CHECK(argmax(x.value()) == ids({2, 2}));
  CHECK(is(select(softmax(x), 0, 0), {3}, {real(0.09003057), real(0.24472847), real(0.66524096)}, rounded));
  CHECK(is(select(log_softmax(x), 0, 1), {3}, {real(-2.40760596), real(-1.40760596), real(-0.40760596)}, rounded));
  CHECK(!all_close(a, b, 1e-6));
  CHECK(max_difference(a, b) == 5);

  const Tensor w(array({3, 2}, {1, 0, 0, 1, 1, 1})), bias(array({1, 2}));
  CHECK(is(matmul(x, w), {2, 2}, {4, 5, 10, 11}));
  CHECK(is(matmul(x, y, Transpose::no, Transpose::yes), {2, 2}, {28, 10, 73, 28}));
  CHECK(is(linear(x, y, bias), {2, 2}, {29, 12, 74, 30}));
  CHECK(is(sum(x * y, {-1}), {2}, {28, 28}));
}

namespace {

/// The text without comments and with no space at all, so that line breaks and indentation do not count.
std::string bare(const std::string& text) {
  std::string out;
  bool comment = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "//") == 0) comment = true;
    if (text[i] == '\n') comment = false;
    if (!comment && !std::isspace(static_cast<unsigned char>(text[i]))) out += text[i];
  }
  return out;
}

/// What stands between backticks.
std::vector<std::string> code_spans(const std::string& text) {
  std::vector<std::string> spans;
  for (std::size_t begin = text.find('`'); begin != text.npos;) {
    const std::size_t end = std::min(text.find('`', begin + 1), text.size());
    spans.push_back(text.substr(begin + 1, end - begin - 1));
    begin = text.find('`', end + 1);
  }
  return spans;
}

struct Page {
  std::vector<std::string> blocks;             // of C++
  std::vector<std::vector<std::string>> rows;  // our lines of each row of the tables "… | ours"
};
Page read_page(const std::string& text) {
  Page page;
  bool block = false, cpp = false, table = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("```", 0) == 0) {
      block = !block;
      cpp = line == "```cpp";
      if (cpp) page.blocks.emplace_back();
    } else if (block) {
      if (cpp) page.blocks.back() += line + "\n";
    } else if (line.rfind("| ", 0) != 0) {
      table = table && line.rfind("|--", 0) == 0;
    } else if (table) {
      page.rows.push_back(code_spans(line.substr(line.rfind('|', line.size() - 2))));
    } else {
      table = line.size() > 8 && line.substr(line.size() - 8) == "| ours |";
    }
  }
  return page;
}

}  // namespace

TEST_CASE("docs: every block and every one of our lines on the page stands in these tests") {
  const Page page = read_page(read_file(project_dir() / "docs/cpp-for-python-readers.md"));
  std::string sources;
  for (const char* name : {"docs_examples_test.cpp", "docs_examples_training_test.cpp"})
    sources += bare(read_file(project_dir() / "tests/common" / name));
  const auto stands = [&](const std::string& code) { return sources.find(bare(code)) != sources.npos; };
  for (const std::string& block : page.blocks) CHECK_MESSAGE(stands(block), block);
  for (const std::vector<std::string>& row : page.rows) {
    CHECK(!row.empty());
    for (const std::string& line : row) CHECK_MESSAGE(stands(line), line);
  }
  CHECK(page.blocks.size() >= 15);  // what was there at the time of writing; a changed layout of the page must not silence this test
  CHECK(page.rows.size() >= 150);
}
