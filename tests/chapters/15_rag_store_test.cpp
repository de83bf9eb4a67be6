// Chapter 15: vectors, indexes and the store, against numbers derived by hand, exact search, and processes killed while they write.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <set>
#include <thread>

#include "chapters/15_rag/encoders/bert_encoder.hpp"
#include "chapters/15_rag/encoders/lsa.hpp"
#include "common/autograd/ops.hpp"
#include "common/system/files.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"
#include "tests/chapters/15_rag_shared.hpp"

using namespace byhand;
using namespace rag_test;
using rag::searched;
using test::error_of;
using text::Match;
using text::Words;
namespace fs = std::filesystem;

namespace {

/// Vectors that say which of the letters a to h stand in a text. Counts how many texts it was given.
class LetterEncoder : public rag::Encoder {
 public:
  explicit LetterEncoder(std::size_t width = 8, std::string mark = "1") : width_(width), mark_(std::move(mark)) {}
  std::string name() const override { return "letters"; }
  std::size_t width() const override { return width_; }
  std::string fingerprint() const override { return mark_; }
  Array encode(const std::vector<std::string>& texts) const override {
    encoded += texts.size();
    Array rows = zeros({texts.size(), width_});
    for (std::size_t i = 0; i < texts.size(); ++i)
      for (const char c : texts[i])
        if (c >= 'a' && std::size_t(c - 'a') < width_) rows.data()[i * width_ + std::size_t(c - 'a')] = 1;
    rag::scale_rows(rows);
    return rows;
  }
  mutable std::size_t encoded = 0;

 private:
  std::size_t width_;
  std::string mark_;
};

}  // namespace

// ---- vectors ----

TEST_CASE("GloVe encoder: weighted and centred means, by hand") {
  const auto words =
      std::make_shared<const text::WordVectors>(std::vector<std::string>{"red", "blue", "the"}, array({3, 2}, {1, 0, 0, 1, 1, 1}));
  const std::vector<std::string> texts = {"red", "red blue", "the 배추"};
  // Plainly: (1, 0); (1, 1) scaled; "the" counts: (1, 1) scaled.
  const Array plain = rag::GloveEncoder(words, texts, {false, false, false}).encode(texts);
  const double half = std::sqrt(0.5);
  CHECK(all_close(plain, array({3, 2}, {1, 0, real(half), real(half), real(half), real(half)}), 1e-6));
  // Stop words out: the last text knows no word, and stays 0 also when the mean is subtracted.
  const Array without = rag::GloveEncoder(words, texts, {true, false, true}).encode(texts);
  CHECK(without(2, 0) == 0);
  CHECK(without(2, 1) == 0);
  // Weighted: red stands in 2 of 3 texts, idf ln(4 / 3) + 1 = 1.287682; blue in one, ln(4 / 2) + 1 = 1.693147.
  const Array weighted = rag::GloveEncoder(words, texts, {true, true, false}).encode({"red blue"});
  CHECK(double(weighted(0, 0)) == doctest::Approx(1.2876820724517808 / std::hypot(1.2876820724517808, 1.6931471805599454)).epsilon(1e-6));
  // Centred: the mean of (1, 0), (h, h), (0, 0) is ((1 + h) / 3, h / 3); "red" becomes (1, 0) minus it, scaled.
  const double x = 1 - (1 + half) / 3, y = -half / 3;
  CHECK(double(without(0, 0)) == doctest::Approx(x / std::hypot(x, y)).epsilon(1e-6));
  CHECK(double(without(0, 1)) == doctest::Approx(y / std::hypot(x, y)).epsilon(1e-6));
  CHECK(rag::GloveEncoder(words, texts).fingerprint() != rag::GloveEncoder(words, texts, {.centre = false}).fingerprint());
}

