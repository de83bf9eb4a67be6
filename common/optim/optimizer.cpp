#include "common/optim/optimizer.hpp"

#include <algorithm>
#include <cmath>

namespace byhand::optim {

Optimizer::Optimizer(std::vector<Tensor> parameters, double lr, std::vector<std::string> slots)
    : parameters_(std::move(parameters)),
      per_parameter_(parameters_.size()),
      slots_(std::move(slots)) {
  check(!parameters_.empty(), "optimiser: got no parameters");
  set_lr(lr);
}

void Optimizer::set_lr(double lr) {
  check(lr >= 0 && std::isfinite(lr), "optimiser: learning rate {} is not a number >= 0", lr);
  lr_ = lr;
}

void Optimizer::step() {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor& p = parameters_[i];
    if (!p.has_grad()) continue;
    PerParameter& own = per_parameter_[i];
    if (own.state.empty()) own.state.assign(slots_.size(), zeros(p.shape()));
    Slot slot{p.mutable_value().data(), p.grad().data(), {}, p.size(), ++own.step};
    for (Array& array : own.state) slot.state.push_back(array.data());
    update(slot);
  }
}

void Optimizer::zero_grad() const {
  for (const Tensor& p : parameters_) p.zero_grad();
}

std::vector<std::pair<std::string, Array>> Optimizer::state_dict() const {
  std::vector<std::pair<std::string, Array>> state;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (per_parameter_[i].step == 0) continue;
    // A float holds every step count up to 16,777,216 exactly; two of them hold any that a run can
    // reach.
    const std::int64_t step = per_parameter_[i].step;
    state.emplace_back(fmt::format("step.{}", i),
                       array({real(step / 1000000), real(step % 1000000)}));
    for (std::size_t k = 0; k < slots_.size(); ++k)
      state.emplace_back(fmt::format("{}.{}", slots_[k], i), per_parameter_[i].state[k]);
  }
  return state;
}

void Optimizer::load_state_dict(const std::vector<std::pair<std::string, Array>>& state) {
  std::vector<PerParameter> restored(parameters_.size());
  std::size_t used = 0;
  const auto find = [&](const std::string& name) {
    const auto found = std::find_if(state.begin(), state.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    used += found != state.end();
    return found;
  };
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto step = find(fmt::format("step.{}", i));
    if (step == state.end()) continue;
    check(step->second.size() == 2, "optimiser state: '{}' has shape {}", step->first,
          step->second.shape());
    const double millions = step->second.data()[0], ones = step->second.data()[1];
    check(millions >= 0 && ones >= 0 && millions < 1e9 && ones < 1e6,
          "optimiser state: '{}' is no number of steps: {}, {}", step->first, millions, ones);
    restored[i].step = std::int64_t(millions) * 1000000 + std::int64_t(ones);
    for (const std::string& slot : slots_) {
      const auto entry = find(fmt::format("{}.{}", slot, i));
      check(entry != state.end(), "optimiser state: '{}.{}' is missing", slot, i);
      check(entry->second.shape() == parameters_[i].shape(),
            "optimiser state: '{}' is {}, its parameter {}", entry->first, entry->second.shape(),
            parameters_[i].shape());
      restored[i].state.push_back(entry->second);
    }
  }
  check(used == state.size(), "optimiser state: {} entries, of which this optimiser knows {}",
        state.size(), used);
  per_parameter_ = std::move(restored);
}

}  // namespace byhand::optim
