#pragma once
/// @file
/// Appliance, random. The engine under both generators. PyTorch, NumPy and std::mt19937 all use this one; written out here so that its state can be
/// saved and, read back from a file, be checked.
#include <array>
#include <cstdint>

namespace byhand::detail {

/// MT19937 of Matsumoto and Nishimura (1998): 624 words of state, 32 random bits a call.
struct MersenneTwister {
  static constexpr std::uint32_t size = 624, shift = 397;
  std::array<std::uint32_t, size> words;
  std::uint32_t next = size;  // the word to hand out next; at `size` a new set is due

  explicit MersenneTwister(std::uint32_t seed) {
    words[0] = seed;
    for (std::uint32_t i = 1; i < size; ++i) words[i] = 1812433253U * (words[i - 1] ^ (words[i - 1] >> 30)) + i;
  }

  /// The next 32 random bits.
  std::uint32_t operator()() {
    if (next >= size) renew();
    std::uint32_t y = words[next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
  }

 private:
  void renew() {
    for (std::uint32_t i = 0; i < size; ++i) {
      const std::uint32_t y = (words[i] & 0x80000000U) | (words[(i + 1) % size] & 0x7fffffffU);
      words[i] = words[(i + shift) % size] ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfU : 0U);
    }
    next = 0;
  }
};

}  // namespace byhand::detail