TEST_CASE("LSA: the directions found are those of the largest singular values") {
  // Columns (3, 4, 0) and (1, 1, 1): the first of length 1 is (0.6, 0.8, 0); the second minus 1.4 times it is (0.16, -0.12, 1), of length
  // sqrt(1.04). The third is their sum: nothing new.
  Array columns = array({3, 3}, {3, 1, 4, 4, 1, 5, 0, 1, 1});
  rag::orthonormalise(columns);
  const double length = std::sqrt(1.04);
  CHECK(all_close(columns, array({3, 3}, {real(0.6), real(0.16 / length), 0, real(0.8), real(-0.12 / length), 0, 0, real(1 / length), 0}),
                  1e-6));

  // Two subjects whose words never meet: with two directions kept, a text about one is at right angles to the other, and "quartz" finds
  // the passage about agate and opal, which does not hold the word but shares its company.
  const std::vector<std::string> texts = {"quartz agate", "agate opal", "opal quartz", "fox hound",
                                          "hound wolf",   "wolf fox",   "agate opal",  "hound wolf"};
  const rag::LsaEncoder lsa(texts, {.width = 2, .iterations = 30});
  const Array vectors = lsa.encode({"quartz", "agate opal", "hound wolf", "unknown xyzzy"});
  const Array cosines = matmul(vectors, vectors, Transpose::no, Transpose::yes);
  CHECK(double(cosines(0, 1)) == doctest::Approx(1).epsilon(1e-3));
  CHECK(std::abs(double(cosines(0, 2))) < 1e-3);
  CHECK(cosines(3, 3) == 0);
  const Array basis = matmul(lsa.basis(), lsa.basis(), Transpose::yes, Transpose::no);
  CHECK(all_close(basis, eye(2), 1e-5));
  const rag::LsaEncoder wide(texts);  // half of eight texts: 4 directions, the others are 0
  CHECK(wide.width() == 200);
  CHECK(double(xt::sum(xt::square(wide.basis()))()) == doctest::Approx(4).epsilon(1e-4));
  CHECK(rag::LsaEncoder(texts).fingerprint() != rag::LsaEncoder({"a"}).fingerprint());
}

TEST_CASE("the nearest passages: loops = one product = the graph") {
  const rag::Store store = small_store();
  const std::vector<std::string> texts = searched(store.passages());
  const rag::TfidfEncoder encoder(texts);
  const Array vectors = encoder.encode(texts);
  const rag::HnswIndex graph(vectors);
  for (const rag::TestQuestion& question : rag::small_questions()) {
    const Array query = encoder.encode({question.question.text});
    const auto by_hand = rag::nearest_by_hand(query, vectors, 5), product = text::top_matches(query, vectors, 5).front(),
               found = graph.nearest(query, 5);
    for (std::size_t i = 0; i < 5; ++i) {
      CHECK(by_hand[i].score == doctest::Approx(product[i].score).epsilon(1e-5).scale(1));
      CHECK(by_hand[i].score == doctest::Approx(found[i].score).epsilon(1e-5).scale(1));  // hnswlib computes in float
    }
  }
  CHECK(error_of([&] { graph.nearest(zeros({3}), 1); }).starts_with("hnsw: a query of 3 numbers"));
  CHECK(rag::nearest_by_hand(zeros({2}), array({1, 2}, {1, 0}), 5).front().score == 0);  // no length, no cosine
}

TEST_CASE("hnswlib: recall against exact search; more effort finds more") {
  Generator generator{1};
  Array vectors = randn({3000, 24}, generator), queries = randn({50, 24}, generator);
  rag::scale_rows(vectors), rag::scale_rows(queries);
  const auto exact = text::top_matches(queries, vectors, 10);
  rag::HnswIndex graph(vectors, {.links = 6, .build_effort = 40, .effort = 10});
  const double little = rag::recall(graph.nearest_to_each(queries, 10), exact);
  graph.set_effort(200);
  const double much = rag::recall(graph.nearest_to_each(queries, 10), exact);
  CHECK(little < 0.9);
  CHECK(much > 0.95);
  // By hand: of {1, 2} and {5} the rows 1 and 5 were found.
  CHECK(rag::recall({{{1, 1}, {9, 1}}, {{5, 1}}}, {{{1, 1}, {2, 1}}, {{5, 1}}}) == doctest::Approx(2.0 / 3));
}

