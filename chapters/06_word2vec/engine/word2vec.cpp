#include "chapters/06_word2vec/engine/word2vec.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "common/core/parallel.hpp"

namespace byhand::text {

// ---- the text as numbers ----

namespace {

constexpr std::size_t longest_sentence = 10'000, piece_words = 10'000;

Words all_words(const std::vector<Words>& sentences) {
  Words all;
  std::size_t count = 0;
  for (const Words& sentence : sentences) count += sentence.size();
  all.reserve(count);
  for (const Words& sentence : sentences) all.insert(all.end(), sentence.begin(), sentence.end());
  return all;
}

}  // namespace

Corpus::Corpus(const std::vector<Words>& sentences, std::size_t min_count) {
  {
    const Words all = all_words(sentences);
    raw_words = all.size();
    vocabulary = Vocabulary(all, min_count);
  }
  check(raw_words > 0, "word2vec: the text holds no word");
  check(vocabulary.size() > 0,
        "word2vec: none of the {} words of the text occurs {} times; give a smaller min_count "
        "(--min-count)",
        raw_words, min_count);
  for (const Words& sentence : sentences) {
    const std::size_t before = words.size();
    for (const std::int64_t word : vocabulary.encode(sentence))
      words.push_back(std::uint32_t(word));
    for (std::size_t end = before; end < words.size();)
      ends.push_back(end = std::min(end + longest_sentence, words.size()));
  }
}

// ---- the model ----

namespace {

void check_options(const Word2VecOptions& o) {
  check(o.width > 0 && o.width <= 100'000,
        "word2vec: a width of {} numbers; 1 to 100,000 are possible", o.width);
  check(o.window > 0 && o.window <= longest_sentence,
        "word2vec: a window of {} words; 1 to {} are possible", o.window, longest_sentence);
  check(o.negatives <= 1000, "word2vec: {} noise words; 1000 at most are possible", o.negatives);
  check(!o.negative || o.negatives > 0, "word2vec: negative sampling needs at least 1 noise word");
  check(o.epochs > 0, "word2vec: {} epochs; at least 1 is needed", o.epochs);
  check(o.sample >= 0 && std::isfinite(o.sample), "word2vec: sample is {}; it must be 0 or more",
        o.sample);
  check(std::isfinite(o.noise_power), "word2vec: the power of the noise is {}; it must be finite",
        o.noise_power);
  check(o.lr > 0 && std::isfinite(o.lr) && o.min_lr >= 0 && o.min_lr <= o.lr,
        "word2vec: the learning rate goes from {} to {}; it must be positive and fall", o.lr,
        o.min_lr);
}

/// Noise words in proportion to count^power.
AliasTable noise_words(const Vocabulary& vocabulary, double power) {
  std::vector<double> weights;
  for (std::size_t word = 0; word < vocabulary.size(); ++word)
    weights.push_back(std::pow(double(vocabulary.count(std::int64_t(word))), power));
  return AliasTable(weights);
}

void check_subwords(const Subwords& subwords, std::size_t words) {
  if (subwords.of_word.empty()) return;
  check(subwords.of_word.size() == words,
        "word2vec: subwords of {} words, but the vocabulary has {}", subwords.of_word.size(),
        words);
  for (const auto& rows : subwords.of_word) {
    check(!rows.empty(), "word2vec: a word without a row");
    for (const std::uint32_t row : rows)
      if (row >= subwords.rows)
        fail("word2vec: a word has row {}, but the table has {}", row, subwords.rows);
  }
}

}  // namespace

Word2Vec::Word2Vec(const Corpus& corpus, const Word2VecOptions& options, Generator& generator,
                   Subwords subwords)
    : corpus_(corpus),
      options_((check_options(options), options)),
      subwords_((check_subwords(subwords, corpus.vocabulary.size()), std::move(subwords))),
      seed_(generator.random64()),
      noise_(noise_words(corpus.vocabulary, options.noise_power)),
      in_(subwords_.of_word.empty() ? corpus.vocabulary.size() : subwords_.rows, options.width),
      out_(corpus.vocabulary.size(), options.width) {
  const float bound = 0.5f / float(options.width);
  for (std::size_t word = 0; word < in_.rows(); ++word) {
    const std::vector<float> drawn = generator.uniform(options.width, -bound, bound);
    const std::vector<real> start(drawn.begin(), drawn.end());
    in_.set_row(word, start.data());
  }
}

double keep_probability(const Vocabulary& vocabulary, std::int64_t word, double sample) {
  if (sample == 0) return 1;
  // sample / f
  const double ratio = sample * double(vocabulary.total()) / double(vocabulary.count(word));
  return std::min(1.0, std::sqrt(ratio) + ratio);
}

WordVectors Word2Vec::vectors() const {
  if (subwords_.of_word.empty()) return WordVectors(corpus_.vocabulary.all(), in_.values());
  Array means = empty({corpus_.vocabulary.size(), options_.width});
  for (std::size_t word = 0; word < subwords_.of_word.size(); ++word) {
    const Array mean = in_.mean(subwords_.of_word[word]);
    std::copy(mean.begin(), mean.end(), means.data() + word * options_.width);
  }
  return WordVectors(corpus_.vocabulary.all(), means);
}

// ---- training ----

/// What one thread works with.
struct Word2Vec::Worker {
  Worker(Word2Vec& m, const std::vector<double>& keep_words)
      : model(m),
        options(m.options_),
        keep(keep_words),
        step(m.in_, m.out_, m.options_.whole_error),
        random(0) {}

