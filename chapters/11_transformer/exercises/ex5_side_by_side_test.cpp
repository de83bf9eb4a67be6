// The reader's, the original, or the one in solutions/: the build decides.
#include <ex5_side_by_side.hpp>
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include "common/nn/transformer.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// A layer of the library with random weights throughout:
/// gains of 1 and biases of 0 would hide mistakes.
nn::TransformerEncoderLayer built_in(std::size_t size, std::size_t heads, std::size_t neurons,
                                     Generator& generator) {
  nn::TransformerEncoderLayer built(size, heads, generator,
                                    {.feed_forward = neurons, .dropout = 0});
  for (const Tensor& p : built.parameters())
    p.set_value(normal(p.shape(), 0, real(0.5), generator));
  return built;
}

/// Its parts, put side by side.
Tensor side_by_side(const nn::TransformerEncoderLayer& built, const Tensor& x, bool causal) {
  const Tensor n = built.norm1(x);
  return x + built.self_attn(n, n, n, {.causal = causal}) + built.linear2(relu(built.linear1(n)));
}

Tensor copy(const Tensor& weight) { return Tensor(weight.value(), true); }

ex::Weights weights_of(const nn::TransformerEncoderLayer& b) {
  return {copy(b.norm1.weight),
          copy(b.norm1.bias),
          copy(b.self_attn.in_proj_weight),
          copy(b.self_attn.in_proj_bias),
          copy(b.self_attn.out_proj.weight),
          copy(b.self_attn.out_proj.bias),
          copy(b.linear1.weight),
          copy(b.linear1.bias),
          copy(b.linear2.weight),
          copy(b.linear2.bias)};
}

Array gradient(const Tensor& t) { return t.has_grad() ? t.grad() : zeros(t.shape()); }

void judge_result(std::size_t length, std::size_t size, std::size_t heads, bool causal) {
  Generator generator{length + size};
  const nn::TransformerEncoderLayer built = built_in(size, heads, 2 * size + 1, generator);
  const Tensor x(randn({length, size}, generator));
  verdict::equal(
      fmt::format("{} words, size {}, heads {}{}", length, size, heads, causal ? ", causal" : ""),
      side_by_side(built, x, causal).value(),
      ex::layer(x, weights_of(built), heads, causal).value(), 1e-4);
}

}  // namespace

TEST_CASE("the library's parts, put side by side") {
  judge_result(3, 2, 1, false);
  judge_result(1, 4, 2, true);
  judge_result(5, 6, 3, false);
  judge_result(5, 6, 2, true);
  judge_result(4, 8, 8, true);
}

TEST_CASE("gradients reach everything") {
  Generator generator{42};
  const nn::TransformerEncoderLayer built = built_in(8, 2, 12, generator);
  const ex::Weights w = weights_of(built);
  const Tensor x(randn({4, 8}, generator), true), mine(x.value(), true),
      slope(randn({4, 8}, generator));
  sum(side_by_side(built, x, true) * slope).backward();
  const Tensor came = ex::layer(mine, w, 2, true);
  const bool same_shape = came.shape() == x.shape();
  verdict::holds("result", came.requires_grad() && same_shape,
                 "it is not (length, size), or it was not computed by operations on tensors");
  if (!came.requires_grad() || !same_shape) return;
  sum(came * slope).backward();
  const auto row = [](const char* name, const Tensor& expected, const Tensor& c) {
    verdict::equal(name, gradient(expected), gradient(c), 1e-4);
  };
  row("of x", x, mine);
  row("of gain", built.norm1.weight, w.gain);
  row("of shift", built.norm1.bias, w.shift);
  row("of W_in", built.self_attn.in_proj_weight, w.W_in);
  row("of b_in", built.self_attn.in_proj_bias, w.b_in);
  row("of W_out", built.self_attn.out_proj.weight, w.W_out);
  row("of b_out", built.self_attn.out_proj.bias, w.b_out);
  row("of W1", built.linear1.weight, w.W1);
  row("of b1", built.linear1.bias, w.b1);
  row("of W2", built.linear2.weight, w.W2);
  row("of b2", built.linear2.bias, w.b2);
}
