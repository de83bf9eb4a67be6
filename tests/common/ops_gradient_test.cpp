// Every differentiable function of autograd and fast against central differences. A new one is one line in a table; a test at the end reads the
// headers and names whoever has none.
#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "common/autograd/activations.hpp"
#include "common/autograd/gradcheck.hpp"
#include "common/autograd/losses.hpp"
#include "common/autograd/node.hpp"
#include "common/fast/attention.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/fast/layer_norm.hpp"
#include "common/fast/lstm.hpp"
#include "common/system/files.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::apart;
using test::values;

namespace {

using Tensors = std::vector<Tensor>;
using Function = std::function<Tensor(const Tensors&)>;

/// Worst disagreement allowed. In double the difference quotient itself is off by h^2 f''' / 6 = 2e-11 f''' and by 1e-16 / 1e-5 = 1e-11.
/// In float, h = 0.01 leaves h^2 f''' / 6 = 2e-5 f''' (f''' up to 100 for 1 / x at 0.5) and rounding of a sum near 10: 1e-6 / 0.02 = 5e-5:
/// enough to see a missing factor, not more.
constexpr double tolerance = sizeof(real) == 8 ? 1e-6 : 1e-2;

void check_function(const std::string& name, const std::vector<Array>& inputs, const Function& f) {
  Tensors leaves;
  for (const Array& input : inputs) leaves.emplace_back(input, true);
  const GradientCheck result = check_gradients(leaves, f);
  CHECK_MESSAGE(result.worst <= tolerance, result.message(name));
  for (const Tensor& leaf : leaves) CHECK_MESSAGE((leaf.has_grad() && leaf.grad().shape() == leaf.shape()), name);
}

#define FUNCTION(...) [](const Tensors& x) -> Tensor { return __VA_ARGS__; }

struct Row {
  std::string name;
  Function f;
};

// --- of one tensor, element by element ------------------------------------------------------------------------------------------
const std::vector<Row> anywhere{
    {"operator+ number", FUNCTION(x[0] + 2 + (real(3) + x[0]))},
    {"operator- number", FUNCTION((x[0] - 2) * (real(3) - x[0]))},
    {"operator* number", FUNCTION(x[0] * 3 + real(2) * x[0])},
    {"operator/ number", FUNCTION(x[0] / 4)},
    {"operator- sign", FUNCTION(-x[0])},
    {"exp", FUNCTION(exp(x[0]))},
    {"square", FUNCTION(square(x[0]))},
    {"pow cube", FUNCTION(pow(x[0], 3))},
    {"pow zero", FUNCTION(pow(x[0], 0) + x[0])},
    {"pow one", FUNCTION(pow(x[0], 1))},
    {"abs", FUNCTION(abs(x[0]))},
    {"clamp", FUNCTION(clamp(x[0], real(-0.3), real(0.4)))},
    {"sigmoid", FUNCTION(sigmoid(x[0]))},
    {"tanh", FUNCTION(tanh(x[0]))},
    {"relu", FUNCTION(relu(x[0]))},
    {"leaky_relu", FUNCTION(leaky_relu(x[0], real(0.2)))},
    {"elu", FUNCTION(elu(x[0], real(1.5)))},
    {"gelu erf", FUNCTION(gelu(x[0]))},
    {"gelu tanh", FUNCTION(gelu(x[0], Gelu::tanh))},
    {"softplus", FUNCTION(softplus(x[0]))},
    {"silu", FUNCTION(silu(x[0]))},
    {"logsigmoid", FUNCTION(logsigmoid(x[0]))},
    {"dropout",
     [](const Tensors& x) {
       Generator g{3};
       return dropout(x[0], 0.4, g);
     }},
};
const std::vector<Row> where_positive{
    {"log", FUNCTION(log(x[0]))},
    {"sqrt", FUNCTION(sqrt(x[0]))},
    {"pow half", FUNCTION(pow(x[0], real(-0.5)))},
    {"operator/ of a number", FUNCTION(real(2) / x[0])},
};

// --- of two tensors that broadcast ----------------------------------------------------------------------------------------------
const std::vector<Row> of_two{
    {"operator+", FUNCTION(x[0] + x[1])},
    {"operator-", FUNCTION(x[0] - x[1])},
    {"operator*", FUNCTION(x[0] * x[1])},
    {"operator/", FUNCTION(x[0] / (x[1] + real(9)))},
    {"maximum", FUNCTION(maximum(x[0], x[1]))},
    {"minimum", FUNCTION(minimum(x[0], x[1]))},
    {"where", FUNCTION(where(array({1, 3}, {1, 0, 1}), x[0], x[1]))},
};
const std::vector<std::pair<Shape, Shape>> broadcasts{{{2, 3}, {2, 3}},       {{}, {2, 3}},     {{2, 3}, {1}}, {{2, 3}, {3}},
                                                      {{2, 3}, {2, 1}},       {{2, 1}, {1, 3}}, {{2, 1}, {3}}, {{2, 2, 3}, {2, 1}},
                                                      {{2, 1, 3}, {1, 2, 1}}, {{3}, {1, 1, 1}}};

// --- all others: with inputs of their own ---------------------------------------------------------------------------------------
struct Case {
  std::string name;
  std::vector<Array> inputs;
  Function f;
};
Array v(const Shape& shape, std::uint32_t seed = 1) { return values(shape, -1, 1, seed); }
std::vector<Array> lstm_inputs(std::size_t time, std::size_t batch, std::size_t in, std::size_t hidden) {
  return {v({time, batch, in}),       v({batch, hidden}, 2), v({batch, hidden}, 3), v({4 * hidden, in}, 4),
          v({4 * hidden, hidden}, 5), v({4 * hidden}, 6),    v({4 * hidden}, 7)};
}
const Ids classes = ids({1, 0, 2});
const Array shares = array({3, 3}, {0.1, 0.2, 0.7, 1, 0, 0, 0.3, 0.3, 0.4}), binary = array({2, 3}, {1, 0, 0.3, 0, 1, 1});

CrossEntropyOptions everything(Reduction reduction) {
  return {.ignore_index = 2, .weight = array({0.5, 2, 1.5}), .label_smoothing = 0.1, .reduction = reduction};
}

const std::vector<Case> others{
    {"masked_fill", {v({2, 3})}, FUNCTION(masked_fill(x[0], array({1, 0, 1}), -5))},
    {"sum all", {v({2, 3})}, FUNCTION(sum(x[0]))},
    {"sum axis", {v({2, 3, 4})}, FUNCTION(sum(x[0], {1}))},
    {"sum axes", {v({2, 3, 4})}, FUNCTION(sum(x[0], {0, -1}, true))},
    {"sum of one number", {v({})}, FUNCTION(sum(x[0]))},
    {"mean all", {v({2, 3})}, FUNCTION(mean(x[0]))},
    {"mean axis", {v({2, 3, 4})}, FUNCTION(mean(x[0], {-2}, true))},
    {"variance", {v({2, 5})}, FUNCTION(variance(x[0], {1}))},
    {"variance unbiased", {v({3, 2, 4})}, FUNCTION(variance(x[0], {0, 2}, true, true))},
    {"max first axis", {apart({3, 4})}, FUNCTION(max(x[0], 0))},
    {"max middle axis", {apart({2, 3, 4})}, FUNCTION(max(x[0], 1, true))},
    {"max last axis", {apart({2, 5})}, FUNCTION(max(x[0], -1))},
    {"softmax", {v({2, 5})}, FUNCTION(softmax(x[0]))},
    {"softmax first axis", {v({3, 2, 2})}, FUNCTION(softmax(x[0], 0))},
    {"softmax vector", {v({4})}, FUNCTION(softmax(x[0]))},
    {"softmax of one", {v({3, 1})}, FUNCTION(softmax(x[0]))},
    {"log_softmax", {v({2, 5})}, FUNCTION(log_softmax(x[0]))},
    {"log_softmax middle axis", {v({2, 3, 2})}, FUNCTION(log_softmax(x[0], 1))},
    {"linear", {v({4, 3}), v({2, 3}, 2), v({2}, 3)}, FUNCTION(linear(x[0], x[1], x[2]))},
    {"linear without bias", {v({4, 3}), v({2, 3}, 2)}, FUNCTION(linear(x[0], x[1]))},
    {"linear vector", {v({3}), v({2, 3}, 2), v({2}, 3)}, FUNCTION(linear(x[0], x[1], x[2]))},
    {"linear 3-d", {v({2, 2, 3}), v({4, 3}, 2), v({4}, 3)}, FUNCTION(linear(x[0], x[1], x[2]))},
    {"reshape", {v({2, 6})}, FUNCTION(reshape(x[0], {3, rest}))},
    {"permute", {v({2, 3, 4})}, FUNCTION(permute(x[0], {2, 0, 1}))},
    {"transpose", {v({2, 3, 4})}, FUNCTION(transpose(x[0]))},
    {"transpose axes", {v({2, 3, 4})}, FUNCTION(transpose(x[0], 0, -1))},
    {"squeeze", {v({2, 1, 3})}, FUNCTION(squeeze(x[0], 1))},
    {"unsqueeze", {v({2, 3})}, FUNCTION(unsqueeze(x[0], 1) * unsqueeze(x[0], -1))},
    {"slice", {v({3, 5})}, FUNCTION(slice(x[0], 1, 1, 4))},
    {"slice middle axis, twice", {v({2, 5, 2})}, FUNCTION(slice(x[0], 1, 0, 3) * slice(x[0], 1, 2, 5))},
    {"select", {v({2, 3, 4})}, FUNCTION(select(x[0], -2, 1))},
    {"concat", {v({2, 3}), v({1, 3}, 2)}, FUNCTION(concat({x[0], x[1]}))},
    {"concat last axis, one twice", {v({2, 3}), v({2, 1}, 2)}, FUNCTION(concat({x[0], x[1], x[0]}, -1))},
    {"concat middle axis", {v({2, 1, 2}), v({2, 3, 2}, 2)}, FUNCTION(concat({x[0], x[1]}, 1))},
    {"stack", {v({2, 3}), v({2, 3}, 2)}, FUNCTION(stack({x[0], x[1]}, 1))},
    {"expand", {v({2, 1})}, FUNCTION(expand(x[0], {4, 2, 3}))},
    {"embedding", {v({4, 3})}, FUNCTION(embedding(x[0], ids({2, 2}, {1, 3, 1, 0})))},
    {"gather", {v({2, 4})}, FUNCTION(gather(x[0], 1, ids({2, 3}, {0, 3, 3, 1, 1, 0})))},
    {"gather first axis", {v({3, 2, 2})}, FUNCTION(gather(x[0], 0, ids({1, 2, 2}, {2, 0, 2, 1})))},
    {"scatter_add", {v({2, 4}), v({2, 3}, 2)}, FUNCTION(scatter_add(x[0], -1, ids({2, 3}, {0, 3, 3, 1, 1, 0}), x[1]))},
    {"cross_entropy", {v({3, 3})}, FUNCTION(cross_entropy(x[0], classes))},
    {"cross_entropy with all options", {v({3, 3})}, FUNCTION(cross_entropy(x[0], classes, everything(Reduction::mean)))},
    {"cross_entropy sum", {v({3, 3})}, FUNCTION(cross_entropy(x[0], classes, everything(Reduction::sum)))},
    {"cross_entropy none", {v({3, 3})}, FUNCTION(cross_entropy(x[0], classes, everything(Reduction::none)))},
    {"cross_entropy sequence", {v({2, 3, 4})}, FUNCTION(cross_entropy(x[0], ids({2, 3}, {0, 3, -100, 1, 2, 2})))},
    {"cross_entropy one example", {v({4})}, FUNCTION(cross_entropy(x[0], ids({}, {2})))},
    {"cross_entropy of shares", {v({3, 3})}, FUNCTION(cross_entropy(x[0], shares))},
    {"cross_entropy of shares none", {v({3, 3})}, FUNCTION(cross_entropy(x[0], shares, Reduction::none))},
    {"binary_cross_entropy", {values({2, 3}, 0.2, 0.8)}, FUNCTION(binary_cross_entropy(x[0], binary))},
    {"binary_cross_entropy none", {values({2, 3}, 0.2, 0.8)}, FUNCTION(binary_cross_entropy(x[0], binary, Reduction::none))},
    {"binary_cross_entropy_with_logits", {values({2, 3}, -3, 3)}, FUNCTION(binary_cross_entropy_with_logits(x[0], binary))},
    {"binary_cross_entropy_with_logits weighted",
     {values({2, 3}, -3, 3)},
     FUNCTION(binary_cross_entropy_with_logits(x[0], binary, Reduction::sum, 3))},
    {"mse_loss", {v({2, 3}), v({2, 3}, 2)}, FUNCTION(mse_loss(x[0], x[1]))},
    {"mse_loss none", {v({2, 3}), v({2, 3}, 2)}, FUNCTION(mse_loss(x[0], x[1], Reduction::none))},
    {"l1_loss", {apart({2, 3}), apart({2, 3}, 0.05)}, FUNCTION(l1_loss(x[0], x[1]))},
    {"l1_loss sum", {apart({2, 3}), apart({2, 3}, 0.05)}, FUNCTION(l1_loss(x[0], x[1], Reduction::sum))},
    {"layer_norm", {v({3, 5}), v({5}, 2), v({5}, 3)}, FUNCTION(layer_norm(x[0], x[1], x[2]))},
    {"layer_norm 3-d", {v({2, 2, 3}), v({3}, 2), v({3}, 3)}, FUNCTION(layer_norm(x[0], x[1], x[2], 0.1))},
    {"lstm_sequence", lstm_inputs(3, 2, 3, 2), FUNCTION(lstm_sequence(x[0], x[1], x[2], x[3], x[4], x[5], x[6]))},
    {"lstm_sequence reverse", lstm_inputs(3, 2, 1, 2), FUNCTION(lstm_sequence(x[0], x[1], x[2], x[3], x[4], x[5], x[6], true))},
    {"lstm_sequence one step", lstm_inputs(1, 1, 2, 3), FUNCTION(lstm_sequence(x[0], x[1], x[2], x[3], x[4], x[5], x[6]))},
    {"scaled_dot_product_attention",
     {v({2, 2, 3}), v({2, 4, 3}, 2), v({2, 4, 2}, 3)},
     FUNCTION(scaled_dot_product_attention(x[0], x[1], x[2]))},
    {"scaled_dot_product_attention causal",
     {v({1, 2, 3, 2}), v({1, 2, 3, 2}, 2), v({1, 2, 3, 2}, 3)},
     FUNCTION(scaled_dot_product_attention(x[0], x[1], x[2], {.mask = {.causal = true}, .scale = 0.3}))},
    {"split_heads", {v({2, 3, 6})}, FUNCTION(split_heads(x[0], 2, 2, 6))},
    {"split_heads length first", {v({2, 3, 6})}, FUNCTION(split_heads(x[0], 3, 0, 6, false))},
    {"merge_heads", {v({2, 3, 2, 2})}, FUNCTION(merge_heads(x[0]))},
    {"merge_heads length first", {v({2, 3, 2, 2})}, FUNCTION(merge_heads(x[0], false))},
    {"self_attention", {v({2, 3, 12})}, FUNCTION(self_attention(x[0], 2))},
    {"a tensor used twice", {v({2, 3})}, FUNCTION(x[0] * tanh(x[0]) / (x[0] * x[0] + real(1)))},
};

}  // namespace

