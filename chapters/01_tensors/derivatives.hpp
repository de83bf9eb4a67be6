#pragma once
/// @file
/// One function of three variables whose derivatives are found three times: by hand, by central
/// differences, by autograd.
#include <array>
#include <vector>

#include "common/autograd/activations.hpp"

namespace tensors {

/// f(x, y, z) = tanh(s) (s + z) with s = x y. The part s is used twice. T is float, double or
/// Tensor: one text for all three.
template <class T>
struct Steps {
  T s, t, u, f;
};
template <class T>
Steps<T> steps(const T& x, const T& y, const T& z) {
  using byhand::tanh;
  const T s = x * y, t = tanh(s), u = s + z;
  return {s, t, u, t * u};
}

/// A point (x, y, z), or the three derivatives there.
template <class T>
using Triple = std::array<T, 3>;
/// Where the chapter looks: numbers that float holds exactly.
template <class T>
inline constexpr Triple<T> point = {T(1.5), T(0.5), T(2)};

/// By hand, with the chain rule: f reaches s on two ways, through t and through u, and the
/// derivatives of both are added.
template <class T>
struct ByHand {
  T df_dt, df_du, df_ds;
  Triple<T> gradient;
};
template <class T>
ByHand<T> derivatives_by_hand(const Triple<T>& at) {
  const auto [x, y, z] = at;
  const Steps<T> f = steps(x, y, z);
  const T df_dt = f.u;  // f = t u
  const T df_du = f.t;
  const T df_ds = df_dt * (1 - f.t * f.t) + df_du * 1;          // t = tanh(s), u = s + z
  return {df_dt, df_du, df_ds, {df_ds * y, df_ds * x, df_du}};  // s = x y, u = s + z
}

/// (f(x + h) - f(x - h)) / 2h for each of x, y, z in turn, everything computed in T.
/// Error unless h > 0.
template <class T>
Triple<T> central_differences(const Triple<T>& at, T h);
extern template Triple<float> central_differences(const Triple<float>&, float);
extern template Triple<double> central_differences(const Triple<double>&, double);

/// By autograd, in `real`: one backward() gives all three.
Triple<byhand::real> derivatives_by_autograd(const Triple<byhand::real>& at);

/// |central difference - derivative| of df/dx at `point` for h = 2^-1, 2^-2, …, 2^-last: powers of
/// two, so that x + h is exact.
struct ErrorCurve {
  std::vector<double> h, error;
};
template <class T>
ErrorCurve central_difference_errors(int last);
extern template ErrorCurve central_difference_errors<float>(int);
extern template ErrorCurve central_difference_errors<double>(int);

}  // namespace tensors
