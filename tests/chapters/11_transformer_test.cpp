// Chapter 11, parts 1 to 7 (8 and 9: 11_transformer_small_test.cpp) against tests/golden/sq_encoder_decoder_transformer, sq_transformer_matrix_figures, param_counts, and small cases by hand.
#include "chapters/11_transformer/counting/formulas.hpp"
#include "chapters/11_transformer/counting/whole_models.hpp"
#include "chapters/11_transformer/lecture/built_in.hpp"
#include "chapters/11_transformer/lecture/show.hpp"
#include "common/bert/bert.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;

namespace {

transformer::Words words_of(const json& value) { return value.get<transformer::Words>(); }

/// The file's start weights in a model.
transformer::Translator start_of(const golden::File& f) {
  transformer::Translator model(1);
  std::vector<std::pair<std::string, Array>> values;
  for (const auto& [name, value] : f.params().items()) values.emplace_back(name, f.param(name));
  model.load_state_dict(values);
  return model;
}

std::vector<transformer::Pair> pairs_of(const golden::File& f) {
  std::vector<transformer::Pair> pairs;
  for (const json& pair : f.inputs().at("pairs_input_output")) pairs.push_back({words_of(pair.at(0)), words_of(pair.at(1))});
  return pairs;
}

/// Whole numbers as the file keeps arrays.
transformer::Words words_in(const golden::File& f, const json& value) {
  transformer::Words words;
  for (const real word : f.array(value, "words")) words.push_back(std::int64_t(word));
  return words;
}

/// 60 steps of Adam: in float they leave less than 5e-5 of weights near 2.
const golden::Tolerance run = golden::trajectory;

}  // namespace

TEST_CASE("before training: weights from the seeds, logits, loss, gradients, answer") {
  golden::File f("sq_encoder_decoder_transformer");
  for (const char* later :
       {"loss_per_step", "params_after", "generated_after", "trained_encoder_trace_SOS_lets_go", "trained_decoder_trace_SOS_vamos"})
    f.expected(later);  // the next test case
  const transformer::Translator model = start_of(f);
  const transformer::Translator from_seed(42);
  REQUIRE(from_seed.named_parameters().size() == f.params().size());
  if (golden::own_values())
    for (const auto& [name, tensor] : from_seed.named_parameters())
      expect("seed 42: " + name, tensor, f.params().at(name), {0, 0});  // to the last bit
  f.check("n_params", double(model.parameter_count()), {0, 0});

  const transformer::Words input{0, 1, 3}, output{0, 2};  // the keys say: SOS lets go; SOS vamos
  const transformer::ModelWeights weights = transformer::weights_of(model);
  const transformer::EncoderSteps encoder = transformer::encode(weights, input);
  const Tensor encodings = model.encoder(input);
  const auto by_hand = transformer::by_hand::encode(weights, input);
  f.check("encoder_out_SOS_lets_go", transformer::by_hand::to_array(by_hand), golden::forward);
  f.check("encoder_out_SOS_lets_go", encoder.output, golden::forward);
  f.check("encoder_out_SOS_lets_go", encodings, golden::forward);
  f.check("decoder_logits_SOS_vamos", transformer::by_hand::to_array(transformer::by_hand::decode(weights, output, by_hand)),
          golden::forward);
  f.check("decoder_logits_SOS_vamos", transformer::decode(weights, output, encoder.output).logits, golden::forward);
  f.check("decoder_logits_SOS_vamos", model.decoder(output, encodings), golden::forward);
  if (golden::own_values()) {  // what the notebook prints, four decimals
    std::vector<double> printed;
    for (const json& row : f.root().at("lecture_numbers").at("notebook comment, untrained decoder for <SOS> vamos"))
      for (const json& number : row) printed.push_back(number.get<double>());
    const Array logits = model.decoder(output, encodings).value();
    expect("notebook", std::vector<double>(logits.begin(), logits.end()), printed, {6e-5, 0});
  }
  CHECK(transformer::translate(model, {1, 3}) == words_in(f, f.expected("generated_before")));
  const std::vector<transformer::Pair> pairs = pairs_of(f);
  const Tensor loss = transformer::teacher_forcing_loss(model, pairs.at(0));
  f.check("loss_first_pair_before", loss, golden::forward);
  loss.backward();
  f.check_gradients("grads_first_pair_before", model.named_parameters());
}