TEST_CASE("gradients: functions of one number") {
  for (const Shape& shape : std::vector<Shape>{{}, {1}, {7}, {2, 9}, {2, 1, 5}}) {
    for (const Row& row : anywhere) check_function(fmt::format("{} {}", row.name, shape), {apart(shape)}, row.f);
    for (const Row& row : where_positive) check_function(fmt::format("{} {}", row.name, shape), {values(shape, 0.5, 2)}, row.f);
  }
}

TEST_CASE("gradients: functions of two numbers under broadcasting") {
  for (const auto& [a, b] : broadcasts) {
    for (const Row& row : of_two) {
      check_function(fmt::format("{} {} {}", row.name, a, b), {apart(a), apart(b, 0.05)}, row.f);
      check_function(fmt::format("{} {} {}", row.name, b, a), {apart(b), apart(a, 0.05)}, row.f);
    }
  }
}

TEST_CASE("gradients: matmul with every transpose, vectors and broadcast batches") {
  struct Product {
    Shape a, b;  // before a transpose
  };
  for (const bool ta : {false, true}) {
    for (const bool tb : {false, true}) {
      for (const Product& p :
           std::vector<Product>{{{}, {}}, {{2}, {2}}, {{2}, {}}, {{}, {2}}, {{2, 1}, {3}}, {{1}, {2}}, {{2, 2}, {2, 2}}}) {
        Shape a = p.a, b = p.b;
        a.push_back(ta ? 3 : 2), a.push_back(ta ? 2 : 3);  // (2, 3)
        b.push_back(tb ? 4 : 3), b.push_back(tb ? 3 : 4);  // (3, 4)
        const Transpose a_op = ta ? Transpose::yes : Transpose::no, b_op = tb ? Transpose::yes : Transpose::no;
        check_function(fmt::format("matmul {} {}", a, b), {v(a), v(b, 2)},
                       [=](const Tensors& x) { return matmul(x[0], x[1], a_op, b_op); });
      }
    }
  }
  check_function("matmul vector vector", {v({3}), v({3}, 2)}, FUNCTION(matmul(x[0], x[1])));
  check_function("matmul vector matrix", {v({3}), v({3, 2}, 2)}, FUNCTION(matmul(x[0], x[1])));
  check_function("matmul vector matrix^T", {v({3}), v({2, 3}, 2)}, FUNCTION(matmul(x[0], x[1], Transpose::no, Transpose::yes)));
  check_function("matmul matrix vector", {v({2, 3}), v({3}, 2)}, FUNCTION(matmul(x[0], x[1])));
  check_function("matmul vector batch", {v({3}), v({2, 3, 2}, 2)}, FUNCTION(matmul(x[0], x[1])));
  check_function("matmul batch vector", {v({2, 2, 3}), v({3}, 2)}, FUNCTION(matmul(x[0], x[1])));
  check_function("matmul with itself", {v({3, 3})}, FUNCTION(matmul(x[0], x[0], Transpose::yes)));
}

