#pragma once
/// @file
/// Gradient clipping by hand, on vectors of plain numbers. Notes 003 § 12.2.
#include <vector>

namespace clipping {

using Vector = std::vector<double>;

double norm(const Vector& g);  ///< sqrt of the sum of squares
/// The angle between two vectors, in degrees. Error when one of them is 0.
double angle(const Vector& a, const Vector& b);

/// Every number limited to [-limit, limit]: can turn the direction.
Vector by_value(Vector g, double limit);

/// g scaled to the length max_norm when it is longer: keeps the direction. As Keras' clipnorm, for
/// each variable by itself.
Vector by_norm(Vector g, double max_norm);

/// All variables scaled together by max_norm / (norm of all + 1e-6) when that is below 1, as
/// PyTorch's clip_grad_norm_.
std::vector<Vector> by_global_norm(std::vector<Vector> variables, double max_norm);

/// One variable clipped by common/optim.
Vector built_in_by_value(const Vector& g, double limit);
Vector built_in_by_norm(const Vector& g, double max_norm);

}  // namespace clipping