// ---- the store ----

TEST_CASE("store: only what has changed is indexed and encoded again") {
  const fs::path file = scratch("update.sqlite");
  const LetterEncoder encoder;
  std::vector<rag::Document> documents = {{"a.md", "", "# A\n## x\nabc def"}, {"b.md", "", "# B\n## y\nquartz"}, {"c.txt", "", "fee"}};
  {
    rag::Store store(file);
    const rag::Update update = store.update(documents);
    CHECK(update.added == 3);
    CHECK(store.passages().size() == 3);
    store.vectors(encoder);
    CHECK(encoder.encoded == 3);
  }
  documents[1].text += "\nagate\n## z\nopal";
  documents.pop_back();
  documents.push_back({"d.txt", "", "bad"});
  rag::Store store(file);
  CHECK(store.passages()[1].text == "quartz");
  const rag::Update update = store.update(documents);
  CHECK(update.added == 1);
  CHECK(update.changed == 1);
  CHECK(update.removed == 1);
  CHECK(update.unchanged == 1);
  const Array vectors = store.vectors(encoder);
  CHECK(encoder.encoded == 6);  // b's two passages and d's
  CHECK(all_close(vectors, LetterEncoder().encode(searched(store.passages())), 1e-7));
  CHECK(store.matches({"fee"}, 5).empty());
  CHECK(rows_of(store.matches({"opal"}, 5)) == std::vector<std::size_t>{2});
  CHECK(store.update(documents).unchanged == 3);
  const LetterEncoder other(8, "2");  // another encoder of the same name and width: all again
  store.vectors(other);
  CHECK(other.encoded == 4);
  const LetterEncoder narrow(5, "3");  // one of another width has vectors of its own beside them
  CHECK(store.vectors(narrow).shape()[1] == 5);
  store.vectors(other), store.vectors(narrow);
  CHECK(other.encoded == 4);
  CHECK(narrow.encoded == 4);
  CHECK(error_of([&] { store.update({documents[0], documents[0]}); }) == "store: the document a.md is there twice");
  CHECK(store.update(documents).unchanged == 3);
}

