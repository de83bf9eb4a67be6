// Words, n-grams, vocabularies and TF-IDF. The numbers are those of tests/golden (scikit-learn; the list of the fastText paper).
#include <doctest/doctest.h>

#include "common/text/tfidf.hpp"
#include "common/text/words.hpp"
#include "tests/common/values.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using namespace byhand::text;
using test::error_of;

TEST_CASE("words: letters and digits are words, the rest separates") {
  CHECK(words("The cat sat; the CAT, it sat!") == Words{"the", "cat", "sat", "the", "cat", "it", "sat"});
  CHECK(words("In 1611 A.D.") == Words{"in", "1611", "a", "d"});
  CHECK(words("well-known\tx_y\r\nz") == Words{"well", "known", "x", "y", "z"});
  CHECK(words("").empty());
  CHECK(words(" .,- '' ").empty());
}

TEST_CASE("words: apostrophes count between letters only") {
  CHECK(words("don't 'quote' dogs' rock'n'roll a''b") == Words{"don't", "quote", "dogs", "rock'n'roll", "a", "b"});
  CHECK(words("'") == Words{});
  CHECK(words("end'") == Words{"end"});
}

TEST_CASE("words: what is not ASCII stays whole and as it is") {
  CHECK(words("왕과 여왕, 차!") == Words{"왕과", "여왕", "차"});
  CHECK(words("Élan l'été NAÏVE") == Words{"Élan", "l'été", "naÏve"});  // ASCII letters only are made small
  CHECK(words("\xff\xfe x") == Words{"\xff\xfe", "x"});                 // not UTF-8 at all
  CHECK(words(std::string_view("a\0b", 3)) == Words{"a", "b"});
}

TEST_CASE("words: punctuation outside ASCII separates, a curly apostrophe between letters is one") {
  CHECK(words("“Don’t!”—she said… ‘well–known’") == Words{"don't", "she", "said", "well", "known"});
  CHECK(words("dogs’ ’tis a’’b it’s") == Words{"dogs", "tis", "a", "b", "it's"});
  CHECK(words("«l’été» 10\u00A0km \uFEFFx") == Words{"l'été", "10", "km", "x"});
  CHECK(words("왕은「차」를\u3000마셨다。여왕도、《그》랬다") == Words{"왕은", "차", "를", "마셨다", "여왕도", "그", "랬다"});
  CHECK(words("a\u200Fb c\u2028d e\u3004f") == Words{"a\u200Fb", "c\u2028d", "e\u3004f"});  // the neighbours of the ranges do not
  CHECK(words("a\u2010b c\u2027d e\u3003f g\u3008h i\u3011j") == Words{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"});
  CHECK(words("a\xe2\x80") == Words{"a\xe2\x80"});  // a mark cut short is none
}

TEST_CASE("ngrams") {
  const golden::json file = golden::Document("similarity_tfidf").root_;
  const Words document = words(file["inputs"]["docs"][0].get<std::string>());
  CHECK(ngrams(document, 2) == file["expected"]["bigrams_doc0"].get<Words>());
  CHECK(ngrams({"a", "b", "c"}, 1) == Words{"a", "b", "c"});
  CHECK(ngrams({"a", "b", "c"}, 3) == Words{"a b c"});
  CHECK(ngrams({"a", "b", "c"}, 4).empty());
  CHECK(ngrams({}, 1).empty());
  CHECK(error_of([] { ngrams({"a"}, 0); }).find("ngrams") == 0);
}

TEST_CASE("character n-grams") {
  const golden::json file = golden::Document("word2vec").root_;
  CHECK(character_ngrams("where", 3) == file["expected"]["fasttext_3grams_where"].get<Words>());
  CHECK(character_ngrams("where", 6) == Words{"<where", "where>"});
  CHECK(character_ngrams("where", 7).empty());  // <where> itself is not among them
  CHECK(character_ngrams("where", std::size_t(-1)).empty());
  CHECK(character_ngrams("여왕", 3) == Words{"<여왕", "여왕>"});  // two letters of three bytes
  CHECK(character_ngrams("é", 2) == Words{"<é", "é>"});
  CHECK(character_ngrams("", 1) == Words{"<", ">"});
  CHECK(error_of([] { character_ngrams("a", 0); }).find("character_ngrams") == 0);
}

TEST_CASE("vocabulary: most frequent first, the first seen first among equals") {
  const Words text = words("b a c a d c a e");
  const Vocabulary all(text);
  CHECK(all.all() == Words{"a", "c", "b", "d", "e"});
  CHECK(all.size() == 5);
  CHECK(all.total() == 8);
  CHECK(all.count(0) == 3);
  CHECK(all.count(1) == 2);
  CHECK(all.count(4) == 1);
  CHECK(all.id("c") == 1);
  CHECK(all.word(2) == "b");

  const Vocabulary frequent(text, 2);
  CHECK(frequent.all() == Words{"a", "c"});
  CHECK(frequent.total() == 5);
  CHECK_FALSE(frequent.contains("b"));
  CHECK(frequent.find("b") == -1);
  CHECK(frequent.encode(text) == std::vector<std::int64_t>{0, 1, 0, 1, 0});
  CHECK(Vocabulary(text, 4).size() == 0);
  CHECK(Vocabulary().size() == 0);
}

TEST_CASE("vocabulary: errors name the word or the number") {
  const Vocabulary v(words("tea tea pea"));
  CHECK(error_of([&] { v.id("coffee"); }).find("'coffee'") != std::string::npos);
  CHECK(error_of([&] { v.word(2); }).find("2") != std::string::npos);
  CHECK(error_of([&] { v.word(-1); }).find("-1") != std::string::npos);
  CHECK_THROWS_AS(v.count(2), Error);
  CHECK_THROWS_AS(v.id(""), Error);
}

TEST_CASE("tfidf: scikit-learn's numbers") {
  const golden::json file = golden::Document("similarity_tfidf").root_;
  const golden::json& expected = file["expected"];
  std::vector<Words> documents;
  for (const golden::json& text : file["inputs"]["docs"]) documents.push_back(words(text.get<std::string>()));

  const Tfidf standard(documents);
  CHECK(standard.vocabulary() == expected["vocab"].get<Words>());
  golden::expect("counts", standard.counts(documents), expected["bag_of_words"], {0, 0});
  golden::expect("idf", standard.idf(), expected["idf_sklearn_default"], golden::forward);
  golden::expect("tfidf", standard.transform(documents), expected["tfidf_sklearn_default"], golden::forward);
  const Tfidf plain(documents, {.smooth = false, .normalise = false});
  golden::expect("plain", plain.transform(documents), expected["tfidf_no_norm_no_smooth"], golden::forward);
}

TEST_CASE("tfidf: other documents, unknown words, none") {
  const Tfidf tfidf({{"tea", "tea", "cup"}, {"pea"}});
  const Array row = tfidf.transform({{"coffee", "tea"}, {"coffee"}, {}});
  CHECK(row.shape() == Shape{3, 3});
  CHECK(all_close(row, array({3, 3}, {0, 0, 1, 0, 0, 0, 0, 0, 0}), 0));  // columns cup, pea, tea; a row without a known word is 0
  CHECK(tfidf.counts({}).shape() == Shape{0, 3});
  CHECK(Tfidf(std::vector<Words>{{}}).transform({{"a"}}).shape() == Shape{1, 0});
  CHECK(error_of([] { Tfidf(std::vector<Words>{}); }).find("tfidf") == 0);
}
