// Every draw in torch_rng.json, made by scripts/g_torch_rng.py with PyTorch and NumPy. Seeds and values come from the file, so a file of
// the same script with other seeds (GOLDEN_SEEDS) is checked in the same way.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "common/core/generator.hpp"
#include "common/system/files.hpp"
#include "common/tensor/random.hpp"
#include "common/train/loader.hpp"

using namespace byhand;
using json = nlohmann::ordered_json;  // state_dict order matters
using Values = std::vector<double>;

namespace {
std::filesystem::path golden_dir() {
  const char* folder = std::getenv("BYHAND_GOLDEN_DIR");
  return folder && *folder ? std::filesystem::path(folder) : project_dir() / "tests" / "golden";
}

/// All numbers of a case in the order in which they stand in the file; shapes are left out.
void flatten(const json& value, Values& numbers) {
  if (value.is_number()) numbers.push_back(value.get<double>());
  if (!value.is_structured()) return;
  if (value.is_object() && value.contains("data")) return flatten(value["data"], numbers);
  for (const json& part : value) flatten(part, numbers);
}

/// Several draws, one after the other (a list of arguments would be evaluated in any order).
struct Draws {
  Values all;
  template <class T>
  Draws& operator<<(const std::vector<T>& values) {
    all.insert(all.end(), values.begin(), values.end());
    return *this;
  }
  template <class T>
  Draws& operator<<(T value) requires std::is_arithmetic_v<T> {
    all.push_back(double(value));
    return *this;
  }
};

template <class Draw>
Values repeat(int times, Draw draw) {
  Draws draws;
  for (int i = 0; i < times; ++i) draws << draw();
  return draws.all;
}

// Layers, as the draws their constructors make.

/// kaiming_uniform_(a = sqrt(5)), what Linear and Conv2d call for their weight.
std::vector<float> kaiming(Generator& g, std::size_t n, int fan_in) {
  const double gain = std::sqrt(2 / (1 + std::sqrt(5.0) * std::sqrt(5.0)));
  const float bound = float(std::sqrt(3.0) * (gain / std::sqrt(fan_in)));
  return g.uniform(n, -bound, bound);
}
std::vector<float> inverse_sqrt(Generator& g, std::size_t n, int size) {
  const float bound = float(1 / std::sqrt(size));
  return g.uniform(n, -bound, bound);
}
std::vector<float> xavier(Generator& g, int rows, int columns) {
  const float bound = float(std::sqrt(3.0) * std::sqrt(2.0 / (rows + columns)));
  return g.uniform(std::size_t(rows * columns), -bound, bound);
}
Values linear(Generator& g, int in, int out) {
  Draws draws;
  draws << kaiming(g, std::size_t(in * out), in) << inverse_sqrt(g, std::size_t(out), in);
  return draws.all;
}
Values recurrent(Generator& g, int input, int hidden, int layers, int gates) {
  Draws draws;
  for (int layer = 0; layer < layers; ++layer) {
    const int rows = gates * hidden, columns = layer == 0 ? input : hidden;
    for (const int count : {rows * columns, rows * hidden, rows, rows}) draws << inverse_sqrt(g, std::size_t(count), hidden);
  }
  return draws.all;
}
/// The output projection is drawn first, though it comes last in the state_dict, and its bias is then set to zero.
Values attention(Generator& g, int size) {
  Values out = linear(g, size, size);
  std::fill(out.end() - size, out.end(), 0.0);
  Draws draws;
  draws << xavier(g, 3 * size, size) << Values(std::size_t(3 * size), 0.0) << out;
  return draws.all;
}
Values encoder_layer(Generator& g, int size, int feed_forward) {
  Draws draws;
  draws << attention(g, size) << linear(g, size, feed_forward) << linear(g, feed_forward, size);
  for (int norm = 0; norm < 2; ++norm) draws << Values(std::size_t(size), 1.0) << Values(std::size_t(size), 0.0);
  return draws.all;
}
/// Each epoch takes one 64-bit number for the workers and one that seeds the order.
Values shuffled_epochs(Generator& g, std::size_t n, int epochs) {
  return repeat(epochs, [&] {
    g.random64();
    Generator order(g.random64() & 0x7fffffffffffffffU);
    return order.randperm(n);
  });
}
Values numpy_draws(std::uint32_t seed) {
  NumpyGenerator g(seed);
  Draws draws;
  draws << repeat(5, [&] { return g.uniform(); }) << repeat(5, [&] { return g.normal(); });
  draws << repeat(5, [&] { return g.choice({0.3, 0.7}); });
  return draws.all;
}

const std::vector<float> weights = {.1F, .2F, .3F, .4F};
using Case = std::function<Values(Generator&)>;
template <class Draw>
Case one(Draw draw) {
  return [draw](Generator& g) { return (Draws() << draw(g)).all; };
}

const std::map<std::string, Case> uniform_cases = {
    {"random_ 32-bit x5 (torch.empty(1,int64).random_(0,2**32))", one([](Generator& g) { return g.randint(0, std::int64_t(1) << 32, 5); })},
    {"rand(5)", one([](Generator& g) { return g.uniform(5); })},
    {"rand(3) then rand(20)", [](Generator& g) { return (Draws() << g.uniform(3) << g.uniform(20)).all; }},
    {"uniform_(-0.5,0.5) size 10", one([](Generator& g) { return g.uniform(10, -.5F, .5F); })},
    {"randint(10,(12,))", one([](Generator& g) { return g.randint(0, 10, 12); })},
    {"randperm(10)", one([](Generator& g) { return g.randperm(10); })},
    {"randperm(100)", one([](Generator& g) { return g.randperm(100); })},
    {"bernoulli p=0.3 size 20", one([](Generator& g) { return g.bernoulli(std::vector<float>(20, .3F)); })},
    {"dropout p=0.5 mask of ones(20)",
     [](Generator& g) {
       return repeat(1, [&] {
         std::vector<float> mask = g.bernoulli(20, 0.5);
         for (float& kept : mask) kept /= 0.5F;
         return mask;
       });
     }},
    {"multinomial([.1,.2,.3,.4], 1) x10", [](Generator& g) { return repeat(10, [&] { return g.multinomial(weights); }); }},
    {"multinomial([.1,.2,.3,.4], 10, replacement)", one([](Generator& g) { return g.multinomial(weights, 10); })},
    {"nn.Linear(2,3)", one([](Generator& g) { return linear(g, 2, 3); })},
    {"nn.Linear(10,7,bias=False)", one([](Generator& g) { return kaiming(g, 70, 10); })},
    {"nn.LSTM(1,2,2)", one([](Generator& g) { return recurrent(g, 1, 2, 2, 4); })},
    {"nn.GRU(2,3)", one([](Generator& g) { return recurrent(g, 2, 3, 1, 3); })},
    {"nn.MultiheadAttention(4,2)", one([](Generator& g) { return attention(g, 4); })},
    {"nn.TransformerEncoderLayer(4,2,8)", one([](Generator& g) { return encoder_layer(g, 4, 8); })},
    {"nn.Conv2d(1,2,3)", [](Generator& g) { return (Draws() << kaiming(g, 18, 9) << inverse_sqrt(g, 2, 9)).all; }},
    {"init.xavier_uniform_(4,5)", one([](Generator& g) { return xavier(g, 4, 5); })},
    {"DataLoader(arange(10), batch_size=3, shuffle=True), two epochs", one([](Generator& g) { return shuffled_epochs(g, 10, 2); })},
};

const std::map<std::string, Case> normal_cases = {
    {"randn(1) x5", [](Generator& g) { return repeat(5, [&] { return g.normal(1); }); }},
    {"randn(5) then randn(4)", [](Generator& g) { return (Draws() << g.normal(5) << g.normal(4)).all; }},
    {"randn(15)", one([](Generator& g) { return g.normal(15); })},
    {"randn(16)", one([](Generator& g) { return g.normal(16); })},
    {"randn(17)", one([](Generator& g) { return g.normal(17); })},
    {"randn(100)", one([](Generator& g) { return g.normal(100); })},
    {"randn(3) then rand(3) then randn(2)", [](Generator& g) { return (Draws() << g.normal(3) << g.uniform(3) << g.normal(2)).all; }},
    {"normal(mean 2, std 3, size 20)", one([](Generator& g) { return g.normal(20, 2, 3); })},
    {"torch.normal(tensor(0.), tensor(1.)) x6", [](Generator& g) { return repeat(6, [&] { return g.normal(); }); }},
    {"nn.Embedding(5,2)", one([](Generator& g) { return g.normal(10); })},
    {"nn.Embedding(30,4)", one([](Generator& g) { return g.normal(120); })},
    {"init.kaiming_normal_(4,5)", one([](Generator& g) { return g.normal(20, 0, float(std::sqrt(2.0) / std::sqrt(5.0))); })},
};
const std::string numpy_case = "numpy: random.seed then random.uniform() x5, random.normal() x5, random.choice([0,1],p=[.3,.7]) x5";

/// Uniforms and integers are equal to the last bit. For normals the file states a tolerance, which is for their log and cos.
void compare(const Values& ours, const json& golden_case, double tolerance) {
  Values theirs;
  flatten(golden_case["draws"], theirs);
  REQUIRE(ours.size() == theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    INFO("value " << i);
    if (tolerance == 0)
      CHECK(ours[i] == theirs[i]);
    else
      CHECK(std::abs(ours[i] - theirs[i]) <= tolerance * std::abs(theirs[i]));
  }
}
}  // namespace

TEST_CASE("the generator draws what PyTorch and NumPy draw") {
  const json golden = json::parse(read_file(golden_dir() / "torch_rng.json"));
  const double normal_tolerance = golden["tolerance"]["normal_rel"];
  REQUIRE(golden["cases"].size() > 0);
  for (const json& c : golden["cases"]) {
    const std::string name = c["name"];
    const auto seed = c["seed"].get<std::uint64_t>();
    CAPTURE(name);
    CAPTURE(seed);
    Generator g(seed);
    if (name == numpy_case) {
      compare(numpy_draws(std::uint32_t(seed)), c, normal_tolerance);
    } else if (const auto exact = uniform_cases.find(name); exact != uniform_cases.end()) {
      compare(exact->second(g), c, 0);
    } else if (const auto normal = normal_cases.find(name); normal != normal_cases.end()) {
      compare(normal->second(g), c, normal_tolerance);
    } else {
      FAIL_CHECK("unknown case: this test must learn it");
    }
  }
}
