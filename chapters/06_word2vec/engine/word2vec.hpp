#pragma once
/// @file
/// word2vec (Mikolov et al. 2013) at full speed: CBOW and skip-gram, negative sampling and full
/// softmax.
#include <cstdint>
#include <functional>
#include <vector>

#include "chapters/06_word2vec/engine/word2vec_steps.hpp"
#include "common/core/generator.hpp"
#include "common/text/word_vectors.hpp"
#include "common/text/words.hpp"

namespace byhand::text {

/// A text as word numbers. Words seen less than `min_count` times are not there; the others move
/// together.
struct Corpus {
  /// Error when there is no word, or none occurs `min_count` times. A sentence longer than 10,000
  /// words counts as several.
  explicit Corpus(const std::vector<Words>& sentences, std::size_t min_count = 5);

  Vocabulary vocabulary;
  std::vector<std::uint32_t> words;  ///< of all sentences, one after the other
  std::vector<std::size_t> ends;     ///< where each sentence ends in `words`
  std::size_t raw_words = 0;         ///< of the text, with the rare ones
};

struct Word2VecOptions {
  /// the middle word predicts each word around it; false: CBOW, their mean predicts the middle word
  bool skipgram = true;
  /// negative sampling; false: softmax over all words, whose cost grows with the vocabulary
  bool negative = true;
  std::size_t width = 100;  ///< numbers per word
  /// words to each side at most; drawn anew from 1 … window for each middle word
  std::size_t window = 5;
  std::size_t negatives = 5;
  int epochs = 5;
  /// a word with frequency f is kept with probability sqrt(sample / f) + sample / f; 0 keeps all
  double sample = 1e-3;
  double lr = 0.025;  ///< falls linearly to min_lr with the words read
  double min_lr = 1e-4;
  double noise_power = 0.75;  ///< noise words come in proportion to count^noise_power
  /// CBOW: each context word moves by the whole error (word2vec.c, gensim), not by its share:
  /// Word2VecStep
  bool whole_error = true;
};

/// The probability with which a word of frequency f is kept each time it is met: sqrt(sample / f) +
/// sample / f, at most 1.
double keep_probability(const Vocabulary& vocabulary, std::int64_t word, double sample);

/// What an epoch was like.
struct Word2VecEpoch {
  int epoch;                  ///< from 1
  double loss;                ///< mean over the predicted words
  std::uint64_t predictions;  ///< predicted words: pairs in skip-gram, middle words in CBOW
};

/// For fastText (Bojanowski et al. 2017), where a word's vector is the mean of several rows: its
/// own and one for each piece of it.
struct Subwords {
  /// of the table; those of the words come first
  std::size_t rows = 0;
  /// for each word of the vocabulary; empty: one row a word, as in word2vec
  std::vector<std::vector<std::uint32_t>> of_word = {};
};

/// The two tables in training. A word's vector is its row of `in`, or the mean of its rows when
/// there are Subwords.
///
/// Threads (byhand::threads() of them, but one for each 200 words of the vocabulary at most) take
/// pieces of some 10,000 words and change the tables without locks, so that two may write the same
/// row at the same time and a few updates are lost: Hogwild (Niu et al. 2011), which does no harm
/// because a step touches few rows. Each piece has its own random stream and learning rate. With
/// one thread the result depends on the generator only; with several it differs a little from run
/// to run.
class Word2Vec {
 public:
  /// Draws the start from the generator: `in` uniform on +-0.5 / width, `out` zero. The corpus must
  /// outlive this. Error when an option makes no sense (a width, window or number of epochs of 0, a
  /// negative rate, ...). Error when the subwords do not fit the vocabulary.
  Word2Vec(const Corpus& corpus, const Word2VecOptions& options, Generator& generator,
           Subwords subwords = {});

  /// All epochs. `report` is called after each. Error when an epoch had nothing to predict, because
  /// no two words were left in a sentence.
  void train(const std::function<void(const Word2VecEpoch&)>& report = {});

  /// A vector for each word of the vocabulary.
  WordVectors vectors() const;
  const RowTable& in() const { return in_; }
  const RowTable& out() const { return out_; }
  const AliasTable& noise() const { return noise_; }  ///< what noise words are drawn from

 private:
  struct Piece {
    std::size_t first_sentence, last_sentence;  // [first, last)
    std::size_t words_before;
  };
  struct Worker;
  Word2VecEpoch epoch(int number, const std::vector<Piece>& pieces);

  const Corpus& corpus_;
  Word2VecOptions options_;
  Subwords subwords_;
  std::uint64_t seed_;
  AliasTable noise_;
  RowTable in_, out_;
};

}  // namespace byhand::text
