// Chapter 15: terms, passages, counts, rankings, answers; against numbers derived by hand, scikit-learn's TF-IDF and SQLite's own bm25().
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "chapters/15_rag/answer.hpp"
#include "chapters/15_rag/ask/book.hpp"
#include "chapters/15_rag/ask/make_retrievers.hpp"
#include "chapters/15_rag/words/terms.hpp"
#include "common/io/json.hpp"
#include "common/system/files.hpp"
#include "tests/chapters/15_rag_shared.hpp"

using namespace byhand;
using namespace rag_test;
using rag::searched;
using test::error_of;
using text::Match;
using text::Words;
namespace fs = std::filesystem;

// ---- terms and passages ----

TEST_CASE("terms: stop words out, singulars, Korean by runs of two syllables") {
  CHECK(rag::terms("What are the layers of a network?") == Words{"layer", "network"});
  CHECK(rag::terms("entropies loss bias boxes") == Words{"entropy", "loss", "bias", "boxe"});  // Harman's rule makes boxes boxe, everywhere
  CHECK(rag::terms("단어를 행렬 값 LSTM은") == Words{"단어", "어를", "행렬", "값", "lstm"});
  CHECK(rag::terms("\xEA\xB0 \xFF!") == Words{"\xEA\xB0", "\xFF"});  // half a syllable, and no UTF-8 at all: terms like others
  CHECK(rag::trigrams("the cats 행렬") == Words{"<ca", "cat", "ats", "ts>", "<행렬", "행렬>"});
  // "단어를" asks for what "단어는" holds: they share a term.
  const Words a = rag::terms("단어를"), b = rag::terms("단어는");
  CHECK(std::count(b.begin(), b.end(), a[0]) == 1);
}

TEST_CASE("chunk: sections, code, links, lines") {
  const rag::Document page{
      "a.md", "en",
      "# The **title**\n\nBefore.\n## One\nSee [there](x/y.md) now.\n```text\n# no heading\n────\n```\n### Sub\nMore.\n## Two\n"};
  const auto passages = rag::chunk(page);
  REQUIRE(passages.size() == 3);
  CHECK(passages[0].title == "The title");
  CHECK(passages[0].heading.empty());
  CHECK(passages[0].text == "Before.");
  CHECK(passages[0].line == 3);
  CHECK(passages[1].text == "See there now.\n    # no heading");
  CHECK(passages[1].heading == "One");
  CHECK(passages[2].place() == "The title › One › Sub");
  CHECK(passages[2].searched() == "The title\nOne\nSub\nMore.");
  CHECK(passages[2].language == "en");
  CHECK(rag::without_marks("a ![pic](p.svg) **b** [open [c](d)") == "a pic b open [c");
}

TEST_CASE("chunk: no word is lost, passages overlap by whole lines, long lines are divided") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += fmt::format("w{}a w{}b w{}c{}\n", i, i, i, i % 7 ? "" : ".");
  for (int i = 0; i < 50; ++i) text += fmt::format("x{}{}", i, i % 10 == 9 ? ". " : " ");
  const rag::ChunkOptions options{.words = 20, .overlap = 6};
  const auto passages = rag::chunk_plain({"t.txt", "", text}, options);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    CHECK(rag::count_words(passages[i].text) <= 20);
    const Words its = text::words(passages[i].text);
    if (i > 0 && i < 15) {  // two lines of three words
      const Words before = text::words(passages[i - 1].text);
      CHECK(std::equal(its.begin(), its.begin() + 6, before.end() - 6));
    }
    words.insert(words.end(), its.begin(), its.end());
  }
  CHECK(std::set<std::string>(words.begin(), words.end()).size() == 350);
  CHECK(text::words(passages.back().text).back() == "x49");
  CHECK(passages.back().text.ends_with("."));  // the long line was divided where a sentence ends
  CHECK(error_of([] { rag::chunk_plain({"t", "", "a"}, {.words = 0}); }).starts_with("chunk: 0 words"));
  CHECK(error_of([] {
          rag::chunk_plain({"t", "", "a"}, {.words = 10, .overlap = 5});
        }) == "chunk: 10 words a passage with an overlap of 5; it must be less than half");
}

