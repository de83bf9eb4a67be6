// Chapter 15's store after somebody ran SQL on it: other tables, views, triggers, values of other types.
#include <sqlite3.h>

#include <memory>

#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/stores.hpp"

namespace {

/// The SQL may change the one file only, and may not run for ever: what is tested is the store that opens the file afterwards.
void run_sql(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* opened = nullptr;
  fuzz::require(sqlite3_open(path.c_str(), &opened) == SQLITE_OK, "SQLite cannot open the good store");
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(opened, sqlite3_close);
  sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, 100'000);
  sqlite3_progress_handler(
      opened, 100'000, [](void*) { return 1; }, nullptr);
  sqlite3_set_authorizer(
      opened,
      [](void*, int what, const char*, const char*, const char*, const char*) { return what == SQLITE_ATTACH ? SQLITE_DENY : SQLITE_OK; },
      nullptr);
  sqlite3_exec(opened, "PRAGMA temp_store = MEMORY; PRAGMA max_page_count = 1000", nullptr, nullptr, nullptr);
  sqlite3_exec(opened, sql.c_str(), nullptr, nullptr, nullptr);  // wrong SQL has done what stood before the mistake
}

}  // namespace

void fuzz::read(std::string_view input) {
  remove_store(file());
  const auto path = file_with(good_store());
  run_sql(path, std::string(input));
  use_store(path);
}
