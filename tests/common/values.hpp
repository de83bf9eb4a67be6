#pragma once
/// @file
/// What the unit tests share: numbers to work on, the message of an error, a matrix product nobody can doubt.
#include <cstdint>
#include <functional>
#include <string>

#include "common/tensor/array.hpp"

namespace byhand::test {

/// Irregular numbers on [low, high), the same everywhere: x -> (1103515245 x + 12345) mod 2^31. Not our Generator, which has its own tests.
inline Array values(const Shape& shape, double low = -1, double high = 1, std::uint32_t seed = 1) {
  Array a = empty(shape);
  std::uint32_t x = seed * 2654435761u;
  for (real& v : a) {
    x = (1103515245u * x + 12345u) & 0x7fffffffu;
    v = real(low + (high - low) * double(x >> 8) / double(1u << 23));
  }
  return a;
}

/// Numbers none of which is closer than 0.05 to 0 or than 0.1 to another: kinks and ties are far enough from all of them for a central
/// difference with a step of 0.01. With `shift` 0.05 they keep 0.05 away from those of another array without it (no longer from 0).
inline Array apart(const Shape& shape, double shift = 0) {
  Array a = empty(shape);
  const std::size_t n = a.size();
  std::size_t stride = 7;  // a step that meets each of 0 … n - 1 once, in a mixed order
  while (n % stride == 0) stride += 2;
  for (std::size_t i = 0; i < n; ++i) {
    const double k = double(i * stride % n) - double(n / 2);
    a.data()[i] = real(0.1 * k + 0.055 + shift - (k < 0 ? 0.01 : 0));
  }
  return a;
}

/// what() of the Error that `f` throws; "" when it throws none.
inline std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// How far a sum of about ten products of numbers near 1 may be off: a few roundings of 1e-7 or 1e-16.
inline constexpr double rounding = sizeof(real) == 8 ? 1e-14 : 4e-6;

}  // namespace byhand::test
