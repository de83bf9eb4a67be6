// Chapter 10 against tests/golden/sq_attention_course, scaled_dot_product_attention, multihead_attention, positional_encoding, and by hand.
#include <numeric>

#include "chapters/10_attention/built_in.hpp"
#include "chapters/10_attention/cost.hpp"
#include "chapters/10_attention/masks.hpp"
#include "chapters/10_attention/patterns/lookup.hpp"
#include "chapters/10_attention/patterns/sentence.hpp"
#include "chapters/10_attention/positions.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"
#include "tests/common/values.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using attention::by_hand::See;
using golden::expect;
using golden::json;

namespace {

attention::Weights weights_of(const golden::File& f, const std::string& head) {
  const json& w = f.params().at(head);
  return {f.array(w.at("Wq"), "Wq"), f.array(w.at("Wk"), "Wk"), f.array(w.at("Wv"), "Wv")};
}

/// Element `i` of the first axis.
Array batch(const Array& a, std::size_t i) { return select(Tensor(a), 0, i).value(); }

/// Results of the elements of a batch, as one array again.
Array stacked(const std::vector<Array>& parts) {
  std::vector<Tensor> tensors;
  for (const Array& part : parts) tensors.emplace_back(part);
  return stack(tensors).value();
}

/// A mask of one row (m,) for each of n queries: (n, m).
Array for_each_query(const Array& row, std::size_t n) {
  Array hidden = empty({n, row.size()});
  for (std::size_t i = 0; i < hidden.size(); ++i) hidden.data()[i] = row.data()[i % row.size()];
  return hidden;
}

constexpr double tiny = golden::is_double ? 1e-14 : 2e-6;  // numbers up to 4, a dozen roundings

}  // namespace

TEST_CASE("attention: the lecture's words in loops, as matrices, built in") {
  golden::File f("sq_attention_course");
  const Array x = f.input("encodings"), future = f.input("mask_True_means_hidden");
  const std::size_t n = x.shape()[0];
  const std::vector<attention::Weights> heads = {weights_of(f, "head1"), weights_of(f, "head2")};
  if (golden::own_values()) {
    Generator generator{42};  // drawn as PyTorch draws, to the last bit
    for (const attention::Weights& head : heads) {
      const attention::Weights drawn = attention::random_weights(2, 2, generator);
      CHECK(drawn.query == head.query);
      CHECK(drawn.key == head.key);
      CHECK(drawn.value == head.value);
    }
    CHECK(max_difference(attention::lecture_encodings(), x) == 0);
    CHECK(attention::future_hidden(3) == future);
  }
  const auto words = attention::by_hand::rows_of(x);
  for (const auto& [name, see, hidden] :
       {std::tuple{"self", See::all, attention::nothing_hidden(n, n)}, {"masked", See::itself_and_before, future}}) {
    golden::Part part = f.part(name);
    const attention::Steps s = attention::attend(x, x, heads[0], hidden);
    part.check("q", s.Q, golden::forward);
    part.check("k", s.K, golden::forward);
    part.check("v", s.V, golden::forward);
    part.check("percents", s.percent, golden::forward);
    part.check("out", s.attention, golden::forward);
    Array scaled = s.masked;  // the notebook hides with -1e9, we with minus infinity
    for (real& value : scaled) value = std::isinf(value) ? real(-1e9) : value;
    part.check("scaled", scaled, golden::forward);
    part.check("out", attention::by_hand::to_array(attention::by_hand::attend_all(words, words, see, heads[0])), golden::forward);
    part.check("out", attention::fused(x, x, heads[0], hidden), golden::forward);
    part.check("out", attention::layer(x, x, {heads[0]}, hidden).output, golden::forward);
  }
  const attention::FirstWord word = attention::first_word(x, heads[0]);
  const json& self = f.expected("self");
  const Array q = f.array(self.at("q"), "q"), scaled = f.array(self.at("scaled"), "scaled"),
              percents = f.array(self.at("percents"), "percents");
  const Array out = f.array(self.at("out"), "out");
  CHECK(max_difference(array({word.query1, word.query2}), array({q(0, 0), q(0, 1)})) < tiny);
  CHECK(max_difference(array({word.scaled1, word.scaled2, word.scaled3}), array({scaled(0, 0), scaled(0, 1), scaled(0, 2)})) < tiny);
  CHECK(max_difference(array({word.percent1, word.percent2, word.percent3}), array({percents(0, 0), percents(0, 1), percents(0, 2)})) <
        tiny);
  CHECK(max_difference(array({word.attention1, word.attention2}), array({out(0, 0), out(0, 1)})) < tiny);

  const Array all = attention::nothing_hidden(n, n);
  for (const char* gradients : {"grads_of_sum(out*R)_self", "grads_of_sum(out*R)_masked"}) f.expected(gradients);  // the case below
  f.check("cross_same_inputs", attention::attend(x, x, heads[0], all).attention, golden::forward);
  f.check("multi_head_2_concat",
          attention::side_by_side({attention::attend(x, x, heads[0], all).attention, attention::attend(x, x, heads[1], all).attention}),
          golden::forward);
  f.check("multi_head_2_concat", attention::layer(x, x, heads, all).output, golden::forward);
}

