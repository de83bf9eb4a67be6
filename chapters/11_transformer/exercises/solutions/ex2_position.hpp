// Exercise 11.2: Write the vector of any position
//
// The transformer adds sines and cosines of a word's position (notes 000 § 27.2 (2)):
// with i = 0, 1, …, size / 2 - 1,
//   angle i = position / base^(2 i / size)
// The paper's base is 10,000 and its positions are whole. Here both are free: stretched positions
// such as 2.5, or a larger base, are how models are made to read longer texts than they were
// trained on.
// Fill in position_vector(). All sines come first, then all cosines: (sin angle 0, sin angle 1, …,
// cos angle 0, cos angle 1, …).
// The library's table goes sine, cosine, sine, cosine,
// for whole positions and the paper's base only.
#pragma once
#include <cmath>

#include "common/tensor/array.hpp"

namespace byhand::exercise {

/// size is even. Returns (size,).
inline Array position_vector(double position, std::size_t size, double base) {
  Array vector = zeros({size});
  const std::size_t half = size / 2;
  for (std::size_t i = 0; i < half; ++i) {
    const double angle = position / std::pow(base, 2.0 * double(i) / double(size));
    vector(i) = real(std::sin(angle));
    vector(half + i) = real(std::cos(angle));
  }
  return vector;
}

}  // namespace byhand::exercise
