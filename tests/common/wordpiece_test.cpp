// Unicode, BERT's tokenizer and the training of its vocabulary. Every code point and 13,000 lines were compared with Python's
// unicodedata and google-research/bert besides; tests/golden/wordpiece_test.cpp keeps some lines of that kind.
#include "common/text/wordpiece.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <sstream>

#include "common/system/files.hpp"
#include "common/text/unicode.hpp"
#include "tests/common/values.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using namespace byhand::text;
using test::error_of;

namespace {

std::filesystem::path scratch(const std::string& name) { return std::filesystem::temp_directory_path() / ("byhand_wordpiece_" + name); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

const Words small_vocabulary{"[PAD]",  "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "sat", "un", "##aff",
                             "##able", "a",     "b",     "c",     ",",      "(",   ")",   "'"};

/// Letters only in the words of the Hugging Face course's example, tests/golden/bpe.json's third.
const WordCounts hugs{{"hug", 10}, {"pug", 5}, {"pun", 12}, {"bun", 4}, {"hugs", 5}};
constexpr std::size_t hugs_letters = 5 + 2 * 7;  // special tokens; b g h n p s u, each also with ##

Words merged(const WordPiece& trained) { return Words(trained.pieces().begin() + hugs_letters, trained.pieces().end()); }

}  // namespace

// ---- Unicode ----

TEST_CASE("unicode: broken UTF-8 becomes U+FFFD, a byte each") {
  CHECK(decode_utf8("a\u00e9\ud55c\U0001F602") == U"aé한😂");
  CHECK(decode_utf8("").empty());
  CHECK(decode_utf8(std::string_view("\0x", 2)) == std::u32string_view(U"\0x", 2));
  for (const std::string broken :
       {"\xff", "\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xf0\x9f\x98"})
    CHECK(decode_utf8("a" + broken + "b") == U"a" + std::u32string(broken.size(), U'\uFFFD') + U"b");
  CHECK(decode_utf8("\xe2\x82") == U"\uFFFD\uFFFD");  // cut at the very end
  CHECK(encode_utf8(U"aé한😂") == "a\u00e9\ud55c\U0001F602");
  CHECK(encode_utf8(std::u32string{0xD800, 0x110000, 0xFFFFFFFF}) == "\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("unicode: categories") {
  CHECK(category(U'A') == "Lu");
  CHECK(category(U'한') == "Lo");
  CHECK(category(0x301) == "Mn");
  CHECK(category(0x3000) == "Zs");
  CHECK(category(0x378) == "Cn");  // a hole in the Greek block
  CHECK(category(0x110000) == "Cn");
  CHECK(category(0xFFFFFFFF) == "Cn");
}

TEST_CASE("unicode: small letters, the Greek final sigma among them") {
  CHECK(lower(U"AZ ÀÉÑ ЖЯ 한 ẞ") == U"az àéñ жя 한 ß");
  CHECK(lower(U"İ") == U"i\u0307");
  // Unicode 3.13, Final_Sigma: after a letter, marks between do not count, and not before one.
  CHECK(lower(U"ΟΔΥΣΣΕΥΣ") == U"οδυσσευς");
  CHECK(lower(U"Σ ΑΣ ΑΣΑ") == U"σ ας ασα");
  CHECK(lower(U"ΑΣ.") == U"ας.");
  CHECK(lower(U"ΑΣ.Α") == U"ασ.α");
  CHECK(lower(U"Α\u0301Σ\u0301") == U"α\u0301ς\u0301");
  CHECK(lower(U"1Σ ⅣΣ") == U"1σ ⅳς");  // a Roman numeral is cased, a digit is not
  CHECK(lower(U"ΑʰΣ") == U"αʰς");      // a raised h is a mark
}

TEST_CASE("unicode: normal forms") {
  CHECK(nfd(U"é한Ǖ") == U"e\u0301\u1112\u1161\u11ABU\u0308\u0304");
  CHECK(nfd(U"e\u0301\u0323") == U"e\u0323\u0301");  // below (class 220) before above (230)
  CHECK(nfd(U"e\u0302\u0301") == U"e\u0302\u0301");  // of one class: as they were
  CHECK(nfc(U"e\u0301\u1112\u1161\u11AB") == U"é한");
  CHECK(nfc(U"e\u0301\u0323") == U"ẹ\u0301");
  CHECK(nfc(U"\u212B\u0958") == U"Å\u0915\u093C");     // Å is Ångström's sign; U+0958 is excluded from composition
  CHECK(nfc(U"개\u11A7\u0301") == U"개\u11A7\u0301");  // not a letter that ends a syllable
  CHECK(nfc("e\u0301\xff") == "\u00e9\uFFFD");
  CHECK(without_accents(U"Crème brûlée, Việt Nam") == U"Creme brulee, Viet Nam");
  CHECK(without_accents(U"의 ø") == U"\u110B\u1174 ø");  // ø has no decomposition
  CHECK(nfd(std::u32string{0x110000, 0xD800}) == std::u32string{0x110000, 0xD800});
}

TEST_CASE("unicode: Korean syllables") {
  CHECK(text::has_hangul("d_k는"));
  CHECK((text::has_hangul("\xEA\xB0\x80") && text::has_hangul("\xED\x9E\xA3")));        // U+AC00 and U+D7A3, the first and the last
  CHECK_FALSE((text::has_hangul("\xEA\xAF\xBF") || text::has_hangul("\xED\x9E\xA4")));  // what stands before and after
  CHECK_FALSE((text::has_hangul("naïve 語") || text::has_hangul("\xEA\xB0") || text::has_hangul("")));
}

TEST_CASE("unicode: a million marks on one letter take no quadratic time") {
  std::u32string hostile = U"a";
  for (int i = 0; i < 500000; ++i) hostile += U"\u0301\u0323";
  const auto start = std::chrono::steady_clock::now();
  const std::u32string sorted = nfd(hostile);
  CHECK(sorted[1] == 0x323);
  CHECK(sorted.back() == 0x301);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));  // half a second; swapping neighbours would take minutes
}