TEST_CASE("attention: the lecture's gradients by hand and by autograd") {
  golden::File f("sq_attention_course");
  for (const char* other : {"self", "masked", "cross_same_inputs", "multi_head_2_concat"}) f.expected(other);  // the case above
  const Array x = f.input("encodings"), R = f.input("loss_weights_R");
  const attention::Weights w = weights_of(f, "head1");
  for (const auto& [name, hidden] : {std::pair{"self", attention::nothing_hidden(3, 3)}, {"masked", f.input("mask_True_means_hidden")}}) {
    const attention::Gradients hand = attention::attend_backward(attention::attend(x, x, w, hidden), x, x, w, R);
    const attention::Gradients automatic = attention::autograd_gradients(x, w, hidden, R);
    golden::Part part = f.part(fmt::format("grads_of_sum(out*R)_{}", name));
    const Array dx = hand.x + hand.memory;
    part.check("x", dx, golden::gradient);
    part.check("Wq", hand.weights.query, golden::gradient);
    part.check("Wk", hand.weights.key, golden::gradient);
    part.check("Wv", hand.weights.value, golden::gradient);
    part.check("x", automatic.x, golden::gradient);
    part.check("Wq", automatic.weights.query, golden::gradient);
    part.check("Wk", automatic.weights.key, golden::gradient);
    part.check("Wv", automatic.weights.value, golden::gradient);
  }
}

TEST_CASE("attention: scaled dot products as matrices, forward and backward") {
  golden::File f("scaled_dot_product_attention");
  const Array q = f.input("q"), k = f.input("k"), v = f.input("v"), k2 = f.input("k_cross"), v2 = f.input("v_cross"), R = f.input("R");
  const Array causal = f.input("causal_mask_True_hidden"), padding = f.input("key_padding_True_hidden");
  const std::size_t batches = q.shape()[0], n = q.shape()[1];
  CHECK(attention::future_hidden(n) == causal);
  for (const std::string name : {"self", "causal", "cross", "cross_key_padding"}) {
    const bool cross = golden::starts_with(name, "cross");
    std::vector<Array> scores, weights, out, dq, dk, dv;
    for (std::size_t b = 0; b < batches; ++b) {
      const Array K = batch(cross ? k2 : k, b), V = batch(cross ? v2 : v, b);
      const Array hidden = name == "causal"              ? causal
                           : name == "cross_key_padding" ? for_each_query(batch(padding, b), n)
                                                         : attention::nothing_hidden(n, K.shape()[0]);
      const attention::Steps s = attention::scaled_dot_product(batch(q, b), K, V, hidden);
      const attention::ProductGradients d = attention::scaled_dot_product_backward(s, batch(R, b));
      scores.push_back(s.masked), weights.push_back(s.percent), out.push_back(s.attention);
      dq.push_back(d.Q), dk.push_back(d.K), dv.push_back(d.V);
    }
    golden::Part part = f.part(name);
    part.check("scores", stacked(scores), golden::forward);
    part.check("weights", stacked(weights), golden::forward);
    part.check("out", stacked(out), golden::forward);
    golden::Part gradients = part.part("grads_of_sum(out*R)");
    gradients.check("q", stacked(dq), golden::gradient);
    gradients.check("k", stacked(dk), golden::gradient);
    gradients.check("v", stacked(dv), golden::gradient);
  }

  std::vector<Array> unscaled, by_columns, far_below, zeros_before;
  for (std::size_t b = 0; b < batches; ++b) {
    const attention::Steps s = attention::scaled_dot_product(batch(q, b), batch(k, b), batch(v, b), attention::nothing_hidden(n, n));
    unscaled.push_back(attention::softmax_rows(s.similarities));
    by_columns.push_back(attention::softmax_columns(attention::transposed(s.scaled)));  // K Q^T, a column for each query
    Array scores = s.scaled;
    for (std::size_t i = 0; i < scores.size(); ++i) scores.data()[i] = causal.data()[i] != 0 ? real(-1e9) : scores.data()[i];
    far_below.push_back(attention::softmax_rows(scores));
    zeros_before.push_back(attention::masked_percentages(s.scaled, causal, attention::Masking::zeros_before));
  }
  f.check("unscaled_weights_self", stacked(unscaled), golden::forward);
  f.check("column_convention_K_Q^T_softmax_dim0_equals_transpose", stacked(by_columns), golden::forward);
  f.check("mask_value_-1e9_weights_causal", stacked(far_below), golden::forward);
  f.check("WRONG_zeroing_scores_before_softmax", stacked(zeros_before), golden::forward);
}

