#pragma once
/// @file
/// What the two targets of chapter 15's store share.
#include <filesystem>
#include <string>

namespace fuzz {

/// The bytes of a good store in small pages, made once.
const std::string& good_store();

/// Opens the file as a store and does with it all that the chapter does: reads, searches, writes vectors, takes in another document.
void use_store(const std::filesystem::path& path);

/// Removes the file and what SQLite may have left beside it.
void remove_store(const std::filesystem::path& path);

}  // namespace fuzz
