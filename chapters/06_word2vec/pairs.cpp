#include "chapters/06_word2vec/pairs.hpp"

namespace word2vec {
using namespace byhand;

namespace {

/// Two topics of the toy world, word by word.
Pairs in_pairs(const Topic& left, const Topic& right) {
  Pairs pairs;
  for (std::size_t i = 0; i < left.words.size(); ++i) pairs.emplace_back(left.words[i], right.words[i]);
  return pairs;
}

}  // namespace

const Pairs& men_and_women() {
  static const Pairs pairs = in_pairs(toy_topics()[0], toy_topics()[1]);
  return pairs;
}

const Pairs& one_and_many() {
  static const Pairs pairs = {{"day", "days"}, {"year", "years"},  {"king", "kings"},  {"city", "cities"},
                              {"son", "sons"}, {"word", "words"},  {"hand", "hands"},  {"child", "children"},
                              {"man", "men"},  {"woman", "women"}, {"house", "houses"}};
  return pairs;
}

const Pairs& capitals() {
  static const Pairs pairs = in_pairs(toy_topics()[2], toy_topics()[3]);
  return pairs;
}

std::vector<text::Analogy> english_analogies() {
  std::vector<text::Analogy> questions;
  for (const Pairs& pairs : {men_and_women(), one_and_many()})
    for (const auto& [a, b] : pairs)
      for (const auto& [c, d] : pairs)
        if (a != c) questions.push_back({a, b, c, d});
  return questions;
}

}  // namespace word2vec
