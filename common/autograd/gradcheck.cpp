#include "common/autograd/gradcheck.hpp"

#include <cmath>

#include "common/autograd/ops.hpp"

namespace byhand {

std::string GradientCheck::message(const std::string& name) const {
  std::string place;
  for (const std::size_t i : index) place += (place.empty() ? "" : ", ") + std::to_string(i);
  return fmt::format("{}: input {} at [{}]: backward gives {}, central difference {} (off by {})",
                     name, input, place, analytic, numeric, worst);
}

GradientCheck check_gradients(const std::vector<Tensor>& inputs,
                              const std::function<Tensor(const std::vector<Tensor>&)>& f,
                              double step) {
  const auto loss = [&] {
    const Tensor y = f(inputs);
    Array weights = empty(y.shape());
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights.data()[i] = real(std::sin(1.3 * double(i) + 0.7));
    return sum(y * Tensor(weights));
  };
  for (const Tensor& input : inputs) input.zero_grad();
  loss().backward();
  GradientCheck result;
  const NoGrad no_grad;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Array analytic = inputs[k].has_grad() ? inputs[k].grad() : zeros(inputs[k].shape());
    for (std::size_t i = 0; i < inputs[k].size(); ++i) {
      real& x = inputs[k].mutable_value().data()[i];
      const real before = x;
      x = real(before + step);
      const double up = loss().item(), above = x;
      x = real(before - step);
      const double down = loss().item(), below = x;
      x = before;
      const double numeric = (up - down) / (above - below), a = analytic.data()[i];
      const double error = std::abs(a - numeric) / std::max({1.0, std::abs(a), std::abs(numeric)});
      if (!(error > result.worst) && !std::isnan(error)) continue;
      result = {error, k, {}, a, numeric};
      std::size_t left = i;
      for (std::size_t axis = inputs[k].ndim(); axis-- > 0; left /= inputs[k].shape()[axis])
        result.index.insert(result.index.begin(), left % inputs[k].shape()[axis]);
    }
  }
  return result;
}

}  // namespace byhand
