// The fused attention, and the heads it works on. Layers: transformer_test.cpp. Against PyTorch: tests/golden/attention_test.cpp.
#include "common/fast/attention.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "common/autograd/gradcheck.hpp"
#include "common/core/parallel.hpp"
#include "common/tensor/broadcast.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::values;

namespace {

constexpr real infinity = std::numeric_limits<real>::infinity(), not_a_number = std::numeric_limits<real>::quiet_NaN();

/// As in ops_gradient_test.cpp: central differences leave about 1e-10 in double; in float they show gross mistakes only.
constexpr double gradient_tolerance = sizeof(real) == 8 ? 1e-6 : 1e-2;

Tensor leaf(const Shape& shape, std::uint32_t seed) { return Tensor(values(shape, -1, 1, seed), true); }

/// 1 where a key is hidden: about every third, never the first, so that each query sees one.
Array some_hidden(const Shape& shape) {
  Array mask = zeros(shape);
  const std::size_t keys = shape.back();
  for (std::size_t i = 0; i < mask.size(); ++i) mask.data()[i] = i % keys != 0 && (i + i / keys) % 3 == 1;
  return mask;
}

/// The same from small operations.
Tensor composition(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options, Array* weights) {
  Tensor scores = matmul(q, k, Transpose::no, Transpose::yes) * real(options.scale.value_or(1 / std::sqrt(double(q.shape(-1)))));
  const AttentionMask& mask = options.mask;
  if (mask.added) scores = scores + Tensor(*mask.added);
  if (mask.hidden) scores = masked_fill(scores, *mask.hidden, -infinity);
  if (mask.causal) scores = masked_fill(scores, causal_mask(q.shape(-2), k.shape(-2)), -infinity);
  if (mask.key_padding) {
    Shape shape(q.ndim(), 1);
    shape.front() = q.shape(0);
    shape.back() = k.shape(-2);
    scores = masked_fill(scores, reshape(*mask.key_padding, shape), -infinity);
  }
  const Tensor shares = options.dropout > 0 ? dropout(softmax(scores), options.dropout, *options.generator) : softmax(scores);
  if (weights) *weights = shares.value();
  return matmul(shares, v);
}

struct Case {
  std::string name;
  AttentionOptions options;
};

/// Every mask, alone and together, for weights (2, 3, 4, 5).
std::vector<Case> cases() {
  const Array padding = array({2, 5}, {0, 0, 0, 0, 1, 0, 1, 0, 1, 1});
  Array added = values({4, 5}, -2, 2, 9);
  added(1, 2) = -infinity;
  return {{"plain", {}},
          {"scale", {.scale = 0.3}},
          {"causal", {.mask = {.causal = true}}},
          {"hidden for all", {.mask = {.hidden = some_hidden({4, 5})}}},
          {"hidden for each head", {.mask = {.hidden = some_hidden({3, 4, 5})}}},
          {"hidden for each sequence", {.mask = {.hidden = some_hidden({2, 1, 4, 5})}}},
          {"hidden for each", {.mask = {.hidden = some_hidden({2, 3, 4, 5})}}},
          {"hidden keys", {.mask = {.hidden = some_hidden({5})}}},
          {"one number for a row", {.mask = {.added = values({4, 1}, -1, 1, 3)}}},
          {"added", {.mask = {.added = added}}},
          {"key padding", {.mask = {.key_padding = padding}}},
          {"all", {.mask = {.causal = true, .hidden = some_hidden({3, 4, 5}), .added = added, .key_padding = padding}, .scale = 2.0}}};
}

}  // namespace

