#include "chapters/06_word2vec/texts.hpp"

#include <sstream>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace word2vec {
using namespace byhand;

// ---- sentences ----

namespace {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    // a real U+FFFD has three bytes
    if (point.value == U'\uFFFD' && point.bytes == 1) return false;
    text.remove_prefix(point.bytes);
  }
  return true;
}

}  // namespace

std::vector<text::Words> toy_sentences(std::size_t count, Generator& generator) {
  std::vector<text::Words> sentences;
  for (const std::string& sentence : text::toy_world(count, generator))
    sentences.push_back(text::words(sentence));
  return sentences;
}

std::vector<text::Words> read_sentences(const std::filesystem::path& file) {
  // each word is a string of its own: some 20 bytes of memory for a byte of text
  constexpr std::uintmax_t largest = 256 << 20;
  std::istringstream lines(read_file(file, largest));
  std::vector<text::Words> sentences;
  std::size_t words = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t number = sentences.size() + 1;
    check(line.find('\0') == line.npos, "{}: line {} holds a byte 0: this is not a text",
          file.string(), number);
    check(is_utf8(line), "{}: line {} is not UTF-8; convert the file first, with iconv for example",
          file.string(), number);
    sentences.push_back(text::words(line));
    words += sentences.back().size();
  }
  check(words > 0, "{}: holds no word", file.string());
  return sentences;
}

// ---- pairs and questions ----

namespace {

/// Two topics of the toy world, word by word.
Pairs in_pairs(const Topic& left, const Topic& right) {
  Pairs pairs;
  for (std::size_t i = 0; i < left.words.size(); ++i)
    pairs.emplace_back(left.words[i], right.words[i]);
  return pairs;
}

}  // namespace

const Pairs& men_and_women() {
  static const Pairs pairs = in_pairs(toy_topics()[0], toy_topics()[1]);
  return pairs;
}

const Pairs& one_and_many() {
  static const Pairs pairs = {{"day", "days"},    {"year", "years"},     {"king", "kings"},
                              {"city", "cities"}, {"son", "sons"},       {"word", "words"},
                              {"hand", "hands"},  {"child", "children"}, {"man", "men"},
                              {"woman", "women"}, {"house", "houses"}};
  return pairs;
}

const Pairs& capitals() {
  static const Pairs pairs = in_pairs(toy_topics()[2], toy_topics()[3]);
  return pairs;
}

std::vector<text::Analogy> english_analogies() {
  std::vector<text::Analogy> questions;
  for (const Pairs& pairs : {men_and_women(), one_and_many()})
    for (const auto& [a, b] : pairs)
      for (const auto& [c, d] : pairs)
        if (a != c) questions.push_back({a, b, c, d});
  return questions;
}

}  // namespace word2vec
