#pragma once
/// @file
/// What the tests of chapter 15 share.
#include <unistd.h>

#include <filesystem>

#include "chapters/15_rag/ask/store.hpp"
#include "chapters/15_rag/measure/small_book.hpp"
#include "tests/common/values.hpp"

namespace rag_test {

/// A file or folder in a folder of this program's own, empty: others may run the same tests at the same time. It goes when the program
/// ends.
inline std::filesystem::path scratch(const std::string& name) {
  struct Folder {
    const std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("byhand_15_rag_{}", ::getpid());
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };
  static const Folder folder;
  std::filesystem::create_directories(folder.path);
  std::filesystem::remove_all(folder.path / name);
  return folder.path / name;
}

inline std::vector<std::size_t> rows_of(const std::vector<rag::Match>& matches) {
  std::vector<std::size_t> rows;
  for (const rag::Match& match : matches) rows.push_back(match.row);
  return rows;
}

inline rag::Store small_store() {
  rag::Store store(":memory:", rag::small_chunks());
  store.update({rag::small_book()});
  return store;
}

}  // namespace rag_test
