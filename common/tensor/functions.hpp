#pragma once
/// @file
/// Spine, tensor. Activation functions of one number: the by-hand code of the chapters calls them,
/// the tensor ops map them over arrays.
#include <cmath>

#include "common/core/real.hpp"

namespace byhand {

/// 1 / (1 + e^-x). For very negative x, e^-x is infinite and the result is 0, as it should be.
inline real sigmoid(real x) { return real(1) / (real(1) + std::exp(-x)); }

/// max(x, 0); NaN stays NaN, so that a spoiled number is not hidden.
inline real relu(real x) { return x <= 0 ? real(0) : x; }

/// log(1 + e^x), without overflow: max(x, 0) + log(1 + e^-|x|).
inline real softplus(real x) { return (x > 0 ? x : real(0)) + std::log1p(std::exp(-std::abs(x))); }

/// log(sigmoid(x)) = -softplus(-x).
inline real logsigmoid(real x) { return -softplus(-x); }

// One name serves numbers and tensors, so that by-hand code can be written once for both.
using std::abs;
using std::exp;
using std::log;
using std::sqrt;
using std::tanh;

}  // namespace byhand