TEST_CASE("attention: by hand") {
  // Two queries, three keys, d_k = 1. Scores q k: 0 0 0 and 0 log 2 log 3; shares 1/3 1/3 1/3 and 1/6 2/6 3/6.
  const Tensor q(array({2, 1}, {0, 1})), k(array({3, 1}, {0, std::log(real(2)), std::log(real(3))})),
      v(array({3, 2}, {6, 0, 12, 0, 18, 6}));
  Array weights;
  CHECK(all_close(scaled_dot_product_attention(q, k, v, {}, &weights).value(), array({2, 2}, {12, 2, 14, 3}), 10 * test::rounding));
  CHECK(all_close(weights, array({2, 3}, {1 / real(3), 1 / real(3), 1 / real(3), 1 / real(6), 1 / real(3), real(0.5)}), test::rounding));
  // Causal: the first query sees the first key, the second two of them, with 1/3 and 2/3.
  const Array causal = array({2, 2}, {6, 0, 10, 0});
  CHECK(all_close(scaled_dot_product_attention(q, k, v, {.mask = {.causal = true}}, &weights).value(), causal, 10 * test::rounding));
  CHECK(weights(0, 0) == 1);
  CHECK((weights(0, 1) == 0 && weights(0, 2) == 0 && weights(1, 2) == 0));
  // With four numbers in a key the scale is 1 / 2.
  const Tensor wide(array({1, 4}, {1, 1, 1, 1})), keys(array({2, 4}, {0, 0, 0, 0, 0, 0, 0, 2 * std::log(real(3))}));
  scaled_dot_product_attention(wide, keys, Tensor(zeros({2, 1})), {}, &weights);
  CHECK(all_close(weights, array({1, 2}, {real(0.25), real(0.75)}), test::rounding));
}

TEST_CASE("attention: equal to its composition of small operations, forward and gradients, with every mask and with dropout") {
  for (const double p : {0.0, 0.4}) {
    for (Case& c : cases()) {
      Generator ours{7}, theirs{7};
      const Tensor R(values({2, 3, 4, 6}, -1, 1, 4));
      std::vector<Array> results[2];
      for (const bool fused : {true, false}) {
        const Tensor q = leaf({2, 3, 4, 2}, 1), k = leaf({2, 3, 5, 2}, 2), v = leaf({2, 3, 5, 6}, 3);
        c.options.dropout = p;
        c.options.generator = fused ? &ours : &theirs;
        Array weights;
        const Tensor y = (fused ? scaled_dot_product_attention : composition)(q, k, v, c.options, &weights);
        sum(y * R).backward();
        results[fused] = {y.value(), weights, q.grad(), k.grad(), v.grad()};
      }
      for (std::size_t i = 0; i < 5; ++i)
        CHECK_MESSAGE(all_close(results[1][i], results[0][i], 10 * test::rounding), c.name, " ", p, ", result ", i);
      CHECK(ours.random() == theirs.random());  // both drew the same numbers
    }
  }
}

TEST_CASE("self_attention: causal with many queries, heads in place and every mask, equal to the composition of small operations") {
  constexpr std::size_t length = 150;  // two blocks of queries: the second must find its own rows of queries, masks and results
  Array padding = zeros({2, length}), hidden = zeros({length, length});
  for (std::size_t j = 120; j < length; ++j) padding(1, j) = 1;
  for (std::size_t i = 0; i < length; ++i)
    for (std::size_t j = 1; j < length; ++j) hidden(i, j) = (i + 2 * j) % 7 == 0;
  const AttentionOptions options{
      .mask = {.causal = true, .hidden = hidden, .added = values({length, length}, -1, 1, 9), .key_padding = padding}};
  for (const bool batch_first : {true, false}) {
    CAPTURE(batch_first);
    std::vector<Array> results[2];
    for (const bool fused : {true, false}) {
      const Tensor x = leaf(batch_first ? Shape{2, length, 18} : Shape{length, 2, 18}, 1);  // 2 heads with 3 columns each, three times
      const auto part = [&](std::size_t i) { return split_heads(x, 2, 6 * i, 6 * (i + 1), batch_first); };
      Array weights;
      const Tensor y = fused ? self_attention(x, 2, batch_first, options, &weights)
                             : merge_heads(composition(part(0), part(1), part(2), options, &weights), batch_first);
      sum(y * Tensor(values(y.shape(), -1, 1, 4))).backward();
      results[fused] = {y.value(), weights, x.grad()};
    }
    for (std::size_t i = 0; i < 3; ++i) CHECK_MESSAGE(all_close(results[1][i], results[0][i], 30 * test::rounding), "result ", i);
  }
}

