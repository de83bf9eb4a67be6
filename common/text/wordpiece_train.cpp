#include <algorithm>

#include "common/core/error.hpp"
#include "common/text/unicode.hpp"
#include "common/text/wordpiece.hpp"

namespace byhand::text {

namespace {

using Symbol = std::uint32_t;

struct Spelling {
  std::vector<Symbol> symbols;
  std::int64_t count;
};

struct Pair {
  Symbol left, right;
  std::int64_t count;
  std::vector<std::uint32_t> words;  // those it was ever seen in; it may have left some of them since
};

/// All words as rows of symbols, and how often which symbols stand side by side.
class Corpus {
 public:
  explicit Corpus(Words alphabet) : names_(std::move(alphabet)), counts_(names_.size(), 0) {
    for (std::size_t i = 0; i < names_.size(); ++i) numbers_.emplace(names_[i], Symbol(i));
  }

  /// Words with letters outside the alphabet are left out.
  void add(const std::u32string& word, std::int64_t count) {
    Spelling spelling{{}, count};
    for (std::size_t i = 0; i < word.size(); ++i) {
      const auto entry = numbers_.find((i > 0 ? "##" : "") + encode_utf8(word.substr(i, 1)));
      if (entry == numbers_.end()) return;
      spelling.symbols.push_back(entry->second);
    }
    words_.push_back(std::move(spelling));
    count_in(words_.size() - 1, +1);
  }

  const std::string& name(Symbol s) const { return names_[s]; }
  const std::vector<Pair>& pairs() const { return pairs_; }

  double score(const Pair& pair, Merge merge) const {
    if (merge == Merge::most_frequent) return double(pair.count);
    return double(pair.count) / (double(counts_[pair.left]) * double(counts_[pair.right]));
  }

  /// The pair to merge next, or none. Equal scores are equal doubles: products are exact below 2^53, and a division is rounded correctly.
  const Pair* best(const WordPieceTraining& options) const {
    const Pair* found = nullptr;
    double highest = 0;
    for (const Pair& pair : pairs_) {
      if (pair.count < options.min_count) continue;
      const double now = score(pair, options.merge);
      const bool older = found && now == highest && std::pair(pair.left, pair.right) < std::pair(found->left, found->right);
      if (now > highest || older) {
        found = &pair;
        highest = now;
      }
    }
    return found;
  }

  /// Makes one symbol of the pair wherever it stands; whether the symbol is a new one (un ##der and und ##er are the same).
  bool merge(const Pair& pair) {
    const Symbol left = pair.left, right = pair.right;
    const std::string joined = names_[left] + names_[right].substr(2);
    const auto [entry, is_new] = numbers_.emplace(joined, Symbol(names_.size()));
    if (is_new) {
      names_.push_back(joined);
      counts_.push_back(0);
    }
    const Symbol both = entry->second;
    const std::vector<std::uint32_t> touched = pair.words;  // the pair itself disappears meanwhile
    for (const std::uint32_t w : touched) {
      if (!holds(words_[w].symbols, left, right)) continue;
      count_in(w, -1);
      join(words_[w].symbols, left, right, both);
      count_in(w, +1);
    }
    return is_new;
  }

 private:
  static bool holds(const std::vector<Symbol>& row, Symbol left, Symbol right) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      if (row[i] == left && row[i + 1] == right) return true;
    return false;
  }

