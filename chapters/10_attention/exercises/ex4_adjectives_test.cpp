// The reader's, the original, or the one in solutions/: the build decides.
#include <ex4_adjectives.hpp>
#include "tests/exercises/verdict.hpp"

#include <cmath>

#include "chapters/10_attention/matrices.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

enum Kind : std::size_t { noun, adjective, other };
struct Word {
  std::string name;
  Kind kind;
};
using Sentence = std::vector<Word>;

const Sentence house = {{"the", other},    {"old", adjective}, {"red", adjective},  {"house", noun},
                        {"beside", other}, {"a", other},       {"tall", adjective}, {"tree", noun}};
const Sentence frog = {{"a", other},    {"small", adjective}, {"green", adjective},
                       {"frog", noun},  {"saw", other},       {"the", other},
                       {"very", other}, {"shy", adjective},   {"bird", noun}};

Array embeddings(const Sentence& sentence) {
  Array e = zeros({sentence.size(), 5});
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    e(i, sentence[i].kind) = 1;
    e(i, 3) = real(i);
    e(i, 4) = 1;
  }
  return e;
}

bool allowed(const char* name, const Array& weights) {
  const bool shape = shape_of(weights) == Shape{2, 5};
  verdict::holds(name, shape, fmt::format("must be (2, 5), not {}", shape_of(weights)));
  bool inside = true;
  for (const real w : weights) inside = inside && std::abs(w) <= 20;  // false for NaN
  verdict::holds(name, inside, "every number must be from -20 to 20");
  return shape && inside;
}

/// The percentages of a sentence, looked up by words.
struct Pattern {
  Pattern(const Sentence& words, const Array& query, const Array& key) : sentence(words) {
    const Array e = embeddings(words);
    percent = attention::attend(e, e, {query, key, eye(5)}, attention::future_hidden(words.size()))
                  .percent;
  }
  std::size_t place(const std::string& name) const {
    std::size_t i = 0;
    while (sentence[i].name != name) ++i;
    return i;
  }
  void above(const std::string& asks, const std::vector<std::string>& answers) const {
    double sum = 0;
    for (const std::string& answer : answers) sum += percent(place(asks), place(answer));
    verdict::above(fmt::format("{}: {}", asks, fmt::join(answers, " and ")), sum, 0.9);
    if (answers.size() < 2) return;
    for (const std::string& answer : answers)
      verdict::above(fmt::format("{}: {}", asks, answer), percent(place(asks), place(answer)), 0.2);
  }
  void does_not_ask(const std::string& word) const {
    double sum = 0;
    for (std::size_t j = 0; j < sentence.size(); ++j)
      sum += sentence[j].kind == adjective ? percent(place(word), j) : 0;
    verdict::below(word + ": all adjectives", sum, 0.5);
  }
  Sentence sentence;
  Array percent;  ///< (words, words)
};

}  // namespace

TEST_CASE("nouns and their adjectives in two sentences") {
  // Asked for once: one pair for both sentences.
  const Array query = ex::query_weights(), key = ex::key_weights();
  const bool query_allowed = allowed("query_weights", query),
             key_allowed = allowed("key_weights", key);
  if (!query_allowed || !key_allowed) return;  // said above
  const Pattern first(house, query, key), second(frog, query, key);
  first.above("house", {"old", "red"});
  first.above("tree", {"tall"});
  first.does_not_ask("beside");
  second.above("frog", {"small", "green"});
  second.above("bird", {"shy"});
  second.does_not_ask("saw");
}
