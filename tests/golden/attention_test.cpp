// Attention, positions and transformer layers against PyTorch: forward and every gradient.
#include "common/fast/cross_entropy.hpp"
#include "common/nn/position.hpp"
#include "common/nn/transformer.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::json;
using golden::leaf;
using golden::load;

namespace {
Generator unused{0};

/// The mask a variant's name stands for: "causal" or "…key_padding".
AttentionMask mask_of(const std::string& variant, const Array& key_padding) {
  if (golden::has(variant, "key_padding")) return {.key_padding = key_padding};
  return {.causal = golden::has(variant, "causal")};
}

}  // namespace

TEST_CASE("golden scaled_dot_product_attention") {
  golden::File f("scaled_dot_product_attention");
  const Array hidden = f.input("causal_mask_True_hidden"), padding = f.input("key_padding_True_hidden");
  const Tensor R(f.input("R"));
  for (const std::string variant : {"self", "causal", "cross", "cross_key_padding"}) {
    const bool cross = golden::starts_with(variant, "cross");
    const Tensor q = leaf(f.input("q")), k = leaf(f.input(cross ? "k_cross" : "k")), v = leaf(f.input(cross ? "v_cross" : "v"));
    golden::Part expected = f.part(variant);
    const AttentionMask mask = mask_of(variant, padding);
    Array weights;
    const Tensor out = scaled_dot_product_attention(q, k, v, {.mask = mask}, &weights);
    expected.check("out", out, golden::forward);
    expected.check("weights", weights, golden::forward);
    sum(out * R).backward();
    expected.check_gradients("grads_of_sum(out*R)", {{"q", q}, {"k", k}, {"v", v}});

    Tensor scores = matmul(q, k, Transpose::no, Transpose::yes) / std::sqrt(real(q.shape(-1)));
    const real none = -std::numeric_limits<real>::infinity();
    if (mask.causal) scores = masked_fill(scores, hidden, none);
    if (mask.key_padding) scores = masked_fill(scores, reshape(padding, {padding.shape()[0], 1, padding.shape()[1]}), none);
    expected.check("scores", scores, golden::forward);
    expected.check("weights", softmax(scores), golden::forward);
  }
  // The same mask, said in three ways
  const Tensor q(f.input("q")), k(f.input("k")), v(f.input("v"));
  CHECK(causal_mask(q.shape(1), k.shape(1)) == hidden);
  const json& causal = f.expected("causal").at("out");
  golden::expect("causal/out by `hidden`", scaled_dot_product_attention(q, k, v, {.mask = {.hidden = hidden}}), causal, golden::forward);
  Array weights, added = hidden;
  for (real& x : added) x = x != 0 ? real(-1e9) : real(0);
  const Tensor by_sum = scaled_dot_product_attention(q, k, v, {.mask = {.added = added}}, &weights);
  golden::expect("causal/out by `added`", by_sum, causal, golden::forward);
  f.check("mask_value_-1e9_weights_causal", weights, golden::forward);

  scaled_dot_product_attention(q, k, v, {.scale = 1}, &weights);
  f.check("unscaled_weights_self", weights, golden::forward);
  scaled_dot_product_attention(q, k, v, {}, &weights);
  f.check("column_convention_K_Q^T_softmax_dim0_equals_transpose", transpose(Tensor(weights)), golden::forward);

  // What masking is not: scores set to 0 still get a share. The right weights are far from these.
  const Tensor zeroed = masked_fill(matmul(q, k, Transpose::no, Transpose::yes) / std::sqrt(real(q.shape(-1))), hidden, 0);
  f.check("WRONG_zeroing_scores_before_softmax", softmax(zeroed), golden::forward);
  scaled_dot_product_attention(q, k, v, {.mask = {.causal = true}}, &weights);
  CHECK(max_difference(weights, softmax(zeroed).value()) > 0.05);
}

