#include "tests/fuzz/fuzz.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <typeinfo>

namespace fuzz {
namespace fs = std::filesystem;

namespace {

/// Of the processor, not of the clock on the wall: a busy computer is no find.
constexpr double seconds_allowed = 2;

struct Folder {
  fs::path path;
  Folder() {
    std::error_code none;
    const char* told = std::getenv("TMPDIR");
    const fs::path parent = told && *told ? fs::path(told) : fs::is_directory("/dev/shm", none) ? "/dev/shm" : fs::temp_directory_path();
    path = parent / fmt::format("byhand-fuzz.{}", ::getpid());
    fs::create_directories(path);
  }
  ~Folder() {
    std::error_code none;
    fs::remove_all(path, none);
  }
};

}  // namespace

void require(bool ok, std::string_view what) {
  if (ok) return;
  fmt::print(stderr, "fuzz: {}\n", what);
  std::abort();
}

void check_message(std::string_view message) {
  const bool plain = std::none_of(message.begin(), message.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (!plain) fmt::print(stderr, "{}\n", message);
  require(plain, "the message has a control character");
  require(!message.empty() && message.size() < 2000, fmt::format("the message has {} bytes", message.size()));
}

fs::path file(std::string_view name) {
  static const Folder folder;
  return folder.path / name;
}

fs::path file_with(std::string_view bytes, std::string_view name) {
  const fs::path path = file(name);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), std::streamsize(bytes.size()));
  require(bool(out.flush()), "the temporary file cannot be written");
  return path;
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::clock_t begin = std::clock();
  try {
    fuzz::read({reinterpret_cast<const char*>(data), size});
  } catch (const std::exception& error) {
    fuzz::require(false, fmt::format("an exception of type {} came out: {}", typeid(error).name(), error.what()));
  }
  const double seconds = double(std::clock() - begin) / CLOCKS_PER_SEC;
  fuzz::require(seconds < fuzz::seconds_allowed, fmt::format("took {:.1f} s", seconds));
  return 0;
}
