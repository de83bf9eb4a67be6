// The files of word vectors: word2vec's text and binary formats, GloVe's text, and our subset of GloVe in bytes.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <unordered_set>

#include "common/system/files.hpp"
#include "common/system/text.hpp"
#include "common/text/word_vectors.hpp"

namespace byhand::text {

static_assert(std::endian::native == std::endian::little, "files are little-endian and are copied as they are");

namespace {

// ---- writing ----

/// Both formats end a word at the first blank, so neither can hold every word.
void check_writable(const std::filesystem::path& file, const std::string& word, const real* row, std::size_t width) {
  const bool plain = std::none_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 127; });
  if (word.empty() || !plain)
    fail("{}: not written: the word '{}' is empty or holds a blank; write new_york for new york", file.string(), shown(word));
  for (std::size_t i = 0; i < width; ++i)
    if (!std::isfinite(float(row[i]))) fail("{}: not written: the vector of '{}' holds {}", file.string(), shown(word), row[i]);
}

/// A first line, then each word and what `append` makes of its numbers.
template <class F>
void save(const std::filesystem::path& file, const WordVectors& vectors, F append) {
  std::string bytes = fmt::format("{} {}\n", vectors.size(), vectors.width());
  for (std::size_t row = 0; row < vectors.size(); ++row) {
    const real* numbers = vectors.vectors().data() + row * vectors.width();
    check_writable(file, vectors.words()[row], numbers, vectors.width());
    bytes += vectors.words()[row];
    append(bytes, numbers);
    bytes += '\n';
  }
  write_file(file, bytes);
}

}  // namespace

void save_word2vec_text(const std::filesystem::path& file, const WordVectors& vectors) {
  save(file, vectors, [n = vectors.width()](std::string& out, const real* numbers) {
    for (std::size_t i = 0; i < n; ++i) fmt::format_to(std::back_inserter(out), " {:.9g}", numbers[i]);
  });
}

void save_word2vec_binary(const std::filesystem::path& file, const WordVectors& vectors) {
  save(file, vectors, [n = vectors.width()](std::string& out, const real* numbers) {
    const std::vector<float> floats(numbers, numbers + n);
    out.append(" ").append(reinterpret_cast<const char*>(floats.data()), n * sizeof(float));
  });
}

namespace {

// ---- reading: what both formats share ----

constexpr std::string_view blanks = " \t";  // between the parts of a line

/// The words and numbers read so far.
struct Collected {
  std::size_t width = 0;
  std::vector<std::string> words = {};
  std::vector<real> numbers = {};
  std::unordered_set<std::string> seen = {};

  /// `where` is the file and the line or byte.
  void add_word(std::string_view word, const std::string& where) {
    check(seen.emplace(word).second, "{}: the word '{}' is there for the second time", where, shown(word));
    words.emplace_back(word);
  }
  WordVectors finish() {
    const std::size_t count = words.size();
    return WordVectors(std::move(words), array({count, width}, numbers));
  }
};

bool is_integer(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A size of the first line, in the file's words: "400000 100".
std::size_t size_from(std::string_view text, const char* what, const std::string& where) {
  const std::size_t n = whole_number<std::size_t>(text).value_or(0);
  check(n > 0, "{}: line 1: '{}' cannot be the {}", where, shown(text), what);
  return n;
}

// ---- the text formats ----

real number_from(std::string_view text, const std::string& where) {
  const std::optional<double> x = decimal_number(text);
  if (!x || !std::isfinite(real(*x))) fail("{}: '{}' is not a number, or not a finite one", where, shown(text));
  return real(*x);
}

void add_line(Collected& collected, std::string_view line, const std::string& where) {
  const std::vector<std::string_view> parts = split_words(line, blanks);
  if (parts.size() != collected.width + 1)
    fail("{}: a word and {} numbers are expected, separated by blanks; the line has {} parts", where, collected.width, parts.size());
  collected.add_word(parts[0], where);
  for (std::size_t i = 1; i < parts.size(); ++i) collected.numbers.push_back(number_from(parts[i], where));
}

/// `expected` words behind a first line that said so, or, when it is 0, a word on every line.
WordVectors read_text(std::string_view text, const std::string& where, std::size_t expected, std::size_t width, std::size_t limit) {
  Collected collected{.width = width};
  const std::vector<std::string_view> lines = lines_of(text);
  for (std::size_t i = expected > 0 ? 1 : 0; i < lines.size() && (limit == 0 || collected.words.size() < limit); ++i) {
    if (lines[i].empty()) continue;
    const std::string here = fmt::format("{}: line {}", where, i + 1);
    if (expected > 0 && collected.words.size() == expected) fail("{}: the first line says {} words, here is one more", here, expected);
    add_line(collected, lines[i], here);
  }
  const bool stopped = limit > 0 && collected.words.size() == limit;
  check(expected == 0 || stopped || collected.words.size() == expected, "{}: line 1 says {} words, the file has {}", where, expected,
        collected.words.size());
  return collected.finish();
}

// ---- the binary format ----

/// A text file has, after its first word, digits. Floats have bytes that no digit has: looks at those of the first vector.
bool is_binary(std::string_view body, std::size_t width) {
  const std::size_t blank = body.find(' ');
  if (blank == body.npos) return false;
  const std::string_view vector = body.substr(blank + 1, 4 * width);
  const auto is_control = [](unsigned char c) { return c < 32 && c != '\t' && c != '\n' && c != '\r'; };
  const auto is_beyond_ascii = [](unsigned char c) { return c > 126; };
  const std::string_view line = vector.substr(0, vector.find('\n'));  // the next line may begin with a word in any language
  return std::any_of(vector.begin(), vector.end(), is_control) || std::any_of(line.begin(), line.end(), is_beyond_ascii);
}

/// The word that begins at byte `at`, which then stands behind the blank that ends it.
std::string_view take_word(std::string_view bytes, std::size_t& at, const std::string& where) {
  while (at < bytes.size() && bytes[at] == '\n') ++at;  // word2vec ends each vector with a newline, gensim does not
  const std::size_t begin = at, blank = bytes.find(' ', at);
  check(blank != bytes.npos, "{}: byte {}: the file ends before a word does", where, begin);
  const std::string_view word = bytes.substr(begin, blank - begin);
  const bool plain = std::none_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 32; });
  check(!word.empty() && plain, "{}: byte {}: '{}' is not a word: an earlier vector has not the width that line 1 says", where, begin,
        shown(word));
  at = blank + 1;
  return word;
}