TEST_CASE("attention: shares sum to 1, a hidden key has exactly none") {
  for (const Case& c : cases()) {
    Array weights;
    scaled_dot_product_attention(leaf({2, 3, 4, 2}, 1), leaf({2, 3, 5, 2}, 2), leaf({2, 3, 5, 6}, 3), c.options, &weights);
    CHECK(weights.shape() == Shape{2, 3, 4, 5});
    CHECK_MESSAGE(all_close(sum(Tensor(weights), {-1}).value(), ones({2, 3, 4}), test::rounding), c.name);
    if (!c.options.mask.hidden) continue;
    const Array hidden = broadcast_to(*c.options.mask.hidden, weights.shape());
    std::size_t count = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) count += hidden.data()[i] != 0 && weights.data()[i] == 0;
    CHECK_MESSAGE((count > 0 && real(count) == sum(Tensor(hidden)).item()), c.name);
  }
}

TEST_CASE("attention: gradients, also of one input alone") {
  for (const Case& c : cases()) {
    for (const int without : {-1, 0, 1, 2}) {
      if (without >= 0 && c.name != "all") continue;
      std::vector<Tensor> inputs{leaf({2, 3, 4, 2}, 1), leaf({2, 3, 5, 2}, 2), leaf({2, 3, 5, 1}, 3)}, used = inputs;
      if (without >= 0) {
        used = {inputs[std::size_t(without)]};
        for (int i = 0; i < 3; ++i) inputs[std::size_t(i)].set_requires_grad(i == without);
      }
      const GradientCheck result =
          check_gradients(used, [&](const auto&) { return scaled_dot_product_attention(inputs[0], inputs[1], inputs[2], c.options); });
      CHECK_MESSAGE(result.worst <= gradient_tolerance, result.message(c.name));
      for (int i = 0; i < 3; ++i) CHECK(inputs[std::size_t(i)].has_grad() == (without < 0 || i == without));
    }
  }
  const GradientCheck dropped = check_gradients({leaf({4, 2}, 1), leaf({5, 2}, 2), leaf({5, 3}, 3)}, [](const auto& x) {
    Generator g{5};  // the same weights are dropped each time
    return scaled_dot_product_attention(x[0], x[1], x[2], {.dropout = 0.5, .generator = &g});
  });
  CHECK_MESSAGE(dropped.worst <= gradient_tolerance, dropped.message("dropout"));
  const GradientCheck self =
      check_gradients({leaf({2, 4, 3}, 1)}, [](const auto& x) { return scaled_dot_product_attention(x[0], x[0], x[0]); });
  CHECK_MESSAGE(self.worst <= gradient_tolerance, self.message("one tensor as q, k and v"));
}

TEST_CASE("attention: with `causal` a later token changes nothing before it, bit for bit") {
  const Array x = values({2, 6, 4}, -1, 1, 1);
  const auto attend = [](const Array& tokens) {
    return scaled_dot_product_attention(Tensor(tokens), Tensor(tokens), Tensor(tokens), {.mask = {.causal = true}});
  };
  const Tensor before = attend(x);
  for (std::size_t changed = 0; changed < 6; ++changed) {
    Array other = x;
    for (std::size_t j = 0; j < 4; ++j) other(1, changed, j) += 3;
    const Tensor after = attend(other);
    CHECK(slice(after, 1, 0, changed).value() == slice(before, 1, 0, changed).value());
    CHECK(select(after, 0, 0).value() == select(before, 0, 0).value());  // the other sequence does not see it either
    for (std::size_t i = changed; i < 6; ++i)
      CHECK(select(select(after, 0, 1), 0, i).value() != select(select(before, 0, 1), 0, i).value());
  }
}

