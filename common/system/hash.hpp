#pragma once
/// @file
/// Appliance, system. A number that tells whether bytes have changed.
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace byhand {

/// FNV-1a with 64 bits (Fowler, Noll and Vo): changes when the bytes do, on every machine alike. It
/// finds damage and change; it is no defence against forgery.
class Hash {
 public:
  void add(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (std::size_t i = 0; i < size; ++i) value_ = (value_ ^ bytes[i]) * 0x100000001b3u;
  }
  void add(std::string_view text) { add(text.data(), text.size()); }
  std::uint64_t value() const { return value_; }
  std::string hex() const { return fmt::format("{:016x}", value_); }  ///< 16 digits

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

/// The hash of a text, in 16 hexadecimal digits.
inline std::string hash_text(std::string_view text) {
  Hash hash;
  hash.add(text);
  return hash.hex();
}

}  // namespace byhand
