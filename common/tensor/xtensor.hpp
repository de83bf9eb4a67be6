#pragma once
/// @file
/// Spine, tensor. The one door to xtensor: every other file includes this header, never xtensor itself.
///
/// Why a door: xtensor 0.26 moved its headers; glibc's vector functions must be declared before xtensor is included; and
/// xtensor 0.24 under GCC with C++20 needs -fno-new-ttp-matching (CMakeLists.txt sets it, tests/common/xtensor_test.cpp guards it):
/// without the flag `xt::eval(m * 2.f)` silently returns an array of the wrong shape.
#include <cmath>
#if defined(__GLIBC__) && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
// glibc ships vector versions of these functions (libmvec) but declares them only under -ffast-math. Declared here, -O3 uses them
// inside xtensor expressions and our loops: tanh is 12 times faster, and infinities and NaN still behave.
#define BYHAND_VECTOR extern "C" __attribute__((simd("notinbranch")))
BYHAND_VECTOR float expf(float) noexcept;
BYHAND_VECTOR double exp(double) noexcept;
BYHAND_VECTOR float logf(float) noexcept;
BYHAND_VECTOR double log(double) noexcept;
#if __GLIBC_PREREQ(2, 35)
BYHAND_VECTOR float tanhf(float) noexcept;
BYHAND_VECTOR double tanh(double) noexcept;
BYHAND_VECTOR float erff(float) noexcept;
BYHAND_VECTOR double erf(double) noexcept;
#endif
#undef BYHAND_VECTOR
#endif

#if __has_include(<xtensor/containers/xarray.hpp>)  // 0.26 and later
#include <xtensor/containers/xarray.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>
#endif