TEST_CASE("attention: a query that sees no key gets nothing, and NaN does not vanish") {
  Array hidden = zeros({3, 2}), added = zeros({3, 2});
  hidden(1, 0) = hidden(1, 1) = 1;
  added(1, 0) = added(1, 1) = -infinity;
  for (const AttentionMask& mask : {AttentionMask{.hidden = hidden}, AttentionMask{.added = added}}) {
    const Tensor q = leaf({3, 2}, 1), k = leaf({2, 2}, 2), v = leaf({2, 4}, 3);
    Array weights;
    const Tensor y = scaled_dot_product_attention(q, k, v, {.mask = mask}, &weights);
    for (std::size_t j = 0; j < 4; ++j) CHECK(y.value()(1, j) == 0);
    CHECK((weights(1, 0) == 0 && weights(1, 1) == 0));
    CHECK(weights(0, 0) + weights(0, 1) == doctest::Approx(1));
    sum(square(y)).backward();
    CHECK((q.grad()(1, 0) == 0 && q.grad()(1, 1) == 0 && q.grad()(0, 0) != 0));
  }
  CHECK(scaled_dot_product_attention(Tensor(ones({3, 2})), Tensor(ones({0, 2})), Tensor(ones({0, 4}))).value() == zeros({3, 4}));
  CHECK(scaled_dot_product_attention(Tensor(ones({0, 3, 2})), Tensor(ones({0, 5, 2})), Tensor(ones({0, 5, 4})), {.mask = {.causal = true}})
            .shape() == Shape{0, 3, 4});

  // One key hidden, the score of the other is NaN: that must be seen, not taken for a row without keys.
  const Tensor q(array({1, 1}, {not_a_number})), k(ones({2, 1})), v(ones({2, 1}));
  CHECK(std::isnan(scaled_dot_product_attention(q, k, v, {.mask = {.hidden = array({1, 0})}}).item()));
  CHECK(std::isnan(scaled_dot_product_attention(q, k, v, {.mask = {.hidden = array({0, 1})}}).item()));
}

TEST_CASE("attention: one thread and four give the same numbers") {
  if (!has_openmp()) return;
  const auto run = [](int count) {
    set_threads(count);
    Generator g{3};
    const Tensor q = leaf({4, 3, 60, 16}, 1), k = leaf({4, 3, 70, 16}, 2), v = leaf({4, 3, 70, 32}, 3);
    const Tensor y = scaled_dot_product_attention(q, k, v, {.mask = {.causal = true}, .dropout = 0.1, .generator = &g});
    sum(y * Tensor(values(y.shape(), -1, 1, 4))).backward();
    return std::vector<Array>{y.value(), q.grad(), k.grad(), v.grad()};
  };
  const int before = threads();
  const std::vector<Array> one = run(1), four = run(4);
  set_threads(before);
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i] == four[i]);  // a head is computed by one thread, the same way by each
}

TEST_CASE("attention: masks as arrays") {
  CHECK(causal_mask(2, 3) == array({2, 3}, {0, 1, 1, 0, 0, 1}));
  CHECK(causal_mask(3, 2) == array({3, 2}, {0, 1, 0, 0, 0, 0}));
  CHECK(padding_mask(ids({2, 3}, {4, 9, 9, 9, 4, 4}), 9) == array({2, 3}, {0, 1, 1, 1, 0, 0}));
}

TEST_CASE("heads: cut apart as slice, reshape and permute do it, and put together again") {
  for (const bool batch_first : {true, false}) {
    const Tensor x = leaf(batch_first ? Shape{2, 3, 20} : Shape{3, 2, 20}, 1);
    const Tensor y = split_heads(x, 4, 8, 20, batch_first);  // 12 columns as 4 heads of 3
    const Tensor turned = batch_first ? x : transpose(x, 0, 1);
    CHECK(y.value() == permute(reshape(slice(turned, 2, 8, 20), {2, 3, 4, 3}), {0, 2, 1, 3}).value());
    CHECK(merge_heads(y, batch_first).value() == slice(x, 2, 8, 20).value());
    const GradientCheck split = check_gradients({x}, [&](const auto& t) { return split_heads(t[0], 4, 8, 20, batch_first); });
    CHECK_MESSAGE(split.worst <= gradient_tolerance, split.message("split_heads"));
    const GradientCheck merged = check_gradients({leaf({2, 4, 3, 5}, 2)}, [&](const auto& t) { return merge_heads(t[0], batch_first); });
    CHECK_MESSAGE(merged.worst <= gradient_tolerance, merged.message("merge_heads"));
  }
}

