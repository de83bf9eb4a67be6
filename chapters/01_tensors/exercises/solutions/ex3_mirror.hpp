// Exercise 01.3: Three matrices into one
//
// A mirror stands on the line through the origin at `degrees` to the x axis.
// To find the mirror image of a point,
//   turn the plane by -degrees, so that the mirror lies on the x axis; flip y; turn it back.
// Points are rows, as in the chapter: a point x goes to x A,
// so the matrix that acts first stands on the left.
// mirror() puts them together: ONE matrix (2, 2) does all three.
// rotation() and scaling() are in transforms.hpp, matmul() in matmul.hpp.
// Notes 000 § 26.4.
#pragma once
#include "chapters/01_tensors/transforms.hpp"
#include "common/tensor/matmul.hpp"

namespace byhand::exercise {

inline Array mirror(double degrees) {
  const Array flip = tensors::scaling(1, -1);
  return matmul(matmul(tensors::rotation(-degrees), flip), tensors::rotation(degrees));
}

}  // namespace byhand::exercise