TEST_CASE("chunk: a long line is walked through once") {
  std::string line;
  for (int i = 0; i < 300'000; ++i) line += fmt::format("w{} ", i);
  const std::string brackets(300'000, '['), links(300'000, '(');
  const auto start = std::chrono::steady_clock::now();
  const auto passages = rag::chunk({"a.txt", "", line});
  CHECK(rag::without_marks(brackets + "a](b) c") == brackets.substr(1) + "a c");
  CHECK(rag::without_marks(brackets) == brackets);
  CHECK(rag::chunk({"a.md", "", "## " + brackets + "](" + links + "\ntext"}).size() == 1);
  CHECK(std::chrono::steady_clock::now() - start <
        std::chrono::seconds(2));  // 20 ms; it was a minute when each piece counted all words again
  CHECK(passages.size() >= 2500);
  std::size_t next = 0;  // no word is lost: each passage goes on where its 20 words of overlap, or none, end
  for (const rag::Passage& passage : passages)
    for (const std::string& word : text::words(passage.text))
      if (word == fmt::format("w{}", next)) ++next;
  CHECK(next == 300'000);
}

TEST_CASE("chunk: a table of title, heading, text") {
  const auto passages = rag::chunk({"f.tsv", "", "Peru\tclimate\twet and dry\n\nPeru\tcapital\tLima\r\n"});
  REQUIRE(passages.size() == 2);
  CHECK(passages[1].title == "Peru");
  CHECK(passages[1].heading == "capital");
  CHECK(passages[1].text == "Lima");
  CHECK(passages[1].line == 3);
  CHECK(error_of([] {
          rag::chunk({"f.tsv", "", "a\tb\tc\nonly\tone"});
        }) == "f.tsv: line 2: expected title, heading and text between tabs");
}

TEST_CASE("question: composed once, its terms, the language of its letters") {
  const rag::Question english("What are the layers?"), korean("\u1103\u1161\u11AB\u110B\u1165 LSTM?"), told("LSTM?", "ko");
  CHECK(english.terms == Words{"layer"});
  CHECK(english.language == "en");
  CHECK(korean.text == "단어 LSTM?");
  CHECK(korean.terms == Words{"단어", "lstm"});
  CHECK(korean.language == "ko");
  CHECK(told.language == "ko");
}

// ---- counted terms ----

TEST_CASE("BM25: by hand") {
  // Three passages of 2, 4 and 3 terms, mean length 3. "cat" stands in one of three: idf = ln((3 - 1 + 0.5) / (1 + 0.5)) = ln(5 / 3).
  const rag::Postings postings({{"cat", "cat"}, {"dog", "dog", "cow", "hen"}, {"dog", "hen", "owl"}});
  // f = 2, length 2: 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 2 / 3)) = 4.4 / 2.9
  const std::vector<double> cat = rag::bm25_scores(postings, Words{"cat"});
  CHECK(cat[0] == doctest::Approx(std::log(5.0 / 3) * 4.4 / 2.9).epsilon(1e-14));
  CHECK(cat[1] == 0);
  // "dog" stands in two of three: ln(1.5 / 2.5) < 0, so 1e-6. f = 2, length 4: 4.4 / (2 + 1.2 * (0.25 + 1)) = 4.4 / 3.5
  CHECK(rag::bm25_scores(postings, Words{"dog"})[1] == doctest::Approx(1e-6 * 4.4 / 3.5).epsilon(1e-14));
  CHECK(rag::bm25_scores(postings, Words{"cat", "cat"})[0] == doctest::Approx(2 * cat[0]));
  CHECK(rag::bm25_scores(postings, Words{"fox"}) == std::vector<double>(3));
}

TEST_CASE("BM25: the formula equals SQLite's bm25() on every question") {
  const rag::Store store = small_store();
  const rag::Postings postings = rag::count_terms(store.passages());
  std::size_t compared = 0;
  for (const rag::TestQuestion& question : rag::small_questions()) {
    const Words& asked = question.question.terms;
    const std::vector<double> ours = rag::bm25_scores(postings, asked);
    const std::vector<Match> fts5 = store.matches(asked, 100);
    CHECK(std::size_t(std::count_if(ours.begin(), ours.end(), [](double s) { return s > 0; })) == fts5.size());
    for (const Match& match : fts5) CHECK(ours[match.row] == doctest::Approx(match.score).epsilon(1e-12));
    compared += fts5.size();
  }
  CHECK(compared > 20);
  // What SQL or FTS5's own language would understand is text here.
  CHECK(store.matches(rag::terms("\" OR NEAR( * AND NOT pizza ; DROP TABLE passages"), 5).size() == 1);
  CHECK(store.matches({}, 5).empty());
}

TEST_CASE("TF-IDF: cosines equal those of scikit-learn's vectors") {
  const auto f = io::read_json(project_dir() / "tests/golden/similarity_tfidf.json");
  const auto docs = f.at("inputs").at("docs").get<std::vector<std::string>>();
  std::vector<Words> words;
  for (const std::string& doc : docs) words.push_back(text::words(doc));
  const rag::Postings postings(words);
  const rag::TfidfScores scores(postings);
  const auto table = f.at("expected").at("tfidf_sklearn_default").at("data").get<std::vector<double>>();  // (3, 10), rows of length 1
  for (std::size_t a = 0; a < 3; ++a) {
    const std::vector<double> got = scores(postings, words[a]);
    for (std::size_t b = 0; b < 3; ++b) {
      double product = 0;
      for (std::size_t i = 0; i < 10; ++i) product += table[a * 10 + i] * table[b * 10 + i];
      CHECK(got[b] == doctest::Approx(product).epsilon(1e-12));
    }
  }
}

// ---- retrievers ----

TEST_CASE("reciprocal rank fusion by hand") {
  // Row 7: 1/61 + 1/62; row 3: 1/62 + 1/61, the same: the smaller row first; row 5: 1/63.
  const auto fused = rag::fuse({{{7, 9.0}, {3, 8.0}, {5, 1.0}}, {{3, 0.2}, {7, 0.1}}});
  CHECK(rows_of(fused) == std::vector<std::size_t>{3, 7, 5});
  CHECK(fused[0].score == doctest::Approx(1.0 / 61 + 1.0 / 62).epsilon(1e-14));
  CHECK(fused[2].score == doctest::Approx(1.0 / 63).epsilon(1e-14));
}

TEST_CASE("retrievers: a page in two languages answers in that of the question") {
  rag::Store store;
  std::vector<rag::Document> documents = {
      {"p.md", "", "# P\n## s\nLSTM gate"}, {"p.ko.md", "", "# P\n## s\nLSTM 게이트"}, {"q.md", "", "# Q\n## s\nLSTM cell"}};
  rag::set_languages(documents);
  CHECK(documents[0].language == "en");
  CHECK(documents[1].language == "ko");
  CHECK(documents[2].language.empty());
  store.update(documents);
  const auto bm25 = rag::by_terms(store.passages(), rag::Counting::trigrams);
  std::set<std::string> english, korean;
  for (const Match& match : bm25->find(rag::Question("LSTM?"), 9)) english.insert(store.passages()[match.row].file);
  for (const Match& match : bm25->find(rag::Question("LSTM은?"), 9)) korean.insert(store.passages()[match.row].file);
  CHECK(english == std::set<std::string>{"p.md", "q.md"});
  CHECK(korean == std::set<std::string>{"p.ko.md", "q.md"});
}

TEST_CASE("hybrid: a section that two find by different passages counts twice") {
  rag::Store store(":memory:", {.words = 4, .overlap = 0});
  store.update({{"a.md", "", "# A\n## one\nalpha beta gamma delta\nepsilon zeta eta theta\n## two\nkappa mu nu xi"}});
  const auto bm25 = rag::by_terms(store.passages(), rag::Counting::bm25);
  const auto found = rag::hybrid({bm25, bm25})->find(rag::Question("epsilon kappa"), 5);
  REQUIRE(found.size() == 2);
  CHECK(found[0].score == doctest::Approx(2.0 / 61));
  CHECK(rag::best_of_sections({{0, 3.0}, {1, 2.0}, {2, 1.0}}, store.passages()).size() == 2);
}

TEST_CASE("evaluation: ranks by section, the three numbers by hand, question files") {
  const rag::Score score = rag::score({1, 2, 6, 0});
  CHECK(score.recall_1 == doctest::Approx(0.25));
  CHECK(score.recall_5 == doctest::Approx(0.5));
  CHECK(score.mrr == doctest::Approx((1 + 0.5 + 1.0 / 6) / 4));

  const fs::path file = scratch("questions.tsv");
  write_file(file, "# comment\nen\tWhy?\ta.md\tOne; Two;b.md#Three\n\nko\t왜?\tc.ko.md\t셋\n");
  const auto questions = rag::load_questions(file);
  REQUIRE(questions.size() == 2);
  CHECK(questions[0].sections == std::vector<std::pair<std::string, std::string>>{{"a.md", "One"}, {"a.md", "Two"}, {"b.md", "Three"}});
  rag::Passage passage;
  passage.file = "b.md", passage.heading = "Other", passage.subheading = "Three";
  CHECK(rag::is_right(questions[0], passage));
  passage.file = "a.md";
  CHECK_FALSE(rag::is_right(questions[0], passage));
  write_file(file, "en\tWhy?\ta.md\tOne\nko\t상자?\n");
  const auto some = rag::load_questions(file);
  CHECK(rag::answered(some).size() == 1);
  REQUIRE(rag::off_topic(some).size() == 1);
  CHECK(rag::off_topic(some)[0].question.text == "상자?");
  const auto passages = rag::chunk({"a.md", "", "# T\n## One\ntext"});
  CHECK_NOTHROW(rag::check_sections(some, passages, file));
  CHECK(error_of([&] { rag::check_sections(questions, passages, file); }) == file.string() + ": line 2: no section 'Two' in a.md");
  CHECK(error_of([&] {
          rag::check_sections({{rag::Question("?"), {{"x.md", "One"}}, 7}}, passages, file);
        }) == file.string() + ": line 7: no section 'One' in x.md");
  const std::string none = file.string() + ": no question with a section; expected lines of language, question, file, headings";
  for (const char* empty : {"", "# only this\n", "en\tWho wrote Hamlet?\n"}) {
    write_file(file, empty);
    CHECK(error_of([&] { rag::load_questions(file); }) == none);
  }
  write_file(file, "en\tWhy?\ta.md\n");
  CHECK(error_of([&] { rag::load_questions(file); }) == file.string() + ": line 1: 3 columns; expected language, question, file, headings");
  write_file(file, "en\t \ta.md\tx\n");
  CHECK(error_of([&] { rag::load_questions(file); }).find("line 1: a column is empty") != std::string::npos);
  write_file(file, "de\tWarum?\ta.md\tx\n");
  CHECK(error_of([&] { rag::load_questions(file); }).find("language 'de'; en or ko") != std::string::npos);
}

TEST_CASE("evaluation: templated questions name the title, not the heading") {
  const auto passages =
      rag::chunk({"f.tsv", "", "Peru\tlocation\tSouth America\nPeru\tcolour\tred\nMali\tlocation\tAfrica\nMali\tcapital\tBamako\n"});
  const auto questions = rag::templated_questions(passages, 2, rag::Wording::other);
  REQUIRE(questions.size() == 2);
  CHECK(questions[0].question.text == "Where is Peru?");
  CHECK(rag::templated_questions(passages, 2, rag::Wording::own)[1].question.text == "What is the capital of Mali?");
  CHECK(questions[1].question.text.find("Mali") != std::string::npos);
  CHECK(rag::is_right(questions[0], passages[0]));
  CHECK_FALSE(rag::is_right(questions[0], passages[2]));
}

// ---- answers ----

TEST_CASE("answer: sentences with their passage, and a plain no") {
  const rag::Store store = small_store();
  const auto retriever = rag::hybrid({rag::by_terms(store.passages(), rag::Counting::bm25)});
  const rag::Postings postings = rag::count_terms(store.passages());
  const rag::Answer answer = rag::answer(rag::Question("Why do cyclists fall off?"), *retriever, postings);
  REQUIRE(answer.near);
  CHECK(store.passages()[answer.sentences[0].passage].heading == "Bicycles");
  CHECK(answer.sentences[0].text.starts_with("Nobody falls off"));
  const rag::Answer korean = rag::answer(rag::Question("김치의 신맛은 어디에서 오나요?"), *retriever, postings);
  REQUIRE(korean.near);
  CHECK(store.passages()[korean.sentences[0].passage].heading == "김치");
  for (const char* far : {"How do I repair a leaking kitchen tap?", "?", "", "the of", "양자 역학의 불확정성"}) {
    const rag::Answer nothing = rag::answer(rag::Question(far), *retriever, postings);
    CHECK_FALSE(nothing.near);
    CHECK(nothing.sentences.empty());
  }
}

TEST_CASE("answer: a short right answer is quoted, the words of its headings count") {
  rag::Store store;
  store.update({{"capitals.md", "", "# Capitals\n## Peru\nLima.\n## Mali\nBamako.\n## Egypt\nIts capital is Cairo.\n"},
                {"code.md", "", "# Sorting\n## Bubbles\n```\nswap(a, b);\n```\n"}});
  const auto bm25 = rag::by_terms(store.passages(), rag::Counting::bm25);
  const rag::Postings postings = rag::count_terms(store.passages());
  const rag::Answer answer = rag::answer(rag::Question("What is the capital of Peru?"), *bm25, postings);
  REQUIRE(answer.near);
  CHECK(answer.sentences[0].text == "Lima.");
  // Of four passages peru and lima stand in one each, "capital" or "capitals", one term, in three. Peru and capital count half beside lima.
  const double peru = std::log(5.0 / 2) + 1, lima = peru, capital = std::log(5.0 / 4) + 1;
  const double both = peru * peru + capital * capital;
  CHECK(answer.sentences[0].score == doctest::Approx(both / 2 / std::sqrt(both * (lima * lima + both / 4))).epsilon(1e-12));
  const rag::Answer code = rag::answer(rag::Question("How are bubbles swapped in sorting?"), *bm25, postings);
  CHECK(code.coverage >= 0.25);
  CHECK_FALSE(code.near);  // there is nothing but code: no sentence to quote
}

TEST_CASE("answer: Korean letters in pieces find whole syllables, and the other way round") {
  // 단어 taken apart as some systems write it: ᄃ ᅡ ᆫ ᄋ ᅥ, U+1103 U+1161 U+11AB U+110B U+1165.
  const std::string whole = "단어", apart = "\u1103\u1161\u11AB\u110B\u1165";
  CHECK(rag::composed(apart) == whole);
  CHECK(rag::composed("plain") == "plain");
  for (const auto& [written, asked] : {std::pair(whole, apart), std::pair(apart, whole)}) {
    rag::Store store;
    store.update({{"a.md", "", "# A\n## b\n" + written + " 벡터 행렬"}, {"b.md", "", "# B\n## c\n고양이 강아지 토끼"}});
    const auto bm25 = rag::by_terms(store.passages(), rag::Counting::bm25);
    CHECK(rows_of(bm25->find(rag::Question(asked), 5)) == std::vector<std::size_t>{0});
    CHECK(rag::answer(rag::Question(asked), *bm25, rag::count_terms(store.passages())).near);
    CHECK(store.passages()[0].text.starts_with(whole));
  }
}

TEST_CASE("answer: coverage by hand, sentences of text, tables and code") {
  const auto passages = rag::chunk({"a.md", "", "# A\n## s\nred fox\n## t\nred hen\n"});
  const rag::Postings postings = rag::count_terms(passages);  // two passages: "a s red fox" and "a t red hen"; a, s, t are stop words
  // red: idf ln(3 / 3) + 1 = 1; hen: ln(3 / 2) + 1; owl, in none: ln(3) + 1. The first passage holds red only. Half an unknown word more.
  const double red = 1, hen = std::log(1.5) + 1, owl = std::log(3.0) + 1, all = red + hen + owl + owl / 2;
  CHECK(rag::coverage(rag::Question("red hen owl"), passages[0], postings) == doctest::Approx(red / all).epsilon(1e-12));
  CHECK(rag::coverage(rag::Question("red hen owl"), passages[1], postings) == doctest::Approx((red + hen) / all).epsilon(1e-12));
  CHECK(rag::coverage(rag::Question("the of"), passages[1], postings) == 0);
  CHECK(rag::sentences_of("One. Two is 2.5 wide; three?\n| cell | other |\n    code(1); x\n    ./byhand run rag") ==
        std::vector<std::string>{"One.", "Two is 2.5 wide;", "three?", "cell | other", "./byhand run rag"});
}

// ---- the book ----

TEST_CASE("the pages of the project: every chapter is there, and the questions name sections that exist") {
  const auto documents = rag::book_documents(project_dir());
  std::set<std::string> files;
  for (const rag::Document& document : documents) files.insert(document.file);
  for (const auto& entry : fs::directory_iterator(project_dir() / "chapters"))
    if (fs::exists(entry.path() / "README.md")) CHECK(files.contains("chapters/" + entry.path().filename().string() + "/README.md"));
  CHECK(files.contains("docs/errata.md"));
  CHECK_FALSE(files.contains("docs/crosswalk.md"));
  CHECK(error_of([] { rag::book_documents("/nowhere"); }) == "book: no pages under /nowhere");

  const fs::path file = project_dir() / "chapters/15_rag/questions.tsv";
  rag::Store store;
  store.update(documents);
  std::set<std::pair<std::string, std::string>> sections;
  for (const rag::Passage& passage : store.passages())
    for (const std::string& heading : {passage.heading, passage.subheading}) sections.emplace(passage.file, heading);
  std::size_t questions = 0;
  for (const rag::TestQuestion& question : rag::load_questions(file))
    for (const auto& section : question.sections) {
      CAPTURE(question.question.text);
      CAPTURE(section.first);
      CAPTURE(section.second);
      CHECK(sections.contains(section));
      ++questions;
    }
  CHECK(questions >= 80);
  CHECK(rag::off_topic(rag::load_questions(file)).size() >= 15);
}

TEST_CASE("the pages of the project: what is found and what is refused stays as good as the page says") {
  rag::Store store;
  store.update(rag::book_documents(project_dir()));
  const auto all = rag::load_questions(project_dir() / "chapters/15_rag/questions.tsv");
  rag::RetrieverMaker maker(store);
  const auto recall_5 = [&](const rag::Retriever& retriever) {
    std::vector<std::size_t> ranks;
    for (const rag::TestQuestion& question : rag::answered(all)) ranks.push_back(rag::rank_of(question, retriever));
    return rag::score(ranks).recall_5;
  };
  const double hybrid = recall_5(*maker.make("hybrid")), bm25 = recall_5(*maker.make("bm25"));
  fmt::print("recall@5: hybrid {:.3f} (goal 0.90), bm25 {:.3f}\n", hybrid, bm25);
  CHECK(hybrid >= 0.88);  // some room below the goal: the pages change
  CHECK(hybrid >= bm25);
  const rag::Postings postings = rag::count_terms(store.passages());
  const auto share_near = [&](const std::vector<rag::TestQuestion>& asked) {
    std::size_t near = 0;
    for (const rag::TestQuestion& question : asked) near += rag::answer(question.question, *maker.make("hybrid"), postings).near;
    return double(near) / double(asked.size());
  };
  const double refused = 1 - share_near(rag::answered(all)), quoted = share_near(rag::off_topic(all));
  fmt::print("refused {:.3f}, answered off topic {:.3f}\n", refused, quoted);
  CHECK(refused <= 0.12);  // 0.06 and 0.18 when the threshold was chosen
  CHECK(quoted <= 0.25);
}