// ---- BERT's basic tokenizer. The first six are from tokenization_test.py of google-research/bert ----

TEST_CASE("basic tokens") {
  CHECK(basic_tokens(" \tHeLLo!how  \n Are yoU?  ") == Words{"hello", "!", "how", "are", "you", "?"});
  CHECK(basic_tokens("H\u00E9llo") == Words{"hello"});
  CHECK(basic_tokens(" \tHeLLo!how  \n Are yoU?  ", {false, false}) == Words{"HeLLo", "!", "how", "Are", "yoU", "?"});
  CHECK(basic_tokens("ah\u535A\u63A8zz") == Words{"ah", "\u535A", "\u63A8", "zz"});
  CHECK(basic_tokens("\u00a0\r\n") == Words{});
  CHECK(basic_tokens("\u0005 a\u00adb") == Words{"ab"});

  CHECK(basic_tokens("$5^2~a_b") == Words{"$", "5", "^", "2", "~", "a", "_", "b"});
  CHECK(basic_tokens("\u201cso\u201d\u2026") == Words{"\u201c", "so", "\u201d", "\u2026"});
  CHECK(basic_tokens("a\uFFFD\xff\u200b"
                     "b") == Words{"ab"});
  CHECK(basic_tokens("a\u2028b\u3000c") == Words{"a", "b", "c"});
  CHECK(basic_tokens("\u0301 \u0301") == Words{});  // nothing is left of accents alone
  CHECK(basic_tokens("").empty());
}

TEST_CASE("basic tokens: Korean is taken apart unless accents are kept") {
  CHECK(basic_tokens("한, 글") == Words{"\u1112\u1161\u11AB", ",", "\u1100\u1173\u11AF"});
  CHECK(basic_tokens("한, 글", {true, false}) == Words{"한", ",", "글"});
  CHECK(basic_tokens("É", {true, false}) == Words{"é"});
  CHECK(basic_tokens("É", {false, true}) == Words{"E"});
}

// ---- the vocabulary ----

TEST_CASE("wordpiece: the longest piece that fits, or [UNK] for the whole word") {
  const WordPiece wp(small_vocabulary);
  CHECK(wp.split_word("unaffable") == Words{"un", "##aff", "##able"});
  CHECK(wp.split_word("unaffablex") == Words{"[UNK]"});
  CHECK(wp.split_word("able") == Words{"[UNK]"});  // only known within a word
  CHECK(wp.split_word("") == Words{});
  CHECK(wp.tokens("The UNAFFABLE, sat\xff xyz") == Words{"the", "un", "##aff", "##able", ",", "sat", "[UNK]"});
  CHECK(wp.ids("the xyz sat") == std::vector<std::int64_t>{5, 1, 6});
  CHECK(wp.ids("").empty());
  CHECK(WordPiece({"[UNK]", "a", "##a", "##aa"}).split_word("aaaa") == Words{"a", "##aa", "##a"});
  CHECK(WordPiece({"[UNK]", "한", "##국"}, {{true, false}}).tokens("한국") == Words{"한", "##국"});  // three bytes a letter
  CHECK(WordPiece({"[UNK]", "é"}, {{true, false}}).tokens("\u00e8") == Words{"[UNK]"});              // the same first byte is no match
}