TEST_CASE("attention: causal with many queries, which are taken in blocks, equal to the composition of small operations") {
  for (const std::size_t keys : {90, 150, 230}) {  // fewer than queries, as many, more: then the last ones are seen by no query
    for (const double p : {0.0, 0.3}) {
      CAPTURE(keys);
      Generator ours{7}, theirs{7};
      std::vector<Array> results[2];
      for (const bool fused : {true, false}) {
        const Tensor q = leaf({2, 150, 3}, 1), k = leaf({2, keys, 3}, 2), v = leaf({2, keys, 4}, 3);
        Array weights;
        const AttentionOptions options{.mask = {.causal = true}, .dropout = p, .generator = fused ? &ours : &theirs};
        const Tensor y = (fused ? scaled_dot_product_attention : composition)(q, k, v, options, &weights);
        sum(y * Tensor(values({2, 150, 4}, -1, 1, 4))).backward();
        results[fused] = {y.value(), weights, q.grad(), k.grad(), v.grad()};
      }
      // The first key's gradient is a sum over 150 queries of numbers near 1: the roundings of some of them add up.
      for (std::size_t i = 0; i < 5; ++i) CHECK_MESSAGE(all_close(results[1][i], results[0][i], 30 * test::rounding), "result ", i);
    }
  }
}

TEST_CASE("self_attention: equal to heads cut apart, attended to and put together again") {
  for (const bool batch_first : {true, false}) {
    for (const double p : {0.0, 0.3}) {
      Generator ours{7}, theirs{7};
      std::vector<Array> results[2];
      const Array padding = array({2, 5}, {0, 0, 0, 0, 1, 0, 0, 0, 1, 1});
      for (const bool fused : {true, false}) {
        const Tensor x = leaf(batch_first ? Shape{2, 5, 36} : Shape{5, 2, 36}, 1);  // 3 heads with 4 columns each, three times
        const AttentionOptions options{
            .mask = {.causal = true, .key_padding = padding}, .dropout = p, .generator = fused ? &ours : &theirs};
        const auto part = [&](std::size_t i) { return split_heads(x, 3, 12 * i, 12 * (i + 1), batch_first); };
        Array weights;
        const Tensor y = fused ? self_attention(x, 3, batch_first, options, &weights)
                               : merge_heads(scaled_dot_product_attention(part(0), part(1), part(2), options, &weights), batch_first);
        sum(y * Tensor(values(y.shape(), -1, 1, 4))).backward();
        results[fused] = {y.value(), weights, x.grad()};
      }
      for (std::size_t i = 0; i < 3; ++i)
        CHECK_MESSAGE(all_close(results[1][i], results[0][i], 10 * test::rounding), batch_first, " ", p, ", result ", i);
    }
  }
  const GradientCheck result = check_gradients({leaf({2, 3, 12}, 1)}, [](const auto& t) { return self_attention(t[0], 2); });
  CHECK_MESSAGE(result.worst <= gradient_tolerance, result.message("self_attention"));
  for (const Shape& shape : {Shape{0, 3, 12}, Shape{3, 0, 12}}) {
    const Tensor x(ones(shape), true), y = self_attention(x, 2);
    CHECK(y.shape() == Shape{shape[0], shape[1], 4});
    sum(y).backward();
    CHECK(x.grad().shape() == shape);
  }
}

