// the reader's, the original, or the one in solutions/: the build decides
#include <ex4_unseen.hpp>

#include "tests/exercises/verdict.hpp"

using namespace byhand;

namespace {

/// The rows of the n-grams of a fastText model: they stand behind those of its words.
void judge(std::size_t shortest, std::size_t longest, const std::vector<std::string>& unseen) {
  const text::Corpus corpus({{"tea", "and", "coffee"}, {"tea", "coffee"}}, 1);
  const word2vec::NgramOptions options{.shortest = shortest, .longest = longest, .buckets = 97};
  Generator generator{42};
  text::Word2VecOptions small;
  small.width = 6;
  word2vec::FastText model(corpus, small, options, generator);
  const Array all = model.model().in().values();
  // (97, 6)
  const Array table = xt::view(all, xt::range(corpus.vocabulary.size(), all.shape()[0]), xt::all());
  for (const std::string& word : unseen)
    verdict::equal(fmt::format("\"{}\", runs of {} to {}", word, shortest, longest),
                   model.has_vector(word) ? model.vector(word) : zeros({small.width}),
                   exercise::vector_of(word, table, shortest, longest));
}

}  // namespace

TEST_CASE("the mean of the rows of all runs") {
  judge(3, 6, {"teapot", "coffees", "a", "banana"});
  judge(2, 2, {"teatea", "aaaa"});
  judge(3, 6, {"커피"});
  judge(3, 6, {""});
}
