#include "chapters/02_first_network/bent_line.hpp"

#include <cmath>

namespace bent {
using namespace byhand;

Network from_parameters(Bend bend, const Parameters& p) {
  return {bend, p[0], p[1], p[2], p[3], p[4], p[5], p[6]};
}
Parameters to_parameters(const Network& n) { return {n.w1, n.b1, n.w2, n.b2, n.w3, n.w4, n.b3}; }

Network book_chapter_1() {
  return from_parameters(
      Bend::relu, {real(1.43), real(-0.61), real(2.63), real(-0.27), real(-3.89), real(1.35), 0});
}
Network book_chapter_2() {
  return from_parameters(Bend::relu, {real(0.06), 0, real(3.49), 0, real(-4.11), real(2.74), 0});
}
Network softplus_part_1() {
  return from_parameters(Bend::softplus, {real(-34.4), real(2.14), real(-2.52), real(1.29),
                                          real(-1.3), real(2.28), real(-0.58)});
}
Network softplus_part_2(real b3) {
  return from_parameters(Bend::softplus, {real(3.34), real(-1.43), real(-3.53), real(0.57),
                                          real(-1.22), real(-2.3), b3});
}

namespace {
real bend(Bend kind, real x) { return kind == Bend::relu ? relu(x) : softplus(x); }
/// relu' is 0 or 1 (0 at 0); softplus' is the sigmoid.
real slope(Bend kind, real x) { return kind == Bend::relu ? real(x > 0) : sigmoid(x); }
Tensor bend(Bend kind, const Tensor& x) { return kind == Bend::relu ? relu(x) : softplus(x); }
}  // namespace

Steps forward(const Network& n, real dose) {
  Steps s{};
  s.top_x = n.w1 * dose + n.b1;
  s.top_y = bend(n.bend, s.top_x);
  s.top_scaled = n.w3 * s.top_y;
  s.bottom_x = n.w2 * dose + n.b2;
  s.bottom_y = bend(n.bend, s.bottom_x);
  s.bottom_scaled = n.w4 * s.bottom_y;
  s.output = s.top_scaled + s.bottom_scaled + n.b3;
  return s;
}

Parameters gradients_by_hand(const Network& n, real dose, real observed) {
  const Steps s = forward(n, dose);
  const real dLoss_dOutput = 2 * (s.output - observed);
  // Through w3 or w4, then through the bend.
  const real dLoss_dTopX = dLoss_dOutput * n.w3 * slope(n.bend, s.top_x);
  const real dLoss_dBottomX = dLoss_dOutput * n.w4 * slope(n.bend, s.bottom_x);
  return {dLoss_dTopX * dose,          // w1: top_x = w1 dose + b1
          dLoss_dTopX,                 // b1
          dLoss_dBottomX * dose,       // w2
          dLoss_dBottomX,              // b2
          dLoss_dOutput * s.top_y,     // w3: output = w3 top_y + w4 bottom_y + b3
          dLoss_dOutput * s.bottom_y,  // w4
          dLoss_dOutput};              // b3
}

Parameters gradients_by_autograd(const Network& n, real dose, real observed) {
  std::vector<Tensor> p;
  for (const real value : to_parameters(n)) p.emplace_back(value, true);
  const Tensor output =
      p[4] * bend(n.bend, p[0] * dose + p[1]) + p[5] * bend(n.bend, p[2] * dose + p[3]) + p[6];
  square(output - observed).backward();
  Parameters gradients;
  for (std::size_t i = 0; i < parameter_count; ++i) gradients[i] = p[i].grad().data()[0];
  return gradients;
}

Parameters gradients_by_hand(const Network& n, const Data& data) {
  Parameters total{};
  for (std::size_t i = 0; i < data.doses.size(); ++i) {
    const Parameters one = gradients_by_hand(n, data.doses[i], data.observed[i]);
    for (std::size_t k = 0; k < parameter_count; ++k) total[k] += one[k];
  }
  return total;
}

real ssr(const Network& n, const Data& data) {
  real sum = 0;
  for (std::size_t i = 0; i < data.doses.size(); ++i) {
    const real residual = forward(n, data.doses[i]).output - data.observed[i];
    sum += residual * residual;
  }
  return sum;
}

std::vector<Row> descend_b3(Network n, const Data& data, real learning_rate, int steps) {
  std::vector<Row> rows;
  for (int i = 0; i < steps; ++i) {
    const real gradient = gradients_by_hand(n, data)[6];
    rows.push_back({n.b3, ssr(n, data), gradient, learning_rate * gradient});
    n.b3 -= rows.back().step;
  }
  return rows;
}

std::vector<real> train_one_by_one(Network& n, const Data& data, real learning_rate, int epochs) {
  std::vector<real> losses;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    real loss = 0;
    for (std::size_t i = 0; i < data.doses.size(); ++i) {
      const real residual = forward(n, data.doses[i]).output - data.observed[i];
      loss += residual * residual;
      const Parameters gradients = gradients_by_hand(n, data.doses[i], data.observed[i]);
      Parameters p = to_parameters(n);
      for (std::size_t k = 0; k + 1 < parameter_count; ++k)  // b3 stays 0 in the book
        p[k] -= learning_rate * gradients[k];
      n = from_parameters(n.bend, p);
    }
    losses.push_back(loss);
  }
  return losses;
}

}  // namespace bent
