#include "chapters/15_rag/ask/database.hpp"

#include <sqlite3.h>

#include "common/core/error.hpp"
#include "common/system/text.hpp"

namespace rag {
using namespace byhand;

void Statement::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

Database::Database(const std::filesystem::path& file) : name_(file.string()) {
  sqlite3* opened = nullptr;
  const int result =
      sqlite3_open_v2(name_.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  database_.reset(opened);
  if (!opened) fail("store: {}: not enough memory", name_);
  if (result != SQLITE_OK) fail_with("cannot be opened");
  // Another program may be writing: wait for it, in milliseconds.
  sqlite3_busy_timeout(opened, 5000);
}

void Database::fail_with(std::string_view what) const {
  const int code = sqlite3_errcode(database_.get());
  // Bytes, or tables that are not those we made.
  const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_ERROR;
  const char* remedy = damaged                 ? "; it is damaged: remove the file and index again"
                       : code == SQLITE_NOTADB ? "; name another file"
                                               : "";
  // SQLite quotes what it found in the file.
  fail("store: {}: {}: {}{}", name_, what,
       one_line(std::string_view(sqlite3_errmsg(database_.get())).substr(0, 300)), remedy);
}

void Database::run(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    fail_with("cannot be used");
}

std::int64_t Database::last_id() const { return sqlite3_last_insert_rowid(database_.get()); }

Statement::Statement(const Database& database, std::string_view sql) : database_(database) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v2(database.database_.get(), sql.data(), int(sql.size()), &made, nullptr) !=
      SQLITE_OK)
    database.fail_with("cannot be used");
  statement_.reset(made);
}

Statement& Statement::bind(std::int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), ++bound_, value) != SQLITE_OK)
    database_.fail_with("cannot be used");
  return *this;
}
Statement& Statement::bind(std::string_view text) {
  if (sqlite3_bind_text64(statement_.get(), ++bound_, text.data(), text.size(), SQLITE_TRANSIENT,
                          SQLITE_UTF8) != SQLITE_OK)
    database_.fail_with("cannot be used");
  return *this;
}
Statement& Statement::bind_blob(std::string_view bytes) {
  if (sqlite3_bind_blob64(statement_.get(), ++bound_, bytes.data(), bytes.size(),
                          SQLITE_TRANSIENT) != SQLITE_OK)
    database_.fail_with("cannot be used");
  return *this;
}

bool Statement::next() {
  const int result = sqlite3_step(statement_.get());
  if (result != SQLITE_ROW && result != SQLITE_DONE) database_.fail_with("cannot be used");
  return result == SQLITE_ROW;
}

void Statement::run() {
  while (next()) {
  }
  sqlite3_reset(statement_.get());
  bound_ = 0;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
double Statement::number(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}
std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return bytes ? std::string(bytes, std::size_t(sqlite3_column_bytes(statement_.get(), column)))
               : std::string();
}
std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  return bytes
             ? std::string_view(bytes, std::size_t(sqlite3_column_bytes(statement_.get(), column)))
             : std::string_view();
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const Error&) {  // the next opening undoes it
  }
}
void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace rag
