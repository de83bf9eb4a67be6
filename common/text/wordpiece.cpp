#include "common/text/wordpiece.hpp"

#include <algorithm>
#include <array>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"
#include "common/text/unicode.hpp"

namespace byhand::text {

// ---- from a text to words ----

namespace {

/// Blanks, tabs, line ends, and what Unicode calls a separator (categories Zs, Zl, Zp).
bool is_space(char32_t c) { return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r' || (c >= 0x80 && category(c)[0] == 'Z'); }

/// Control and format characters and broken bytes; not tabs and line ends, which are white space.
bool is_removed(char32_t c) {
  if (c < 0x80) return (c < 0x20 || c == 0x7F) && !is_space(c);
  const std::string_view kind = category(c);
  return c == U'\uFFFD' || kind == "Cc" || kind == "Cf";
}

/// The blocks of CJK ideographs in BERT's list. Korean and Japanese syllables are not among them: Korean words have blanks between them.
bool is_chinese(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2B73F) ||
         (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B820 && c <= 0x2CEAF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

bool is_punctuation(char32_t c) {
  if (c >= 0x80) return category(c)[0] == 'P';
  return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
}

/// A word between white space becomes words between punctuation.
void append_split(Words& found, std::u32string_view word, const BasicOptions& options) {
  std::u32string letters(word);
  if (options.lower_case) letters = lower(letters);
  if (options.strip_accents) letters = without_accents(letters);
  for (std::size_t begin = 0, end = 0; begin < letters.size(); begin = end) {
    end = begin + 1;
    if (!is_punctuation(letters[begin]))
      while (end < letters.size() && !is_punctuation(letters[end])) ++end;
    found.push_back(encode_utf8(std::u32string_view(letters).substr(begin, end - begin)));
  }
}

}  // namespace

Words basic_tokens(std::string_view text, const BasicOptions& options) {
  Words found;
  std::u32string word;
  const auto finish = [&] {
    append_split(found, word, options);
    word.clear();
  };
  for (const char32_t c : decode_utf8(text)) {
    if (is_removed(c)) continue;
    if (is_space(c)) {
      finish();
    } else if (is_chinese(c)) {
      finish();
      word = c;
      finish();
    } else {
      word += c;
    }
  }
  finish();
  return found;
}

// ---- the vocabulary ----

namespace {

constexpr std::array<std::string_view, 5> special_tokens{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};

/// What is wrong with a piece, or "".
std::string fault_of(std::string_view piece) {
  if (piece.empty()) return "a piece is empty";
  const std::u32string points = decode_utf8(piece);
  if (encode_utf8(points) != piece) return fmt::format("the piece '{}' is not UTF-8", shown(piece));
  if (std::any_of(points.begin(), points.end(), is_space)) return fmt::format("the piece '{}' holds white space", shown(piece));
  return "";
}

}  // namespace

WordPiece::WordPiece(Words pieces, const WordPieceOptions& options) : WordPiece(std::move(pieces), options, "wordpiece", "piece") {}

WordPiece::WordPiece(Words pieces, const WordPieceOptions& options, const std::string& where, std::string_view unit)
    : pieces_(std::move(pieces)), options_(options) {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const std::string& piece = pieces_[i];
    const std::string fault = fault_of(piece);
    if (!fault.empty()) fail("{}: {} {}: {}", where, unit, i + 1, fault);
    const auto [entry, is_new] = ids_.emplace(piece, std::int64_t(i));
    if (!is_new) fail("{}: {} {}: '{}' stands at {} {} already", where, unit, i + 1, shown(piece), unit, entry->second + 1);
    longest_piece_ = std::max(longest_piece_, piece.size());
  }
  unk_ = find("[UNK]");
  check(unk_ >= 0, "{}: has no [UNK] among its {} pieces; it stands for words that cannot be split", where, size());
}

WordPiece WordPiece::load(const std::filesystem::path& file, const WordPieceOptions& options) {
  const std::string text = read_file(file);
  Words pieces;
  for (const std::string_view line : lines_of(text)) pieces.emplace_back(trimmed(line));
  return WordPiece(std::move(pieces), options, file.string(), "line");
}

void WordPiece::save(const std::filesystem::path& file) const {
  std::string text;
  for (const std::string& piece : pieces_) text += piece + '\n';
  write_file(file, text);
}

const std::string& WordPiece::piece(std::int64_t id) const {
  if (id < 0 || std::size_t(id) >= size()) fail("wordpiece: there is no piece number {}; there are {} pieces, counted from 0", id, size());
  return pieces_[std::size_t(id)];
}

std::int64_t WordPiece::find(std::string_view piece) const {
  const auto entry = ids_.find(piece);
  return entry == ids_.end() ? -1 : entry->second;
}

std::int64_t WordPiece::id(std::string_view piece) const {
  const std::int64_t number = find(piece);
  if (number < 0) fail("wordpiece: '{}' is not among the {} pieces", shown(piece), size());
  return number;
}

// ---- from words to pieces ----

void WordPiece::append_word(std::vector<std::int64_t>& out, std::string_view word) const {
  const auto begins_letter = [&](std::size_t i) { return i == word.size() || (static_cast<unsigned char>(word[i]) & 0xC0) != 0x80; };
  std::size_t letters = 0;
  for (std::size_t i = 0; i < word.size(); ++i) letters += begins_letter(i);
  if (letters > options_.longest_word) return out.push_back(unk_);
  const std::size_t before = out.size();
  std::string key;
  for (std::size_t begin = 0, end; begin < word.size(); begin = end) {
    const std::string_view mark = begin > 0 ? "##" : "";
    key.assign(mark).append(word.substr(begin, longest_piece_));
    std::int64_t found = -1;
    for (end = begin + key.size() - mark.size(); end > begin; --end) {
      if (begins_letter(end)) found = find(std::string_view(key).substr(0, mark.size() + end - begin));
      if (found >= 0) break;
    }
    if (found < 0) {  // nothing fits here: the word as a whole is unknown
      out.resize(before);
      return out.push_back(unk_);
    }
    out.push_back(found);
  }
}

void WordPiece::append_text(std::vector<std::int64_t>& out, std::string_view text) const {
  for (const std::string& word : basic_tokens(text, options_.basic)) append_word(out, word);
}

std::vector<std::int64_t> WordPiece::ids(std::string_view text, Specials specials) const {
  std::vector<std::int64_t> out;
  std::size_t done = 0;
  for (std::size_t at = text.find('['); specials == Specials::as_tokens && at != text.npos; at = text.find('[', at + 1)) {
    for (const std::string_view name : special_tokens) {
      if (!text.substr(at).starts_with(name) || find(name) < 0) continue;
      append_text(out, text.substr(done, at - done));
      out.push_back(find(name));
      done = at + name.size();
    }
  }
  append_text(out, text.substr(done));
  return out;
}

Words WordPiece::named(const std::vector<std::int64_t>& ids) const {
  Words names;
  for (const std::int64_t id : ids) names.push_back(piece(id));
  return names;
}

Words WordPiece::split_word(std::string_view word) const {
  std::vector<std::int64_t> out;
  append_word(out, word);
  return named(out);
}

Words WordPiece::tokens(std::string_view text, Specials specials) const { return named(ids(text, specials)); }

// ---- what a model reads ----

Encoded with_specials(const std::vector<std::vector<std::int64_t>>& texts, std::int64_t cls, std::int64_t sep) {
  Encoded out{{cls}, {0}};
  for (std::size_t k = 0; k < texts.size(); ++k) {
    out.ids.insert(out.ids.end(), texts[k].begin(), texts[k].end());
    out.ids.push_back(sep);
    out.segments.resize(out.ids.size(), std::int64_t(k));
  }
  return out;
}

Encoded WordPiece::encode(std::string_view text, std::size_t longest, Specials specials) const {
  check(longest >= 2, "wordpiece: encode: room for [CLS] and [SEP] is needed, longest is {}", longest);
  std::vector<std::int64_t> a = ids(text, specials);
  a.resize(std::min(a.size(), longest - 2));
  return with_specials({std::move(a)}, cls(), sep());
}

Encoded WordPiece::encode_pair(std::string_view a, std::string_view b, std::size_t longest, Specials specials) const {
  check(longest >= 3, "wordpiece: encode_pair: room for [CLS] and twice [SEP] is needed, longest is {}", longest);
  std::vector<std::int64_t> first = ids(a, specials), second = ids(b, specials);
  while (first.size() + second.size() > longest - 3) (first.size() > second.size() ? first : second).pop_back();
  return with_specials({std::move(first), std::move(second)}, cls(), sep());
}

std::string WordPiece::decode(const std::vector<std::int64_t>& ids) const {
  constexpr std::string_view not_before = ".,;:!?)]}'%", not_after = "([{'$";
  const auto is_one_of = [](std::string_view piece, std::string_view marks) {
    return piece.size() == 1 && marks.find(piece[0]) != marks.npos;
  };
  std::string text;
  bool blank = false;  // whether one may stand before the next piece
  for (const std::int64_t id : ids) {
    const std::string& name = piece(id);
    if (name == "[PAD]" || name == "[CLS]" || name == "[SEP]") continue;
    const bool goes_on = name.starts_with("##") && name.size() > 2;
    if (blank && !goes_on && !is_one_of(name, not_before)) text += ' ';
    text += goes_on ? std::string_view(name).substr(2) : std::string_view(name);
    blank = !is_one_of(name, not_after);
  }
  return nfc(text);
}

}  // namespace byhand::text
