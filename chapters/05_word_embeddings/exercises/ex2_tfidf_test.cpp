// the reader's, the original, or the one in solutions/: the build decides
#include <ex2_tfidf.hpp>
#include "tests/exercises/verdict.hpp"

#include "chapters/05_word_embeddings/counts.hpp"
#include "common/core/generator.hpp"
#include "common/text/tfidf.hpp"

namespace ex = byhand::exercise;
using namespace byhand;
using text::Words;

namespace {

/// The numbers of every word in every document, once from text::Tfidf, once the reader's.
void judge(const std::string& name, const std::vector<std::vector<Words>>& collections,
           bool smooth) {
  std::vector<real> expected, came;
  for (const auto& documents : collections) {
    const text::Tfidf tfidf(documents, {.smooth = smooth, .normalise = false});
    const Array table = tfidf.transform(documents);  // (documents, words)
    expected.insert(expected.end(), table.begin(), table.end());
    for (std::size_t d = 0; d < documents.size(); ++d)
      for (const std::string& word : tfidf.vocabulary())
        came.push_back(real(ex::tfidf(documents, d, word, smooth)));
  }
  verdict::equal(fmt::format("{}, {}", name, smooth ? "smooth" : "not smooth"), array(expected),
                 array(came));
}

/// Up to 6 documents of up to 10 words, each one of eight; only the first is never empty.
std::vector<Words> random_documents(Generator& generator) {
  std::vector<Words> documents;
  const auto count = std::size_t(generator.randint(1, 7, 1)[0]);
  for (std::size_t d = 0; d < count; ++d) {
    const auto length = std::size_t(generator.randint(d == 0 ? 1 : 0, 11, 1)[0]);
    Words words;
    for (const std::int64_t number : generator.randint(0, 8, length))
      words.push_back(fmt::format("word{}", number));
    documents.push_back(words);
  }
  return documents;
}

}  // namespace

TEST_CASE("cells that can be done with a pencil") {
  const std::vector<Words> documents = {{"tea", "tea", "milk"}, {"milk"}};
  verdict::equal("tea in 1: 2 (ln(3 / 2) + 1)", 2 * (std::log(1.5) + 1),
                 ex::tfidf(documents, 0, "tea", true));
  verdict::equal("tea in 1, not smooth: 2 (ln(2 / 1) + 1)", 2 * (std::log(2) + 1),
                 ex::tfidf(documents, 0, "tea", false));
  verdict::equal("milk, in every document", 1, ex::tfidf(documents, 1, "milk", true));
  verdict::equal("tea in 2, where it is not", 0, ex::tfidf(documents, 1, "tea", false));
}

TEST_CASE("every cell of the table") {
  Generator generator{42};
  std::vector<std::vector<Words>> collections;
  for (int i = 0; i < 100; ++i) collections.push_back(random_documents(generator));
  for (const bool smooth : {true, false}) {
    judge("the chapter's sentences", {embeddings::documents()}, smooth);
    judge("100 random collections", collections, smooth);
  }
}

TEST_CASE("a word that nobody has seen") {
  for (const bool smooth : {true, false})
    verdict::equal(fmt::format("kitten, {}", smooth ? "smooth" : "not smooth"), 0,
                   ex::tfidf(embeddings::documents(), 0, "kitten", smooth));
}