TEST_CASE("attention: several heads as matrices") {
  golden::File f("multihead_attention");
  const attention::MultiHeadWeights w{f.param("in_proj_weight"), f.param("in_proj_bias"), f.param("out_proj.weight"),
                                      f.param("out_proj.bias")};
  const Array x = f.input("x"), memory = f.input("memory"), mask = f.input("attn_mask_True_hidden"),
              padding = f.input("key_padding_mask_True_hidden");
  const std::size_t batches = x.shape()[0], n = x.shape()[1], d = x.shape()[2], heads = 2;  // nn.MultiheadAttention(4, 2)
  f.check("n_params", double(attention::multi_head_parameters(d)), {0, 0});
  for (const std::string name : {"self", "causal", "self_key_padding", "cross"}) {
    std::vector<Array> out, average, per_head;
    for (std::size_t b = 0; b < batches; ++b) {
      const Array from = batch(x, b), to = name == "cross" ? batch(memory, b) : from;
      const Array hidden = name == "causal"             ? mask
                           : name == "self_key_padding" ? for_each_query(batch(padding, b), n)
                                                        : attention::nothing_hidden(n, to.shape()[0]);
      const attention::MultiHeadSteps s = attention::multi_head(from, to, w, heads, hidden);
      const Array mean = (s.heads[0].percent + s.heads[1].percent) / real(2);
      out.push_back(s.output), average.push_back(mean), per_head.push_back(stacked({s.heads[0].percent, s.heads[1].percent}));
    }
    golden::Part part = f.part(name);
    part.check("out", stacked(out), golden::forward);
    part.check("avg_weights", stacked(average), golden::forward);
    part.check("per_head_weights", stacked(per_head), golden::forward);
    part.expected("grads_of_sum(out*R)");  // of nn::MultiheadAttention, in tests/golden
  }
}

