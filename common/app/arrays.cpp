#include "common/app/arrays.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/app/console.hpp"

namespace byhand::app {
namespace {

constexpr std::size_t shown = 12;  // rows and columns

/// How far two numbers are apart: 0 when equal, also as infinities; infinity when one is NaN, so that NaN never agrees.
double distance(double a, double b) {
  if (a == b) return 0;
  const double difference = std::abs(a - b);
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

/// Prints the line, or fails. `where` begins with a blank when there is more than one place.
template <class T>
void conclude(std::string_view what, const std::string& where, T a, T b, double difference, double tolerance) {
  check(tolerance >= 0 && std::isfinite(tolerance), "{}: a tolerance of {} makes no sense", what, tolerance);
  check(difference <= tolerance, "{}: do not agree{}: {} and {} are {:.1e} apart, allowed is {:.1e}", what, where, a, b, difference,
        tolerance);
  fmt::print("{}   max difference {:.1e}  {}\n", what, difference, green("[agree]"));
}

/// The index of the element at `offset` of the data, as (1, 2).
Shape index_at(const Shape& shape, std::size_t offset) {
  Shape index(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0; offset /= shape[axis]) index[axis] = offset % shape[axis];
  return index;
}

/// The rows or columns to show; `size` itself stands for the gap.
std::vector<std::size_t> shown_of(std::size_t size) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < size; ++i) {
    if (size > shown && i == shown / 2) places.push_back(size), i = size - shown / 2;
    places.push_back(i);
  }
  return places;
}

std::string matrix_text(const real* data, std::size_t rows, std::size_t columns, int decimals) {
  std::vector<std::vector<std::string>> cells;
  std::size_t width = 1;
  for (const std::size_t row : shown_of(rows)) {
    cells.emplace_back();
    for (const std::size_t column : shown_of(columns)) {
      const bool gap = row == rows || column == columns;
      cells.back().push_back(gap ? "…" : number(double(data[row * columns + column]), decimals));
      if (!gap) width = std::max(width, cells.back().back().size());
    }
  }
  std::string text;
  for (const auto& line : cells) {
    text += "[";
    for (const std::string& cell : line) text += fmt::format(" {:>{}}", cell, width);
    text += " ]\n";
  }
  return text;
}

std::string array_text(const Array& a, int decimals) {
  const Shape& shape = shape_of(a);
  if (shape.empty()) return number(double(a.data()[0]), decimals) + "\n";
  if (shape.size() == 1) return matrix_text(a.data(), 1, shape[0], decimals);
  const std::size_t rows = shape[shape.size() - 2], columns = shape.back();
  const Shape outer(shape.begin(), shape.end() - 2);
  if (outer.empty()) return matrix_text(a.data(), rows, columns, decimals);
  std::string text;
  const std::size_t matrices = element_count(outer);
  for (const std::size_t i : shown_of(matrices)) {
    text += i == matrices ? "…\n" : fmt::format("{}\n", index_at(outer, i));
    if (i < matrices) text += matrix_text(a.data() + i * rows * columns, rows, columns, decimals);
  }
  return text;
}

}  // namespace

void agree(std::string_view what, const Array& a, const Array& b, double tolerance) {
  check(shape_of(a) == shape_of(b), "{}: the shapes {} and {} differ", what, shape_of(a), shape_of(b));
  check(a.size() > 0, "{}: nothing to compare in arrays of shape {}", what, shape_of(a));
  std::size_t worst = 0;
  double difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (const double d = distance(double(a.data()[i]), double(b.data()[i])); d > difference) difference = d, worst = i;
  }
  conclude(what, fmt::format(" at {}", index_at(shape_of(a), worst)), a.data()[worst], b.data()[worst], difference, tolerance);
}

void agree(std::string_view what, double a, double b, double tolerance) { conclude(what, "", a, b, distance(a, b), tolerance); }

void print(std::string_view name, const Array& a, int decimals) { fmt::print("{} {}\n{}", name, shape_of(a), array_text(a, decimals)); }

}  // namespace byhand::app