TEST_CASE("store: refuses what does not fit, in one line") {
  const fs::path file = scratch("refuse.sqlite");
  {
    rag::Store store(file);
    store.update({{"a.txt", "", "abc"}});
    store.vectors(LetterEncoder(8));
    CHECK(error_of([&] { store.vectors(LetterEncoder(5)); }) ==
          fmt::format("store: {}: its 'letters' vectors have 8 numbers, this encoder makes 5; remove the file and index again",
                      file.string()));
  }
  {
    rag::Database database(file);
    database.run("UPDATE vectors SET numbers = x'0000'");
  }
  CHECK(error_of([&] { rag::Store(file).vectors(LetterEncoder(8)); }).find("does not fit: 2 bytes, expected 32") != std::string::npos);
  const std::string remedy = "; it is damaged: remove the file and index again";
  {
    rag::Database database(file);
    database.run("UPDATE vectors SET numbers = x'" + std::string(56, '0') + "0000C07F'");  // seven zeros and a NaN, little end first
  }
  CHECK(error_of([&] { rag::Store(file).vectors(LetterEncoder(8)); }).find("vector of passage 1 is not finite") != std::string::npos);
  {
    rag::Database database(file);
    database.run("UPDATE vectors SET passage = 77; UPDATE search_docsize SET id = 77; UPDATE search_content SET id = 77");
    database.run("INSERT INTO search(search) VALUES ('rebuild')");
  }
  const std::string unknown = fmt::format("store: {}: has no passage 77{}", file.string(), remedy);
  CHECK(error_of([&] { rag::Store(file).vectors(LetterEncoder(8)); }) == unknown);
  CHECK(error_of([&] { rag::Store(file).matches({"abc"}, 5); }) == unknown);
  {
    rag::Database database(file);
    database.run("DROP TABLE vectors");
  }
  const std::string not_ours =
      fmt::format("store: {}: its tables are not those that this program makes; remove the file and index again", file.string());
  CHECK(error_of([&] { rag::Store store(file); }) == not_ours);
  fs::remove(file);
  rag::Store(file).update({{"a.txt", "", "abc"}});
  {
    std::string bytes = read_file(file);
    for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = 'x';  // the first page says what is there, the rest is noise
    write_file(file, bytes);
  }
  CHECK(error_of([&] { rag::Store store(file); }).ends_with(remedy));
  fs::remove(file);
  {
    rag::Store store(file);
    rag::Database database(file);  // a view that counts, without the LIMIT for ever
    database.run(
        "DROP TABLE passages; CREATE VIEW passages AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) "
        "SELECT i AS id, 1 AS document, i AS place, '' AS title, '' AS heading, '' AS subheading, 1 AS line, '' AS text FROM n");
  }
  CHECK(error_of([&] { rag::Store store(file); }) == not_ours);
  {
    rag::Database database(file);
    database.run("PRAGMA writable_schema = 1; UPDATE sqlite_master SET name = 'a' || char(10) || 'b', sql = 'CREATE' WHERE type = 'view'");
  }
  const std::string quoted = error_of([&] { rag::Store store(file); });
  CHECK(quoted.find("(a b)") != std::string::npos);  // SQLite quotes the name, line break and all
  CHECK(quoted.find('\n') == std::string::npos);
  fs::remove(file);
  {
    rag::Store store(file);
    rag::Database database(file);
    database.run("PRAGMA user_version = 99");
  }
  CHECK(error_of([&] { rag::Store store(file); }) ==
        fmt::format("store: {}: has version 99, this program reads version 2; remove the file and index again", file.string()));
  const fs::path other = scratch("other.sqlite");
  {
    rag::Database database(other);
    database.run("CREATE TABLE notes (text)");
  }
  CHECK(error_of([&] { rag::Store store(other); }).find("is a database of another program") != std::string::npos);
  const fs::path text = scratch("text.sqlite");
  write_file(text, std::string(5000, 'x'));
  CHECK(error_of([&] { rag::Store store(text); }).ends_with("file is not a database; name another file"));
  CHECK(error_of([&] { rag::Store store(scratch("missing") / "deep" / "s.sqlite"); }).find("unable to open") != std::string::npos);
}

