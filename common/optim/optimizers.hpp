#pragma once
/// @file
/// Spine, optim. SGD, Adagrad, RMSprop, Adam, AdamW, with PyTorch's formulas, in PyTorch's order of
/// operations.
#include "common/optim/optimizer.hpp"

namespace byhand::optim {

struct SGDOptions {
  double lr = 1e-3, momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false;
};
/// w -= lr v with v = momentum v + (1 - dampening) g, where the first v is g itself; Nesterov uses
/// g + momentum v.
class SGD : public Optimizer {
 public:
  SGD(std::vector<Tensor> parameters, const SGDOptions& options);

 private:
  void update(const Slot& slot) const override;
  SGDOptions options_;
};

struct AdagradOptions {
  double lr = 1e-2, eps = 1e-10, weight_decay = 0;
};
/// s += g^2; w -= lr g / (sqrt(s) + eps). Duchi, Hazan, Singer 2011.
class Adagrad : public Optimizer {
 public:
  Adagrad(std::vector<Tensor> parameters, const AdagradOptions& options = {});

 private:
  void update(const Slot& slot) const override;
  AdagradOptions options_;
};

struct RMSpropOptions {
  double lr = 1e-2, alpha = 0.99, eps = 1e-8, momentum = 0, weight_decay = 0;
  bool centered = false;
};
/// s = alpha s + (1 - alpha) g^2; w -= lr g / (sqrt(s) + eps). `centered` subtracts the squared
/// mean gradient from s.
class RMSprop : public Optimizer {
 public:
  RMSprop(std::vector<Tensor> parameters, const RMSpropOptions& options = {});

 private:
  void update(const Slot& slot) const override;
  RMSpropOptions options_;
};

struct AdamOptions {
  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
  bool amsgrad = false;
};
/// m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, w -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t))
/// + eps). Kingma, Ba 2015.
/// weight_decay is added to the gradient (L2). The defaults are PyTorch's.
class Adam : public Optimizer {
 public:
  Adam(std::vector<Tensor> parameters, const AdamOptions& options = {});

 protected:
  Adam(std::vector<Tensor> parameters, const AdamOptions& options, bool decoupled);

 private:
  void update(const Slot& slot) const override;
  AdamOptions options_;
  bool decoupled_;  // weight decay shrinks the weight itself instead of entering the gradient
};

struct AdamWOptions {
  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0.01;
  bool amsgrad = false;
};
/// Adam with w *= 1 - lr * weight_decay before the step. Loshchilov, Hutter 2019.
class AdamW : public Adam {
 public:
  AdamW(std::vector<Tensor> parameters, const AdamWOptions& options = {});
};

}  // namespace byhand::optim
