// Exercise 01.4: A derivative for any function
//
// Fill in gradient(): all derivatives of a function of several numbers by central differences,
//   df/dx_i = (f(x with x_i + h) - f(x with x_i - h)) / 2h
// Change one number of x at a time and put it back before the next.
// It must be more exact than the one-sided (f(x + h) - f(x)) / h.
#pragma once
#include <functional>
#include <vector>

namespace byhand::exercise {

using Function = std::function<double(const std::vector<double>&)>;

inline std::vector<double> gradient([[maybe_unused]] const Function& f, std::vector<double> x,
                                    [[maybe_unused]] double h = 1e-4) {
  std::vector<double> derivatives(x.size(), 0.0);
  // TODO
  return derivatives;
}

}  // namespace byhand::exercise
