// Chapter 15: what the program refuses before it begins, and the encoder it keeps.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <map>
#include <set>

#include "chapters/15_rag/ask/book.hpp"
#include "chapters/15_rag/ask/kept_bert.hpp"
#include "chapters/15_rag/ask/make_retrievers.hpp"
#include "chapters/15_rag/ask/settings.hpp"
#include "chapters/15_rag/show.hpp"
#include "chapters/15_rag/words/terms.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"
#include "tests/chapters/15_rag_shared.hpp"

using namespace byhand;
using namespace rag_test;
using test::error_of;
namespace fs = std::filesystem;

TEST_CASE("options: what does not go together is refused in one line") {
  const auto message = [](const std::function<void(rag::Settings&)>& change) {
    rag::Settings settings;
    change(settings);
    settings.asked |= !settings.ask.empty();
    return error_of([&] { rag::check_settings(settings); });
  };
  using Settings = rag::Settings;
  CHECK(message([](Settings&) {}).empty());
  CHECK(message([](Settings& s) { s.ask = "What is d_k?", s.retriever = "bm25, trigrams"; }).empty());
  CHECK(message([](Settings& s) { s.ask = "What is d_k?", s.bert = true, s.retriever = "bert"; }).empty());
  CHECK(message([](Settings& s) { s.bert = true, s.epochs = 5; }).empty());
  CHECK(message([](Settings& s) { s.ask = "Why BERT?", s.llm.url = "http://localhost:8080", s.llm.model = "small"; }).empty());

  CHECK(message([](Settings& s) { s.asked = true; }) == "--ask: the question is empty");
  CHECK(message([](Settings& s) { s.ask = " \t"; }) == "--ask: the question is empty");
  CHECK(message([](Settings& s) { s.ask = "what is the of?"; }) == "--ask: no word to search for in 'what is the of?'");
  CHECK(message([](Settings& s) { s.ask = "d_k?", s.questions = "q.tsv"; }).starts_with("--questions: compares retrievers"));
  CHECK(message([](Settings& s) { s.ask = "d_k?", s.measure = true; }).starts_with("--measure: measures time"));
  CHECK(message([](Settings& s) { s.data = "x", s.measure = true; }).starts_with("--measure: makes vectors of its own"));
  CHECK(message([](Settings& s) { s.retriever = "bm52"; }) ==
        "--retriever: no 'bm52'. There are: tf-idf; bm25; fts5; bm25, trigrams; glove; glove, hnsw; lsa; bert; hybrid");
  CHECK(message([](Settings& s) { s.ask = "d_k?", s.retriever = "bert"; }).starts_with("--retriever bert: needs --bert"));
  CHECK(message([](Settings& s) { s.ask = "d_k?", s.bert = true; }) ==
        "--ask with --bert: the retriever 'hybrid' does not use that encoder; add --retriever bert");
  CHECK(message([](Settings& s) { s.bert_model = "/no/such"; }).starts_with("--bert-model: /no/such: no folder"));
  CHECK(message([](Settings& s) { s.epochs = 5; }).starts_with("--epochs: nothing is trained"));
  CHECK(message([](Settings& s) { s.data = "x", s.retriever = "bm25"; }) == "--retriever: with --data it needs --ask");
  CHECK(message([](Settings& s) { s.llm.model = "small"; }).starts_with("--llm-model: names the model of a server"));
  CHECK(message([](Settings& s) { s.ask = "d_k?", s.llm.url = "localhost"; }).starts_with("llm: localhost: expected a URL"));
  CHECK(message([](Settings& s) { s.data = "x", s.llm.url = "http://a"; }) == "--llm: with --data it needs --ask");
}

namespace {

/// What a file of the project includes, without quotes or brackets.
std::vector<std::string> includes_of(const std::string& file) {
  std::vector<std::string> found;
  const std::string text = read_file(project_dir() / file);
  for (const std::string_view line : lines_of(text))
    if (line.starts_with("#include ") && line.size() > 10) found.emplace_back(line.substr(10, line.find_first_of("\">", 10) - 10));
  return found;
}

/// "a.cpp -> b.hpp -> sqlite3.h": how a file comes to what the lesson does not know; empty when it does not. Headers of the project are
/// followed.
std::string way_out(const std::string& file, std::set<std::string>& seen) {
  for (const std::string& included : includes_of(file)) {
    for (const char* unknown : {"sqlite", "httplib", "chapters/15_rag/ask/", "common/app/options.hpp"})
      if (included.find(unknown) != included.npos) return file + " -> " + included;
    if (!fs::exists(project_dir() / included) || !seen.insert(included).second) continue;
    if (const std::string way = way_out(included, seen); !way.empty()) return file + " -> " + way;
  }
  return "";
}

}  // namespace

TEST_CASE("the lesson knows no SQLite, no HTTP, no options: those are in ask/") {
  std::map<std::string, std::size_t> files;  // of each folder
  std::size_t lesson = 0;
  for (const auto& entry : fs::recursive_directory_iterator(project_dir() / "chapters/15_rag")) {
    const std::string file = entry.path().lexically_relative(project_dir()).generic_string();
    const bool code = file.ends_with(".cpp") || file.ends_with(".hpp");
    if (!code || file.find("/exercises/") != file.npos) continue;
    ++files[entry.path().parent_path().filename().string()];
    if (file.find("/ask/") != file.npos || file.ends_with("/15_rag/main.cpp")) continue;
    std::set<std::string> seen;
    CHECK(way_out(file, seen) == "");
    ++lesson;
  }
  CHECK(lesson >= 30);
  for (const auto& [folder, count] : files) {
    CAPTURE(folder);
    CHECK(count <= 16);
  }
  std::set<std::string> seen;  // and the test does see them
  CHECK_FALSE(way_out("chapters/15_rag/main.cpp", seen).empty());
}