TEST_CASE("gradients: all other functions") {
  for (const Case& c : others) check_function(c.name, c.inputs, c.f);
}

TEST_CASE("gradients: only the inputs that require one get one") {
  for (const Case& c : others) {
    for (std::size_t only = 0; c.inputs.size() > 1 && only < c.inputs.size(); ++only) {
      Tensors all, one;
      for (std::size_t i = 0; i < c.inputs.size(); ++i) all.emplace_back(c.inputs[i], true), one.emplace_back(c.inputs[i], i == only);
      sum(square(c.f(all))).backward();
      sum(square(c.f(one))).backward();
      for (std::size_t i = 0; i < one.size(); ++i) CHECK_MESSAGE(one[i].has_grad() == (i == only), c.name);
      CHECK_MESSAGE(one[only].grad() == all[only].grad(), c.name);
    }
  }
}

TEST_CASE("gradients: a wrong rule is caught and named") {
  // f(a, b) = sum(a b), but the rule for b is wrong by 0.5 at [1, 2]. check_gradients weights the one result by sin(0.7) = 0.644217687.
  const auto product = FUNCTION(sum(make_op("bad_mul", x[0].value() * x[1].value(), {x[0], x[1]}, [](Node& node) {
    Array da = node.grad() * node.input(1).value(), db = node.grad() * node.input(0).value();
    db(1, 2) += real(0.5) * node.grad()(1, 2);
    node.input(0).add_grad(da);
    node.input(1).add_grad(db);
  })));
  const Tensors inputs{Tensor(array({2, 3}, {1, 2, 3, 4, 5, 0.25}), true), Tensor(ones({2, 3}), true)};
  const GradientCheck result = check_gradients(inputs, product);
  CHECK(result.worst == doctest::Approx(0.5 * 0.644217687).epsilon(1e-3));  // 1e-3: the float build's difference quotient
  CHECK(result.input == 1);
  CHECK(result.index == std::vector<std::size_t>{1, 2});
  CHECK(result.analytic == doctest::Approx(0.75 * 0.644217687));
  CHECK(result.numeric == doctest::Approx(0.25 * 0.644217687).epsilon(1e-3));
  const GradientCheck fixed{0.25, 1, {0, 2}, 0.25, 0.5};
  CHECK(fixed.message("mul") == "mul: input 1 at [0, 2]: backward gives 0.25, central difference 0.5 (off by 0.25)");
}

