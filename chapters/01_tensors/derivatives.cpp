#include "chapters/01_tensors/derivatives.hpp"

#include <cmath>

namespace tensors {
using namespace byhand;

template <class T>
Triple<T> central_differences(const Triple<T>& at, T h) {
  check(h > 0, "central difference: the step {} must be positive", h);
  Triple<T> gradient{};
  for (std::size_t i = 0; i < 3; ++i) {
    Triple<T> above = at, below = at;
    above[i] += h;
    below[i] -= h;
    const T change = steps(above[0], above[1], above[2]).f - steps(below[0], below[1], below[2]).f;
    gradient[i] = change / (above[i] - below[i]);  // what 2 h has become after rounding
  }
  return gradient;
}
template Triple<float> central_differences(const Triple<float>&, float);
template Triple<double> central_differences(const Triple<double>&, double);

Triple<real> derivatives_by_autograd(const Triple<real>& at) {
  const Tensor x(at[0], true), y(at[1], true), z(at[2], true);
  steps(x, y, z).f.backward();
  return {*x.grad().data(), *y.grad().data(), *z.grad().data()};
}

template <class T>
ErrorCurve central_difference_errors(int last) {
  const double exact = derivatives_by_hand(point<double>).gradient[0];
  ErrorCurve curve;
  for (int k = 1; k <= last; ++k) {
    const T h = std::ldexp(T(1), -k);
    curve.h.push_back(double(h));
    curve.error.push_back(std::abs(double(central_differences(point<T>, h)[0]) - exact));
  }
  return curve;
}
template ErrorCurve central_difference_errors<float>(int);
template ErrorCurve central_difference_errors<double>(int);

}  // namespace tensors