TEST_CASE("attention: positions") {
  golden::File f("positional_encoding");
  f.check("d2_len6", attention::position_encoding(6, 2), golden::forward);
  f.check("d4_len6", attention::position_encoding(6, 4), golden::forward);
  f.check("d8_len4", attention::position_encoding(4, 8), golden::forward);
  const std::size_t d = 512;
  const Array table = attention::position_encoding(101, d);
  const auto part_of = [&](std::size_t row, std::size_t begin, std::size_t end) {
    return array(std::vector<real>(table.data() + row * d + begin, table.data() + row * d + end));
  };
  f.check("d512_pos1_first8", part_of(1, 0, 8), golden::forward);
  f.check("d512_pos1_last4", part_of(1, d - 4, d), golden::forward);
  f.check("d512_pos100_first8", part_of(100, 0, 8), golden::forward);
  const auto dot = [&](std::size_t a, std::size_t b) {
    return std::inner_product(table.data() + a * d, table.data() + (a + 1) * d, table.data() + b * d, 0.0);
  };
  const golden::Tolerance sums =
      golden::is_double ? golden::Tolerance{0, 1e-12} : golden::Tolerance{0, 1e-6};  // 512 terms of 6e-8 each, added in double
  f.check("d512_row_norm_squared", dot(7, 7), sums);
  for (const std::size_t place : {10, 50}) {
    std::vector<double> dots;
    for (std::size_t k = 0; k < 6; ++k) dots.push_back(dot(place, place + k));
    f.check(fmt::format("d512_dot_pos{}_pos{}+k_for_k0..5", place, place), dots, sums);
  }
  CHECK(max_difference(attention::built_in_positions(20, 6), attention::position_encoding(20, 6)) < tiny);
  CHECK_THROWS_WITH_AS(attention::position_encoding(3, 5),
                       "position_encoding: sines and cosines come in pairs, so the size must be even, got 5", Error);
  Generator generator{1};
  const attention::WordOrder order = attention::compare_word_orders(generator);
  CHECK(order.without_positions < tiny);
  CHECK(order.with_positions > 0.01);
}

TEST_CASE("attention: masks and softmax by hand") {
  // e^1, e^2, e^3 = 2.71828, 7.38906, 20.08554; with two zeros before: e / (e + 1 + 1) = 0.57612, 0.21194; with zeros after: e / 30.19288 = 0.09003.
  const Array scores = array({1, 3}, {1, 2, 3}), hidden = array({1, 3}, {0, 1, 1});
  using attention::Masking;
  CHECK(attention::masked_percentages(scores, hidden, Masking::minus_infinity) == array({1, 3}, {1, 0, 0}));
  CHECK(all_close(attention::masked_percentages(scores, hidden, Masking::zeros_before),
                  array({1, 3}, {real(0.57612), real(0.21194), real(0.21194)}), 6e-6));
  CHECK(all_close(attention::masked_percentages(scores, hidden, Masking::zeros_after), array({1, 3}, {real(0.09003), 0, 0}), 6e-6));
  CHECK(attention::softmax_rows(array({1, 3}, {1, real(-1e9), real(-1e9)})) == array({1, 3}, {1, 0, 0}));
  // 1 / (1 + e) = 0.26894, 1 / (1 + e^2) = 0.11920; by columns 1 / (1 + e^2) and 1 / (1 + e^3) = 0.04743.
  const Array square = array({2, 2}, {1, 2, 3, 5});
  CHECK(all_close(attention::softmax_rows(square), array({2, 2}, {real(0.26894), real(0.73106), real(0.11920), real(0.88080)}), 6e-6));
  CHECK(all_close(attention::softmax_columns(square), array({2, 2}, {real(0.11920), real(0.04743), real(0.88080), real(0.95257)}), 6e-6));
  Generator generator{5};
  for (int trial = 0; trial < 4; ++trial) {
    const Array x = randn({4, 3}, generator);
    const attention::Weights w = attention::random_weights(3, 3, generator);
    CHECK(attention::leak_into_first_word(x, w, Masking::minus_infinity) == 0);
    CHECK(attention::leak_into_first_word(x, w, Masking::zeros_before) > 1e-3);
    CHECK(attention::leak_into_first_word(x, w, Masking::zeros_after) > 1e-4);
  }
}

