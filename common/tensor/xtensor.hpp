#pragma once
/// @file
/// Spine, tensor. The one door to xtensor: every other file includes this header, never xtensor
/// itself.
///
/// Why a door: xtensor 0.26 moved its headers; glibc's vector functions must be declared before
/// xtensor is included; and xtensor 0.24 under GCC with C++20 needs -fno-new-ttp-matching
/// (CMakeLists.txt sets it, tests/common/xtensor_test.cpp guards it): without the flag
/// `xt::eval(m * 2.f)` silently returns an array of the wrong shape.
#include "common/fast/kernels/vector_math.hpp"

#if __has_include(<xtensor/containers/xarray.hpp>)  // 0.26 and later
#include <xtensor/containers/xarray.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>
#endif