TEST_CASE("after 30 epochs: losses, weights, every matrix, answers") {
  golden::File f("sq_encoder_decoder_transformer");
  for (const char* earlier : {"n_params", "encoder_out_SOS_lets_go", "decoder_logits_SOS_vamos", "generated_before",
                              "loss_first_pair_before", "grads_first_pair_before"})
    f.expected(earlier);  // the test case above
  const transformer::Translator model = start_of(f);
  const std::vector<transformer::Pair> pairs = pairs_of(f);
  f.check("loss_per_step", transformer::train(model, pairs, f.inputs().at("epochs").get<int>(), f.inputs().at("lr").get<double>()), run);
  const json& after = f.expected("params_after");
  for (const auto& [name, tensor] : model.named_parameters()) expect(name, tensor, after.at(name), run);
  const json& answers = f.expected("generated_after");
  for (std::size_t i = 0; i < pairs.size(); ++i) CHECK(transformer::translate(model, pairs[i].input) == words_in(f, answers.at(i)));

  const transformer::ModelWeights weights = transformer::weights_of(model);
  const transformer::EncoderSteps encoder = transformer::encode(weights, {0, 1, 3});
  // Large dot products (-93) multiply what is left of the training's rounding.
  const golden::Tolerance far = golden::is_double ? run : golden::Tolerance{2e-3, 2e-4};
  golden::Part e = f.part("trained_encoder_trace_SOS_lets_go");
  e.check("word_embeddings", encoder.input.embedded, run);
  e.check("position_encoded", encoder.input.encoded, run);
  e.check("Wq_T", Array(xt::transpose(weights.encoder_self.query)), run);
  e.check("Wk_T", Array(xt::transpose(weights.encoder_self.key)), run);
  e.check("Wv_T", Array(xt::transpose(weights.encoder_self.value)), run);
  e.check("Q", encoder.self.Q, far);
  e.check("K", encoder.self.K, far);
  e.check("V", encoder.self.V, far);
  e.check("unscaled", encoder.self.similarities, far);
  e.check("scaled", encoder.self.scaled, far);
  e.check("softmax", encoder.self.percent, far);
  e.check("self_attention", encoder.self.attention, far);
  e.check("encoder_output", encoder.output, far);
  const transformer::DecoderSteps decoder = transformer::decode(weights, {0, 2}, encoder.output);
  golden::Part d = f.part("trained_decoder_trace_SOS_vamos");
  d.check("position_encoded", decoder.input.encoded, run);
  d.check("after_masked_self_attention_and_residual", decoder.after_self, far);
  d.check("after_enc_dec_attention_and_residual", decoder.after_cross, far);
  d.check("logits", decoder.logits, far);
  d.check("softmax", decoder.percent, far);
}

TEST_CASE("the slides' matrices") {
  golden::File f("sq_transformer_matrix_figures");
  const Array x = f.input("encoded_values_SOS_lets_go");
  const auto weights = [&](const char* name) -> Array { return xt::transpose(f.param(name)); };
  const transformer::Weights w{weights("Wq_transposed"), weights("Wk_transposed"), weights("Wv_transposed")};
  const std::size_t n = x.shape()[0];
  const transformer::Steps s = transformer::attend(x, x, w, zeros({n, n}));
  f.check("Q", s.Q, golden::forward);
  f.check("K", s.K, golden::forward);
  f.check("V", s.V, golden::forward);
  f.check("unscaled", s.similarities, golden::forward);
  f.check("scaled", s.scaled, golden::forward);
  f.check("softmax", s.percent, golden::forward);
  f.check("self_attention", s.attention, golden::forward);
  const transformer::Steps m = transformer::attend(x, x, w, transformer::minus_infinity_above(n));
  f.check("mask", m.mask, golden::forward);
  f.check("masked_scaled", m.masked, golden::forward);
  f.check("masked_softmax", m.percent, golden::forward);
  f.check("masked_self_attention", m.attention, golden::forward);
  // From the rounded Q, K, V that the slides print: the identity as weights leaves them as they are.
  golden::Part printed = f.part("chain_from_printed_QKV");
  const json& slide = f.root().at("lecture_numbers");
  const auto matrix = [&](const char* key) {
    std::vector<real> numbers;
    for (const json& row : slide.at(key))
      for (const json& number : row) numbers.push_back(number.get<real>());
    return array({n, numbers.size() / n}, numbers);
  };
  const Array scaled = matmul(matrix("Q"), matrix("K"), Transpose::no, Transpose::yes) / std::sqrt(real(2));
  printed.check("scaled", scaled, golden::forward);
  const Array shares = softmax(Tensor(scaled)).value(),
              hidden = softmax(Tensor(Array(scaled + transformer::minus_infinity_above(n)))).value();
  printed.check("softmax", shares, golden::forward);
  printed.check("self_attention", matmul(shares, matrix("V")), golden::forward);
  printed.check("masked_self_attention", matmul(hidden, matrix("V")), golden::forward);
}

