#pragma once
/// @file
/// Spine, autograd. Is a backward rule right? Compare it with central differences.
#include <functional>
#include <string>
#include <vector>

#include "common/autograd/tensor.hpp"

namespace byhand {

/// The place where backward() and central differences disagree most.
struct GradientCheck {
  double worst = 0;                ///< |analytic - numeric| / max(1, |analytic|, |numeric|)
  std::size_t input = 0;           ///< which of the inputs
  std::vector<std::size_t> index;  ///< which of its elements
  double analytic = 0, numeric = 0;

  /// One line: "mul: input 1 at [0, 2]: backward gives 0.25, central difference 0.5 (off by 0.25)".
  std::string message(const std::string& name) const;
};

/// Changes every element of every input (leaves that require a gradient) by +-step and compares
/// (f(x + h) - f(x - h)) / 2h with the gradient of backward(). When f's result has more than one
/// element, they are weighted by fixed numbers and summed, so that errors cannot cancel. The
/// inputs' gradients are replaced. Meant for double (error about 1e-9 with the default step); float
/// can show only gross mistakes.
GradientCheck check_gradients(const std::vector<Tensor>& inputs,
                              const std::function<Tensor(const std::vector<Tensor>&)>& f,
                              double step = sizeof(real) == 8 ? 1e-5 : 1e-2);

}  // namespace byhand
