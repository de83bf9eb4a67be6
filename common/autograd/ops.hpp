#pragma once
/// @file
/// Spine, autograd. The operations on tensors that are not activations or losses. Each makes a new
/// tensor and records how its gradient flows back. Shapes broadcast by NumPy's rule in every
/// element-wise operation. "Axis" counts from the end when negative.
/// An Error names the operation and the shapes.
#include "common/autograd/ops_shape.hpp"
#include "common/autograd/tensor.hpp"
#include "common/core/transpose.hpp"

namespace byhand {

class Generator;

// ---- element by element ----
Tensor operator+(const Tensor& a, const Tensor& b);
Tensor operator-(const Tensor& a, const Tensor& b);
Tensor operator*(const Tensor& a, const Tensor& b);
Tensor operator/(const Tensor& a, const Tensor& b);
Tensor operator+(const Tensor& a, real b);
Tensor operator-(const Tensor& a, real b);
Tensor operator*(const Tensor& a, real b);
Tensor operator/(const Tensor& a, real b);
Tensor operator+(real a, const Tensor& b);
Tensor operator-(real a, const Tensor& b);
Tensor operator*(real a, const Tensor& b);
Tensor operator/(real a, const Tensor& b);
Tensor operator-(const Tensor& x);

Tensor exp(const Tensor& x);
/// Natural logarithm; log(0) is -inf, of a negative number NaN.
Tensor log(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor square(const Tensor& x);
/// |x|; the derivative at 0 is 0.
Tensor abs(const Tensor& x);
/// x^exponent for a constant exponent.
Tensor pow(const Tensor& x, real exponent);
/// The larger, or smaller, of two elements; on a tie each side gets half of the gradient, and NaN
/// wins, as in PyTorch.
Tensor maximum(const Tensor& a, const Tensor& b);
Tensor minimum(const Tensor& a, const Tensor& b);
/// x limited to [low, high]; the derivative is 0 outside.
Tensor clamp(const Tensor& x, real low, real high);

/// a where the mask is not 0, b elsewhere; all three broadcast. The mask is a constant. (By value:
/// otherwise the compiler would prefer xt::where, which it finds through the Array, for every
/// argument that is not const.)
Tensor where(Array mask, Tensor a, Tensor b);
/// `value` where the mask is not 0, x elsewhere. The mask broadcasts to x.
Tensor masked_fill(const Tensor& x, const Array& mask, real value);

// ---- over axes ----
/// The sum of all elements, shape (); or over some axes, which are dropped, or kept with size 1
/// when `keepdims`.
Tensor sum(const Tensor& x);
Tensor sum(const Tensor& x, const std::vector<int>& axes, bool keepdims = false);
/// The mean. Error when there is nothing to average.
Tensor mean(const Tensor& x);
Tensor mean(const Tensor& x, const std::vector<int>& axes, bool keepdims = false);
/// The variance: mean of the squared distances from the mean; divided by n - 1 instead of n when
/// `unbiased`.
Tensor variance(const Tensor& x, const std::vector<int>& axes, bool keepdims = false,
                bool unbiased = false);
/// The largest element along an axis; the first of equals gets the gradient. Error on an empty
/// axis.
Tensor max(const Tensor& x, int axis, bool keepdims = false);
/// e^x scaled so that it sums to 1 along the axis, and its logarithm. Error on an empty axis.
Tensor softmax(const Tensor& x, int axis = -1);
Tensor log_softmax(const Tensor& x, int axis = -1);

// ---- products ----
/// The matrix product (…, m, k) x (…, k, n) -> (…, m, n); leading axes broadcast; a vector counts
/// as one row (left) or column (right).
Tensor matmul(const Tensor& a, const Tensor& b, Transpose a_op = Transpose::no,
              Transpose b_op = Transpose::no);
/// x weight^T + bias: (…, in) x (out, in) -> (…, out), the weight stored as PyTorch stores it.
/// `bias` (out,) may be undefined.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {});

// ---- random ----
/// Each element 0 with probability p, otherwise divided by 1 - p; the identity when not `training`.
/// Error unless 0 <= p < 1.
Tensor dropout(const Tensor& x, double p, Generator& generator, bool training = true);

}  // namespace byhand