TEST_CASE("the slides in the chapter: literals as in the file, a trained model passes, an untrained one does not") {
  golden::File f("sq_transformer_matrix_figures");
  for (const auto& [key, value] : f.all().items()) f.expected(key);  // the test case above
  if (golden::own_values()) {
    const golden::Tolerance literal{1e-6, 1e-6};  // a literal as a float
    expect("encoded", transformer::slide::encoded(), f.inputs().at("encoded_values_SOS_lets_go"), literal);
    expect("queries", transformer::slide::query_weights(), f.params().at("Wq_transposed"), literal);
    expect("keys", transformer::slide::key_weights(), f.params().at("Wk_transposed"), literal);
    expect("values", transformer::slide::value_weights(), f.params().at("Wv_transposed"), literal);
    const char* keys[] = {"Q", "K", "V", "unscaled", "scaled", "softmax", "self_attention"};
    const auto steps = transformer::slide::steps(transformer::encode(transformer::weights_of(transformer::Translator(42)), {0, 1, 3}).self);
    REQUIRE(steps.size() == std::size(keys));
    for (std::size_t i = 0; i < steps.size(); ++i) {
      std::vector<double> printed;
      for (const json& row : f.root().at("lecture_numbers").at(keys[i]))
        for (const json& number : row) printed.push_back(number.get<double>());
      expect(keys[i], std::vector<double>(steps[i].slide.begin(), steps[i].slide.end()), printed, literal);
    }
  }
  const transformer::Translator model(42);
  const auto compare = [&] {
    transformer::compare_with_slides(transformer::encode(transformer::weights_of(model), {0, 1, 3}), transformer::weights_of(model));
  };
  CHECK_THROWS_AS(compare(), Error);
  transformer::train(model, transformer::pairs(), 30, 0.1);
  CHECK_NOTHROW(compare());
}

TEST_CASE("masks: one layer's newest word does not need one, earlier words do") {
  const transformer::Translator model(3);
  const Tensor encodings = model.encoder({0, 1, 3});
  const Array with = model.decoder({0, 2, 1}, encodings).value(), without = model.decoder({0, 2, 1}, encodings, false).value();
  const std::size_t last = 2;
  double newest = 0, earlier = 0;
  for (std::size_t j = 0; j < 5; ++j) {
    newest = std::max(newest, double(std::abs(with(last, j) - without(last, j))));
    earlier = std::max(earlier, double(std::abs(with(0, j) - without(0, j))));
  }
  CHECK(newest == 0);
  CHECK(earlier > 1e-3);
  // A later word must not change what stands before it.
  const Array other = model.decoder({0, 2, 4}, encodings).value();
  for (std::size_t j = 0; j < 5; ++j) CHECK(other(1, j) == with(1, j));
  transformer::ModelWeights odd;
  odd.encoder_embedding = zeros({4, 3});
  CHECK_THROWS_AS(transformer::encode(odd, {0}), Error);  // positions come in pairs
  CHECK_THROWS_AS(transformer::text({7}, transformer::output_words()), Error);
}

