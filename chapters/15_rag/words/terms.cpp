#include "chapters/15_rag/words/terms.hpp"

#include <algorithm>
#include <unordered_set>

#include "common/text/unicode.hpp"

namespace rag {
using namespace byhand;

bool is_stop_word(std::string_view word) {
  static const std::unordered_set<std::string_view> all = {
      "a",      "about",    "above",      "after",    "again",    "all",     "also",   "am",
      "an",     "and",      "any",        "are",      "as",       "at",      "be",     "because",
      "been",   "before",   "being",      "between",  "both",     "but",     "by",     "can",
      "come",   "comes",    "could",      "did",      "do",       "does",    "doing",  "each",
      "for",    "from",     "get",        "give",     "gives",    "had",     "happen", "happens",
      "has",    "have",     "having",     "he",       "her",      "here",    "his",    "how",
      "i",      "if",       "in",         "into",     "is",       "it",      "its",    "like",
      "look",   "make",     "makes",      "many",     "may",      "me",      "mean",   "means",
      "more",   "most",     "much",       "must",     "my",       "need",    "no",     "of",
      "on",     "one",      "only",       "or",       "other",    "our",     "out",    "over",
      "own",    "same",     "say",        "says",     "she",      "should",  "so",     "some",
      "such",   "tell",     "than",       "that",     "the",      "their",   "them",   "then",
      "there",  "these",    "they",       "this",     "those",    "through", "to",     "too",
      "under",  "up",       "use",        "used",     "using",    "very",    "was",    "we",
      "were",   "what",     "when",       "where",    "whether",  "which",   "while",  "who",
      "whom",   "why",      "will",       "with",     "would",    "you",     "your",   "what's",
      "it's",   "don't",    "doesn't",    "isn't",    "s",        "t",       "무엇",   "무엇을",
      "무엇이", "무엇인가", "무엇인가요", "뭐",       "뭔가요",   "왜",      "어떻게", "어떤",
      "어느",   "어디",     "어디에",     "어디에서", "어디서",   "언제",    "누가",   "얼마나",
      "얼마",   "몇",       "그",         "이",       "저",       "것",      "수",     "때",
      "및",     "등",       "더",         "할",       "한",       "하는",    "하나요", "되나요",
      "인가요", "있나요",   "있는",       "있다",     "있습니다", "없나요",  "합니까", "입니까",
      "됩니까", "무슨",     "대해",       "대한",     "위해"};
  return all.contains(word);
}

std::string singular(std::string_view word) {
  const auto ends = [&](std::string_view end) { return word.ends_with(end); };
  if (word.size() > 4 && ends("ies") && !ends("eies") && !ends("aies"))
    return std::string(word.substr(0, word.size() - 3)) + "y";
  if (word.size() > 3 && ends("es") && !ends("aes") && !ends("ees") && !ends("oes"))
    return std::string(word.substr(0, word.size() - 1));
  // "is" is not in her rule; without it bias-like words of this field (basis, analysis) would lose
  // their s.
  if (word.size() > 3 && ends("s") && !ends("us") && !ends("ss") && !ends("is") && !ends("ias"))
    return std::string(word.substr(0, word.size() - 1));
  return std::string(word);
}

namespace {

/// How many bytes the Hangul syllable at `i` has: 3, or 0 when there is none. UTF-8 of U+AC00 is EA
/// B0 80, of U+D7A3 ED 9E A3.
std::size_t hangul_at(std::string_view text, std::size_t i) {
  if (i + 3 > text.size()) return 0;
  const auto byte = [&](std::size_t j) { return static_cast<unsigned char>(text[i + j]); };
  if (byte(0) < 0xEA || byte(0) > 0xED || (byte(1) & 0xC0) != 0x80 || (byte(2) & 0xC0) != 0x80)
    return 0;
  const unsigned code = (byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
  return code >= 0xAC00 && code <= 0xD7A3 ? 3 : 0;
}

/// Runs of two syllables; the word itself when it has one only.
void add_syllables(std::string_view run, text::Words& terms) {
  const std::size_t syllables = run.size() / 3;
  if (syllables == 1) terms.emplace_back(run);
  for (std::size_t first = 0; first + 2 <= syllables; ++first)
    terms.emplace_back(run.substr(3 * first, 6));
}

/// A word may mix scripts: "lstm은" is lstm and a particle.
void add_terms(std::string_view word, text::Words& terms) {
  for (std::size_t i = 0; i < word.size();) {
    std::size_t end = i;
    if (hangul_at(word, i)) {
      while (hangul_at(word, end)) end += 3;
      if (i == 0 || end - i > 3) add_syllables(word.substr(i, end - i), terms);
    } else {
      while (end < word.size() && !hangul_at(word, end)) ++end;
      if (const std::string_view latin = word.substr(i, end - i); !is_stop_word(latin))
        terms.push_back(singular(latin));
    }
    i = end;
  }
}

}  // namespace

text::Words trigrams(std::string_view text) {
  text::Words all;
  for (const std::string& word : text::words(text)) {
    if (is_stop_word(word)) continue;
    text::Words its = text::character_ngrams(word, 3);
    if (its.empty()) its.push_back('<' + word + '>');  // a word of one letter
    all.insert(all.end(), std::make_move_iterator(its.begin()), std::make_move_iterator(its.end()));
  }
  return all;
}

text::Words terms(std::string_view text) {
  text::Words all;
  for (const std::string& word : text::words(text))
    if (!is_stop_word(word)) add_terms(word, all);
  return all;
}

// ---- Unicode ----

std::string composed(std::string_view text) {
  const bool ascii = std::none_of(text.begin(), text.end(),
                                  [](char c) { return static_cast<unsigned char>(c) >= 128; });
  return ascii ? std::string(text) : text::nfc(text);
}

std::string printable(std::string_view text) {
  std::u32string kept;
  for (const char32_t c : text::decode_utf8(text)) {
    const bool line_end = c == 0x2028 || c == 0x2029;
    if (line_end || c == '\n' || c == '\t' || text::category(c) != "Cc")
      kept += line_end ? U'\n' : c;
  }
  return text::encode_utf8(kept);
}

// ---- a question ----

Question::Question(std::string_view asked, std::string its_language)
    : text(composed(asked)), terms(rag::terms(text)), language(std::move(its_language)) {
  if (language.empty()) language = text::has_hangul(text) ? "ko" : "en";
}

}  // namespace rag