WordVectors read_binary(std::string_view bytes, const std::string& where, std::size_t at, std::size_t expected, std::size_t width,
                        std::size_t limit) {
  Collected collected{.width = width};
  const std::size_t count = limit > 0 ? std::min(limit, expected) : expected;
  for (std::size_t row = 0; row < count; ++row) {
    const std::size_t begin = at;
    check(at < bytes.size(), "{}: byte {}: the file ends here; line 1 says {} words, there are {}", where, at, expected, row);
    collected.add_word(take_word(bytes, at, where), fmt::format("{}: byte {}", where, begin));
    check((bytes.size() - at) / 4 >= width, "{}: byte {}: the file ends within the vector of '{}'", where, at,
          shown(collected.words.back()));
    for (std::size_t i = 0; i < width; ++i, at += 4) {
      float x;
      std::memcpy(&x, bytes.data() + at, sizeof x);
      if (!std::isfinite(x)) fail("{}: byte {}: number {} of '{}' is {}", where, at, i + 1, shown(collected.words.back()), x);
      collected.numbers.push_back(real(x));
    }
  }
  while (at < bytes.size() && bytes[at] == '\n') ++at;
  check(count < expected || at == bytes.size(), "{}: byte {}: the file goes on after the {} words that line 1 says", where, at, expected);
  return collected.finish();
}

}  // namespace

WordVectors load_word_vectors(const std::filesystem::path& file, std::size_t limit) {
  const std::string bytes = read_file(file), where = file.string();
  const std::size_t begin = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;  // "this is UTF-8"
  const std::string_view text = std::string_view(bytes).substr(begin);
  check(!text.empty(), "{}: is empty", where);
  const std::string_view line = trimmed(text.substr(0, text.find('\n')), "\r");
  const std::vector<std::string_view> parts = split_words(line, blanks);
  const bool has_header = parts.size() == 2 && is_integer(parts[0]) && is_integer(parts[1]);
  if (!has_header) {
    check(parts.size() > 1, "{}: line 1: neither the number of words and their width nor a word and its numbers: '{}'", where, shown(line));
    return read_text(text, where, 0, parts.size() - 1, limit);
  }
  const std::size_t count = size_from(parts[0], "number of words", where), width = size_from(parts[1], "width of the vectors", where);
  const std::size_t body = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
  // A number takes two bytes or more, a word two more: a first line that promises more than the file can hold is not believed.
  check(width <= bytes.size() / 2 && count <= (bytes.size() - body) / (2 * width + 1),
        "{}: line 1 says {} words of {} numbers; {} bytes cannot hold them", where, count, width, bytes.size());
  if (is_binary(std::string_view(bytes).substr(body), width)) return read_binary(bytes, where, body, count, width, limit);
  return read_text(text, where, count, width, limit);
}

// ---- GloVe in bytes ----

WordVectors load_glove_q8(const std::filesystem::path& file_without_ending) {
  constexpr std::size_t width = 100;
  std::filesystem::path vocab = file_without_ending, vec = file_without_ending;
  vocab += ".vocab";
  vec += ".vec";
  const std::string text = read_file(vocab), bytes = read_file(vec);
  Collected collected;
  for (const std::string_view line : lines_of(text))
    collected.add_word(line, fmt::format("{}: line {}", vocab.string(), collected.words.size() + 1));
  const std::vector<std::string>& words = collected.words;
  const std::size_t n = words.size();
  check(n > 0 && bytes.size() == n * (4 + width), "{}: {} bytes, but the {} words of {} need {}", vec.string(), bytes.size(), n,
        vocab.string(), n * (4 + width));
  Array vectors = empty({n, width});
  for (std::size_t row = 0; row < n; ++row) {
    float scale;
    std::memcpy(&scale, bytes.data() + 4 * row, sizeof scale);
    if (!std::isfinite(scale)) fail("{}: byte {}: the scale of '{}' is {}", vec.string(), 4 * row, shown(words[row]), scale);
    const char* numbers = bytes.data() + 4 * n + width * row;
    for (std::size_t i = 0; i < width; ++i) vectors.data()[row * width + i] = real(scale * static_cast<signed char>(numbers[i]));
  }
  return WordVectors(std::move(collected.words), std::move(vectors));
}

}  // namespace byhand::text
