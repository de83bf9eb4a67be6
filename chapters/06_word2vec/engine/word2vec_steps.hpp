#pragma once
/// @file
/// What word2vec does millions of times, written for speed: tables whose rows begin on cache lines,
/// a small random generator, noise words in constant time, and one training step. The chapter shows
/// that the step is what its loops by hand compute.
#include <cstdint>
#include <span>
#include <vector>

#include "common/tensor/array.hpp"

namespace byhand::text {

/// A small random generator for inner loops: SplitMix64 (Steele, Lea, Flood 2014), a counter and a
/// mixing function. Seed it from a Generator; a stream for each piece of work then makes the draws
/// independent of which thread does the piece.
class FastRandom {
 public:
  explicit FastRandom(std::uint64_t seed) : state_(seed) {}
  /// The stream of piece number `piece`.
  static FastRandom stream(std::uint64_t seed, std::uint64_t piece) {
    return FastRandom(FastRandom(seed + piece).next());
  }

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// 0 … n - 1; their chances differ by less than n / 2^32.
  std::uint32_t below(std::uint32_t n) { return std::uint32_t(((next() >> 32) * n) >> 32); }
  /// Uniform on [0, 1).
  double unit() { return double(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

/// Draws numbers in proportion to weights, each in constant time: Walker's alias method, as Vose
/// builds it. Place i of the table keeps i with some probability and otherwise gives one other
/// number.
///
/// Weights 1, 2, 3: shares 1/6, 1/3, 1/2. There are three places, each drawn with 1/3. Number 0
/// fills half of its place, so the other half goes to number 2, which has too much; number 1 fills
/// its place; number 2 fills its own with the 1/3 that is left. The table is
///   place 0: keep 0 with 1/2, else 2     place 1: always 1     place 2: always 2
/// and gives 0 with 1/3 * 1/2 = 1/6, 1 with 1/3, 2 with 1/3 * 1/2 + 1/3 = 1/2. A draw is a place
/// and one comparison, however many weights.
class AliasTable {
 public:
  /// Error when there is no weight, one is negative or not finite, or none is positive.
  explicit AliasTable(const std::vector<double>& weights);
  std::uint32_t draw(FastRandom& random) const {
    const std::uint64_t bits = random.next();
    const std::uint32_t place = std::uint32_t(((bits >> 32) * places_.size()) >> 32);
    const std::uint32_t leave = std::uint32_t(bits) < places_[place].keep ? 0 : ~std::uint32_t(0);
    // no branch: a coin toss cannot be foreseen
    return place ^ ((place ^ places_[place].other) & leave);
  }
  /// The probabilities with which draw() answers 0, 1, …, to 2^-32: read back from the table.
  std::vector<double> probabilities() const;

 private:
  struct Place {
    std::uint32_t keep, other;  // keep: a probability times 2^32
  };
  std::vector<Place> places_;
};

/// 32 bytes of numbers, 8 floats or 4 doubles: a + b adds them one by one, k * a multiplies each by
/// the number k. g++ and clang++ (which `vector_size` is a word of) do it in one instruction where
/// the processor can.
using Pack = real __attribute__((vector_size(32)));

/// A matrix (rows, width) whose rows begin on cache lines of 64 bytes and are filled up with zeros
/// to whole lines, so that loops over a row need no remainder and no two rows share a line. A line
/// is two packs.
class RowTable {
 public:
  RowTable(std::size_t rows, std::size_t width);
  explicit RowTable(const Array& values);
  std::size_t rows() const { return rows_; }
  std::size_t width() const { return width_; }
  std::size_t packs() const { return packs_; }  ///< of a row; an even number
  Pack* row(std::size_t i) { return reinterpret_cast<Pack*>(data_.data()) + i * packs_; }
  const Pack* row(std::size_t i) const {
    return reinterpret_cast<const Pack*>(data_.data()) + i * packs_;
  }
  /// Asks the processor to fetch a row that will soon be changed. For x86 the instruction is
  /// written out: __builtin_prefetch(…, 1) becomes a fetch for reading unless the compiler is told
  /// of a newer processor, and the later write then waits for the other thread's copy to go.
  void prefetch(std::size_t i) const {
    const Pack* packs = row(i);
    for (std::size_t p = 0; p < packs_; p += 2) {
#if defined(__x86_64__)
      asm volatile("prefetchw %0" : : "m"(packs[p]));
#else
      __builtin_prefetch(packs + p, 1);
#endif
    }
  }
  /// All numbers, without the zeros at the ends: (rows, width).
  Array values() const;
  /// Writes `width` numbers into a row.
  void set_row(std::size_t i, const real* numbers);
  /// The mean of some rows, (width,). Error when there are none or one does not exist.
  Array mean(std::span<const std::uint32_t> rows) const;

 private:
  struct alignas(64) Line {
    Pack packs[2];
  };
  std::size_t rows_, width_, packs_;
  std::vector<Line> data_;
};

/// One step of stochastic gradient descent on two tables: `in` holds the vectors that are kept,
/// `out` those of the predicted words. h is the mean of the rows `inputs` of `in`; the score of a
/// word is h . its row of `out`. Not for several threads at once: each has its own.
/// (The tables may be shared, see Word2Vec.) Row numbers are not checked, and there must be at
/// least one input and one target.
class Word2VecStep {
 public:
  /// `whole_error`: every input row moves by the whole derivative by h, as in word2vec.c and
  /// gensim, and not by its share, 1 / inputs, which is the derivative of the mean.
  Word2VecStep(RowTable& in, RowTable& out, bool whole_error = false);

  /// Negative sampling: targets[0] is the word to be predicted, the others are noise words (one may
  /// come twice). Loss, returned: -log sigmoid(score of targets[0]) - sum of log sigmoid(-score of
  /// a noise word).
  double negative(std::span<const std::uint32_t> inputs, std::span<const std::uint32_t> targets,
                  real lr);
  /// Full softmax: the loss is the sum over the targets of -log softmax(scores)[target], with the
  /// scores of all words.
  double softmax(std::span<const std::uint32_t> inputs, std::span<const std::uint32_t> targets,
                 real lr);

 private:
  void prepare(std::size_t count);
  const Pack* hidden(std::span<const std::uint32_t> inputs);
  std::size_t merge_repeated(std::size_t count);
  void move_inputs(std::span<const std::uint32_t> inputs);

  RowTable &in_, &out_;
  bool whole_error_;
  // (1, width): h when there are several inputs; what moves the inputs
  RowTable mean_, error_;
  // gains: lr * (wanted - predicted) of each target or word
  std::vector<real> scores_, gains_, losses_;
  std::vector<Pack*> rows_;  // of the targets
};

}  // namespace byhand::text