TEST_CASE("attention: what it refuses") {
  const auto attend = [](const Shape& q, const Shape& k, const Shape& v, const AttentionOptions& options = {}) {
    return test::error_of([&] { scaled_dot_product_attention(Tensor(zeros(q)), Tensor(zeros(k)), Tensor(zeros(v)), options); });
  };
  const std::string name = "scaled_dot_product_attention: ", fit = " do not fit (…, queries, d_k), (…, keys, d_k), (…, keys, d_v)";
  CHECK(attend({2, 3}, {4, 5}, {4, 6}) == name + "q (2, 3), k (4, 5) and v (4, 6)" + fit);
  CHECK(attend({2, 3}, {4, 3}, {5, 6}) == name + "q (2, 3), k (4, 3) and v (5, 6)" + fit);
  CHECK(attend({7, 2, 3}, {8, 4, 3}, {7, 4, 6}) == name + "q (7, 2, 3), k (8, 4, 3) and v (7, 4, 6)" + fit);
  CHECK(attend({7, 2, 3}, {4, 3}, {4, 6}) == name + "q (7, 2, 3), k (4, 3) and v (4, 6)" + fit);
  CHECK(attend({3}, {3}, {3}) == name + "q (3,), k (3,) and v (3,)" + fit);
  CHECK(attend({2, 0}, {4, 0}, {4, 6}) == name + "d_k is 0 in q (2, 0)");
  const Tensor huge = Tensor::meta({std::size_t(1) << 31, 1});
  CHECK(test::error_of([&] { scaled_dot_product_attention(huge, huge, huge); }) ==
        name + "q (2147483648, 1), k (2147483648, 1), v (2147483648, 1) is more than BLAS can count");
  const Tensor wide = Tensor::meta({2, 4, std::size_t(3) << 30});
  CHECK(test::error_of([&] { self_attention(wide, std::size_t(1) << 30, false); }) ==
        "self_attention: rows 12884901888 numbers apart in (2, 4, 3221225472) are more than BLAS can count");
  const auto masked = [&](const AttentionMask& mask) { return attend({7, 2, 3}, {7, 4, 3}, {7, 4, 6}, {.mask = mask}); };
  CHECK(masked({.hidden = zeros({4, 2})}) == name + "the mask hidden (4, 2) does not broadcast to the weights (7, 2, 4)");
  CHECK(masked({.hidden = zeros({1, 7, 2, 4})}) == name + "the mask hidden (1, 7, 2, 4) does not broadcast to the weights (7, 2, 4)");
  CHECK(masked({.added = zeros({6, 2, 4})}) == name + "the mask added (6, 2, 4) does not broadcast to the weights (7, 2, 4)");
  CHECK(masked({.key_padding = zeros({7, 5})}) == name + "key_padding is (batch, keys), got (7, 5) for weights (7, 2, 4)");
  CHECK(masked({.key_padding = zeros({7, 1, 4})}) == name + "key_padding is (batch, keys), got (7, 1, 4) for weights (7, 2, 4)");
  CHECK(attend({2, 3}, {4, 3}, {4, 6}, {.dropout = 1}) == name + "dropout 1 is not in [0, 1)");
  CHECK(attend({2, 3}, {4, 3}, {4, 6}, {.dropout = 0.5}) == name + "dropout 0.5 needs a generator");
  CHECK(test::error_of([] {
          self_attention(Tensor(zeros({3, 12})), 2);
        }) == "self_attention: needs (batch, length, 3 size) or (length, batch, 3 size), got (3, 12)");
  CHECK(test::error_of([] {
          self_attention(Tensor(zeros({2, 3, 10})), 2);
        }) == "self_attention: the columns of (2, 3, 10) are not queries, keys and values of 2 heads");
  CHECK(test::error_of([] { split_heads(Tensor(zeros({2, 3, 10})), 3, 0, 10); }) == "split_heads: 10 columns do not split into 3 heads");
  CHECK(test::error_of([] {
          split_heads(Tensor(zeros({2, 3, 10})), 1, 4, 12);
        }) == "split_heads: columns 4 to 12 of (2, 3, 10), which should be (batch, length, columns)");
  CHECK(test::error_of([] { merge_heads(Tensor(zeros({2, 3, 10}))); }) == "merge_heads: needs (batch, heads, length, d), got (2, 3, 10)");
}