TEST_CASE("attention: loops = matrices = built in, by hand = autograd, for other sizes") {
  Generator generator{3};
  for (const std::size_t n : {1, 2, 5}) {
    const std::size_t d = 3;
    const Array x = randn({n, d}, generator), memory = randn({4, d}, generator), R = randn({n, d}, generator);
    const attention::Weights w = attention::random_weights(d, d, generator), w2 = attention::random_weights(d, d, generator);
    const auto words = attention::by_hand::rows_of(x), others = attention::by_hand::rows_of(memory);
    const Array cross = attention::attend(x, memory, w, attention::nothing_hidden(n, 4)).attention;
    CHECK(max_difference(attention::by_hand::to_array(attention::by_hand::attend_all(words, others, See::all, w)), cross) < tiny);
    CHECK(max_difference(attention::fused(x, memory, w, attention::nothing_hidden(n, 4)), cross) < tiny);
    const attention::LayerResult layer = attention::layer(x, memory, {w, w2}, attention::nothing_hidden(n, 4));
    const attention::Steps second = attention::attend(x, memory, w2, attention::nothing_hidden(n, 4));
    CHECK(max_difference(layer.output, attention::side_by_side({cross, second.attention})) < tiny);
    CHECK(max_difference(batch(layer.percent, 1), second.percent) < tiny);
    const attention::Gradients hand = attention::attend_backward(attention::attend(x, x, w, attention::future_hidden(n)), x, x, w, R);
    const attention::Gradients automatic = attention::autograd_gradients(x, w, attention::future_hidden(n), R);
    const Array dx = hand.x + hand.memory;
    CHECK(max_difference(dx, automatic.x) < 10 * tiny);
    CHECK(max_difference(hand.weights.query, automatic.weights.query) < 10 * tiny);
    CHECK(max_difference(hand.weights.key, automatic.weights.key) < 10 * tiny);
    CHECK(max_difference(hand.weights.value, automatic.weights.value) < 10 * tiny);
  }
}

TEST_CASE("attention: the sentence does what the notes describe") {
  namespace sentence = attention::sentence;
  const auto heads = sentence::heads();
  const Array adjectives = sentence::run(heads[0], true).percent;
  // creature (3): scaled scores 8 - 0.7 k at a distance k for fluffy and blue, 3 for itself, -2.1 for a.
  const double e_blue = std::exp(7.3), e_fluffy = std::exp(6.6), total = e_blue + e_fluffy + std::exp(3.0) + std::exp(-2.1);
  CHECK(adjectives(3, 2) == doctest::Approx(e_blue / total).epsilon(1e-5));
  CHECK(adjectives(3, 1) == doctest::Approx(e_fluffy / total).epsilon(1e-5));
  CHECK(adjectives(3, 1) + adjectives(3, 2) > 0.98);
  CHECK(adjectives(8, 7) > 0.9);                             // forest: verdant
  CHECK(sentence::run(heads[1], true).percent(4, 3) > 0.9);  // roaming: creature
  for (std::size_t i = 1; i < 9; ++i) CHECK(sentence::run(heads[2], true).percent(i, i - 1) > 0.9);
  for (const sentence::Head& head : heads) {
    const Array percent = sentence::run(head, true).percent;
    for (std::size_t i = 0; i < 9; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < 9; ++j) {
        sum += double(percent(i, j));
        if (j > i) CHECK(percent(i, j) == 0);
      }
      CHECK(sum == doctest::Approx(1).epsilon(1e-6));
    }
  }
  CHECK(sentence::run(heads[0], false).percent(3, 7) > 0.05);  // without the mask creature sees verdant
  CHECK(max_difference(sentence::change_by_value_up(), sentence::change_by_output_matrix()) < tiny);
  const Array meaning = sentence::meaning_of(sentence::change_by_output_matrix());
  CHECK(meaning(3, sentence::blue) == doctest::Approx(e_blue / total).epsilon(1e-5));
  CHECK(meaning(8, sentence::green) > 0.9);
  CHECK(meaning(3, sentence::green) == 0);  // verdant comes later
  CHECK(sentence::words().size() == sentence::embeddings().shape()[0]);
}

TEST_CASE("attention: without batch_first the sentences are taken for places") {
  CHECK(attention::weights_shape({2, 3, 4}, true) == Shape{2, 3, 3});   // 2 sentences, each 3 words over 3 words
  CHECK(attention::weights_shape({2, 3, 4}, false) == Shape{3, 2, 2});  // 3 "sentences" of 2 "words"
}