TEST_CASE("golden multihead_attention") {
  golden::File f("multihead_attention");
  const Array padding = f.input("key_padding_mask_True_hidden"), hidden = f.input("attn_mask_True_hidden");
  const std::size_t size = f.input("x").shape().back();
  const std::size_t heads = golden::array_from_json(f.expected("self").at("per_head_weights"), "heads").shape()[1];
  for (const std::string variant : {"self", "causal", "self_key_padding", "cross"}) {
    for (const bool batch_first : {true, false}) {
      const nn::MultiheadAttention layer(size, heads, unused, {.batch_first = batch_first});
      load(layer, f.params());
      const Tensor x = leaf(f.input("x")), memory = leaf(f.input("memory"));
      const auto turned = [&](const Tensor& t) { return batch_first ? t : transpose(t, 0, 1); };
      golden::Part expected = f.part(variant);
      const Tensor query = turned(x), key = variant == "cross" ? turned(memory) : query;
      Array weights;
      const Tensor out = turned(layer(query, key, key, mask_of(variant, padding), &weights));
      expected.check("out", out, golden::forward);
      expected.check("per_head_weights", weights, golden::forward);
      expected.check("avg_weights", nn::mean_over_heads(weights), golden::forward);
      sum(out * Tensor(f.input("R"))).backward();
      nn::NamedTensors leaves = layer.named_parameters();
      leaves.emplace_back("query", x);
      if (variant == "cross") leaves.emplace_back("memory", memory);
      expected.check_gradients("grads_of_sum(out*R)", leaves);
      f.check("n_params", double(layer.parameter_count()), golden::forward);
      if (variant == "causal") expected.check("out", turned(layer(query, key, key, {.hidden = hidden})), golden::forward);
    }
  }
}

TEST_CASE("golden positional_encoding") {
  golden::File f("positional_encoding");
  f.check("d2_len6", nn::sinusoidal_encoding(6, 2), golden::forward);
  f.check("d4_len6", nn::sinusoidal_encoding(6, 4), golden::forward);
  f.check("d8_len4", nn::sinusoidal_encoding(4, 8), golden::forward);
  const Tensor table(nn::sinusoidal_encoding(200, 512));
  const auto row = [&](std::size_t position) { return select(table, 0, position); };
  f.check("d512_pos1_first8", slice(row(1), 0, 0, 8), golden::forward);
  f.check("d512_pos1_last4", slice(row(1), 0, 508, 512), golden::forward);
  f.check("d512_pos100_first8", slice(row(100), 0, 0, 8), golden::forward);
  f.check("d512_row_norm_squared", sum(square(row(7))), golden::forward);
  // How alike two positions are depends on their distance only: the two lists are the same, whatever the first position.
  for (const std::string key : {"d512_dot_pos10_pos10+k_for_k0..5", "d512_dot_pos50_pos50+k_for_k0..5"}) {
    const std::size_t first = std::size_t(golden::number_after(key, "dot_pos"));
    std::vector<double> products;
    for (std::size_t k = 0; k < f.expected(key).size(); ++k) products.push_back(sum(row(first) * row(first + k)).item());
    f.check(key, products, golden::forward);
  }
}

TEST_CASE("golden transformer_encoder_layer") {
  golden::File f("transformer_encoder_layer");
  const Array X = f.input("X"), padding = f.input("key_padding_True_hidden");
  for (const bool norm_first : {false, true}) {
    for (const nn::Activation activation : {nn::Activation::relu, nn::Activation::gelu}) {
      const bool relu = activation == nn::Activation::relu;
      const nn::TransformerEncoderLayer layer(
          X.shape().back(), 2, unused,
          {.feed_forward = 8, .dropout = 0, .activation = activation, .norm_first = norm_first, .batch_first = true});
      load(layer, f.params());
      f.check("n_params", double(layer.parameter_count()), golden::forward);
      golden::Part expected = f.part(fmt::format("{}_norm_{}", norm_first ? "pre" : "post", relu ? "relu" : "gelu"));
      const Tensor x = leaf(X), out = layer(x);
      expected.check("out", out, golden::forward);
      if (!relu) continue;
      sum(out * Tensor(f.input("R"))).backward();
      nn::NamedTensors leaves = layer.named_parameters();
      leaves.emplace_back("x", x);
      expected.check_gradients("grads_of_sum(out*R)", leaves);
      expected.check("out_key_padding", layer(x, {.key_padding = padding}), golden::forward);
      expected.check("out_causal", layer(x, {.causal = true}), golden::forward);
      expected.check("out_causal", layer(x, {.hidden = f.input("causal_True_hidden")}), golden::forward);
    }
  }
}

TEST_CASE("golden transformer_decoder_layer") {
  golden::File f("transformer_decoder_layer");
  CHECK(f.input("tgt_mask_True_hidden") == causal_mask(3, 3));
  for (const bool norm_first : {false, true}) {
    const Tensor x = leaf(f.input("tgt")), memory = leaf(f.input("memory"));
    const nn::TransformerDecoderLayer layer(x.shape(-1), 2, unused,
                                            {.feed_forward = 8, .dropout = 0, .norm_first = norm_first, .batch_first = true});
    load(layer, f.params());
    f.check("n_params", double(layer.parameter_count()), golden::forward);
    golden::Part expected = f.part(norm_first ? "pre_norm" : "post_norm");
    const Tensor out = layer(x, memory, {.causal = true});
    expected.check("out", out, golden::forward);
    expected.check("out_without_mask", layer(x, memory), golden::forward);
    sum(out * Tensor(f.input("R"))).backward();
    nn::NamedTensors leaves = layer.named_parameters();
    leaves.emplace_back("tgt", x);
    leaves.emplace_back("memory", memory);
    expected.check_gradients("grads_of_sum(out*R)", leaves);
  }
}

