#pragma once
/// @file
/// Spine, optim. What all optimisers have: parameters, a learning rate, a running state.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/autograd/tensor.hpp"

namespace byhand::optim {

/// Changes parameters along their gradients. A parameter without a gradient is left alone, as is
/// its running state.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// One update of every parameter that has a gradient.
  void step();
  /// Forgets the gradients.
  void zero_grad() const;

  double lr() const { return lr_; }
  /// Sets the learning rate, > 0 or 0; schedules call it.
  void set_lr(double lr);
  const std::vector<Tensor>& parameters() const { return parameters_; }

  /// The running state by name ("exp_avg.0", "step.0"), to be saved and put back; an optimiser
  /// restored goes on bit for bit.
  /// Error when a name or shape does not fit; then nothing is changed.
  std::vector<std::pair<std::string, Array>> state_dict() const;
  void load_state_dict(const std::vector<std::pair<std::string, Array>>& state);

 protected:
  /// `slots`: names of the arrays kept for each parameter, made of zeros at its first update.
  Optimizer(std::vector<Tensor> parameters, double lr, std::vector<std::string> slots);

  /// What update() works on: one parameter with its gradient and its running state.
  struct Slot {
    real* value;
    const real* grad;
    std::vector<real*> state;  // in the order of `slots`
    std::size_t size;
    std::int64_t step;  // 1 at the first update
  };
  virtual void update(const Slot& slot) const = 0;

 private:
  struct PerParameter {
    std::int64_t step = 0;
    std::vector<Array> state;
  };
  std::vector<Tensor> parameters_;
  std::vector<PerParameter> per_parameter_;
  std::vector<std::string> slots_;
  double lr_;
};

}  // namespace byhand::optim
