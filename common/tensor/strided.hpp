#pragma once
/// @file
/// Spine, tensor. Walking over two arrays side by side when their shapes differ.
#include <vector>

#include "common/tensor/array.hpp"

namespace byhand::detail {

/// How to walk over the elements of `shape` in row-major order with two operands beside it, each at
/// its own strides (0 where it is repeated). Neighbouring axes that can be walked as one are
/// merged, so equal shapes become a single long row.
/// Example: (3, 4) with operands (3, 4) and (3, 1) is walked as 3 rows of 4: row {4, 1, 0}, outer
/// {3, 4, 1}.
struct StridedIterator {
  struct Axis {
    std::size_t size, a, b;  // length; strides of the two operands
  };
  std::vector<Axis> outer;
  Axis row{1, 0, 0};

  StridedIterator(const Shape& shape, const Shape& a, const Shape& b);

  /// Calls body(first element, offset in a, offset in b) for each row of row.size elements.
  template <class F>
  void rows(std::size_t count, F&& body) const {
    std::vector<std::size_t> index(outer.size(), 0);
    std::size_t a = 0, b = 0;
    for (std::size_t first = 0; first < count; first += row.size) {
      body(first, a, b);
      for (std::size_t axis = outer.size(); axis-- > 0;) {
        a += outer[axis].a;
        b += outer[axis].b;
        if (++index[axis] < outer[axis].size) break;
        a -= outer[axis].a * outer[axis].size;
        b -= outer[axis].b * outer[axis].size;
        index[axis] = 0;
      }
    }
  }
};

}  // namespace byhand::detail
