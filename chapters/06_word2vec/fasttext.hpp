#pragma once
/// @file
/// fastText (Bojanowski et al. 2017): a word's vector is the mean of its own row and of one row for
/// each run of 3 to 6 letters in it. So a word that was never seen has a vector too: the mean of
/// the rows of its runs.
#include <functional>
#include <string_view>

#include "chapters/06_word2vec/engine/word2vec.hpp"

namespace word2vec {

/// The 32-bit FNV-1a hash, as the authors' program computes it: bytes above 127 are taken as
/// negative numbers.
std::uint32_t fnv1a(std::string_view text);

struct NgramOptions {
  std::size_t shortest = 3, longest = 6;  ///< letters
  /// rows that the n-grams share: n-gram -> fnv1a % buckets
  std::size_t buckets = 50'000;
};

/// The buckets of a word's n-grams, 0 … buckets - 1, shortest n-grams first.
std::vector<std::uint32_t> ngram_buckets(std::string_view word, const NgramOptions& options);

/// For each word its own row, then those of its n-grams, which begin after the words.
byhand::text::Subwords subwords_of(const byhand::text::Vocabulary& vocabulary,
                                   const NgramOptions& options);

/// word2vec on these rows.
class FastText {
 public:
  /// Draws the start; the corpus must outlive this. Error when an option makes no sense.
  FastText(const byhand::text::Corpus& corpus, const byhand::text::Word2VecOptions& options,
           const NgramOptions& ngrams, byhand::Generator& generator);

  byhand::text::Word2Vec& model() { return model_; }
  /// False for an unknown word that is too short to have an n-gram.
  bool has_vector(std::string_view word) const { return !rows_of(word).empty(); }
  /// The vector of any word (width,), also one that is not in the vocabulary. Error unless
  /// has_vector().
  byhand::Array vector(std::string_view word) const;

 private:
  std::vector<std::uint32_t> rows_of(std::string_view word) const;
  const byhand::text::Vocabulary& vocabulary_;
  NgramOptions ngrams_;
  byhand::text::Word2Vec model_;
};

}  // namespace word2vec
