#pragma once
/// @file
/// What the tests of chapter 15 share.
#include <filesystem>

#include "chapters/15_rag/small_book.hpp"
#include "tests/common/values.hpp"

namespace rag_test {

/// A folder of its own for each precision: both programs may run at once.
inline std::filesystem::path scratch(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("byhand_15_rag_{}", sizeof(byhand::real));
  std::filesystem::create_directories(folder);
  std::filesystem::remove_all(folder / name);
  return folder / name;
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
