#include "chapters/15_rag/ask/store.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "chapters/15_rag/words/terms.hpp"
#include "common/system/hash.hpp"

namespace rag {
using namespace byhand;

namespace {

constexpr int application = 0x62796864;  // "byhd", in the file's header: SQLite's application_id
// Of the tables below, and of what terms() and chunk() make.
constexpr int version = 2;

constexpr const char* tables =
    R"(
CREATE TABLE documents (id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, )"
    R"(language TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, document INTEGER NOT NULL )"
    R"(REFERENCES documents(id), place INTEGER NOT NULL,
  title TEXT NOT NULL, heading TEXT NOT NULL, subheading TEXT NOT NULL, )"
    R"(line INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX passages_of_document ON passages(document, place);
CREATE TABLE encoders (key TEXT PRIMARY KEY, name TEXT NOT NULL, )"
    R"(width INTEGER NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE vectors (passage INTEGER NOT NULL REFERENCES passages(id), )"
    R"(encoder TEXT NOT NULL REFERENCES encoders(key), numbers BLOB NOT NULL,
  PRIMARY KEY (passage, encoder));
)"
    // Terms are made by us and separated by blanks: "ascii" splits nothing else, and leaves Korean
    // whole.
    R"(CREATE VIRTUAL TABLE search USING fts5(terms, tokenize = "ascii tokenchars ''''");)";

std::int64_t one_number(const Database& database, std::string_view sql) {
  Statement query = database.prepare(sql);
  return query.next() ? query.integer(0) : 0;
}

/// All that a database says of its tables and indexes, SQL and all.
std::vector<std::string> schema(const Database& database) {
  std::vector<std::string> entries;
  for (Statement query = database.prepare(
           "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name");
       query.next();)
    entries.push_back(
        fmt::format("{} {} {}\n{}", query.text(0), query.text(1), query.text(2), query.text(3)));
  return entries;
}

/// Whose vectors they are: a BERT of 64 numbers and one of 96 have their own.
std::string key_of(const Encoder& encoder) {
  return fmt::format("{} {}", encoder.name(), encoder.width());
}

std::string joined(const text::Words& words) { return fmt::format("{}", fmt::join(words, " ")); }

}  // namespace

Store::Store(const std::filesystem::path& file, const ChunkOptions& options)
    : name_(file.string()), options_(options), database_(file) {
  make_or_check();
  load();
}

void Store::make_or_check() {
  if (one_number(database_, "SELECT count(*) FROM sqlite_master") == 0) {
    Transaction transaction(database_);
    // Another program may have been faster.
    if (one_number(database_, "SELECT count(*) FROM sqlite_master") == 0)
      database_.run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};{}",
                                application, version, tables));
    transaction.commit();
  }
  if (one_number(database_, "PRAGMA application_id") != application)
    fail("store: {}: is a database of another program; name another file", name_);
  if (const std::int64_t found = one_number(database_, "PRAGMA user_version"); found != version)
    fail(
        "store: {}: has version {}, this program reads version {}; remove the file and index again",
        name_, found, version);
  // A view or a trigger under a table's name would run the SQL of whoever made the file, without an
  // end if he likes.
  Database ours(":memory:");
  ours.run(tables);
  if (schema(database_) != schema(ours))
    fail(
        "store: {}: its tables are not those that this program makes; remove the file and index "
        "again",
        name_);
}

void Store::load() {
  passages_.clear(), ids_.clear(), places_.clear();
  Statement query = database_.prepare(
      "SELECT p.id, d.file, d.language, p.title, p.heading, p.subheading, p.text, p.line FROM "
      "passages p JOIN documents d ON d.id = "
      "p.document "
      "ORDER BY d.file, p.place");
  while (query.next()) {
    places_[query.integer(0)] = ids_.size();
    ids_.push_back(query.integer(0));
    passages_.push_back({query.text(1), query.text(2), query.text(3), query.text(4), query.text(5),
                         query.text(6), std::size_t(query.integer(7))});
  }
}

// ---- documents ----

Update Store::update(const std::vector<Document>& documents) {
  // file -> document and its hash
  std::map<std::string, std::pair<const Document*, std::string>> wanted;
  for (const Document& document : documents) {
    const std::string how =
        fmt::format("{} {} {}\n", options_.words, options_.overlap, document.language);
    if (!wanted.emplace(document.file, std::pair(&document, hash_text(how + document.text))).second)
      fail("store: the document {} is there twice", document.file);
  }
  Update update;
  Transaction transaction(database_);
  std::vector<std::int64_t> old;
  for (Statement query = database_.prepare("SELECT id, file, hash FROM documents"); query.next();) {
    const auto found = wanted.find(query.text(1));
    if (found != wanted.end() && found->second.second == query.text(2)) {
      ++update.unchanged;
      wanted.erase(found);
    } else {
      ++(found == wanted.end() ? update.removed : update.changed);
      old.push_back(query.integer(0));
    }
  }
  update.added = wanted.size() - update.changed;
  for (const std::int64_t document : old) remove(document);
  for (const auto& [file, document] : wanted) add(*document.first, document.second);
  transaction.commit();
  load();
  return update;
}

void Store::add(const Document& document, const std::string& hash) {
  database_.prepare("INSERT INTO documents (file, language, hash) VALUES (?1, ?2, ?3)")
      .bind(document.file)
      .bind(document.language)
      .bind(hash)
      .run();
  const std::int64_t id = database_.last_id();
  Statement passages = database_.prepare(
      "INSERT INTO passages (document, place, title, heading, subheading, line, text) VALUES (?1, "
      "?2, ?3, ?4, ?5, ?6, ?7)");
  Statement search = database_.prepare("INSERT INTO search (rowid, terms) VALUES (?1, ?2)");
  std::int64_t place = 0;
  for (const Passage& p : chunk(document, options_)) {
    passages.bind(id)
        .bind(place++)
        .bind(p.title)
        .bind(p.heading)
        .bind(p.subheading)
        .bind(std::int64_t(p.line))
        .bind(p.text)
        .run();
    search.bind(database_.last_id()).bind(joined(terms(p.searched()))).run();
  }
}

void Store::remove(std::int64_t document) {
  for (const char* sql :
       {"DELETE FROM search WHERE rowid IN (SELECT id FROM passages WHERE document = ?1)",
        "DELETE FROM vectors WHERE passage IN (SELECT id FROM passages WHERE document = ?1)",
        "DELETE FROM passages WHERE document = ?1", "DELETE FROM documents WHERE id = ?1"})
    database_.prepare(sql).bind(document).run();
}

// ---- vectors ----

void Store::check_width(const Encoder& encoder) const {
  Statement query = database_.prepare(
      "SELECT width FROM encoders WHERE name = ?1 AND fingerprint = ?2 AND width <> ?3");
  if (query.bind(encoder.name())
          .bind(encoder.fingerprint())
          .bind(std::int64_t(encoder.width()))
          .next())
    fail(
        "store: {}: its '{}' vectors have {} numbers, this encoder makes {}; remove the file and "
        "index again",
        name_, encoder.name(), query.integer(0), encoder.width());
}

std::size_t Store::row_of(std::int64_t passage) const {
  const auto place = places_.find(passage);
  if (place == places_.end())
    fail("store: {}: has no passage {}; it is damaged: remove the file and index again", name_,
         passage);
  return place->second;
}

/// Numbers are kept as float32, little end first, as in the computer's memory.
Array Store::read_vectors(const Encoder& encoder, std::vector<std::size_t>& missing) const {
  const std::size_t width = encoder.width();
  Array all = zeros({passages_.size(), width});
  std::vector<bool> there(passages_.size());
  Statement query = database_.prepare(
      "SELECT v.passage, v.numbers FROM vectors v JOIN encoders e ON e.key = v.encoder WHERE e.key "
      "= ?1 AND e.fingerprint = ?2");
  query.bind(key_of(encoder)).bind(encoder.fingerprint());
  while (query.next()) {
    const std::size_t row = row_of(query.integer(0));
    const std::string_view bytes = query.blob(1);
    if (bytes.size() != width * sizeof(float))
      fail(
          "store: {}: the '{}' vector of passage {} does not fit: {} bytes, expected {}; remove "
          "the file and index again",
          name_, encoder.name(), query.integer(0), bytes.size(), width * sizeof(float));
    std::vector<float> numbers(width);
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    if (!std::all_of(numbers.begin(), numbers.end(),
                     [](float number) { return std::isfinite(number); }))
      fail(
          "store: {}: the '{}' vector of passage {} is not finite; remove the file and index again",
          name_, encoder.name(), query.integer(0));
    std::copy(numbers.begin(), numbers.end(), all.data() + row * width);
    there[row] = true;
  }
  for (std::size_t i = 0; i < there.size(); ++i)
    if (!there[i]) missing.push_back(i);
  return all;
}

Array Store::vectors(const Encoder& encoder) {
  check_width(encoder);
  std::vector<std::size_t> missing;
  Array all = read_vectors(encoder, missing);
  if (missing.empty()) return all;

  std::vector<std::string> texts;
  for (const std::size_t i : missing) texts.push_back(passages_[i].searched());
  const Array made = encoder.encode(texts);  // (missing, width)
  Transaction transaction(database_);
  database_
      .prepare(
          "DELETE FROM vectors WHERE encoder = (SELECT key FROM encoders WHERE key = ?1 AND "
          "fingerprint <> ?2)")
      .bind(key_of(encoder))
      .bind(encoder.fingerprint())
      .run();
  database_
      .prepare(
          "INSERT OR REPLACE INTO encoders (key, name, width, fingerprint) VALUES (?1, ?2, ?3, ?4)")
      .bind(key_of(encoder))
      .bind(encoder.name())
      .bind(std::int64_t(encoder.width()))
      .bind(encoder.fingerprint())
      .run();
  Statement insert = database_.prepare(
      "INSERT OR REPLACE INTO vectors (passage, encoder, numbers) VALUES (?1, ?2, ?3)");
  for (std::size_t i = 0; i < missing.size(); ++i) {
    const real* row = made.data() + i * encoder.width();
    const std::vector<float> numbers(row, row + encoder.width());
    insert.bind(ids_[missing[i]])
        .bind(key_of(encoder))
        .bind_blob({reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)})
        .run();
    std::copy(numbers.begin(), numbers.end(), all.data() + missing[i] * encoder.width());
  }
  transaction.commit();
  return all;
}

// ---- the full-text index ----

std::vector<text::Match> Store::matches(const text::Words& question, std::size_t k) const {
  std::string expression;  // "term" OR "term": a quotation mark cannot be in a term
  for (const std::string& term : question)
    expression += (expression.empty() ? "\"" : " OR \"") + term + "\"";
  std::vector<text::Match> found;
  if (expression.empty()) return found;
  Statement query = database_.prepare(
      "SELECT rowid, bm25(search) FROM search WHERE search MATCH ?1 ORDER BY bm25(search), rowid "
      "LIMIT ?2");
  query.bind(expression).bind(std::int64_t(k));
  while (query.next()) found.push_back({row_of(query.integer(0)), -query.number(1)});
  return found;
}

}  // namespace rag
