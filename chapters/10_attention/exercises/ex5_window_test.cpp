// The reader's, the original, or the one in solutions/: the build decides.
#include <ex5_window.hpp>
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include <limits>

#include "common/autograd/ops.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// The same by autograd, with n x n matrices:
/// hidden is what lies in the future or before the window.
struct Full {
  Full(const Array& Q, const Array& K, const Tensor& V, const Tensor& bias) {
    const std::size_t n = Q.shape()[0], w = bias.shape(0);
    // Row i n + j has a 1 in column i - j.
    Array hidden = ones({n, n}), distance = zeros({n * n, w});
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t r = 0; r < std::min(w, i + 1); ++r) {
        hidden(i, i - r) = 0;
        distance(i * n + i - r, r) = 1;
      }
    }
    const Tensor scores = matmul(Tensor(Q), Tensor(K), Transpose::no, Transpose::yes) /
                          std::sqrt(real(K.shape()[1]));  // (n, n)
    const Tensor biases = reshape(matmul(Tensor(distance), bias), {n, n});
    const Tensor shares =
        softmax(masked_fill(scores + biases, hidden, -std::numeric_limits<real>::infinity()));
    attention = matmul(shares, V);
    percent = zeros({n, w});
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t r = 0; r < std::min(w, i + 1); ++r) percent(i, r) = shares.value()(i, i - r);
  }
  Tensor attention;  ///< (n, d_v)
  Array percent;     ///< (n, w)
};

void judge(std::size_t n, std::size_t w, std::size_t d_k, std::size_t d_v, real size = 1) {
  Generator generator{10 * n + w};
  const Array Q = normal({n, d_k}, 0, size, generator), K = randn({n, d_k}, generator);
  const Tensor V(randn({n, d_v}, generator), true), bias(randn({w}, generator), true);
  const Full full(Q, K, V, bias);
  const std::string name =
      fmt::format("{} words, window {}{}", n, w, size > 1 ? ", large scores" : "");
  // Single precision knows a score of some thousands to 0.0002 only.
  const double tolerance = size > 1 ? 2e-3 : 1e-5;
  const ex::Windowed mine = ex::window_attention(Q, K, V.value(), bias.value());
  verdict::equal(name + ": percent", full.percent, mine.percent, tolerance);
  verdict::equal(name + ": attention", full.attention.value(), mine.attention, tolerance);

  const Array direction = randn({n, d_v}, generator);
  sum(full.attention * Tensor(direction)).backward();
  // The right percent: judged by itself.
  const ex::WindowGradients d = ex::window_backward(full.percent, V.value(), direction);
  verdict::equal(name + ": d V", V.grad(), d.V);
  verdict::equal(name + ": d bias", bias.grad(), d.bias, 1e-4);
}

}  // namespace

TEST_CASE("a window of three") { judge(6, 3, 2, 2); }
TEST_CASE("other sizes") {
  judge(12, 5, 4, 3);
  judge(3, 3, 3, 1);
}
TEST_CASE("a window wider than the sentence, a window of one, one word") {
  judge(3, 7, 2, 4);
  judge(4, 1, 2, 3);
  judge(1, 2, 2, 2);
}
TEST_CASE("large scores") { judge(8, 4, 2, 2, 1000); }
