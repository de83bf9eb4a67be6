#include "common/tensor/array.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace byhand {

std::size_t element_count(const Shape& shape) {
  std::size_t n = 1;
  for (const std::size_t size : shape) {
    check(size == 0 || n <= std::numeric_limits<std::ptrdiff_t>::max() / sizeof(double) / size,
          "shape {}: too many elements", shape);
    n *= size;
  }
  return n;
}

std::size_t axis_index(const char* op, int axis, const Shape& shape) {
  const int rank = int(shape.size());
  check(axis >= -rank && axis < rank, "{}: shape {} has no axis {}", op, shape, axis);
  return std::size_t(axis < 0 ? axis + rank : axis);
}

Array empty(const Shape& shape) { return Array::from_shape(shape); }

Array full(const Shape& shape, real value) {
  Array a = empty(shape);
  std::fill_n(a.data(), a.size(), value);
  return a;
}

Array zeros(const Shape& shape) { return full(shape, 0); }
Array ones(const Shape& shape) { return full(shape, 1); }
Array scalar(real value) { return full({}, value); }

namespace {
template <class A, class V>
A from_values(const Shape& shape, const V& values) {
  const std::size_t count = element_count(shape);
  check(count == values.size(), "array: shape {} has {} elements, {} values were given", shape,
        count, values.size());
  A a = A::from_shape(shape);
  std::copy(values.begin(), values.end(), a.data());
  return a;
}
}  // namespace

Array array(std::initializer_list<real> values) {
  return from_values<Array>({values.size()}, values);
}
Array array(const std::vector<real>& values) { return from_values<Array>({values.size()}, values); }
Array array(const Shape& shape, const std::vector<real>& values) {
  return from_values<Array>(shape, values);
}
Ids ids(std::initializer_list<std::int64_t> values) {
  return from_values<Ids>({values.size()}, values);
}
Ids ids(const std::vector<std::int64_t>& values) {
  return from_values<Ids>({values.size()}, values);
}
Ids ids(const Shape& shape, const std::vector<std::int64_t>& values) {
  return from_values<Ids>(shape, values);
}

Array arange(std::size_t n) {
  Array a = empty({n});
  std::iota(a.data(), a.data() + n, real(0));
  return a;
}

Array linspace(real first, real last, std::size_t n) {
  check(n >= 2, "linspace: needs at least 2 values, got {}", n);
  Array a = empty({n});
  const double step = (double(last) - double(first)) / double(n - 1);
  for (std::size_t i = 0; i < n; ++i)
    a.data()[i] = real(i + 1 == n ? double(last) : double(first) + step * double(i));
  return a;
}

Array eye(std::size_t n) {
  Array a = zeros({n, n});
  for (std::size_t i = 0; i < n; ++i) a.data()[i * n + i] = 1;
  return a;
}

Shape complete_shape(Shape shape, std::size_t count) {
  std::size_t known = 1;
  std::size_t* left_over = nullptr;
  for (std::size_t& size : shape) {
    check(size != rest || !left_over, "reshape: only one size can be left over");
    if (size == rest)
      left_over = &size;
    else
      known *= size;
  }
  check(!left_over || known > 0,
        "reshape: beside a size of 0 the one that is left over could be any");
  if (left_over) *left_over = count / known;
  check(element_count(shape) == count, "reshape: {} elements cannot take the shape {}", count,
        shape);
  return shape;
}

Array reshape(Array a, const Shape& shape) {
  a.reshape(complete_shape(shape, a.size()));
  return a;
}

Array permute(const Array& x, const std::vector<std::size_t>& axes) {
  const std::size_t rank = axes.size();
  std::vector<std::size_t> stride_x(rank), stride(rank), index(rank, 0);
  std::size_t step = 1;
  for (std::size_t axis = rank; axis-- > 0;) {
    stride_x[axis] = step;
    step *= x.shape()[axis];
  }
  Shape shape(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    shape[axis] = x.shape()[axes[axis]];
    stride[axis] = stride_x[axes[axis]];
  }
  Array out = empty(shape);
  if (rank == 0 || out.size() == 0) {
    if (rank == 0) *out.data() = *x.data();
    return out;
  }
  const std::size_t inner = shape[rank - 1], inner_stride = stride[rank - 1];
  const real* source = x.data();
  real* o = out.data();
  std::size_t offset = 0;
  for (std::size_t row = out.size() / inner; row-- > 0; o += inner) {
    if (inner_stride == 1) {
      std::memcpy(o, source + offset, inner * sizeof(real));
    } else {
      for (std::size_t j = 0; j < inner; ++j) o[j] = source[offset + j * inner_stride];
    }
    for (std::size_t axis = rank - 1; axis-- > 0;) {
      offset += stride[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

bool all_close(const Array& a, const Array& b, double absolute, double relative) {
  if (a.shape() != b.shape()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = a.data()[i], y = b.data()[i];
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;  // also equal infinities
    if (std::isinf(x) || std::isinf(y) || !(std::abs(x - y) <= absolute + relative * std::abs(y)))
      return false;
  }
  return true;
}

double max_difference(const Array& a, const Array& b) {
  check(a.shape() == b.shape(), "max_difference: shapes {} and {} differ", a.shape(), b.shape());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = a.data()[i], y = b.data()[i];
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    const double difference = std::abs(x - y);
    if (std::isnan(difference)) return difference;
    worst = std::max(worst, difference);
  }
  return worst;
}

Ids argmax(const Array& a) {
  check(a.dimension() >= 1 && a.shape().back() > 0,
        "argmax: needs a last axis that is not empty, got {}", a.shape());
  const std::size_t n = a.shape().back();
  Ids best = Ids::from_shape(Shape(a.shape().begin(), a.shape().end() - 1));
  for (std::size_t row = 0; row < best.size(); ++row) {
    const real* x = a.data() + row * n;
    // NaN is the largest, as in PyTorch
    const auto less = [](real p, real q) { return p < q || (std::isnan(q) && !std::isnan(p)); };
    best.data()[row] = std::max_element(x, x + n, less) - x;
  }
  return best;
}

}  // namespace byhand

fmt::format_context::iterator fmt::formatter<byhand::Shape>::format(
    const byhand::Shape& shape, fmt::format_context& context) const {
  auto out = fmt::format_to(context.out(), "(");
  for (std::size_t i = 0; i < shape.size(); ++i)
    out = fmt::format_to(out, "{}{}", i ? ", " : "", shape[i]);
  return fmt::format_to(out, "{}", shape.size() == 1 ? ",)" : ")");
}