TEST_CASE("gradients: NaN counts as wrong") {
  const auto spoiled = FUNCTION(make_op("spoiled", Array(x[0].value()), {x[0]}, [](Node& node) {
    Array d = node.grad();
    d(0) = NAN;
    node.input(0).add_grad(d);
  }));
  CHECK_FALSE(check_gradients({Tensor(array({1, 2}), true)}, spoiled).worst <= tolerance);
}

TEST_CASE("gradients: every function of the headers has its line above") {
  std::set<std::string> tested{"matmul"};
  for (const auto* rows : {&anywhere, &where_positive, &of_two})
    for (const Row& row : *rows) tested.insert(row.name.substr(0, row.name.find(' ')));
  for (const Case& c : others) tested.insert(c.name.substr(0, c.name.find(' ')));
  std::size_t found = 0;
  for (const char* header : {"autograd/ops", "autograd/ops_shape", "autograd/activations", "autograd/losses", "fast/layer_norm",
                             "fast/lstm", "fast/attention", "fast/cross_entropy"}) {
    const std::string text = read_file(project_dir() / "common" / (std::string(header) + ".hpp")), declaration = "\nTensor ";
    for (std::size_t at = text.find(declaration); at != std::string::npos; at = text.find(declaration, at + 1), ++found) {
      const std::size_t begin = at + declaration.size();
      const std::string name = text.substr(begin, text.find('(', begin) - begin);
      CHECK_MESSAGE(tested.count(name) == 1, fmt::format("{} of {}.hpp has no gradient test", name, header));
    }
  }
  CHECK(found >= 68);  // 68 at the time of writing; a changed layout of the headers must not silence this test
}
