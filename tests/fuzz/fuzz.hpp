#pragma once
/// @file
/// What the fuzz targets share. A target is one file that defines read(): it hands the input to a reader of this project and looks at what
/// came out. Good ends are success and byhand::Error; everything else is a find.
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "common/core/error.hpp"
#include "common/tensor/array.hpp"

namespace fuzz {

/// Each target defines it.
void read(std::string_view input);

/// Ends the program with a find unless `ok`.
void require(bool ok, std::string_view what);

/// An Error's message is one line that a terminal can show, and not a copy of the file.
void check_message(std::string_view message);

/// False when f() ends in an Error.
template <class F>
bool accepts(F&& f) {
  try {
    std::forward<F>(f)();
    return true;
  } catch (const byhand::Error& error) {
    check_message(error.what());
    return false;
  }
}

/// f()'s result; an Error is a find: what this project has read it can write, and what it has written it can read.
template <class F>
auto must(F&& f) {
  try {
    return std::forward<F>(f)();
  } catch (const byhand::Error& error) {
    require(false, error.what());
    throw;
  }
}

/// A file of this process, in memory where the system has /dev/shm; removed at the end.
std::filesystem::path file(std::string_view name = "input");
/// The same, holding these bytes.
std::filesystem::path file_with(std::string_view bytes, std::string_view name = "input");

/// Equal shapes and equal bits, so that NaN equals itself.
template <class A>
bool same(const A& a, const A& b) {
  return a.shape() == b.shape() && (a.size() == 0 || std::memcmp(a.data(), b.data(), a.size() * sizeof(typename A::value_type)) == 0);
}

}  // namespace fuzz