TEST_CASE("wordpiece: letters are counted, not bytes, for the longest word") {
  const WordPiece wp({"[UNK]", "한", "##한"}, {{true, false}, 3});
  CHECK(wp.tokens("한한한") == Words{"한", "##한", "##한"});
  CHECK(wp.tokens("한한한한") == Words{"[UNK]"});
  const std::string hundred(100, 'a');
  const WordPiece usual({"[UNK]", "a", "##a"});
  CHECK(usual.tokens(hundred).size() == 100);
  CHECK(usual.tokens(hundred + "a") == Words{"[UNK]"});
  CHECK(usual.tokens(std::string(3000000, 'a')) == Words{"[UNK]"});
}

TEST_CASE("wordpiece: [MASK] in a text is text, unless asked for") {
  const WordPiece wp(small_vocabulary);
  CHECK(wp.tokens("the [MASK] sat") == Words{"the", "[UNK]", "[UNK]", "[UNK]", "sat"});
  CHECK(wp.tokens("the [MASK] sat", Specials::as_tokens) == Words{"the", "[MASK]", "sat"});
  CHECK(wp.tokens("[CLS]the[[SEP]]sat[MASK", Specials::as_tokens) ==
        Words{"[CLS]", "the", "[UNK]", "[SEP]", "[UNK]", "sat", "[UNK]", "[UNK]"});
  CHECK(WordPiece({"[UNK]", "a"}).tokens("a[MASK]", Specials::as_tokens) == Words{"a", "[UNK]", "[UNK]", "[UNK]"});  // it has none
}

TEST_CASE("wordpiece: numbers of pieces") {
  const WordPiece wp(small_vocabulary);
  CHECK(wp.size() == small_vocabulary.size());
  CHECK(std::vector<std::int64_t>{wp.pad(), wp.unk(), wp.cls(), wp.sep(), wp.mask()} == std::vector<std::int64_t>{0, 1, 2, 3, 4});
  CHECK(wp.piece(8) == "##aff");
  CHECK(wp.id("##aff") == 8);
  CHECK(wp.find("aff") == -1);
  CHECK(has(error_of([&] { wp.id("aff"); }), "'aff'"));
  CHECK(has(error_of([&] { wp.piece(17); }), "17"));
  CHECK(has(error_of([&] { wp.piece(-1); }), "-1"));
  CHECK(has(error_of([] { WordPiece({"[UNK]", "a"}).mask(); }), "[MASK]"));
}

TEST_CASE("wordpiece: saved and loaded") {
  const std::filesystem::path file = scratch("vocab.txt");
  WordPiece(small_vocabulary).save(file);
  CHECK(read_file(file).starts_with("[PAD]\n[UNK]\n"));
  CHECK(WordPiece::load(file).pieces() == small_vocabulary);
  write_file(file, "[UNK]\r\n a \r\n##b");  // line ends of Windows, no newline at the end
  CHECK(WordPiece::load(file).pieces() == Words{"[UNK]", "a", "##b"});
  std::filesystem::remove(file);
}

TEST_CASE("wordpiece: bad vocabularies are named by file and line") {
  const std::filesystem::path file = scratch("bad.txt");
  const auto error = [&](const std::string& text) {
    write_file(file, text);
    return error_of([&] { WordPiece::load(file); });
  };
  CHECK(error("[UNK]\na\n\nb\n") == file.string() + ": line 3: a piece is empty");
  CHECK(error("[UNK]\na\nb\na\n") == file.string() + ": line 4: 'a' stands at line 2 already");
  CHECK(error("[UNK]\na b\n") == file.string() + ": line 2: the piece 'a b' holds white space");
  CHECK(has(error("[UNK]\n\xff\n"), "line 2: the piece"));
  CHECK(has(error("a\nb\n"), "has no [UNK] among its 2 pieces"));
  CHECK(has(error(""), "has no [UNK]"));
  std::filesystem::remove(file);
  CHECK(has(error_of([&] { WordPiece::load(file); }), file.string()));
  CHECK(has(error_of([] { WordPiece({"[UNK]", ""}); }), "piece 2"));
}

