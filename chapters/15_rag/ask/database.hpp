#pragma once
/// @file
/// SQLite's C interface with owners: what is opened is closed, and what fails is an Error of one
/// line.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace rag {

class Database;

/// A prepared statement. `for (auto q = db.prepare(…); q.next();) q.text(0);`
class Statement {
 public:
  /// Values for the ?1, ?2, … of the statement, in order.
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind_blob(std::string_view bytes);
  /// The next row; false when there is none.
  bool next();
  /// Runs a statement without rows; it can then be bound again.
  void run();

  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string text(int column) const;
  std::string_view blob(int column) const;  ///< until the next step

 private:
  friend class Database;
  struct Close {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(const Database& database, std::string_view sql);
  const Database& database_;
  std::unique_ptr<sqlite3_stmt, Close> statement_;
  int bound_ = 0;
};

/// An open database file.
class Database {
 public:
  /// Opens or makes it; ":memory:" lives in memory. Error that names the file.
  explicit Database(const std::filesystem::path& file);
  void run(const std::string& sql);
  Statement prepare(std::string_view sql) const { return Statement(*this, sql); }
  std::int64_t last_id() const;
  /// Throws what SQLite says of its last error, and what to do when the file is damaged or no
  /// database.
  [[noreturn]] void fail_with(std::string_view what) const;

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::string name_;
  std::unique_ptr<sqlite3, Close> database_;
};

/// All or nothing: what is written until commit() is undone when it is not reached, also when the
/// process is killed.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {
    database_.run("BEGIN IMMEDIATE");
  }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace rag