TEST_CASE("counts by formula") {
  golden::File f("param_counts");
  const auto count = [](counting::Count n) { return double(n); };
  const json& g = f.inputs().at("gpt3");
  const counting::GptSizes sizes{.vocabulary = g.at("n_vocab"),
                                 .size = g.at("d_embed"),
                                 .key = g.at("d_query"),
                                 .heads = g.at("n_heads"),
                                 .layers = g.at("n_layers"),
                                 .neurons = g.at("n_neurons")};
  const counting::Lines lines = counting::gpt3_lines(sizes);
  golden::Part rows = f.part("gpt3_rows");
  const char* keys[] = {"embedding", "key", "query", "value_down", "output_value_up", "up_projection", "down_projection", "unembedding"};
  REQUIRE(lines.size() == std::size(keys));
  for (std::size_t i = 0; i < lines.size(); ++i) rows.check(keys[i], count(lines[i].count), {0, 0});
  const auto attention3 = lines[1].count + lines[2].count + lines[3].count + lines[4].count, mlp3 = lines[5].count + lines[6].count;
  f.check("gpt3_total", count(counting::total(lines)), {0, 0});
  f.check("gpt3_embedding_plus_unembedding", count(lines.front().count + lines.back().count), {0, 0});
  f.check("gpt3_attention_total", count(attention3), {0, 0});
  f.check("gpt3_attention_per_layer", count(attention3 / sizes.layers), {0, 0});
  f.check("gpt3_attention_share", double(attention3) / count(counting::total(lines)), {0, 1e-12});
  f.check("gpt3_mlp_total", count(mlp3), {0, 0});
  f.check("gpt3_mlp_per_layer", count(mlp3 / sizes.layers), {0, 0});
  f.check("gpt3_mlp_share", double(mlp3) / count(counting::total(lines)), {0, 1e-12});
  f.check("gpt3_per_head_one_matrix", count(lines[1].count / sizes.layers / sizes.heads), {0, 0});
  f.check("gpt3_per_head_four", count(attention3 / sizes.layers / sizes.heads), {0, 0});
  f.check("gpt3_full_value_matrix_12288_squared", count(sizes.size * sizes.size), {0, 0});
  f.expected("gpt3_softmax_grid_cells_context_2048");  // chapter 10
  const json& by_heads = f.expected("MultiheadAttention_768_params_for_heads_1_2_4_12");
  f.expected("statquest");  // each chapter counts its own
  expect("encoder-decoder transformer", double(transformer::Translator(42).parameter_count()),
         f.all().at("statquest").at("encoder_decoder_transformer"), {0, 0});

  const json& n = f.inputs().at("seed001");
  const counting::StackSizes stack{.layers = n.at("num_layers"), .size = n.at("hidden_size"), .neurons = n.at("ffn_size")};
  golden::Part twelve = f.part("twelve_layers");
  twelve.check("attention_with_bias", count(counting::attention(stack)), {0, 0});
  twelve.check("ffn_with_bias", count(counting::feed_forward(stack)), {0, 0});
  twelve.check("layernorms", count(counting::layer_norms(stack)), {0, 0});
  twelve.check("attention_plus_ffn_with_bias", count(counting::attention(stack) + counting::feed_forward(stack)), {0, 0});
  twelve.check("all", count(counting::total(counting::stack_lines(stack))), {0, 0});
  twelve.check("attention_share_of_attn_plus_ffn",
               count(counting::attention(stack)) / count(counting::attention(stack) + counting::feed_forward(stack)), {0, 1e-12});
  const counting::Count biases = stack.layers * (4 * stack.size), more = stack.layers * (stack.neurons + stack.size);
  twelve.check("attention_weights_only", count(counting::attention(stack) - biases), {0, 0});
  twelve.check("ffn_weights_only", count(counting::feed_forward(stack) - more), {0, 0});
  twelve.check("attention_plus_ffn_weights_only", count(counting::attention(stack) + counting::feed_forward(stack) - biases - more),
               {0, 0});
  golden::Part layer = f.part("layer_768_12_3072");
  const counting::StackSizes one{.layers = 1, .size = stack.size, .neurons = stack.neurons};
  layer.check("attention_with_bias", count(counting::attention(one)), {0, 0});
  layer.check("attention_weights_only", count(counting::attention(one) - 4 * one.size), {0, 0});
  layer.check("ffn_with_bias", count(counting::feed_forward(one)), {0, 0});
  layer.check("ffn_weights_only", count(counting::feed_forward(one) - one.neurons - one.size), {0, 0});
  layer.check("layernorms", count(counting::layer_norms(one)), {0, 0});
  layer.check("total_nn.TransformerEncoderLayer", count(counting::total(counting::stack_lines(one))), {0, 0});
  golden::Part wrong = f.part("seed001_claims_WRONG");
  const counting::Lines claimed = counting::notes_wrong_lines(stack, n.at("num_heads"));
  wrong.check("attention", count(claimed[0].count), {0, 0});
  wrong.check("ffn", count(claimed[1].count), {0, 0});
  wrong.check("total", count(counting::total(claimed)), {0, 0});
  wrong.expected("attention_formula");
  wrong.expected("ffn_formula");
  f.check("gpt2_small_tied", count(counting::total(counting::gpt2_lines())), {0, 0});
  f.check("bert_base_uncased_with_pooler", count(counting::total(counting::bert_lines())), {0, 0});
  const counting::Lines bert = counting::bert_lines();
  f.check("bert_embeddings", count(bert[0].count + bert[1].count + bert[2].count + bert[3].count), {0, 0});
  f.check("nn.Transformer_512_8_6_6_2048_with_final_norms",
          count(counting::total(counting::encoder_decoder_lines({.layers = 6, .size = 512, .neurons = 2048}))), {0, 0});

  // The same by building the models, without their numbers.
  f.check("gpt3_total", count(counting::built_gpt3(sizes)), {0, 0});
  f.check("gpt2_small_tied", count(counting::built_gpt2()), {0, 0});
  f.check("bert_base_uncased_with_pooler", count(counting::built_bert()), {0, 0});
  f.check("nn.Transformer_512_8_6_6_2048_with_final_norms",
          count(counting::built_encoder_decoder({.layers = 6, .size = 512, .neurons = 2048})), {0, 0});
  Generator generator{0};
  const counting::StackSizes tiny{.layers = 2, .size = 24, .neurons = 8};
  const nn::TransformerOptions gpt2 = counting::Gpt2(tiny, 5, 4, generator).layers.layers[1].options;
  CHECK((gpt2.norm_first && gpt2.activation == nn::Activation::gelu_tanh && gpt2.feed_forward == 8));
  const nn::TransformerOptions bert_options =
      nn::Bert({.vocabulary = 5, .size = 24, .layers = 2, .feed_forward = 8}, generator).encoder.layers[1].options;
  CHECK((!bert_options.norm_first && bert_options.activation == nn::Activation::gelu && bert_options.feed_forward == 8));
  twelve.check("all", count(counting::built_stack(stack, n.at("num_heads"))), {0, 0});
  const std::size_t heads[] = {1, 2, 4, 12};
  REQUIRE(by_heads.size() == std::size(heads));
  for (std::size_t i = 0; i < by_heads.size(); ++i)  // a layer less its feed-forward part and layer norms
    CHECK(count(counting::built_stack(one, heads[i]) - counting::feed_forward(one) - counting::layer_norms(one)) ==
          by_heads.at(i).get<double>());
  CHECK(counting::with_commas(0) == "0");
  CHECK(counting::with_commas(999) == "999");
  CHECK(counting::with_commas(1000) == "1,000");
  CHECK(counting::with_commas(175181291520) == "175,181,291,520");
}

TEST_CASE("matrices on the console") {
  const std::string text =
      transformer::side_by_side_text({{"A", array({1, 2}, {1, -2.5}), {"SOS"}}, {"mask", array({2, 1}, {0, -INFINITY})}});
  CHECK(text == "    A                mask\nSOS [  1.00 -2.50 ]  [    0 ]\n                     [ -inf ]\n");
  CHECK_THROWS_AS(transformer::side_by_side_text({{"A", array({1, 2}, {1, 2}), {"a", "b"}}}), Error);
  CHECK_THROWS_AS(transformer::side_by_side_text({{"A", array({1, 2})}}), Error);
}
