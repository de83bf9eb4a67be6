#pragma once
/// @file
/// Appliance, random. log, sin and cos in float as PyTorch's generator computes them for normal values, to the last bit.
///
/// PyTorch's vectorised code uses the polynomials of S. Moshier's Cephes library with fused multiply-adds. A libm is as accurate, but
/// rounds some last bits otherwise, and start weights would differ from the lecture's there. The order of the operations is part of the
/// result.
#include <cmath>
#include <cstddef>

namespace byhand::detail {

/// The polynomial c[0] x^(n-1) + … + c[n-1] by Horner's rule, one rounding a step.
template <std::size_t n>
float horner(const float (&c)[n], float x) {
  float y = c[0];
  for (std::size_t i = 1; i < n; ++i) y = std::fma(y, x, c[i]);
  return y;
}

/// The natural logarithm of a normal positive number.
inline float cephes_log(float number) {
  static constexpr float polynomial[] = {7.0376836292E-2F,  -1.1514610310E-1F, 1.1676998740E-1F,  -1.2420140846E-1F, 1.4249322787E-1F,
                                         -1.6668057665E-1F, 2.0000714765E-1F,  -2.4999993993E-1F, 3.3333331174E-1F};
  constexpr float log2_high = 0.693359375F, log2_low = -2.12194440E-4F;  // log 2 in two parts
  int power = 0;
  const float mantissa = std::frexp(number, &power);  // number = mantissa * 2^power, mantissa in [0.5, 1)
  float x = mantissa - 1;
  if (mantissa < 0.707106781186547524F) {  // sqrt(1/2): keeps x near 0
    --power;
    x += mantissa;
  }
  const float z = x * x;
  const float y = std::fma(horner(polynomial, x) * x, z, float(power) * log2_low);
  return std::fma(float(power), log2_high, x + std::fma(-0.5F, z, y));
}

struct SinCos {
  float sin, cos;
};

/// Sine and cosine of an angle in [0, 2 pi].
inline SinCos cephes_sincos(float angle) {
  static constexpr float sin_polynomial[] = {-1.9515295891E-4F, 8.3321608736E-3F, -1.6666654611E-1F};
  static constexpr float cos_polynomial[] = {2.443315711809948E-5F, -1.388731625493765E-3F, 4.166664568298827E-2F};
  constexpr float four_over_pi = 1.27323954473516F;
  const int octant = (int(angle * four_over_pi) + 1) & ~1;  // the nearest even one: 0, 2, 4, 6, 8
  // What is left of the angle lies in [-pi/4, pi/4]. pi/4 is taken away in three parts, since its float has too few digits.
  float x = std::fma(float(octant), -0.78515625F, angle);
  x = std::fma(float(octant), -2.4187564849853515625E-4F, x);
  x = std::fma(float(octant), -3.77489497744594108E-8F, x);
  const float z = x * x;
  const float near_cos = std::fma(horner(cos_polynomial, z) * z, z, -0.5F * z) + 1;
  const float near_sin = std::fma(horner(sin_polynomial, z) * z, x, x);
  switch (octant & 7) {
    case 0:
      return {near_sin, near_cos};
    case 2:
      return {near_cos, -near_sin};
    case 4:
      return {-near_sin, -near_cos};
    default:
      return {-near_cos, near_sin};
  }
}

}  // namespace byhand::detail
