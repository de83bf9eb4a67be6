#include "common/tensor/matmul.hpp"

#include <algorithm>
#include <climits>

#include "common/core/parallel.hpp"
#include "common/fast/kernels/gemm.hpp"
#include "common/tensor/broadcast.hpp"

namespace byhand {
namespace {

// below this, waking a second thread costs more than it brings
constexpr std::size_t flops_a_piece = 1 << 18;

/// What a product of two shapes looks like.
struct Plan {
  std::size_t m, n, k;
  Shape batch_a, batch_b, batch;  // the leading axes of a, of b, and of the product

  Plan(const Array& a, const Array& b, Transpose a_op, Transpose b_op) {
    const Shape &sa = a.shape(), &sb = b.shape();
    check(sa.size() >= 2 && sb.size() >= 2, "matmul: needs matrices, got {} x {}", sa, sb);
    const std::size_t ra = sa.size(), rb = sb.size();
    m = sa[a_op == Transpose::no ? ra - 2 : ra - 1];
    k = sa[a_op == Transpose::no ? ra - 1 : ra - 2];
    n = sb[b_op == Transpose::no ? rb - 1 : rb - 2];
    const std::size_t kb = sb[b_op == Transpose::no ? rb - 2 : rb - 1];
    check(k == kb, "matmul: {}{} x {}{}: inner sizes {} and {} differ", sa,
          a_op == Transpose::no ? "" : "^T", sb, b_op == Transpose::no ? "" : "^T", k, kb);
    check(m <= INT_MAX && n <= INT_MAX && k <= INT_MAX,
          "matmul: {} x {} is more than BLAS can count", sa, sb);
    batch_a = Shape(sa.begin(), sa.end() - 2);
    batch_b = Shape(sb.begin(), sb.end() - 2);
    batch = batch_a == batch_b ? batch_a : broadcast_shape("matmul (batch axes)", batch_a, batch_b);
  }

  Shape shape() const {
    Shape out = batch;
    out.push_back(m);
    out.push_back(n);
    return out;
  }
};

/// Calls body(batch item, its matrix in a, its matrix in b), in order.
template <class F>
void each_batch(const Shape& batch, const Shape& a, const Shape& b, F&& body) {
  const detail::StridedIterator walk(batch, a, b);
  walk.rows(element_count(batch), [&](std::size_t first, std::size_t ia, std::size_t ib) {
    for (std::size_t i = 0; i < walk.row.size; ++i)
      body(first + i, ia + i * walk.row.a, ib + i * walk.row.b);
  });
}

}  // namespace

Array matmul(const Array& a, const Array& b, Transpose a_op, Transpose b_op) {
  const Plan p(a, b, a_op, b_op);
  Array c = empty(p.shape());
  // one matrix for the whole batch: all rows in one product
  if (p.batch_b.empty() && a_op == Transpose::no) {
    gemm(a_op, b_op, element_count(p.batch) * p.m, p.n, p.k, a.data(), b.data(), c.data(), 0);
    return c;
  }
  const std::size_t count = element_count(p.batch),
                    work = std::max<std::size_t>(p.m * p.n * p.k, 1);
  if (p.batch_a == p.batch_b) {  // the usual batch: threads share the items
    parallel_for(count, std::max<std::size_t>(1, flops_a_piece / work),
                 [&](std::size_t begin, std::size_t end) {
                   for (std::size_t i = begin; i < end; ++i)
                     gemm(a_op, b_op, p.m, p.n, p.k, a.data() + i * p.m * p.k,
                          b.data() + i * p.k * p.n, c.data() + i * p.m * p.n, 0);
                 });
    return c;
  }
  each_batch(p.batch, p.batch_a, p.batch_b, [&](std::size_t i, std::size_t ia, std::size_t ib) {
    gemm(a_op, b_op, p.m, p.n, p.k, a.data() + ia * p.m * p.k, b.data() + ib * p.k * p.n,
         c.data() + i * p.m * p.n, 0);
  });
  return c;
}

void matmul_add(Array& c, const Array& a, const Array& b, Transpose a_op, Transpose b_op) {
  const Plan p(a, b, a_op, b_op);
  const Shape& sc = c.shape();
  check(sc.size() >= 2 && sc[sc.size() - 2] == p.m && sc.back() == p.n,
        "matmul_add: a product {} cannot be added to {}", p.shape(), sc);
  const Shape batch_c(sc.begin(), sc.end() - 2);
  const std::size_t count = element_count(p.batch),
                    work = std::max<std::size_t>(p.m * p.n * p.k, 1);
  if (batch_c.empty() && p.batch_a == p.batch_b && a_op == Transpose::yes &&
      b_op == Transpose::no) {
    // Summing A_i^T B_i over the batch is one product of the stacked rows: the gradient of a shared
    // weight.
    gemm(a_op, b_op, p.m, p.n, count * p.k, a.data(), b.data(), c.data(), 1);
    return;
  }
  if (p.batch_b.empty() && batch_c == p.batch && a_op == Transpose::no) {
    gemm(a_op, b_op, count * p.m, p.n, p.k, a.data(), b.data(), c.data(), 1);
    return;
  }
  if (p.batch_a == p.batch_b && batch_c == p.batch) {
    parallel_for(count, std::max<std::size_t>(1, flops_a_piece / work),
                 [&](std::size_t begin, std::size_t end) {
                   for (std::size_t i = begin; i < end; ++i)
                     gemm(a_op, b_op, p.m, p.n, p.k, a.data() + i * p.m * p.k,
                          b.data() + i * p.k * p.n, c.data() + i * p.m * p.n, 1);
                 });
    return;
  }
  check(broadcast_shape("matmul_add", p.batch, batch_c) == p.batch,
        "matmul_add: a product {} cannot be added to {}", p.shape(), sc);
  std::vector<std::size_t> item_c(count);
  each_batch(p.batch, batch_c, {},
             [&](std::size_t i, std::size_t ic, std::size_t) { item_c[i] = ic; });
  each_batch(p.batch, p.batch_a, p.batch_b, [&](std::size_t i, std::size_t ia, std::size_t ib) {
    gemm(a_op, b_op, p.m, p.n, p.k, a.data() + ia * p.m * p.k, b.data() + ib * p.k * p.n,
         c.data() + item_c[i] * p.m * p.n, 1);
  });
}

}  // namespace byhand
