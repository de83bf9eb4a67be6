#include "chapters/06_word2vec/fasttext.hpp"

namespace word2vec {
using namespace byhand;

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char byte : text) {
    hash ^= std::uint32_t(static_cast<signed char>(byte));
    hash *= 16777619u;
  }
  return hash;
}

namespace {

void check_options(const NgramOptions& o) {
  check(o.shortest >= 1 && o.shortest <= o.longest && o.longest <= 100,
        "fasttext: n-grams of {} to {} letters", o.shortest, o.longest);
  check(o.buckets > 0 && o.buckets <= 100'000'000,
        "fasttext: {} buckets; 1 to 100 million are possible", o.buckets);
}

}  // namespace

std::vector<std::uint32_t> ngram_buckets(std::string_view word, const NgramOptions& options) {
  check_options(options);
  std::vector<std::uint32_t> buckets;
  for (std::size_t n = options.shortest; n <= options.longest; ++n)
    for (const std::string& ngram : text::character_ngrams(word, n))
      buckets.push_back(fnv1a(ngram) % std::uint32_t(options.buckets));
  return buckets;
}

text::Subwords subwords_of(const text::Vocabulary& vocabulary, const NgramOptions& options) {
  text::Subwords subwords{vocabulary.size() + options.buckets, {}};
  for (std::size_t word = 0; word < vocabulary.size(); ++word) {
    std::vector<std::uint32_t> rows = {std::uint32_t(word)};
    for (const std::uint32_t bucket : ngram_buckets(vocabulary.all()[word], options))
      rows.push_back(std::uint32_t(vocabulary.size()) + bucket);
    subwords.of_word.push_back(std::move(rows));
  }
  return subwords;
}

FastText::FastText(const text::Corpus& corpus, const text::Word2VecOptions& options,
                   const NgramOptions& ngrams, Generator& generator)
    : vocabulary_(corpus.vocabulary),
      ngrams_(ngrams),
      model_(corpus, options, generator, subwords_of(corpus.vocabulary, ngrams)) {}

std::vector<std::uint32_t> FastText::rows_of(std::string_view word) const {
  std::vector<std::uint32_t> rows;
  if (const std::int64_t known = vocabulary_.find(word); known >= 0)
    rows.push_back(std::uint32_t(known));
  for (const std::uint32_t bucket : ngram_buckets(word, ngrams_))
    rows.push_back(std::uint32_t(vocabulary_.size()) + bucket);
  return rows;
}

Array FastText::vector(std::string_view word) const {
  const std::vector<std::uint32_t> rows = rows_of(word);
  check(!rows.empty(), "fasttext: '{}' is not known and too short to have a run of {} letters",
        word, ngrams_.shortest);
  return model_.in().mean(rows);
}

}  // namespace word2vec
