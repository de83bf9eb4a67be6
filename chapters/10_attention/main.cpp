// Chapter 10: attention. Notes 000 § 20 and § 21, notes 001 from "The attention pattern" to "The output matrix".
#include <cmath>

#include "chapters/10_attention/built_in.hpp"
#include "chapters/10_attention/masks.hpp"
#include "chapters/10_attention/parts.hpp"
#include "chapters/10_attention/pictures.hpp"
#include "chapters/10_attention/positions.hpp"
#include "chapters/10_attention/sentence.hpp"
#include "chapters/10_attention/tables.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/matmul.hpp"

using namespace byhand;
using attention::by_hand::See;

namespace {

constexpr double same = 1e-5;       // two ways of computing in float, numbers up to about 4
constexpr double printed = 5.1e-5;  // the lecture prints four decimals
constexpr int most_epochs = 1000000;

void one_word(const attention::Weights& w) {
  app::heading("1. One word, number by number: encodings (1.16, 0.23) (0.57, 1.36) (4.41, -2.16)");
  const attention::FirstWord word = attention::first_word(attention::lecture_encodings(), w);
  app::Table table({"word 1", "with word 1", "with word 2", "with word 3", "lecture"});
  table.add_row({"similarity: query . key", word.similarity1, word.similarity2, word.similarity3, ""});
  table.add_row({"scaled: / root of 2", word.scaled1, word.scaled2, word.scaled3, ""});
  table.add_row({"percent: softmax", word.percent1, word.percent2, word.percent3, "0.3573 0.4011 0.2416"});
  table.print();
  fmt::print("query of word 1: 1.16 x {:.4f} + 0.23 x {:.4f} = {:.4f}, 1.16 x {:.4f} + 0.23 x {:.4f} = {:.4f}\n", w.query(0, 0),
             w.query(0, 1), word.query1, w.query(1, 0), w.query(1, 1), word.query2);
  fmt::print("attention of word 1: {:.4f} {:.4f} (lecture: 1.0100 1.0641), the three values in these shares\n", word.attention1,
             word.attention2);
  const Array lecture = array({real(0.3573), real(0.4011), real(0.2416), real(1.0100), real(1.0641)});
  app::agree("percent and attention of word 1 = lecture",
             array({word.percent1, word.percent2, word.percent3, word.attention1, word.attention2}), lecture, printed);
}

/// The lecture's numbers for three words, four decimals each.
Array lecture_self() { return array({3, 2}, {real(1.0100), real(1.0641), real(0.2040), real(0.7057), real(3.4989), real(2.2427)}); }
Array lecture_masked() { return array({3, 2}, {real(0.6038), real(0.7434), real(-0.0062), real(0.6072), real(3.4989), real(2.2427)}); }

void three_ways(const std::vector<attention::Weights>& heads) {
  app::heading("2. Loops, matrices and the built-in layer: weights from seed 42");
  const Array x = attention::lecture_encodings();  // (3, 2)
  const attention::by_hand::Phrase words = attention::by_hand::rows_of(x);
  const Array all = attention::nothing_hidden(3, 3), future = attention::future_hidden(3);
  const auto compare = [&](const std::string& name, See see, const Array& hidden) {
    const Array loops = attention::by_hand::to_array(attention::by_hand::attend_all(words, words, see, heads[0]));
    const Array matrices = attention::attend(x, x, heads[0], hidden).attention;  // (3, 2)
    app::agree(name + ": loops = matrices", loops, matrices, same);
    app::agree(name + ": matrices = scaled_dot_product_attention", matrices, attention::fused(x, x, heads[0], hidden), same);
    app::agree(name + ": matrices = nn::MultiheadAttention", matrices, attention::layer(x, x, {heads[0]}, hidden).output, same);
    return matrices;
  };
  const Array self = compare("self", See::all, all), masked = compare("masked", See::itself_and_before, future);

  const Array asking = xt::view(x, xt::range(1, 3), xt::all());  // words 2 and 3 ask, all three answer: (2, 2)
  const Array cross = attention::attend(asking, x, heads[0], attention::nothing_hidden(2, 3)).attention;
  app::agree("encoder-decoder: loops = matrices",
             attention::by_hand::to_array(attention::by_hand::attend_all({words[1], words[2]}, words, See::all, heads[0])), cross, same);
  app::agree("encoder-decoder: matrices = scaled_dot_product_attention", cross,
             attention::fused(asking, x, heads[0], attention::nothing_hidden(2, 3)), same);
  app::agree("encoder-decoder: matrices = nn::MultiheadAttention", cross,
             attention::layer(asking, x, {heads[0]}, attention::nothing_hidden(2, 3)).output, same);

  const Array two = attention::side_by_side({self, attention::attend(x, x, heads[1], all).attention});  // (3, 4)
  const Array layer = attention::layer(x, x, heads, all).output;                                        // (3, 4)
  app::agree("two heads side by side = nn::MultiheadAttention with two heads", two, layer, same);
  const Array wide = attention::widened(x, 2);  // (3, 4)
  app::agree("multi_head, its matrices cut into two heads = nn::MultiheadAttention",
             attention::multi_head(wide, wide, attention::as_one_layer(heads), 2, all).output, layer, same);
  app::agree("self = lecture", self, lecture_self(), printed);
  app::agree("masked = lecture", masked, lecture_masked(), printed);
  app::Table table({"word", "self", "", "masked", "", "head 2", "", "lecture: self", "lecture: masked"});
  const auto row = [](const Array& a, std::size_t i) { return fmt::format("{:.4f} {:.4f}", a(i, 0), a(i, 1)); };
  for (std::size_t i = 0; i < 3; ++i)
    table.add_row({i + 1, self(i, 0), self(i, 1), masked(i, 0), masked(i, 1), two(i, 2), two(i, 3), row(lecture_self(), i),
                   row(lecture_masked(), i)});
  table.print();
  fmt::print("Word 1, masked, sees itself only: its attention is its own value. Word 3 sees all, so masking changes nothing for it.\n");
  attention::which_root(x, heads[1], two);
  fmt::print(
      "An input (2, 3, 4), 2 sentences of 3 words, needs batch_first: percentages are then {}, without it {}: sentences look at each "
      "other.\n",
      attention::weights_shape({2, 3, 4}, true), attention::weights_shape({2, 3, 4}, false));
}

void where_words_stand(const app::Settings& settings) {
  app::heading("5. Where a word stands: (sin place, cos place) for two numbers a word");
  const Array table2 = attention::position_encoding(4, 2);
  app::Table table({"place", "sin", "cos"}, 2);
  for (std::size_t pos = 0; pos < 4; ++pos) table.add_row({pos, table2(pos, 0), table2(pos, 1)});
  table.print();
  app::agree("by formula = nn::sinusoidal_encoding", attention::position_encoding(40, 32), attention::built_in_positions(40, 32), same);
  Generator generator{settings.seed};
  const attention::WordOrder order = attention::compare_word_orders(generator);
  check(order.without_positions < same && order.with_positions > 0.01, "word order: differences {} and {}", order.without_positions,
        order.with_positions);
  fmt::print("Squatch eats pizza, pizza eats Squatch: without places a word gets the same vector in both, with places another one.\n");
  app::save_figure(attention::positions_figure(), "positions", settings);
}

void fluffy_blue_creature(const app::Settings& settings) {
  namespace sentence = attention::sentence;
  app::heading("6. a fluffy blue creature roaming through the verdant forest: queries and keys made by hand");
  attention::sentence_table().print();
  const std::vector<sentence::Head> heads = sentence::heads();
  for (std::size_t i = 0; i < heads.size(); ++i) fmt::print("head {}: {}\n", i + 1, heads[i].name);
  const real early = sentence::run(heads[0], false).percent(3, 7);
  fmt::print("Without the mask creature would give {:.2f} to verdant, which comes after it.\n", early);

  app::heading("7. Values: brought down to three numbers, mixed, brought up again, added");
  const Array change = sentence::change_by_output_matrix();
  app::agree("value-up of each head, summed = heads side by side x output matrix", sentence::change_by_value_up(), change, same);
  attention::meaning_table().print();
  fmt::print(
      "The mix is added to the word and does not replace it. (alive comes from creature itself: in head 2 only verbs look elsewhere.)\n");
  fmt::print("Down and up instead of one matrix, with d = 12288 and values of 128: 2 x 128 x 12288 = {} numbers, not {}.\n",
             2 * 128 * 12288, 12288 * 12288);
  app::save_figure(attention::pattern_figure(), "pattern", settings);
  app::save_figure(attention::heads_figure(), "heads", settings);
}

void context_size(const app::Settings& settings) {
  app::heading("8. Context size against cost: one head, d_k = 64");
  Generator generator{settings.seed};
  app::Table table({"words", "multiplications", "pattern, MB", "times the row above", "time, ms", "times the row above"}, 2);
  std::vector<attention::Cost> costs;
  for (const std::size_t words : {128, 256, 512, 1024, 2048}) {
    if (settings.quick && words > 512) break;
    costs.push_back(attention::measured_cost(words, 64, generator));
    const attention::Cost& c = costs.back();
    const auto times = [&](double attention::Cost::*what, int decimals) {
      return costs.size() < 2 ? "-" : app::number(c.*what / (costs[costs.size() - 2].*what), decimals);
    };
    table.add_row({words, fmt::format("{:.0f}", c.multiplications), c.pattern_bytes / 1e6, times(&attention::Cost::pattern_bytes, 0),
                   app::number(1000 * c.seconds, 2), times(&attention::Cost::seconds, 1)});
  }
  table.print();
  const std::size_t counted = attention::counted_parameters(768), formula = attention::multi_head_parameters(768);
  check(counted == formula, "nn::MultiheadAttention(768, h) has {} parameters, by formula {}", counted, formula);
  fmt::print("More heads do not cost more numbers: nn::MultiheadAttention(768, h) has 4 x (768 x 768 + 768) = {} for h = 1, 2, 4, 12.\n",
             counted);
  app::save_figure(attention::cost_figure(costs), "cost", settings);
}

void look_ups(const app::Settings& settings) {
  namespace lookup = attention::lookup;
  app::heading("10. A pattern that is learned: six pairs such as c4 are given, six letters are asked for");
  Generator generator{settings.seed};
  const lookup::Model model(generator);
  const lookup::Tasks test = lookup::draw_tasks(200, generator);  // never trained on, except by chance
  const lookup::Score start = lookup::score(model, test);
  const Array before = lookup::pattern(model, test);
  const std::vector<double> losses = lookup::train(model, settings.epochs, generator);
  const lookup::Score end = lookup::score(model, test);
  const auto judged = [](double share, double good) {
    return share >= good ? fmt::format("above {:.0f} %", 100 * good) : fmt::format("{:.1f} %", 100 * share);
  };
  const auto below = [](double share, double limit) {
    return share < limit ? fmt::format("below {:.0f} %", 100 * limit) : fmt::format("{:.1f} %", 100 * share);
  };
  app::Table table({"", "questions answered right", "attention on the pair asked for"});
  table.add_row({"guessing", "12.5 %", "16.7 %"});
  table.add_row({"before training", below(start.correct, 0.25), below(start.on_the_pair, 0.25)});
  table.add_row({"after training", judged(end.correct, 0.99), judged(end.on_the_pair, 0.95)});
  table.print();
  fmt::print("Nobody told the model where to look; only its answers were judged.\n");
  app::save_figure(attention::lookup_figure(test, before, lookup::pattern(model, test), losses), "lookup", settings);
}

}  // namespace

int main(int argc, char** argv) {
  app::Settings settings;
  settings.epochs = 150;
  app::Options options("10_attention", "Attention by hand, as matrices, built in. --epochs: steps of training on look-ups.", settings);
  return options.run(argc, argv, [&] {
    check(settings.epochs <= most_epochs, "--epochs: '{}' is not a whole number from 1 to {}", settings.epochs, most_epochs);
    if (settings.quick) settings.epochs = std::min(settings.epochs, 60);
    Generator generator{42};  // the lecture's seed: its weights, whatever --seed says
    const attention::Weights head1 = attention::random_weights(2, 2, generator);
    const attention::Weights head2 = attention::random_weights(2, 2, generator);
    one_word(head1);
    three_ways({head1, head2});
    attention::masks(head1);
    attention::rows_or_columns(head1);
    where_words_stand(settings);
    fluffy_blue_creature(settings);
    context_size(settings);
    attention::backward(head1);
    look_ups(settings);
  });
}