TEST_CASE("documents: without text, and what is no file") {
  const fs::path folder = scratch("documents");
  fs::create_directories(folder);
  write_file(folder / "empty.md", "");
  const fs::path empty = folder / "empty.md";
  CHECK(error_of([&] { rag::read_documents(empty); }) == empty.string() + ": no text to search in, nothing but headings or blanks");
  CHECK(error_of([&] { rag::read_documents(folder); }) == folder.string() + ": no text to search in, in none of its files");
  write_file(empty, "# Title\n## One\n\n## Two\n");
  CHECK(error_of([&] { rag::read_documents(empty); }) == empty.string() + ": no text to search in, nothing but headings or blanks");
  write_file(folder / "b.txt", "text");
  CHECK(rag::read_documents(folder).size() == 2);
  const fs::path pipe = folder / "pipe.md";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(error_of([&] { rag::read_documents(pipe); }) == pipe.string() + ": neither a file nor a folder");
  CHECK(rag::read_documents(folder).size() == 2);
}

TEST_CASE("what is printed: no control characters, and words that fit their number") {
  CHECK(rag::printable("a\x1b[2J\tb\r\nc\x07\x7f\u009b\u2028d\xff") == "a[2J\tb\nc\nd\uFFFD");
  CHECK(rag::cut("\x1b]0;title\x07 text", 40) == "]0;title text");
  CHECK(rag::counted(1, "document") == "1 document");
  CHECK(rag::counted(0, "document") == "0 documents");
}

TEST_CASE("retrievers by name: made when wanted") {
  rag::Store store = small_store();
  int asked = 0;
  rag::RetrieverMaker maker(store, [&]() -> std::shared_ptr<const rag::Encoder> {
    ++asked;
    return rag::glove_for(rag::searched(store.passages()));
  });
  CHECK(maker.make("hybrid")->name() == "hybrid");
  CHECK(maker.make("bm25") == maker.make("bm25"));
  CHECK(asked == 0);  // nobody trains an encoder that is not used
  CHECK(maker.all().size() == rag::retriever_names().size());
  CHECK(asked == 1);
  CHECK(error_of([&] { rag::RetrieverMaker(store).make("bert"); }) == "retriever: no 'bert' here");
}

TEST_CASE("the kept encoder: taken for the passages it knows, trained again for others") {
  const rag::TuneOptions options{.vocabulary = 200, .size = 16, .layers = 1, .heads = 2, .length = 16, .batch = 4, .steps = 2};
  rag::Store store = small_store();
  std::vector<rag::Passage> passages = store.passages();
  Generator generator{1};
  const auto bert = rag::new_bert(passages, options, generator);
  const fs::path folder = scratch("kept_bert");
  const std::string trained = rag::trained_on(passages, options, 42);
  CHECK_FALSE(rag::kept_bert(folder, trained).encoder);
  CHECK(rag::kept_bert(folder, trained).note.empty());
  rag::keep_bert(*bert, folder, trained);
  rag::keep_bert(*bert, folder, trained);  // again over itself
  CHECK_FALSE(fs::exists(folder.string() + ".partial"));
  const rag::KeptBert same = rag::kept_bert(folder, trained);
  REQUIRE(same.encoder);
  CHECK(same.encoder->fingerprint() == bert->fingerprint());
  CHECK(same.note.empty());

  passages[3].text += " More.";
  const rag::KeptBert newer = rag::kept_bert(folder, rag::trained_on(passages, options, 42));
  REQUIRE(newer.encoder);
  CHECK(newer.note == "trained before; 1 of 18 passages are new to it");
  for (std::size_t i = 0; i < 10; ++i) passages[i].text += " Other.";
  const rag::KeptBert other = rag::kept_bert(folder, rag::trained_on(passages, options, 42));
  CHECK_FALSE(other.encoder);
  CHECK(other.note == folder.string() + " was trained on other passages (8 of these 18): training again");
  CHECK(rag::kept_bert(folder, rag::trained_on(store.passages(), options, 43)).note ==
        folder.string() + " was trained in another way: training again");

  write_file(folder / "model.safetensors", "half");  // damaged
  CHECK(error_of([&] { rag::kept_bert(folder, trained); }).ends_with("; remove the folder " + folder.string() + " to train again"));
  // Whoever was killed while saving, at different moments.
  write_file(folder.string() + ".partial/vocab.txt", "half");
  write_file(folder.string() + ".partial/model.safetensors.2147483647.tmp", "half");  // of a process that is not there
  write_file(folder.string() + ".old/model.safetensors", "half");
  rag::keep_bert(*bert, folder, trained);
  CHECK(rag::kept_bert(folder, trained).encoder);
  for (const char* ending : {".partial", ".old"}) CHECK_FALSE(fs::exists(folder.string() + ending));
  CHECK(std::distance(fs::directory_iterator(folder), {}) == 3);
  // What somebody else has put there, such as an encoder of chapter 14, is not touched.
  fs::remove(folder / "trained_on.txt");
  const std::string refused =
      "bert: " + folder.string() + ": was not kept by this program, or only half; move or remove it, or give another --store";
  CHECK(error_of([&] { rag::kept_bert(folder, trained); }) == refused);
  CHECK(error_of([&] { rag::keep_bert(*bert, folder, trained); }) == refused);
  CHECK(fs::exists(folder / "model.safetensors"));
}
