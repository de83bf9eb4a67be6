#include "common/text/words.hpp"

#include <algorithm>

#include "common/core/error.hpp"

namespace byhand::text {

// ---- words ----

namespace {

struct Token {
  enum { letter, apostrophe, separator } kind;
  std::size_t bytes;
};

/// Marks outside ASCII that separate words, as ranges of their UTF-8 bytes.
constexpr std::pair<std::string_view, std::string_view> marks[] = {
    {"\u00A0", "\u00A0"},                        // the blank that does not break a line
    {"\u00AB", "\u00AB"}, {"\u00BB", "\u00BB"},  // « »
    {"\u2010", "\u2027"},                        // dashes, curly quotes, bullets, dots
    {"\u3000", "\u3003"}, {"\u3008", "\u3011"},  // East Asian blank, comma, full stop, brackets
    {"\uFEFF", "\uFEFF"},                        // "this is UTF-8", at the start of a file
};

/// What begins at text[i]. A letter is one byte here, be it part of a longer one: only the ends of words matter.
Token token_at(std::string_view text, std::size_t i) {
  const char c = text[i];
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return {Token::letter, 1};
  if (static_cast<unsigned char>(c) < 128) return {c == '\'' ? Token::apostrophe : Token::separator, 1};
  for (const auto& [first, last] : marks) {
    const std::string_view mark = text.substr(i, first.size());
    if (mark.size() == first.size() && first <= mark && mark <= last)
      return {mark == "\u2019" ? Token::apostrophe : Token::separator, mark.size()};
  }
  return {Token::letter, 1};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

}  // namespace

Words words(std::string_view text) {
  Words found;
  std::string word;
  for (std::size_t i = 0; i < text.size();) {
    const Token token = token_at(text, i);
    const std::size_t next = i + token.bytes;
    const bool letter_follows = next < text.size() && token_at(text, next).kind == Token::letter;
    if (token.kind == Token::letter) {
      word += lower(text[i]);
    } else if (token.kind == Token::apostrophe && !word.empty() && letter_follows) {
      word += '\'';
    } else if (!word.empty()) {
      found.push_back(std::move(word));
      word.clear();
    }
    i = next;
  }
  if (!word.empty()) found.push_back(std::move(word));
  return found;
}

// ---- n-grams ----

Words ngrams(const Words& words, std::size_t n) {
  check(n > 0, "ngrams: n must be at least 1");
  Words runs;
  for (std::size_t first = 0; n <= words.size() && first <= words.size() - n; ++first) {
    std::string run = words[first];
    for (std::size_t i = 1; i < n; ++i) run += ' ' + words[first + i];
    runs.push_back(std::move(run));
  }
  return runs;
}

namespace {

/// Where each letter begins, and the end: UTF-8 marks every byte of a letter but its first by the bits 10.
std::vector<std::size_t> letter_starts(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  starts.push_back(text.size());
  return starts;
}

}  // namespace

Words character_ngrams(std::string_view word, std::size_t n) {
  check(n > 0, "character_ngrams: n must be at least 1");
  const std::string marked = '<' + std::string(word) + '>';
  const std::vector<std::size_t> starts = letter_starts(marked);
  const std::size_t letters = starts.size() - 1;
  Words runs;
  for (std::size_t first = 0; n < letters && first <= letters - n; ++first)
    runs.push_back(marked.substr(starts[first], starts[first + n] - starts[first]));
  return runs;
}

// ---- the vocabulary ----

Vocabulary::Vocabulary(const Words& text, std::size_t min_count) {
  std::unordered_map<std::string_view, std::size_t> seen;  // word -> place in `first_seen`
  std::vector<std::pair<std::string_view, std::int64_t>> first_seen;
  for (const std::string& word : text) {
    const auto [entry, is_new] = seen.emplace(word, first_seen.size());
    if (is_new) first_seen.emplace_back(word, 0);
    ++first_seen[entry->second].second;
  }
  std::erase_if(first_seen, [&](const auto& entry) { return std::size_t(entry.second) < min_count; });
  std::stable_sort(first_seen.begin(), first_seen.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [word, count] : first_seen) {
    ids_.emplace(word, std::int64_t(words_.size()));
    words_.emplace_back(word);
    counts_.push_back(count);
    total_ += count;
  }
}

std::int64_t Vocabulary::find(std::string_view word) const {
  const auto entry = ids_.find(std::string(word));
  return entry == ids_.end() ? -1 : entry->second;
}

bool Vocabulary::contains(std::string_view word) const { return find(word) >= 0; }

std::int64_t Vocabulary::id(std::string_view word) const {
  const std::int64_t number = find(word);
  if (number < 0) fail("vocabulary: the word '{}' is not among its {} words", word, size());
  return number;
}

const std::string& Vocabulary::word(std::int64_t id) const {
  if (id < 0 || std::size_t(id) >= size()) fail("vocabulary: there is no word number {}; there are {} words, counted from 0", id, size());
  return words_[std::size_t(id)];
}

std::int64_t Vocabulary::count(std::int64_t id) const {
  word(id);  // checks the number
  return counts_[std::size_t(id)];
}

std::vector<std::int64_t> Vocabulary::encode(const Words& text) const {
  std::vector<std::int64_t> numbers;
  numbers.reserve(text.size());
  for (const std::string& word : text)
    if (const auto entry = ids_.find(word); entry != ids_.end()) numbers.push_back(entry->second);
  return numbers;
}

}  // namespace byhand::text
