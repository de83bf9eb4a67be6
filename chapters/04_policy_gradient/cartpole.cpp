#include "chapters/04_policy_gradient/cartpole.hpp"

#include <cmath>
#include <numbers>

namespace cartpole {

State start(Generator& generator) {
  const std::vector<float> u = generator.uniform(state_size, -0.05f, 0.05f);
  return {u[0], u[1], u[2], u[3]};
}

State step(const State& state, int action) {
  constexpr double gravity = 9.8, cart_mass = 1, pole_mass = 0.1, half_length = 0.5, push = 10,
                   dt = 0.02;
  constexpr double mass = cart_mass + pole_mass;
  const auto [x, v, angle, spin] = state;
  const double force = action == 1 ? push : -push, sine = std::sin(angle), cosine = std::cos(angle);
  const double shared = (force + pole_mass * half_length * spin * spin * sine) / mass;
  const double spin_rate = (gravity * sine - cosine * shared) /
                           (half_length * (4.0 / 3 - pole_mass * cosine * cosine / mass));
  const double acceleration = shared - pole_mass * half_length * spin_rate * cosine / mass;
  // Euler's method
  return {x + dt * v, v + dt * acceleration, angle + dt * spin, spin + dt * spin_rate};
}

bool fallen(const State& state) {
  return std::abs(state[0]) > 2.4 || std::abs(state[2]) > 12 * std::numbers::pi / 180;
}

}  // namespace cartpole
