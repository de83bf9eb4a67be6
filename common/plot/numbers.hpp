#pragma once
/// @file
/// Appliance, plot. What the plotting functions take as data.
#include <concepts>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/tensor/array.hpp"

namespace byhand::plot {

/// A list of numbers, made from a std::vector of any number type, from braces, or from an Array (its elements in row-major order).
/// A function that takes Numbers takes any of these. NaN means "no value here": a gap in a line, an empty cell of a heat map.
class Numbers {
 public:
  Numbers() = default;
  Numbers(std::initializer_list<double> values) : values_(values) {}
  Numbers(std::vector<double> values) : values_(std::move(values)) {}
  template <class T>
  requires(std::is_arithmetic_v<T> && !std::same_as<T, double>) Numbers(const std::vector<T>& values)
      : values_(values.begin(), values.end()) {}
  Numbers(const Array& array) : values_(array.data(), array.data() + array.size()) {}

  std::size_t size() const { return values_.size(); }
  double operator[](std::size_t i) const { return values_[i]; }
  const std::vector<double>& values() const { return values_; }

 private:
  std::vector<double> values_;
};

/// first, first + step, … : n numbers, the usual x of a loss curve: `axes.lines(counting(losses.size()), losses, "loss")`.
inline Numbers counting(std::size_t n, double first = 0, double step = 1) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = first + step * double(i);
  return values;
}

}  // namespace byhand::plot
