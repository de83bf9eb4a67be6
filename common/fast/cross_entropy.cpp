#include "common/fast/cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "common/autograd/node.hpp"
#include "common/core/parallel.hpp"
#include "common/fast/kernels/rows.hpp"

namespace byhand {
namespace {

void check_same(const char* op, const Shape& a, const Shape& b) { check(a == b, "{}: shapes {} and {} differ", op, a, b); }

/// Writes the target distribution q of a row, one number for each class.
using Shares = std::function<void(std::size_t row, real* q)>;

/// Rows that a thread should have at least: some 10,000 exponentials.
std::size_t rows_a_thread(std::size_t classes) { return (1 << 14) / classes + 1; }

/// Cross-entropy against any target distribution q(row, class): loss of a row = -sum_c q_c log p_c with p = softmax(logits), and
/// d loss / d logits = p * sum(q) - q. `divisor` is what the mean divides by.
Tensor cross_entropy_of(const Tensor& logits, const Shape& shape, Reduction reduction, double divisor, Shares shares) {
  const std::size_t classes = logits.shape(-1), rows = logits.size() / classes;
  Array log_p = empty(logits.shape());
  kernels::log_softmax(logits.value().data(), log_p.data(), rows, classes);
  std::vector<double> losses(rows);
  parallel_for(rows, rows_a_thread(classes), [&](std::size_t begin, std::size_t end) {
    Array q = empty({classes});
    for (std::size_t i = begin; i < end; ++i) {
      shares(i, q.data());
      const real *row = log_p.data() + i * classes, *share = q.data();
      double loss = 0;
#pragma omp simd reduction(+ : loss)
      for (std::size_t c = 0; c < classes; ++c) loss -= share[c] == 0 ? 0 : double(share[c]) * double(row[c]);  // 0 log 0 is 0
      losses[i] = loss;
    }
  });
  const double total = std::accumulate(losses.begin(), losses.end(), 0.0);
  const double scale = reduction == Reduction::mean ? 1 / divisor : 1;
  Array value = scalar(real(reduction == Reduction::mean ? total / divisor : total));
  if (reduction == Reduction::none) value = array(shape, std::vector<real>(losses.begin(), losses.end()));
  return make_op("cross_entropy", std::move(value), {logits}, [=, log_p = std::move(log_p)](Node& node) {
    Array d = empty(log_p.shape());
    parallel_for(rows, rows_a_thread(classes), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        const real g = real(double(node.grad().data()[reduction == Reduction::none ? i : 0]) * scale);
        const real* row = log_p.data() + i * classes;
        real* out = d.data() + i * classes;
        shares(i, out);
        real mass = 0;
#pragma omp simd reduction(+ : mass)
        for (std::size_t c = 0; c < classes; ++c) mass += out[c];
        if (mass == 0) {  // an ignored row, also where its logits are not finite
          std::fill_n(out, classes, real(0));
          continue;
        }
#pragma omp simd
        for (std::size_t c = 0; c < classes; ++c) out[c] = g * (std::exp(row[c]) * mass - out[c]);
      }
    });
    node.input(0).add_grad(std::move(d));
  });
}

}  // namespace

Tensor cross_entropy(const Tensor& logits, const Ids& targets, const CrossEntropyOptions& options) {
  check(logits.ndim() >= 1 && logits.shape(-1) > 0, "cross_entropy: logits need a last axis of classes, got {}", logits.shape());
  const std::size_t classes = logits.shape(-1);
  check_same("cross_entropy: logits without the classes, and targets", Shape(logits.shape().begin(), logits.shape().end() - 1),
             targets.shape());
  check(options.label_smoothing >= 0 && options.label_smoothing <= 1, "cross_entropy: label smoothing {} is not in [0, 1]",
        options.label_smoothing);
  if (options.weight) check_same("cross_entropy: class weights and classes", options.weight->shape(), {classes});
  const Array weight = options.weight ? *options.weight : ones({classes});
  double divisor = 0;
  for (const std::int64_t t : targets) {
    if (t == options.ignore_index) continue;
    check(t >= 0 && std::size_t(t) < classes, "cross_entropy: target {} is not one of {} classes", t, classes);
    divisor += double(weight.data()[t]);
  }
  // The target distribution: all on the class, or (1 - s) on it and s / classes on each.
  const real s = real(options.label_smoothing), on_class = 1 - s, spread = s / real(classes);
  const std::int64_t ignore = options.ignore_index;
  return cross_entropy_of(logits, targets.shape(), options.reduction, divisor, [=](std::size_t i, real* q) {
    const std::int64_t t = targets.data()[i];
    std::fill_n(q, classes, real(0));
    if (t == ignore) return;
    if (spread != 0)
      for (std::size_t c = 0; c < classes; ++c) q[c] = weight.data()[c] * spread;
    q[t] = weight.data()[t] * (on_class + spread);
  });
}

Tensor cross_entropy(const Tensor& logits, const Array& probabilities, Reduction reduction) {
  check(logits.ndim() >= 1 && logits.shape(-1) > 0, "cross_entropy: logits need a last axis of classes, got {}", logits.shape());
  check_same("cross_entropy", logits.shape(), probabilities.shape());
  const std::size_t classes = logits.shape(-1);
  return cross_entropy_of(logits, Shape(logits.shape().begin(), logits.shape().end() - 1), reduction,
                          double(logits.size()) / double(classes),
                          [=](std::size_t i, real* q) { std::copy_n(probabilities.data() + i * classes, classes, q); });
}

}  // namespace byhand
