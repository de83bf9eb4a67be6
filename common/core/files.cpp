#include "common/core/files.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "common/core/error.hpp"

namespace byhand {
namespace fs = std::filesystem;

std::string read_file(const fs::path& file, std::uintmax_t limit) {
  std::error_code error;
  check(fs::exists(file, error), "{}: no such file", file.string());
  check(!fs::is_directory(file, error), "{}: is a folder, not a file", file.string());
  std::ifstream in(file, std::ios::binary);
  check(bool(in), "{}: cannot be opened for reading: {}", file.string(), std::strerror(errno));
  const std::uintmax_t size = fs::file_size(file, error);
  std::string bytes;
  if (error || size == 0) {  // a pipe, a device, or a file of /proc: no size is known beforehand
    std::string block(std::size_t(1) << 16, '\0');
    errno = 0;
    while (in.read(block.data(), std::streamsize(block.size())) || in.gcount() > 0) {
      bytes.append(block, 0, std::size_t(in.gcount()));
      check(bytes.size() <= limit, "{}: more than the limit of {} bytes", file.string(), limit);
    }
  } else {
    check(size <= limit, "{}: {} bytes, more than the limit of {}", file.string(), size, limit);
    bytes.resize(size);
    in.read(bytes.data(), std::streamsize(size));
    bytes.resize(std::size_t(in.gcount()));
  }
  check(!in.bad(), "{}: reading failed: {}", file.string(), std::strerror(errno));
  return bytes;
}

namespace {

/// A name beside `file`, after its folder was made.
fs::path temporary_for(const fs::path& file) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  check(!error, "{}: the folder cannot be made: {}", file.parent_path().string(), error.message());
  fs::path temporary = file;
  temporary += fmt::format(".{}.tmp", ::getpid());
  return temporary;
}

}  // namespace

void check_can_write(const fs::path& file) {
  std::error_code ignored;
  check(!fs::is_directory(file, ignored), "{}: cannot be written: is a folder", file.string());
  const fs::path temporary = temporary_for(file);
  const bool opened = bool(std::ofstream(temporary, std::ios::binary | std::ios::trunc));
  const std::string reason = std::strerror(errno);
  fs::remove(temporary, ignored);
  check(opened, "{}: cannot be written: {}", file.string(), reason);
}

void write_file(const fs::path& file, std::string_view bytes) {
  const fs::path temporary = temporary_for(file);
  std::error_code error;
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    check(bool(out), "{}: cannot be written: {}", file.string(), std::strerror(errno));
    out.write(bytes.data(), std::streamsize(bytes.size()));
    out.flush();
    if (!out) {
      const std::string reason = std::strerror(errno);
      out.close();
      fs::remove(temporary, error);
      fail("{}: writing failed: {}", file.string(), reason);
    }
  }
  fs::rename(temporary, file, error);
  if (error) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    fail("{}: cannot be written: {}", file.string(), error.message());
  }
}

fs::path project_dir() {
  const char* home = std::getenv("BYHAND_HOME");
  return home && *home ? fs::path(home) : fs::path(BYHAND_SOURCE_DIR);
}

fs::path dataset(const std::string& name) {
  for (const fs::path& folder : {project_dir() / "datasets", project_dir() / "datasets" / "cache"}) {
    if (fs::exists(folder / name)) return folder / name;
  }
  fail("dataset '{}' is not in {}: see datasets/README.md for where it comes from", name, (project_dir() / "datasets").string());
}

}  // namespace byhand
