// Exercise 01.1: The shape of a sum
//
// Predict, with a pencil, before you run anything:
//   a has the shape (2, 1, 4), b has the shape (3, 1), and c = a + b.
//   Write the shapes one under the other, lined up at the right.
//   A missing axis counts as 1, an axis of size 1 is repeated.
// Then: how many numbers does c hold, and how many places in memory lie
// between c[0][0][0] and c[1][0][0]?
// Notes 000 § 25.2.
#pragma once
#include "common/tensor/array.hpp"

namespace byhand::exercise {

inline const Shape shape_of_c = {1};                  // TODO: the sizes of the axes, as in {5, 2}
inline const std::size_t numbers_in_c = 0;            // TODO
inline const std::size_t step_of_the_first_axis = 0;  // TODO

}  // namespace byhand::exercise
