#pragma once
/// @file
/// Spine, nn. The basic layers. Names of parameters, start weights and conventions are PyTorch's.
#include "common/autograd/activations.hpp"
#include "common/core/generator.hpp"
#include "common/fast/layer_norm.hpp"
#include "common/nn/module.hpp"

namespace byhand::nn {

/// y = x W^T + b: (…, in) -> (…, out). Weights and bias start uniform on +-1 / sqrt(in). Error when
/// in is 0.
struct Linear : Module {
  Linear(std::size_t in, std::size_t out, Generator& generator, bool with_bias = true);
  Tensor operator()(const Tensor& x) const { return linear(x, weight, bias); }
  Parameter weight;  ///< (out, in)
  Parameter bias;    ///< (out,), undefined without bias
};

/// A row of a table for each id: ids of any shape -> ids.shape + (size). Starts from the standard
/// normal distribution.
struct Embedding : Module {
  static constexpr std::int64_t no_padding = -1;
  Embedding(std::size_t rows, std::size_t size, Generator& generator,
            std::int64_t padding_idx = no_padding);
  /// A table that is given, frozen unless told otherwise (PyTorch: Embedding.from_pretrained).
  static Embedding from_pretrained(const Array& table, bool freeze = true,
                                   std::int64_t padding_idx = no_padding);
  Tensor operator()(const Ids& ids) const { return embedding(weight, ids, padding_idx); }
  /// (rows, size); row padding_idx gets no gradient, and starts at 0 unless the table was given
  Parameter weight;
  std::int64_t padding_idx;

 private:
  Embedding(Array table, std::int64_t padding_idx);
};

/// Normalises the last axis: (…, size) -> (…, size). Starts as gain 1, bias 0.
struct LayerNorm : Module {
  explicit LayerNorm(std::size_t size, double eps = 1e-5);
  Tensor operator()(const Tensor& x) const { return layer_norm(x, weight, bias, eps); }
  Parameter weight, bias;  ///< (size,)
  double eps;
};

/// Normalises each channel (axis 1) over the batch and all further axes: BatchNorm1d for (batch,
/// channels), BatchNorm2d for (batch, channels, height, width). In training it uses the biased
/// variance of the batch and moves the running statistics by `momentum` towards the batch's mean
/// and unbiased variance; in evaluation, and frozen, it uses those. Error on a batch of one value,
/// and unless eps >= 0 and 0 <= momentum <= 1.
struct BatchNorm : Module {
  explicit BatchNorm(std::size_t channels, double eps = 1e-5, double momentum = 0.1);
  Tensor operator()(const Tensor& x) const;
  Parameter weight, bias;                                    ///< (channels,)
  Parameter running_mean, running_var, num_batches_tracked;  ///< buffers
  double eps, momentum;
};

/// Zeroes each element with probability p while training and scales the rest by 1 / (1 - p).
struct Dropout : Module {
  Dropout(double p, const Generator& generator);
  Tensor operator()(const Tensor& x) const { return dropout(x, p, generator, training()); }
  double p;
  mutable Generator generator;  // a handle: drawing does not change the module
};

}  // namespace byhand::nn
