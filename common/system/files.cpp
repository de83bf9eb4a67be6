#include "common/system/files.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include "common/core/error.hpp"
#include "common/system/text.hpp"

namespace byhand {
namespace fs = std::filesystem;

namespace {

/// What to do about a file that is missing from datasets/cache: catalogue.txt there says which data set it is.
std::string how_to_fetch(const fs::path& file) {
  if (file.parent_path().filename() != "cache" || file.parent_path().parent_path().filename() != "datasets") return "";
  std::ifstream catalogue(project_dir() / "datasets" / "catalogue.txt");
  for (std::string line; std::getline(catalogue, line);) {  // name|file|...
    const std::size_t bar = std::min(line.find('|'), line.size());
    if (line.compare(bar, file.filename().native().size() + 2, "|" + file.filename().native() + "|") == 0)
      return fmt::format("; ./byhand data {} fetches it", line.substr(0, bar));
  }
  return "; ./byhand data lists what can be fetched";
}

}  // namespace

std::string read_file(const fs::path& file, std::uintmax_t limit) {
  std::error_code error;
  check(fs::exists(file, error), "{}: no such file{}", file.string(), how_to_fetch(file));
  check(!fs::is_directory(file, error), "{}: is a folder, not a file", file.string());
  std::ifstream in(file, std::ios::binary);
  check(bool(in), "{}: cannot be opened for reading: {}", file.string(), std::strerror(errno));
  const std::uintmax_t size = fs::file_size(file, error);
  std::string bytes;
  if (error || size == 0) {  // a pipe, a device, or a file of /proc: no size is known beforehand, and /dev/zero never ends
    limit = std::min(limit, std::uintmax_t(256) << 20);
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

/// Is `name` a temporary of `file`, made by a process that is no longer there?
bool is_abandoned(std::string_view name, std::string_view file) {
  constexpr std::string_view ending = ".tmp";
  if (name.size() < file.size() + ending.size() + 2 || !name.starts_with(file) || name[file.size()] != '.' || !name.ends_with(ending))
    return false;
  const std::string_view digits = name.substr(file.size() + 1, name.size() - file.size() - 1 - ending.size());
  const auto process = whole_number<pid_t>(digits);
  return process && *process > 0 && ::kill(*process, 0) != 0 && errno == ESRCH;
}

/// Whoever was killed while writing `file` left a temporary. Nobody else would remove it.
void remove_abandoned(const fs::path& file) {
  std::error_code error;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::vector<fs::path> found;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_abandoned(entry->path().filename().native(), file.filename().native())) found.push_back(entry->path());
  for (const fs::path& temporary : found) fs::remove(temporary, error);
}

/// A name beside `file`, after its folder was made.
fs::path temporary_for(const fs::path& file) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  check(!error, "{}: the folder cannot be made: {}", file.parent_path().string(), error.message());
  remove_abandoned(file);
  fs::path temporary = file;
  temporary += fmt::format(".{}.tmp", ::getpid());
  return temporary;
}

}  // namespace

namespace {

/// What would keep the folder from being made, or nothing: the nearest one that is there must be a folder to write in.
std::error_code obstacle(const fs::path& folder) {
  std::error_code error;
  fs::path there = fs::absolute(folder, error);
  fs::file_status status = fs::symlink_status(there, error);
  while (status.type() == fs::file_type::not_found && there.has_relative_path()) {
    there = there.parent_path();
    status = fs::symlink_status(there, error);
  }
  if (status.type() == fs::file_type::none) return error;
  if (!fs::is_directory(there, error)) return error ? error : std::make_error_code(std::errc::not_a_directory);
  return ::access(there.c_str(), W_OK | X_OK) == 0 ? std::error_code() : std::error_code(errno, std::generic_category());
}

}  // namespace

void check_can_write(const fs::path& file) {
  std::error_code ignored;
  check(!fs::is_directory(file, ignored), "{}: cannot be written: is a folder", file.string());
  if (const fs::path folder = file.parent_path(); !folder.empty() && !fs::is_directory(folder, ignored)) {
    const std::error_code error = obstacle(folder);
    check(!error, "{}: the folder cannot be made: {}", folder.string(), error.message());
    return;
  }
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
    out.close();  // some file systems say only now that they are full
    if (!out) {
      const std::string reason = std::strerror(errno);
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
    std::error_code error;
    if (fs::exists(folder / name, error)) return folder / name;
  }
  fail("dataset '{}' is not in {}: see datasets/README.md for where it comes from", name, (project_dir() / "datasets").string());
}

}  // namespace byhand
