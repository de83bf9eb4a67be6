#pragma once
/// @file
/// A pole on a cart: push left or right so that it does not fall. The equations of Barto, Sutton
/// and Anderson 1983 with the usual constants of the benchmark (episodes of at most 500 steps).
#include <array>

#include "common/core/generator.hpp"
#include "common/core/real.hpp"

namespace cartpole {

using byhand::Generator;
using byhand::real;

inline constexpr int max_steps = 500;
inline constexpr std::size_t state_size = 4, action_count = 2;

/// position (m), velocity (m/s), angle from upright (rad), angular velocity (rad/s)
using State = std::array<double, state_size>;

/// Every number uniform on [-0.05, 0.05).
State start(Generator& generator);

/// 0.02 s later, pushed with 10 N to the left (action 0) or to the right (action 1).
State step(const State& state, int action);

/// True when the cart is more than 2.4 m from the middle or the pole more than 12 degrees from
/// upright.
bool fallen(const State& state);

}  // namespace cartpole