  /// Trains on the sentences of a piece. Returns the sum of the losses.
  double run(const Piece& piece, FastRandom stream, real rate) {
    random = stream;
    lr = rate;
    double loss = 0;
    for (std::size_t s = piece.first_sentence; s < piece.last_sentence; ++s) {
      subsample(s == 0 ? 0 : model.corpus_.ends[s - 1], model.corpus_.ends[s]);
      for (std::size_t middle = 0; middle < sentence.size(); ++middle) loss += around(middle);
    }
    return loss;
  }

  void subsample(std::size_t first, std::size_t last) {
    sentence.clear();
    for (std::size_t i = first; i < last; ++i) {
      const std::uint32_t word = model.corpus_.words[i];
      if (keep[word] >= 1 || random.unit() < keep[word]) sentence.push_back(word);
    }
  }

  /// One middle word and the words around it.
  double around(std::size_t middle) {
    const std::size_t reach = 1 + random.below(std::uint32_t(options.window));
    context.clear();
    for (std::size_t i = middle > reach ? middle - reach : 0;
         i < std::min(sentence.size(), middle + reach + 1); ++i)
      if (i != middle) context.push_back(sentence[i]);
    if (context.empty()) return 0;
    const std::span<const std::uint32_t> word(&sentence[middle], 1),
        inputs = rows_of(options.skipgram ? word : context);
    predictions += options.skipgram ? context.size() : 1;
    if (!options.negative) return step.softmax(inputs, options.skipgram ? context : word, lr);
    if (!options.skipgram) {
      draw_targets(sentence[middle], targets);
      return step.negative(inputs, targets, lr);
    }
    double loss = 0;
    draw_targets(context[0], targets);
    for (std::size_t i = 0; i < context.size(); ++i) {
      // The next step's rows come from memory while this one is done.
      if (i + 1 < context.size()) draw_targets(context[i + 1], next_targets);
      loss += step.negative(inputs, targets, lr);
      targets.swap(next_targets);
    }
    return loss;
  }

  /// The rows that stand for these words.
  std::span<const std::uint32_t> rows_of(std::span<const std::uint32_t> words) {
    const auto& of_word = model.subwords_.of_word;
    if (of_word.empty()) return words;
    if (words.size() == 1) return of_word[words[0]];
    rows.clear();
    for (const std::uint32_t word : words)
      rows.insert(rows.end(), of_word[word].begin(), of_word[word].end());
    return rows;
  }

  /// The word and noise words; one that happens to be the word itself is left out, as in the
  /// original.
  void draw_targets(std::uint32_t word, std::vector<std::uint32_t>& list) {
    list.resize(1 + options.negatives);
    list[0] = word;
    std::size_t count = 1;
    for (std::size_t k = 0; k < options.negatives; ++k) {
      list[count] = model.noise_.draw(random);
      count += list[count] != word;
    }
    list.resize(count);
    for (const std::uint32_t target : list) model.out_.prefetch(target);
  }

  Word2Vec& model;
  const Word2VecOptions& options;
  const std::vector<double>& keep;
  Word2VecStep step;
  FastRandom random;
  real lr = 0;
  std::uint64_t predictions = 0;
  std::vector<std::uint32_t> sentence, context, targets, next_targets, rows;
};

Word2VecEpoch Word2Vec::epoch(int number, const std::vector<Piece>& pieces) {
  std::vector<double> keep;
  for (std::size_t word = 0; word < corpus_.vocabulary.size(); ++word)
    keep.push_back(keep_probability(corpus_.vocabulary, std::int64_t(word), options_.sample));
  // Threads write without locks. With few words they write the same rows all the time, and lose
  // each other's updates.
  constexpr std::size_t words_a_thread = 200;
  const std::size_t words = corpus_.vocabulary.size(),
                    fitting = std::max<std::size_t>(1, words / words_a_thread);
  const std::size_t workers = std::min({std::size_t(threads()), pieces.size(), fitting});
  const double all_words = double(corpus_.words.size()) * options_.epochs;
  // one for each piece, so that their sum does not depend on the threads
  std::vector<double> losses(pieces.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<std::uint64_t> predictions = 0;
  parallel_for(workers, 1, [&](std::size_t begin, std::size_t end) {
    for (; begin < end; ++begin) {
      Worker worker(*this, keep);
      for (std::size_t p = next++; p < pieces.size(); p = next++) {
        const double done =
            (double(number - 1) * double(corpus_.words.size()) + double(pieces[p].words_before)) /
            all_words;
        const double lr = options_.lr - (options_.lr - options_.min_lr) * done;
        losses[p] = worker.run(
            pieces[p], FastRandom::stream(seed_, std::uint64_t(number) << 32 | p), real(lr));
      }
      predictions += worker.predictions;
    }
  });
  check(predictions > 0,
        "word2vec: epoch {} had nothing to predict: without rare words (min_count, --min-count) "
        "and with frequent ones skipped (sample) no "
        "sentence has two words left; give more text",
        number);
  double loss = 0;
  for (const double l : losses) loss += l;
  return {number, loss / double(predictions), predictions};
}

void Word2Vec::train(const std::function<void(const Word2VecEpoch&)>& report) {
  // Small texts are cut finer, so that the learning rate still falls smoothly.
  const std::size_t size = std::clamp<std::size_t>(corpus_.words.size() / 50, 100, piece_words);
  std::vector<Piece> pieces;
  for (std::size_t s = 0, begin = 0; s < corpus_.ends.size(); ++s) {
    if (pieces.empty() || begin - pieces.back().words_before >= size)
      pieces.push_back({s, s, begin});
    pieces.back().last_sentence = s + 1;
    begin = corpus_.ends[s];
  }
  for (int number = 1; number <= options_.epochs; ++number) {
    const Word2VecEpoch result = epoch(number, pieces);
    if (report) report(result);
  }
}

}  // namespace byhand::text
