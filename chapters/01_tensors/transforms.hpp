#pragma once
/// @file
/// Linear maps of the plane, maps that are not linear, and what tells them apart; matrix products
/// by hand. Notes 000 § 26.2 to § 26.4. Points are rows: (points, 2). A matrix A (2, 2) maps the
/// point x to x A, so the first of two maps stands on the left: x A B.
#include <functional>
#include <string>
#include <vector>

#include "common/nn/layers.hpp"

namespace tensors {

using byhand::Array;
using byhand::real;

/// Turn anticlockwise about the origin.
Array rotation(double degrees);
/// Slants to the right: (x, y) -> (x + amount y, y).
Array shear(real amount);
/// (x, y) -> (x_factor x, y_factor y).
Array scaling(real x_factor, real y_factor);

/// The product row by column, as the notes do it: each number of the result is a row of A times a
/// column of B, added up. (m, k) x (k, n) -> (m, n).
/// Error that names both shapes when the inner sizes differ.
Array multiply_by_hand(const Array& A, const Array& B);

/// A map of points: (points, 2) -> (points, 2).
using Map = std::function<Array(const Array&)>;
/// linear: a sum goes to the sum, a multiple to the multiple. affine: linear and then moved.
/// neither: something bends.
enum class Kind { linear, affine, neither };
const char* name(Kind kind);

struct NamedMap {
  std::string name;
  Map map;
  Kind kind;  ///< what it is said to be
};
/// Rotation, shear, scaling; translation, ReLU, a bend: the six of the figure.
std::vector<NamedMap> maps_of_the_plane();
/// nn::Linear(2, 2) without and with bias, with the start weights of the generator.
std::vector<NamedMap> linear_layers(byhand::Generator& generator);

/// How far a map is from keeping each promise: the largest distance found among `pairs` pairs of
/// points drawn from +-2, and 0 where it keeps it.
struct Broken {
  double origin;    ///< f(0) from 0
  double sum;       ///< f(a + b) from f(a) + f(b)
  double multiple;  ///< f(c a) from c f(a), c drawn from +-2
  double straight;  ///< f of the points between a and b from the line through f(a) and f(b)
  /// f(a + 2 d) - f(a + d) from f(a + d) - f(a): constant change in, constant change out
  double steps;
};
Broken measure(const Map& map, byhand::Generator& generator, int pairs = 50);

/// What the measurements say; a distance up to `rounding` counts as 0.
Kind judge(const Broken& broken, double rounding = 1e-5);

/// The outline of a letter F, (11, 2), closed: it looks different from every side.
Array letter_f();

}  // namespace tensors
