// Chapter 15's store with damaged bytes. The input is a database file, or else changes to a good one: two bytes say where, one how many
// bytes follow, then these; none means that the file ends there.
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/stores.hpp"

namespace {

std::string damaged(std::string_view changes) {
  std::string bytes = fuzz::good_store();
  while (changes.size() >= 3 && !bytes.empty()) {
    const auto byte = [&](std::size_t i) { return std::size_t(static_cast<unsigned char>(changes[i])); };
    const std::size_t at = (byte(0) + 256 * byte(1)) % bytes.size(), count = byte(2);
    const std::string_view now = changes.substr(3, count);
    if (count == 0) bytes.resize(at);
    bytes.replace(at, now.size(), now);
    changes.remove_prefix(3 + now.size());
  }
  return bytes;
}

}  // namespace

void fuzz::read(std::string_view input) {
  const bool whole = input.starts_with("SQLite format 3");
  const auto path = file();
  remove_store(path);
  use_store(file_with(whole ? std::string(input) : damaged(input)));
}