TEST_CASE("golden transformer_encoder_stack2") {
  golden::File f("transformer_encoder_stack2"), layer("transformer_encoder_layer");
  const Tensor x(f.input("X"));
  const nn::TransformerEncoderLayer one(
      x.shape(-1), 2, unused,
      {.feed_forward = 8, .dropout = 0, .activation = nn::Activation::gelu, .norm_first = true, .batch_first = true});
  const nn::TransformerEncoder stack(one, 2, nn::LayerNorm(x.shape(-1)));
  load(stack, f.params());
  f.check("out", stack(x), golden::forward);
  f.check("out_key_padding", stack(x, {.key_padding = layer.input("key_padding_True_hidden")}), golden::forward);
  for (const auto& [key, value] : layer.all().items()) layer.expected(key);  // checked above; only its mask is needed here
}

namespace {

/// The output of `run`, a layer or stack with its parameters loaded, and every gradient of sum(output * R).
template <class M, class Run>
void check_entry(golden::File& f, const std::string& name, const char* params, const M& module, golden::Part::Leaves leaves,
                 const Run& run) {
  load(module, f.params().at(params));
  golden::Part expected = f.part(name);
  const Tensor out = run(module);
  expected.check("out", out, golden::forward);
  sum(out * Tensor(f.input("R"))).backward();
  for (const auto& parameter : module.named_parameters()) leaves.push_back(parameter);
  expected.check_gradients("grads_of_sum(out*R)", leaves);
}

}  // namespace

TEST_CASE("golden transformer_gradients") {
  golden::File f("transformer_gradients");
  CHECK(f.input("causal_True_hidden") == causal_mask(3, 3));
  std::size_t checked = 0;
  for (const auto& [name, entry] : f.all().items()) {
    const AttentionMask mask = mask_of(name, f.input("key_padding_True_hidden"));
    const nn::TransformerOptions options{.feed_forward = 8,
                                         .dropout = 0,
                                         .activation = golden::has(name, "gelu_tanh") ? nn::Activation::gelu_tanh : nn::Activation::gelu,
                                         .norm_first = golden::has(name, "pre_norm"),
                                         .batch_first = true};
    const Tensor x = leaf(f.input("X")), memory = leaf(f.input("memory"));
    const std::size_t size = x.shape(-1);
    const nn::TransformerEncoderLayer layer(size, 2, unused, options);
    if (golden::starts_with(name, "layer_"))
      check_entry(f, name, "layer", layer, {{"x", x}}, [&](const auto& m) { return m(x, mask); });
    else if (golden::starts_with(name, "stack_"))
      check_entry(f, name, "stack", nn::TransformerEncoder(layer, 2, nn::LayerNorm(size)), {{"x", x}},
                  [&](const auto& m) { return m(x, mask); });
    else
      check_entry(f, name, "decoder", nn::TransformerDecoderLayer(size, 2, unused, options), {{"x", x}, {"memory", memory}},
                  [&](const auto& m) { return m(x, memory, mask); });
    ++checked;
  }
  CHECK(checked == 6);
}

namespace {

/// GPT-2 with one layer: learned positions, norms first, the output layer is the embedding.
struct Gpt2 : nn::Module {
  Gpt2(std::size_t words, std::size_t length, std::size_t size, std::size_t heads, std::size_t neurons)
      : wte(child("wte", nn::Embedding(words, size, unused))),
        wpe(child("wpe", nn::LearnedPosition(size, unused, {.max_length = length}))),
        ln1(child("ln1", nn::LayerNorm(size))),
        ln2(child("ln2", nn::LayerNorm(size))),
        lnf(child("lnf", nn::LayerNorm(size))),
        attn(child("attn", nn::MultiheadAttention(size, heads, unused))),
        fc(child("fc", nn::Linear(size, neurons, unused))),
        fc2(child("fc2", nn::Linear(neurons, size, unused))) {}

  /// (length,) -> (length, words)
  Tensor operator()(const Ids& ids, golden::Part* trace = nullptr) const {
    const auto see = [&](const char* name, const Tensor& t) {
      if (trace) trace->check(name, t, golden::forward);
      return t;
    };
    const Tensor x = see("embedded", wpe(wte(ids))), normed = see("ln1", ln1(x));
    see("qkv", linear(normed, attn.in_proj_weight, attn.in_proj_bias));
    Array weights;
    const Tensor seen = see("after_attention", x + attn(normed, normed, normed, {.causal = true}, &weights));
    see("attn_weights_per_head", Tensor(weights));
    const Tensor more = see("mlp_out", fc2(gelu(fc(see("ln2", ln2(seen))), Gelu::tanh)));
    return linear(lnf(see("block_out", seen + more)), wte.weight);
  }

