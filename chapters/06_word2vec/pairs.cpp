#include "chapters/06_word2vec/pairs.hpp"

namespace word2vec {
using namespace byhand;

const Pairs& men_and_women() {
  static const Pairs pairs = {{"man", "woman"},       {"king", "queen"},    {"prince", "princess"}, {"actor", "actress"},
                              {"waiter", "waitress"}, {"father", "mother"}, {"son", "daughter"},    {"brother", "sister"},
                              {"uncle", "aunt"},      {"boy", "girl"},      {"husband", "wife"}};
  return pairs;
}

const Pairs& one_and_many() {
  static const Pairs pairs = {{"day", "days"}, {"year", "years"},  {"king", "kings"},  {"city", "cities"},
                              {"son", "sons"}, {"word", "words"},  {"hand", "hands"},  {"child", "children"},
                              {"man", "men"},  {"woman", "women"}, {"house", "houses"}};
  return pairs;
}

const Pairs& capitals() {
  static const Pairs pairs = {{"france", "paris"},  {"japan", "tokyo"},    {"italy", "rome"},      {"germany", "berlin"},
                              {"spain", "madrid"},  {"england", "london"}, {"korea", "seoul"},     {"china", "beijing"},
                              {"russia", "moscow"}, {"egypt", "cairo"},    {"portugal", "lisbon"}, {"greece", "athens"}};
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

std::vector<Topic> toy_topics() {
  std::vector<Topic> topics = {{"men", {}}, {"women", {}}, {"countries", {}}, {"capitals", {}}};
  for (const auto& [man, woman] : men_and_women()) topics[0].words.push_back(man), topics[1].words.push_back(woman);
  for (const auto& [country, capital] : capitals()) topics[2].words.push_back(country), topics[3].words.push_back(capital);
  topics.push_back({"languages",
                    {"french", "japanese", "italian", "german", "spanish", "english", "korean", "chinese", "russian", "egyptian",
                     "portuguese", "greek"}});
  topics.push_back({"dishes",
                    {"baguettes", "sushi", "pasta", "sausages", "paella", "pudding", "kimchi", "dumplings", "borscht", "falafel",
                     "sardines", "olives"}});
  topics.push_back({"drinks", {"tea", "coffee", "milk", "juice", "water"}});
  topics.push_back({"animals", {"cat", "dog", "horse", "cow", "lion", "bird"}});
  return topics;
}

}  // namespace word2vec