TEST_CASE("wordpiece: one text or a pair for the model") {
  const WordPiece wp(small_vocabulary);
  const Encoded one = wp.encode("the sat");
  CHECK(one.ids == std::vector<std::int64_t>{2, 5, 6, 3});
  CHECK(one.segments == std::vector<std::int64_t>{0, 0, 0, 0});
  CHECK(wp.encode("a b c a b c", 5).ids == std::vector<std::int64_t>{2, 10, 11, 12, 3});
  CHECK(wp.encode("a", 2).ids == std::vector<std::int64_t>{2, 3});
  CHECK(wp.encode("[MASK]", 9, Specials::as_tokens).ids == std::vector<std::int64_t>{2, 4, 3});

  const Encoded pair = wp.encode_pair("the", "a b");
  CHECK(pair.ids == std::vector<std::int64_t>{2, 5, 3, 10, 11, 3});
  CHECK(pair.segments == std::vector<std::int64_t>{0, 0, 0, 1, 1, 1});
  // Four and two pieces into four places: the longer loses two. Three and three into five: the second loses one.
  CHECK(wp.encode_pair("a b c a", "b c", 7).ids == std::vector<std::int64_t>{2, 10, 11, 3, 11, 12, 3});
  CHECK(wp.encode_pair("a b c", "c b a", 8).ids == std::vector<std::int64_t>{2, 10, 11, 12, 3, 12, 11, 3});
  const Encoded empty = wp.encode_pair("a", "b", 3);
  CHECK(empty.ids == std::vector<std::int64_t>{2, 3, 3});
  CHECK(empty.segments == std::vector<std::int64_t>{0, 0, 1});
  CHECK(has(error_of([&] { wp.encode("a", 1); }), "longest is 1"));
  CHECK(has(error_of([&] { wp.encode_pair("a", "b", 2); }), "longest is 2"));
}

TEST_CASE("wordpiece: decode is readable") {
  const WordPiece wp(small_vocabulary);
  CHECK(wp.decode(wp.encode_pair("The unaffable, (a) sat", "b'c").ids) == "the unaffable, (a) sat b'c");
  CHECK(wp.decode({2, 5, 4, 1, 3, 0, 0}) == "the [MASK] [UNK]");
  CHECK(wp.decode({}) == "");
  CHECK(wp.decode({9}) == "able");
  const WordPiece jamo({"[UNK]", "\u1112", "##\u1161", "##\u11AB"});
  CHECK(jamo.decode(jamo.ids("한")) == "한");
  CHECK(has(error_of([&] { wp.decode({99}); }), "99"));
}

// ---- training ----

TEST_CASE("train_wordpiece: by frequency") {
  const golden::json course = golden::Document("bpe").root_["expected"]["corpus3_merges_3"];
  CHECK(course.dump() == R"([["u","g"],["u","n"],["h","ug"]])");  // where no word begins with u
  const WordPiece trained = train_wordpiece(hugs, hugs_letters + 3);
  CHECK(merged(trained) == Words{"##ug", "##un", "hug"});
  CHECK(Words(trained.pieces().begin(), trained.pieces().begin() + 7) == Words{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "b", "g"});
  CHECK(trained.piece(12) == "##b");
  // Then p ##un 12, and three pairs seen 5, 5 and 4 times: p stands before hug in the vocabulary, so pug comes before hugs.
  CHECK(merged(train_wordpiece(hugs, 1000)) == Words{"##ug", "##un", "hug", "pun", "pug", "hugs", "bun"});
  CHECK(merged(train_wordpiece(hugs, 1000, {.min_count = 12})) == Words{"##ug", "##un", "hug", "pun"});
}

// h 15, p 17, b 4, ##u 36, ##g 20, ##n 16, ##s 5. Every pair with ##u scores 1/36, ##g ##s 5 / (20 * 5) = 1/20: it is first. All others
// still score 1/36, the oldest is b ##u. Now ##u is 32, and bu ##n scores 4 / (4 * 16). Then 1/32 for h ##u, p ##u, ##u ##n (12 of 12 times):
// h is older. Then hu ##gs scores 5 / (15 * 5) = 1/15, p ##u 1/17, hu ##g 10 / (15 * 15).
TEST_CASE("train_wordpiece: by score") {
  const WordPiece trained = train_wordpiece(hugs, hugs_letters + 5, {.merge = Merge::highest_score});
  CHECK(merged(trained) == Words{"##gs", "bu", "bun", "hu", "hugs"});
}