  /// Parameters under the names of the file.
  nn::NamedTensors named() const {
    return {{"wte", wte.weight},
            {"wpe", wpe.weight},
            {"ln1_w", ln1.weight},
            {"ln1_b", ln1.bias},
            {"attn_w", attn.in_proj_weight},
            {"attn_b", attn.in_proj_bias},
            {"proj_w", attn.out_proj.weight},
            {"proj_b", attn.out_proj.bias},
            {"ln2_w", ln2.weight},
            {"ln2_b", ln2.bias},
            {"fc_w", fc.weight},
            {"fc_b", fc.bias},
            {"fc2_w", fc2.weight},
            {"fc2_b", fc2.bias},
            {"lnf_w", lnf.weight},
            {"lnf_b", lnf.bias}};
  }

  nn::Embedding wte;
  nn::LearnedPosition wpe;
  nn::LayerNorm ln1, ln2, lnf;
  nn::MultiheadAttention attn;
  nn::Linear fc, fc2;
};

}  // namespace

TEST_CASE("golden gpt2_block") {
  golden::File f("gpt2_block");
  const Array wte = f.param("wte");
  const Gpt2 gpt(wte.shape()[0], f.param("wpe").shape()[0], wte.shape()[1], 2, f.param("fc_b").size());
  for (const auto& [name, tensor] : gpt.named()) tensor.set_value(f.param(name));
  const Ids ids = f.input_ids("ids"), targets = f.input_ids("targets");
  f.check("n_params", double(gpt.parameter_count()), golden::forward);
  {
    golden::Part trace = f.part("trace");
    f.check("logits", gpt(ids, &trace), golden::forward);
  }
  const Tensor loss = cross_entropy(gpt(ids), targets);
  f.check("loss", loss, golden::forward);
  f.check("perplexity", exp(loss), golden::forward);
  loss.backward();
  f.check_gradients("grads", gpt.named());

  const std::string key = golden::key_of(f.all(), "adamw_");
  golden::Part run = f.part(key);
  optim::AdamWOptions options{
      .lr = golden::number_after(key, "lr"), .beta1 = golden::number_after(key, "betas"), .beta2 = 0.95, .weight_decay = 0};
  REQUIRE(golden::has(key, "_0.95_wd"));
  std::vector<Tensor> matrices, vectors;
  for (const auto& [name, tensor] : gpt.named()) (tensor.ndim() > 1 ? matrices : vectors).push_back(tensor);
  optim::AdamW plain(vectors, options);
  options.weight_decay = golden::number_after(key, "wd");
  optim::AdamW decaying(matrices, options);
  const json& steps = run.expected("loss_and_grad_norm_per_step");
  REQUIRE(steps.size() == 10);
  for (std::size_t step = 0; step < steps.size(); ++step) {
    gpt.zero_grad();
    const Tensor now = cross_entropy(gpt(ids), targets);
    now.backward();
    const double norm = optim::clip_grad_norm(gpt.parameters(), golden::number_after(key, "clip"));
    golden::expect(fmt::format("{}: step {}", key, step), std::vector<double>{now.item(), norm}, steps[step], golden::trajectory);
    plain.step();
    decaying.step();
  }
  {
    golden::Part after = run.part("params_after_10");
    for (const auto& [name, tensor] : gpt.named()) {
      Array got = tensor.value();
      if (name == "attn_b" && !golden::is_double) {
        // A bias of the keys adds the same to all scores of a query, which softmax does not see: its gradient is 0 but for rounding, and
        // Adam makes steps of full size of that. In float these numbers are left out; ten steps are not further than 10 lr.
        const Array expected = after.given(name);
        for (std::size_t i = got.size() / 3; i < 2 * got.size() / 3; ++i) {
          CHECK(std::abs(got(i) - f.param(name)(i)) <= 11 * options.lr);
          got(i) = expected(i);
        }
      }
      after.check(name, got, golden::trajectory);
    }
  }
  std::vector<std::int64_t> written{3};
  const json& greedy = run.expected(golden::key_of(run.all(), "greedy_from_3"));
  while (written.size() < greedy.size()) {
    const Ids best = argmax(gpt(byhand::ids(written)).value());  // (length,)
    written.push_back(best.data()[best.size() - 1]);
  }
  CHECK(written == greedy.get<std::vector<std::int64_t>>());
}
