// The toy world: its words, and that they can be learnt. What is learnt here is counted, not trained, so that this test stands alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "chapters/06_word2vec/engine/toy_world.hpp"
#include "common/text/word_vectors.hpp"
#include "common/text/words.hpp"

using namespace byhand;
using namespace byhand::text;

namespace {

std::vector<std::string> world(std::size_t sentences, std::uint64_t seed = 42) {
  Generator generator(seed);
  return toy_world(sentences, generator);
}

/// Positive pointwise mutual information max(0, ln(p(a, b) / (p(a) p(b)))) of words at most five apart, a row for each word: what skip-gram
/// with negative sampling approximates (Levy and Goldberg 2014).
WordVectors counted_vectors(const std::vector<std::string>& sentences) {
  Words all;
  for (const std::string& sentence : sentences)
    for (const std::string& word : words(sentence)) all.push_back(word);
  const Vocabulary vocabulary(all);
  const std::size_t n = vocabulary.size();
  std::vector<double> pairs(n * n), sums(n);
  double total = 0;
  for (const std::string& sentence : sentences) {
    const std::vector<std::int64_t> numbers = vocabulary.encode(words(sentence));
    for (std::size_t i = 0; i < numbers.size(); ++i)
      for (std::size_t j = i < 5 ? 0 : i - 5; j < std::min(i + 6, numbers.size()); ++j) {
        if (i == j) continue;
        pairs[std::size_t(numbers[i]) * n + std::size_t(numbers[j])] += 1;
        sums[std::size_t(numbers[i])] += 1;
        total += 1;
      }
  }
  Array table = zeros({n, n});
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b)
      if (pairs[a * n + b] > 0) table.data()[a * n + b] = real(std::max(0.0, std::log(pairs[a * n + b] * total / (sums[a] * sums[b]))));
  return WordVectors(vocabulary.all(), table);
}

}  // namespace

TEST_CASE("toy world: lower-case words and no slot left") {
  const std::vector<std::string> sentences = world(20000);
  REQUIRE(sentences.size() == 20000);
  std::set<std::string> found;
  std::size_t count = 0;
  for (const std::string& sentence : sentences) {
    const Words parts = words(sentence);
    count += parts.size();
    found.insert(parts.begin(), parts.end());
    std::string joined;
    for (const std::string& part : parts) joined += (joined.empty() ? "" : " ") + part;
    CHECK(joined == sentence);  // no capitals, no punctuation, one blank between words
    CHECK(parts.size() >= 3);
    CHECK((' ' + sentence).find(" a a") == std::string::npos);  // an actor, an aunt, an animal
    CHECK((' ' + sentence).find(" a u") == std::string::npos);  // an uncle
  }
  CHECK(found.size() >= 150);
  CHECK(found.size() <= 255);
  CHECK(count >= 100000);  // about 8 words each
  CHECK(count <= 200000);
  const std::set<std::string> different(sentences.begin(), sentences.end());
  CHECK(different.size() > 1000);
  for (const char* word : {"king", "queen", "tea", "coffee", "cat", "dog", "paris", "france", "he", "she", "his", "her"})
    CHECK(found.count(word) == 1);
}

TEST_CASE("toy world: men do what men do, women what women do, and both the same") {
  for (const std::string& sentence : world(5000)) {
    const Words parts = words(sentence);
    const auto has = [&](const char* word) { return std::find(parts.begin(), parts.end(), word) != parts.end(); };
    if (has("king") && !has("queen")) CHECK_FALSE((has("she") || has("her") || has("herself") || has("madam")));
    if (has("queen") && !has("king")) CHECK_FALSE((has("he") || has("his") || has("him") || has("sir")));
    if (has("capital")) CHECK(parts.size() == 6);  // "paris is the capital of france"
  }
}

TEST_CASE("toy world: the seed decides") {
  CHECK(world(200) == world(200));
  CHECK(world(200) != world(200, 43));
  CHECK(world(0).empty());
  const std::vector<std::string> longer = world(300), shorter = world(200);
  CHECK(std::equal(shorter.begin(), shorter.end(), longer.begin()));
}

TEST_CASE("toy topics: words of the world, partners in the same place") {
  const std::vector<Topic> topics = toy_topics();
  const char* names[] = {"men", "women", "countries", "capitals", "languages", "dishes", "drinks", "animals"};
  REQUIRE(topics.size() == 8);
  std::set<std::string> all, seen;
  for (const std::string& sentence : world(20000))
    for (const std::string& word : words(sentence)) all.insert(word);
  for (std::size_t t = 0; t < 8; ++t) {
    CHECK(topics[t].name == names[t]);
    for (const std::string& word : topics[t].words) {
      CHECK_MESSAGE(all.count(word) == 1, word);
      CHECK_MESSAGE(seen.insert(word).second, word);  // no word has two topics
    }
  }
  CHECK(topics[0].words.size() == topics[1].words.size());
  for (std::size_t t = 3; t < 6; ++t) CHECK(topics[t].words.size() == topics[2].words.size());
  const auto row = [&](std::size_t topic, const std::string& word) {
    return std::find(topics[topic].words.begin(), topics[topic].words.end(), word) - topics[topic].words.begin();
  };
  CHECK(row(0, "king") == row(1, "queen"));
  CHECK(row(0, "husband") == row(1, "wife"));
  const char* greek[] = {"greece", "athens", "greek", "olives"};
  for (std::size_t t = 2; t < 6; ++t) CHECK(row(t, greek[t - 2]) == row(2, "greece"));
  for (const std::string drink : {"tea", "coffee", "milk", "juice", "water"}) CHECK(row(6, drink) < 5);
}

TEST_CASE("toy analogies: different questions about four different words of the world") {
  const WordVectors vectors = counted_vectors(world(20000));
  std::set<std::string> seen;
  for (const Analogy& q : toy_analogies()) {
    CHECK(std::set<std::string>{q.a, q.b, q.c, q.d}.size() == 4);
    CHECK(seen.insert(q.a + ' ' + q.b + ' ' + q.c).second);
    for (const std::string& word : {q.a, q.b, q.c, q.d}) CHECK_MESSAGE(vectors.contains(word), word);
  }
  CHECK(seen.count("man king woman") == 1);
  CHECK(seen.count("france paris japan") == 1);
  CHECK(seen.size() >= 12 * 11 * 2);  // twelve countries at least
}

TEST_CASE("toy world: counting neighbours answers the analogies") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const WordVectors vectors = counted_vectors(world(10000, seed));
    CHECK(vectors.analogy("king", "man", "woman", 1)[0].word == "queen");
    CHECK(vectors.similarity("tea", "coffee") > vectors.similarity("tea", "cat"));
    std::size_t right = 0;
    const std::vector<Analogy> questions = toy_analogies();
    for (const Analogy& q : questions) right += vectors.analogy(q.b, q.a, q.c, 1)[0].word == q.d;
    CHECK(double(right) >= 0.8 * double(questions.size()));
  }
}
