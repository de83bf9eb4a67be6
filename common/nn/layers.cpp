#include "common/nn/layers.hpp"

#include <cmath>

#include "common/nn/init.hpp"
#include "common/tensor/random.hpp"

namespace byhand::nn {

Linear::Linear(std::size_t in, std::size_t out, Generator& generator, bool with_bias)
    : weight(parameter("weight", {out, in}, [&](const Shape& shape) {
        return init::kaiming_uniform(shape, generator, std::sqrt(5.0));
      })) {
  const real bound = real(1 / std::sqrt(double(in)));
  if (with_bias)
    bias = parameter("bias", {out},
                     [&](const Shape& shape) { return uniform(shape, -bound, bound, generator); });
}

namespace {
void check_padding(std::int64_t padding, std::size_t rows) {
  check(padding >= Embedding::no_padding && padding < std::int64_t(rows),
        "Embedding: padding row {} is outside a table of {} rows", padding, rows);
}
}  // namespace

Embedding::Embedding(std::size_t rows, std::size_t size, Generator& generator, std::int64_t padding)
    : weight(parameter("weight", {rows, size},
                       [&](const Shape& shape) { return randn(shape, generator); })),
      padding_idx(padding) {
  check_padding(padding_idx, rows);
  if (padding_idx != no_padding && !weight.is_meta())
    std::fill_n(weight.mutable_value().data() + std::size_t(padding_idx) * size, size, real(0));
}

Embedding::Embedding(Array table, std::int64_t padding)
    : weight(parameter("weight", std::move(table))), padding_idx(padding) {
  check(weight.ndim() == 2, "Embedding: the table is (rows, size), got {}", weight.shape());
  check_padding(padding_idx, weight.shape(0));
}

Embedding Embedding::from_pretrained(const Array& table, bool freeze, std::int64_t padding_idx) {
  Embedding result(Array(table), padding_idx);
  if (freeze) result.freeze();
  return result;
}

LayerNorm::LayerNorm(std::size_t size, double epsilon)
    : weight(parameter("weight", ones({size}))),
      bias(parameter("bias", zeros({size}))),
      eps(epsilon) {}

BatchNorm::BatchNorm(std::size_t channels, double epsilon, double moving)
    : weight(parameter("weight", ones({channels}))),
      bias(parameter("bias", zeros({channels}))),
      running_mean(buffer("running_mean", zeros({channels}))),
      running_var(buffer("running_var", ones({channels}))),
      num_batches_tracked(buffer("num_batches_tracked", scalar(0))),
      eps(epsilon),
      momentum(moving) {
  check(eps >= 0 && momentum >= 0 && momentum <= 1,
        "BatchNorm: eps {} is negative, or momentum {} is not in [0, 1]", eps, momentum);
}

Tensor BatchNorm::operator()(const Tensor& x) const {
  const std::size_t channels = weight.size();
  check(x.ndim() >= 2 && x.shape(1) == channels, "BatchNorm: needs (batch, {}, …), got {}",
        channels, x.shape());
  Shape per_channel(x.ndim(), 1);  // (1, channels, 1, …)
  per_channel[1] = channels;
  Tensor mean_used = running_mean, variance_used = running_var;
  if (training() && !frozen()) {
    const std::size_t n = x.size() / channels;
    check(n > 1, "BatchNorm: needs more than one value for each channel in training, got {}",
          x.shape());
    std::vector<int> axes;
    for (int axis = 0; axis < int(x.ndim()); ++axis)
      if (axis != 1) axes.push_back(axis);
    mean_used = mean(x, axes);          // (channels,)
    variance_used = variance(x, axes);  // (channels,), divided by n
    const real m = real(momentum), unbiased = real(n) / real(n - 1);
    for (std::size_t c = 0; c < channels; ++c) {
      real &running_m = running_mean.mutable_value().data()[c],
           &running_v = running_var.mutable_value().data()[c];
      running_m += m * (mean_used.value().data()[c] - running_m);
      running_v += m * (variance_used.value().data()[c] * unbiased - running_v);
    }
    num_batches_tracked.mutable_value().data()[0] += 1;
  }
  const Tensor scale = weight / sqrt(variance_used + real(eps));
  return (x - reshape(mean_used, per_channel)) * reshape(scale, per_channel) +
         reshape(bias, per_channel);
}

Dropout::Dropout(double probability, const Generator& g) : p(probability), generator(g) {
  check(p >= 0 && p < 1, "Dropout: probability {} is not in [0, 1)", p);
}

}  // namespace byhand::nn