  static void join(std::vector<Symbol>& row, Symbol left, Symbol right, Symbol both) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < row.size(); ++i, ++kept) {
      const bool here = i + 1 < row.size() && row[i] == left && row[i + 1] == right;
      row[kept] = here ? both : row[i];
      if (here) ++i;
    }
    row.resize(kept);
  }

  /// Adds a word's symbols and pairs to the counts, or with sign -1 takes them out again.
  void count_in(std::size_t word, int sign) {
    const Spelling& spelling = words_[word];
    const std::int64_t change = sign * spelling.count;
    for (std::size_t i = 0; i < spelling.symbols.size(); ++i) {
      counts_[spelling.symbols[i]] += change;
      if (i > 0) count_pair(spelling.symbols[i - 1], spelling.symbols[i], change, word);
    }
  }

  void count_pair(Symbol left, Symbol right, std::int64_t change, std::size_t word) {
    const std::uint64_t key = std::uint64_t(left) << 32 | right;
    const auto [entry, is_new] = places_.emplace(key, pairs_.size());
    if (is_new) pairs_.push_back({left, right, 0, {}});
    Pair& pair = pairs_[entry->second];
    pair.count += change;
    if (change > 0 && (pair.words.empty() || pair.words.back() != word)) pair.words.push_back(std::uint32_t(word));
    if (pair.count > 0) return;
    // Gone: the last pair takes its place, so that best() has no dead ones to pass.
    const std::size_t place = entry->second;
    places_.erase(entry);
    if (place + 1 < pairs_.size()) {
      pairs_[place] = std::move(pairs_.back());
      places_[std::uint64_t(pairs_[place].left) << 32 | pairs_[place].right] = place;
    }
    pairs_.pop_back();
  }

  Words names_;
  std::vector<std::int64_t> counts_;
  std::unordered_map<std::string, Symbol> numbers_;
  std::vector<Spelling> words_;
  std::vector<Pair> pairs_;
  std::unordered_map<std::uint64_t, std::size_t> places_;  // of a pair in pairs_
};

struct Letter {
  std::int64_t count = 0;
  bool begins = false, continues = false;
};

/// The pieces of one letter: the most frequent letters, in the order of their code points, first as they begin words, then as they go on.
Words alphabet_of(const std::map<std::u32string, std::int64_t>& words, std::size_t limit) {
  std::map<char32_t, Letter> letters;
  for (const auto& [word, count] : words) {
    for (const char32_t c : word) {
      Letter& letter = letters[c];
      letter.count += count;
      letter.begins = true;
      letter.continues |= word.size() > 1;
    }
  }
  std::vector<char32_t> by_count;
  for (const auto& [c, letter] : letters) by_count.push_back(c);
  std::stable_sort(by_count.begin(), by_count.end(), [&](char32_t a, char32_t b) { return letters[a].count > letters[b].count; });
  by_count.resize(std::min(by_count.size(), limit));
  std::sort(by_count.begin(), by_count.end());
  Words alphabet;
  for (const char32_t c : by_count) alphabet.push_back(encode_utf8(std::u32string_view(&c, 1)));
  for (const char32_t c : by_count)
    if (letters[c].continues) alphabet.push_back("##" + encode_utf8(std::u32string_view(&c, 1)));
  return alphabet;
}

}  // namespace

WordPiece train_wordpiece(const WordCounts& counts, std::size_t size, const WordPieceTraining& options) {
  std::map<std::u32string, std::int64_t> words;
  for (const auto& [word, count] : counts) {
    check(count > 0, "train_wordpiece: the count of '{}' is {}, at least 1 is expected", word, count);
    const std::u32string letters = decode_utf8(word);
    if (!letters.empty() && letters.size() <= options.tokenizer.longest_word) words[letters] += count;
  }
  Words pieces{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  const Words alphabet = alphabet_of(words, options.letters);
  check(pieces.size() + alphabet.size() <= size,
        "train_wordpiece: {} pieces have no room for {} special tokens and {} letters (with ## and without)", size, pieces.size(),
        alphabet.size());
  pieces.insert(pieces.end(), alphabet.begin(), alphabet.end());
  Corpus corpus(alphabet);
  for (const auto& [letters, count] : words) corpus.add(letters, count);
  Symbol next = Symbol(alphabet.size());
  while (pieces.size() < size) {
    const Pair* best = corpus.best(options);
    if (!best) break;
    if (corpus.merge(*best)) pieces.push_back(corpus.name(next++));
  }
  return WordPiece(std::move(pieces), options.tokenizer);
}

WordPiece train_wordpiece(const std::vector<std::string>& texts, std::size_t size, const WordPieceTraining& options) {
  WordCounts counts;
  for (const std::string& text : texts)
    for (std::string& word : basic_tokens(text, options.tokenizer.basic)) ++counts[std::move(word)];
  return train_wordpiece(counts, size, options);
}

}  // namespace byhand::text