TEST_CASE("train_wordpiece: words never seen are spelt, repeated letters are merged from the left") {
  const WordPiece trained = train_wordpiece(hugs, hugs_letters);
  CHECK(trained.tokens("sun GNU") == Words{"s", "##u", "##n", "g", "##n", "##u"});
  CHECK(trained.tokens("sea") == Words{"[UNK]"});
  const WordPiece repeated = train_wordpiece(WordCounts{{"aaaaa", 3}}, 100);  // ##a ##a: a [##aa] [##aa]; then their pair, then a with it
  CHECK(Words(repeated.pieces().begin() + 5, repeated.pieces().end()) == Words{"a", "##a", "##aa", "aaa", "aaaaa"});
  // "abc" comes about as ab ##c and as a ##bc: one piece, and training goes on behind it.
  const WordPiece twice = train_wordpiece(WordCounts{{"abc", 9}, {"abd", 5}, {"xbc", 8}}, 100);
  for (const std::string piece : {"abc", "abd", "xbc"}) CHECK(twice.find(piece) >= 0);
}

TEST_CASE("train_wordpiece: texts, letters, limits") {
  const WordPiece from_texts = train_wordpiece(std::vector<std::string>{"Hug, hug!", "HUG pug"}, 100, {.min_count = 3});
  CHECK(from_texts.tokens("hug!") == Words{"hug", "!"});
  CHECK(from_texts.find("##!") == -1);                               // never within a word
  const WordPiece few = train_wordpiece(hugs, 100, {.letters = 3});  // u 36, g 20, p 17; pug is left
  CHECK(Words(few.pieces().begin() + 5, few.pieces().end()) == Words{"g", "p", "u", "##g", "##p", "##u", "pu", "pug"});
  CHECK(few.tokens("bun") == Words{"[UNK]"});
  CHECK(train_wordpiece(WordCounts{}, 5).size() == 5);
  CHECK(train_wordpiece(WordCounts{{std::string(101, 'a'), 5}}, 50).size() == 5);  // would be [UNK]
  CHECK(has(error_of([] { train_wordpiece(hugs, hugs_letters - 1); }), "18 pieces"));
  CHECK(has(error_of([] { train_wordpiece(WordCounts{{"a", 0}}, 50); }), "'a'"));
  const WordPiece korean = train_wordpiece(std::vector<std::string>{"한국 한국"}, 50, {.tokenizer = {{true, false}}});
  CHECK(korean.tokens("한국") == Words{"한국"});
  CHECK(korean.decode(korean.ids("국한")) == "국한");
}

// 12,554 different words and 917,240 in all by google-research/bert's tokenization.py; the pieces by a trainer in Python that counts
// all pairs anew at each merge, the sums by the former with the latter's vocabularies.
TEST_CASE("train_wordpiece: the King James Bible") {
  const std::filesystem::path file = project_dir() / "datasets/cache/kjv.txt";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: datasets/cache/kjv.txt is not there; `./byhand data kjv` fetches it");
    return;
  }
  WordCounts counts;
  std::int64_t all = 0;
  for (std::string& word : basic_tokens(read_file(file))) {
    ++counts[std::move(word)];
    ++all;
  }
  CHECK(counts.size() == 12554);
  CHECK(all == 917240);
  const WordPiece frequent = train_wordpiece(counts, 500), scored = train_wordpiece(counts, 500, {.merge = Merge::highest_score});
  CHECK(Words(frequent.pieces().end() - 4, frequent.pieces().end()) == Words{"per", "rem", "offering", "##ub"});
  CHECK(Words(scored.pieces().end() - 4, scored.pieces().end()) == Words{"how", "howb", "bow", "tow"});
  std::int64_t by_frequency = 0, by_score = 0;
  for (const auto& [word, count] : counts) {
    by_frequency += count * std::int64_t(frequent.split_word(word).size());
    by_score += count * std::int64_t(scored.split_word(word).size());
  }
  CHECK(by_frequency == 1430074);
  CHECK(by_score == 2928047);
}
