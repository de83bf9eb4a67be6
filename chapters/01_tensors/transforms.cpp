#include "chapters/01_tensors/transforms.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"

namespace tensors {
using namespace byhand;

Array rotation(double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const real c = real(std::cos(angle)), s = real(std::sin(angle));
  return array({2, 2}, {c, s, -s, c});
}

Array shear(real amount) { return array({2, 2}, {1, 0, amount, 1}); }

Array scaling(real x_factor, real y_factor) { return array({2, 2}, {x_factor, 0, 0, y_factor}); }

Array multiply_by_hand(const Array& A, const Array& B) {
  check(A.dimension() == 2 && B.dimension() == 2 && A.shape()[1] == B.shape()[0],
        "multiply_by_hand: {} x {}: "
        "the columns of the first must be as many as the rows of the second",
        A.shape(), B.shape());
  Array C = zeros({A.shape()[0], B.shape()[1]});
  for (std::size_t row = 0; row < C.shape()[0]; ++row)
    for (std::size_t column = 0; column < C.shape()[1]; ++column)
      for (std::size_t i = 0; i < A.shape()[1]; ++i) C(row, column) += A(row, i) * B(i, column);
  return C;
}

const char* name(Kind kind) {
  return kind == Kind::linear ? "linear" : kind == Kind::affine ? "affine" : "neither";
}

namespace {

Map by_matrix(const Array& A) {
  return [A](const Array& x) { return matmul(x, A); };
}

/// A map given as a function of one point (x, y), which it changes.
Map by_point(void (*change)(real& x, real& y)) {
  return [change](Array points) {
    for (std::size_t i = 0; i < points.shape()[0]; ++i) change(points(i, 0), points(i, 1));
    return points;
  };
}

Map by_layer(const nn::Linear& layer) {
  return [layer](const Array& x) {
    const NoGrad no_grad;
    return layer(Tensor(x)).value();
  };
}

}  // namespace

std::vector<NamedMap> maps_of_the_plane() {
  return {{"rotation by 30 degrees", by_matrix(rotation(30)), Kind::linear},
          {"shear", by_matrix(shear(real(0.5))), Kind::linear},
          {"scaling", by_matrix(scaling(real(1.5), real(0.5))), Kind::linear},
          {"translation", by_point([](real& x, real& y) { x += 1, y += real(0.5); }), Kind::affine},
          {"ReLU", by_point([](real& x, real& y) { x = relu(x), y = relu(y); }), Kind::neither},
          {"bend", by_point([](real& x, real& y) { y += real(0.3) * x * x; }), Kind::neither}};
}

std::vector<NamedMap> linear_layers(Generator& generator) {
  const nn::Linear without(2, 2, generator, false), with(2, 2, generator);
  return {{"nn::Linear without bias", by_layer(without), Kind::linear},
          {"nn::Linear with bias", by_layer(with), Kind::affine}};
}

namespace {

/// The image of the point t of the way from a to b; t outside 0 … 1 goes beyond them.
std::pair<double, double> image(const Map& map, const Array& a, const Array& b, real t) {
  const Array point = a * (1 - t) + b * t;  // (1, 2)
  const Array out = map(point);
  return {out(0, 0), out(0, 1)};
}

double distance_from_line(const Map& map, const Array& a, const Array& b) {
  const auto [ax, ay] = image(map, a, b, 0);
  const auto [bx, by] = image(map, a, b, 1);
  const double dx = bx - ax, dy = by - ay, length = std::hypot(dx, dy);
  double worst = 0;
  for (int i = 1; i < 10; ++i) {
    const auto [x, y] = image(map, a, b, real(i) / 10);
    const double off =
        length > 0 ? std::abs(dx * (y - ay) - dy * (x - ax)) / length : std::hypot(x - ax, y - ay);
    worst = std::max(worst, off);
  }
  return worst;
}

}  // namespace

Broken measure(const Map& map, Generator& generator, int pairs) {
  const Array origin = zeros({1, 2});
  Broken broken{max_difference(map(origin), origin), 0, 0, 0, 0};
  for (int i = 0; i < pairs; ++i) {
    const Array a = uniform({1, 2}, -2, 2, generator), b = uniform({1, 2}, -2, 2, generator);
    const real c = uniform({1}, -2, 2, generator)(0);
    const Array sum = a + b, multiple = c * a, f_a = map(a), f_b = map(b),
                f_middle = map((a + b) / 2);
    broken.sum = std::max(broken.sum, max_difference(map(sum), f_a + f_b));
    broken.multiple = std::max(broken.multiple, max_difference(map(multiple), c * f_a));
    broken.straight = std::max(broken.straight, distance_from_line(map, a, b));
    broken.steps = std::max(broken.steps, max_difference(f_b - f_middle, f_middle - f_a));
  }
  return broken;
}

Kind judge(const Broken& broken, double rounding) {
  const auto kept = [rounding](double distance) { return distance <= rounding; };
  if (!kept(broken.straight) || !kept(broken.steps)) return Kind::neither;
  return kept(broken.origin) && kept(broken.sum) && kept(broken.multiple) ? Kind::linear
                                                                          : Kind::affine;
}

Array letter_f() {
  const std::vector<double> x = {0, 0, 2, 2, 0.6, 0.6, 1.5, 1.5, 0.6, 0.6, 0};
  const std::vector<double> y = {0, 3, 3, 2.4, 2.4, 1.8, 1.8, 1.2, 1.2, 0, 0};
  Array outline = empty({11, 2});
  for (std::size_t i = 0; i < 11; ++i) outline(i, 0) = real(x[i]), outline(i, 1) = real(y[i]);
  return outline;
}

}  // namespace tensors
