#include "chapters/10_attention/patterns/sentence.hpp"

#include <cmath>

#include "common/tensor/matmul.hpp"

namespace attention::sentence {
using namespace byhand;

namespace {

constexpr std::size_t word_count = 9, size = kinds + meanings + word_count,
                      key_size = 1 + word_count, value_size = 3;
constexpr std::size_t meaning_column(std::size_t meaning) { return kinds + meaning; }
constexpr std::size_t place_column(std::size_t place) { return kinds + meanings + place; }

/// The first number of a query is what the word asks, the first of a key what the word answers. The
/// other nine are about places: query number 1 + j of a word at place i says how much that word
/// likes place j, key number 1 + j says "I stand at j".
/// So the scaled score of word i and word j is likes(i, j),
/// plus `strength` where i asks and j answers.
template <class Likes>
Weights query_and_key(real strength, Kind asks, Kind answers, Likes likes) {
  const real root_of_d_k = std::sqrt(real(key_size));  // attention will divide by it
  Weights w{zeros({key_size, size}), zeros({key_size, size}), zeros({value_size, size})};
  w.query(0, asks) = strength * root_of_d_k;
  w.key(0, answers) = 1;
  for (std::size_t i = 0; i < word_count; ++i) {
    for (std::size_t j = 0; j < word_count; ++j)
      w.query(1 + j, place_column(i)) = likes(double(i), double(j)) * root_of_d_k;
    w.key(1 + i, place_column(i)) = 1;
  }
  return w;
}

/// Value-down picks up to three meanings out of an embedding;
/// value-up writes them back to where they were.
Head make_head(std::string name, Weights weights, const std::vector<Meaning>& handed_over) {
  Array value_up = zeros({size, value_size});
  for (std::size_t i = 0; i < handed_over.size(); ++i) {
    weights.value(i, meaning_column(handed_over[i])) = 1;
    value_up(meaning_column(handed_over[i]), i) = 1;
  }
  return {std::move(name), std::move(weights), std::move(value_up)};
}

}  // namespace

std::vector<std::string> words() {
  return {"a", "fluffy", "blue", "creature", "roaming", "through", "the", "verdant", "forest"};
}

std::vector<std::string> meaning_names() {
  return {"fluffy", "blue", "green", "alive", "place", "moving"};
}

Array embeddings() {
  const Kind kind[word_count] = {other, adjective, adjective, noun, verb,
                                 other, other,     adjective, noun};
  Array e = zeros({word_count, size});
  for (std::size_t i = 0; i < word_count; ++i) e(i, kind[i]) = e(i, place_column(i)) = 1;
  e(1, meaning_column(fluffy)) = e(2, meaning_column(blue)) = e(7, meaning_column(green)) = 1;
  e(3, meaning_column(alive)) = e(8, meaning_column(place)) = e(4, meaning_column(moving)) = 1;
  return e;
}

std::vector<Head> heads() {
  // A word that asks for nothing stays with itself; of several answers the nearer ones count more.
  const auto itself_or_near = [](double i, double j) {
    return real((i == j ? 3 : 0) - 0.7 * std::abs(i - j));
  };
  const auto one_before = [](double i, double j) { return real(j == i - 1 ? 6 : 0); };
  return {make_head("nouns: adjectives before me?",
                    query_and_key(8, noun, adjective, itself_or_near), {fluffy, blue, green}),
          make_head("verbs: who does this?", query_and_key(8, verb, noun, itself_or_near), {alive}),
          make_head("all: which word comes before me?", query_and_key(0, noun, noun, one_before),
                    {moving})};
}

Steps run(const Head& head, bool hide_future) {
  const Array e = embeddings();
  return attend(e, e, head.weights,
                hide_future ? future_hidden(word_count) : nothing_hidden(word_count, word_count));
}

Array change_by_value_up() {
  Array change = zeros({word_count, size});
  for (const Head& head : heads())
    change += matmul(run(head, true).attention, head.value_up, Transpose::no,
                     Transpose::yes);  // (9, 3) x (3, 19)
  return change;
}

Array change_by_output_matrix() {
  std::vector<Array> attentions, value_ups;
  for (const Head& head : heads()) {
    attentions.push_back(run(head, true).attention);
    value_ups.push_back(head.value_up);
  }
  const Array together = side_by_side(attentions), output_matrix = side_by_side(value_ups);
  return matmul(together, output_matrix, Transpose::no,
                Transpose::yes);  // (9, 9) x (9, 19) -> (9, 19)
}

Array meaning_of(const Array& e) { return columns(e, kinds, kinds + meanings); }

}  // namespace attention::sentence