TEST_CASE("store: killed while indexing, it holds the old documents or the new ones") {
  const fs::path file = scratch("kill.sqlite");
  const auto documents = [](int version) {
    std::vector<rag::Document> all;
    for (int i = 0; i < 40; ++i)
      all.push_back({fmt::format("{}.txt", i), "", fmt::format("version{} document{} ", version, i) + std::string(3000, 'x')});
    return all;
  };
  {
    rag::Store store(file);
    store.update(documents(0));
    store.vectors(LetterEncoder());
  }
  std::set<std::string> seen;
  for (int round = 0; round < 12; ++round) {
    int progress[2];  // the child says that its first version is written: a slow machine needs seconds for it
    REQUIRE(pipe(progress) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {  // writes one version after the other until it is killed
      try {
        rag::Store store(file);
        for (int version = 1;; ++version) {
          store.update(documents(version));
          if (version == 1 && write(progress[1], "1", 1) != 1) _exit(1);
          store.vectors(LetterEncoder());
        }
      } catch (...) {
        _exit(1);
      }
    }
    char written = 0;
    if (round % 2 == 1) CHECK(read(progress[0], &written, 1) == 1);  // every second one is killed later than that
    std::this_thread::sleep_for(std::chrono::milliseconds(15 + 7 * round));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    close(progress[0]), close(progress[1]);
    REQUIRE(WIFSIGNALED(status));  // it was still at work

    rag::Store store(file);
    REQUIRE(store.passages().size() == 40);
    const std::string version = text::words(store.passages()[0].text)[0];
    for (const rag::Passage& passage : store.passages()) CHECK(text::words(passage.text)[0] == version);
    CHECK(store.matches({version}, 100).size() == 40);
    CHECK(store.vectors(LetterEncoder()).shape()[0] == 40);  // those that were not written yet are made now
    rag::Database database(file);
    auto check = database.prepare("PRAGMA integrity_check");
    REQUIRE(check.next());
    CHECK(check.text(0) == "ok");
    seen.insert(version);
  }
  CHECK(seen.size() > 1);  // the children did get somewhere
}

// ---- the encoder network ----

TEST_CASE("contrastive loss by hand") {
  // Unit vectors: cosines [[1, 0], [0, 1]], temperature 0.5: logits 2 and 0. Each row and column: ln(e^2 + 1) - 2 = 0.126928.
  const Tensor q(array({2, 2}, {2, 0, 0, 5})), p(array({2, 2}, {1, 0, 0, 3}));
  CHECK(double(rag::contrastive_loss(q, p, 0.5).item()) == doctest::Approx(std::log(std::exp(2.0) + 1) - 2).epsilon(1e-5));
  // Both passages alike: every softmax is 1/2 in the rows; columns: logits (2, 0) for both, so own passage has e^2 / (e^2 + 1) and 1 / (e^2 + 1).
  const Tensor same(array({2, 2}, {1, 0, 1, 0}));
  const double columns = (std::log(std::exp(2.0) + 1) - 2 + std::log(std::exp(2.0) + 1)) / 2;
  CHECK(double(rag::contrastive_loss(q, same, 0.5).item()) == doctest::Approx((std::log(2.0) + columns) / 2).epsilon(1e-5));
}

TEST_CASE("bert: learns the small book by heart, is saved and loaded again") {
  const rag::Store store = small_store();
  Generator generator{3};
  std::vector<double> losses;
  const rag::TuneOptions options{
      .vocabulary = 400, .size = 32, .layers = 1, .heads = 2, .length = 48, .batch = 12, .steps = 150, .lr = 3e-3};
  const auto bert = rag::new_bert(store.passages(), options, generator);
  const std::string untrained = bert->fingerprint();
  bert->tune(store.passages(), options, generator, [&](std::size_t, double loss) { losses.push_back(loss); });
  CHECK(bert->fingerprint() != untrained);  // so that vectors kept in a store are made anew
  REQUIRE(losses.size() == 3);
  CHECK(losses.back() < losses.front() / 2);  // ln 12 = 2.5 at the start
  const std::vector<std::string> texts = searched(store.passages());
  const Array vectors = bert->encode(texts);
  // Asked with a title it finds the section more often than chance, 1 in 18, would.
  std::size_t right = 0;
  for (std::size_t i = 0; i < store.passages().size(); ++i)
    right += store.passages()[text::top_matches(bert->encode({"A small book " + store.passages()[i].heading}), vectors, 1).front()[0].row]
                 .heading == store.passages()[i].heading;
  CHECK(right >= 9);

  const fs::path folder = scratch("bert");
  bert->save(folder);
  const auto loaded = rag::BertEncoder::load(folder);
  CHECK(loaded->fingerprint() == bert->fingerprint());
  CHECK(all_close(loaded->encode(texts), vectors, 1e-6));
  // The same text alone or among longer ones: padding does not count.
  Array alone = loaded->encode({"tea"}), among = loaded->encode({"tea", texts[0], texts[1]});
  for (std::size_t i = 0; i < 32; ++i) CHECK(double(alone.data()[i]) == doctest::Approx(double(among.data()[i])).epsilon(1e-4).scale(1));
  write_file(folder / "vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
  CHECK_FALSE(error_of([&] { rag::BertEncoder::load(folder); }).empty());
  CHECK(error_of([&] { rag::BertEncoder::load(folder.string() + "_not"); }).find("_not: no folder") != std::string::npos);
}
