#include "common/tensor/broadcast.hpp"

#include <algorithm>

namespace byhand {

Shape broadcast_shape(const char* op, const Shape& a, const Shape& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  Shape out(rank);
  for (std::size_t i = 0; i < rank; ++i) {  // from the last axis to the first
    const std::size_t x = i < a.size() ? a[a.size() - 1 - i] : 1,
                      y = i < b.size() ? b[b.size() - 1 - i] : 1;
    check(x == y || x == 1 || y == 1, "{}: shapes {} and {} do not line up: sizes {} and {} differ",
          op, a, b, x, y);
    out[rank - 1 - i] = x == 1 ? y : x;
  }
  return out;
}

Array broadcast_to(const Array& a, const Shape& shape) {
  check(broadcast_shape("broadcast_to", a.shape(), shape) == shape,
        "broadcast_to: {} cannot be repeated to {}", a.shape(), shape);
  return map("broadcast_to", a, zeros(shape), [](real x, real) { return x; });
}

Array sum_to(Array a, const Shape& shape) {
  if (a.shape() == shape) return a;
  check(broadcast_shape("sum_to", a.shape(), shape) == a.shape(),
        "sum_to: {} cannot be summed to {}", a.shape(), shape);
  // in double: a float sum of twenty million ones stops at 16,777,216
  std::vector<double> totals(element_count(shape), 0);
  const detail::StridedIterator walk(a.shape(), a.shape(), shape);
  const std::size_t n = walk.row.size;
  walk.rows(a.size(), [&](std::size_t, std::size_t ia, std::size_t io) {
    const real* x = a.data() + ia;
    double* total = totals.data() + io;
    if (walk.row.b == 0) {
      double sum = 0;
#pragma omp simd reduction(+ : sum)
      for (std::size_t i = 0; i < n; ++i) sum += double(x[i]);
      *total += sum;
    } else {
      for (std::size_t i = 0; i < n; ++i) total[i * walk.row.b] += double(x[i]);
    }
  });
  Array out = empty(shape);
  std::copy(totals.begin(), totals.end(), out.data());
  return out;
}

Array multiply(const char* op, const Array& a, const Array& b) {
  return map(op, a, b, [](real x, real y) { return x * y; });
}

void add_into(Array& a, const Array& b) {
  check(a.shape() == b.shape(), "add_into: shapes {} and {} differ", a.shape(), b.shape());
  real* x = a.data();
  const real* y = b.data();
  parallel_for(a.size(), detail::elementwise_grain, [=](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) x[i] += y[i];
  });
}

}  // namespace byhand