TEST_CASE("attention: cost") {
  const attention::Cost cost = attention::computed_cost(100, 8);
  CHECK(cost.multiplications == 160000);  // twice 100 x 100 x 8
  CHECK(attention::computed_cost(200, 8).multiplications == 4 * cost.multiplications);
  Generator generator{1};
  const attention::Cost measured = attention::measured_cost(64, 8, generator);
  CHECK(measured.seconds > 0);
  CHECK(measured.pattern_bytes == (golden::is_double ? 32768 : 16384));  // 64 x 64 numbers of 8 or 4 bytes
  CHECK(attention::multi_head_parameters(768) == 2362368);
  CHECK(attention::counted_parameters(768) == 2362368);  // 4 (768 x 768 + 768)
}

TEST_CASE("attention: look-ups are learned, and the pattern shows it") {
  namespace lookup = attention::lookup;
  Generator generator{7};
  const lookup::Tasks tasks = lookup::draw_tasks(50, generator);
  for (std::size_t task = 0; task < 50; ++task) {
    for (std::size_t i = 0; i < lookup::pairs; ++i) {
      const std::size_t place = std::size_t(tasks.place(task, i));
      CHECK(tasks.letter(task, place) == tasks.question(task, i));
      CHECK(tasks.digit(task, place) == tasks.answer(task, i));
      for (std::size_t j = 0; j < i; ++j) CHECK(tasks.letter(task, i) != tasks.letter(task, j));
    }
  }
  const lookup::Model model(generator);
  const lookup::Score before = lookup::score(model, tasks);
  CHECK(before.correct < 0.3);
  CHECK(before.on_the_pair < 0.3);
  const std::vector<double> losses = lookup::train(model, 100, generator);
  CHECK(losses.front() > 1.5);  // guessing one of 8: log 8 = 2.08
  const lookup::Score after = lookup::score(model, tasks);
  CHECK(after.correct > 0.98);
  CHECK(after.on_the_pair > 0.9);
  const Array pattern = lookup::pattern(model, tasks, 3);
  for (std::size_t i = 0; i < lookup::pairs; ++i) CHECK(pattern(i, std::size_t(tasks.place(3, i))) > 0.5);
  CHECK(lookup::question_names(tasks, 3)[0] == fmt::format("{}?", char('a' + tasks.question(3, 0))));
  CHECK(lookup::pair_names(tasks, 3)[0] == fmt::format("{}{}", char('a' + tasks.letter(3, 0)), tasks.digit(3, 0)));
}

TEST_CASE("attention: what does not fit is refused in one line") {
  const Array x = attention::lecture_encodings();
  Generator generator{1};
  const attention::Weights w = attention::random_weights(2, 2, generator);
  CHECK(test::error_of([&] { attention::attend(x, x, w, attention::nothing_hidden(3, 2)); }) ==
        "attention: the mask is (3, 2), 3 queries and 3 keys need (3, 3)");
  CHECK(test::error_of([&] { attention::attend(x, x, w, ones({3, 3})); }) == "attention: the mask hides every key from query 0");
  CHECK(test::error_of([&] {
          attention::first_word(zeros({2, 2}), w);
        }) == "first_word: needs encodings (3, 2) and weights (2, 2), got (2, 2) and (2, 2), (2, 2), (2, 2)");
  CHECK(test::error_of([&] { attention::multi_head(x, x, attention::as_one_layer({w}), 3, attention::nothing_hidden(3, 3)); }) ==
        "multi_head: 3 heads do not divide 2 numbers");
  CHECK(test::error_of([&] {
          attention::by_hand::times_weights({1, 2, 3}, w.query);
        }) == "times_weights: a word of 3 numbers does not fit weights (2, 2)");
  CHECK(test::error_of([&] {
          attention::by_hand::attend_word({1, 2}, attention::by_hand::rows_of(x), 4, w);
        }) == "attend_word: 4 of 3 words cannot be seen");
  CHECK(test::error_of([&] { attention::side_by_side({x, zeros({2, 2})}); }) == "side_by_side: (2, 2) beside (3, 2)");
  CHECK(test::error_of([&] {
          attention::masked_percentages(x, zeros({2, 2}), attention::Masking::zeros_after);
        }) == "masking: scores (3, 2) and mask (2, 2) differ in shape");
}
