#include "common/fast/attention.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <limits>

#include "common/autograd/node.hpp"
#include "common/core/parallel.hpp"
#include "common/fast/kernels/blocks.hpp"
#include "common/fast/kernels/gemm.hpp"
#include "common/fast/kernels/rows.hpp"
#include "common/tensor/broadcast.hpp"

namespace byhand {
namespace {

constexpr const char* name = "scaled_dot_product_attention";
// Queries in a block, 64 to 127 of them: fewer make the products too small, more multiply too many hidden keys.
constexpr std::size_t causal_block = 64;
constexpr real minus_infinity = -std::numeric_limits<real>::infinity();

/// The sizes of one attention: `items` products, one for each head of each sequence.
struct Sizes {
  std::size_t items, queries, keys, d_k, d_v;
  Shape weights;  // (…, queries, keys)

  Sizes(const Shape& q, const Shape& k, const Shape& v) {
    const std::size_t rank = q.size();
    check(rank >= 2 && k.size() == rank && v.size() == rank && std::equal(q.begin(), q.end() - 2, k.begin()) &&
              std::equal(q.begin(), q.end() - 2, v.begin()) && q[rank - 1] == k[rank - 1] && k[rank - 2] == v[rank - 2],
          "{}: q {}, k {} and v {} do not fit (…, queries, d_k), (…, keys, d_k), (…, keys, d_v)", name, q, k, v);
    queries = q[rank - 2], keys = k[rank - 2], d_k = q[rank - 1], d_v = v[rank - 1];
    check(d_k > 0, "{}: d_k is 0 in q {}", name, q);
    check(std::max({queries, keys, d_k, d_v}) <= INT_MAX, "{}: q {}, k {}, v {} is more than BLAS can count", name, q, k, v);
    weights = q;
    weights.back() = keys;
    items = element_count(Shape(q.begin(), q.end() - 2));
    element_count(weights);  // an error where memory for them cannot be
  }
  std::size_t weights_an_item() const { return queries * keys; }
};

/// Where the matrix (rows, d) of an item is: the first number of head h of sequence n at n * sequence + h * head, rows `step` apart.
/// Example: in (batch 2, length 5, 36 columns) 3 heads of d 4 are {3, 180, 4, 36}; item 4 is head 1 of sequence 1 and begins at 180 + 4.
struct Place {
  std::size_t heads, sequence, head, step;

  /// (…, rows, d): one matrix after the other, as if each sequence had one head.
  static Place apart(std::size_t rows, std::size_t d) { return {1, rows * d, 0, d}; }
  /// Heads beside each other in (batch, length, columns), or (length, batch, columns) with batch_first false.
  static Place side_by_side(const Shape& x, std::size_t heads, std::size_t d, bool batch_first) {
    return batch_first ? Place{heads, x[1] * x[2], d, x[2]} : Place{heads, x[2], d, x[1] * x[2]};
  }
  std::size_t operator()(std::size_t item) const { return item / heads * sequence + item % heads * head; }
};

/// Calls body(item, scratch) for all items; threads share the items, and each has its own `scratch_size` numbers. One item is computed the
/// same way whoever does it. (The products of a single item are shared instead, inside gemm.)
template <class F>
void each_item(const Sizes& s, std::size_t scratch_size, F&& body) {
  // 2^18 multiplications take about 8 microseconds (128 words of d_k 64, 2^21, were measured at 0.06 ms). To wake a thread takes 1 to 17,
  // as it spins or sleeps.
  const std::size_t work = s.items * s.weights_an_item() * (s.d_k + s.d_v), worth_a_thread = 1 << 18;
  const std::size_t pieces = std::min({s.items, std::size_t(threads()), work / worth_a_thread + 1});
  const auto first_item = [&](std::size_t piece) { return (s.items * piece + pieces - 1) / pieces; };  // no piece is longer than the first
  Array scratch = empty({pieces, scratch_size});
  parallel_for(pieces, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t piece = begin; piece < end; ++piece)
      for (std::size_t item = first_item(piece); item < first_item(piece + 1); ++item) body(item, scratch.data() + piece * scratch_size);
  });
}

/// A mask that broadcasts to the weights, seen from one item and row. Example: the mask (2, 1, 1, 5) for weights (2, 4, 3, 5), so 8 items,
/// 4 heads of each of 2 sequences. It holds matrices of 1 row and 5 keys, 5 numbers apart from each other: items_ says which one an item
/// sees, 0, 0, 0, 0, 1, 1, 1, 1; row_step_ is 0, as all queries see the one row; key_step_ is 1.
class MaskView {
 public:
  MaskView(const char* which, const std::optional<Array>& mask, const Shape& weights) {
    if (mask) look_at(which, *mask, mask->shape(), weights);
  }
  /// (batch, keys) becomes (batch, 1, …, keys); the batch is the first axis of the weights.
  static MaskView padding(const std::optional<Array>& mask, const Shape& weights) {
    MaskView view("key_padding", {}, weights);
    if (!mask) return view;
    const std::size_t batch = weights.size() > 2 ? weights[0] : 1, keys = weights.back();
    check(mask->shape() == Shape{batch, keys} || (mask->shape() == Shape{keys} && batch == 1),
          "{}: key_padding is (batch, keys), got {} for weights {}", name, mask->shape(), weights);
    Shape seen(weights.size(), 1);
    seen.back() = mask->shape().back();
    if (mask->dimension() == 2) seen[0] = mask->shape()[0];
    view.look_at("key_padding", *mask, seen, weights);
    return view;
  }
  explicit operator bool() const { return data_ != nullptr; }
  /// The elements of a row are at row(item, i)[j * step()].
  const real* row(std::size_t item, std::size_t i) const { return data_ + items_[item] * matrix_ + i * row_step_; }
  std::size_t step() const { return key_step_; }

 private:
  void look_at(const char* which, const Array& mask, const Shape& seen, const Shape& weights) {
    bool fits = seen.size() <= weights.size();
    for (std::size_t i = 0; fits && i < seen.size(); ++i)
      fits = seen[seen.size() - 1 - i] == 1 || seen[seen.size() - 1 - i] == weights[weights.size() - 1 - i];
    check(fits, "{}: the mask {} {} does not broadcast to the weights {}", name, which, mask.shape(), weights);
    Shape full(weights.size(), 1);
    std::copy(seen.begin(), seen.end(), full.end() - std::ptrdiff_t(seen.size()));
    const std::size_t rank = full.size(), rows = full[rank - 2], keys = full[rank - 1];
    matrix_ = rows * keys;
    row_step_ = rows == 1 ? 0 : keys;
    key_step_ = keys == 1 ? 0 : 1;
    const Shape batch(weights.begin(), weights.end() - 2);
    items_.resize(element_count(batch));
    const detail::StridedIterator walk(batch, Shape(full.begin(), full.end() - 2), {});
    walk.rows(items_.size(), [&](std::size_t first, std::size_t offset, std::size_t) {
      for (std::size_t i = 0; i < walk.row.size; ++i) items_[first + i] = offset + i * walk.row.a;
    });
    data_ = mask.data();
  }

  const real* data_ = nullptr;
  std::vector<std::size_t> items_;  // which matrix of the mask an item sees
  std::size_t matrix_ = 0, row_step_ = 0, key_step_ = 0;
};

/// Products of queries and keys become weights: scaled, masked, softmax for each row.
class ToWeights {
 public:
  ToWeights(const AttentionMask& mask, real scale, const Sizes& s)
      : causal_(mask.causal),
        scale_(scale),
        added_("added", mask.added, s.weights),
        hidden_("hidden", mask.hidden, s.weights),
        padding_(MaskView::padding(mask.key_padding, s.weights)) {}

  /// The rows of the queries [begin, end) of an item whose weights are w.
  void operator()(real* w, std::size_t item, std::size_t begin, std::size_t end, const Sizes& s) const {
    const bool masked = added_ || hidden_ || padding_;
    w += begin * s.keys;
    for (std::size_t i = begin; i < end; ++i, w += s.keys) {
      const std::size_t visible = causal_ ? std::min(i + 1, s.keys) : s.keys;
      for (std::size_t j = 0; j < visible; ++j) w[j] *= scale_;
      if (added_) add(added_.row(item, i), w, visible);
      if (hidden_) hide(hidden_, item, i, w, visible);
      if (padding_) hide(padding_, item, i, w, visible);
      std::fill(w + visible, w + s.keys, real(0));
      if (masked && std::all_of(w, w + visible, [](real x) { return x == minus_infinity; }))
        std::fill_n(w, visible, real(0));
      else
        kernels::softmax(w, w, 1, visible);
    }
  }

 private:
  void add(const real* mask, real* w, std::size_t n) const {
    for (std::size_t j = 0; j < n; ++j) w[j] += mask[j * added_.step()];
  }
  static void hide(const MaskView& view, std::size_t item, std::size_t i, real* w, std::size_t n) {
    const real* mask = view.row(item, i);
    for (std::size_t j = 0; j < n; ++j)
      if (mask[j * view.step()] != 0) w[j] = minus_infinity;
  }

  bool causal_;
  real scale_;
  MaskView added_, hidden_, padding_;
};

/// What each weight is multiplied by: 0 or 1 / (1 - p). Drawn before the threads start, in the order in which dropout() draws.
std::optional<Array> dropout_factors(const AttentionOptions& options, const Shape& shape) {
  const double p = options.dropout;
  check(p >= 0 && p < 1, "{}: dropout {} is not in [0, 1)", name, p);
  if (p == 0) return {};
  check(options.generator != nullptr, "{}: dropout {} needs a generator", name, p);
  Array factors = empty(shape);
  const std::vector<float> kept = options.generator->bernoulli(factors.size(), 1 - p);
  for (std::size_t i = 0; i < kept.size(); ++i) factors.data()[i] = real(kept[i]) / real(1 - p);
  return factors;
}

void multiply(const real* a, const real* b, real* product, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) product[i] = a[i] * b[i];
}

/// What the way back needs of the way there.
struct Attention {
  Sizes sizes;
  Place q, k, v, y;
  bool causal;
  real scale;
  Array weights;                 // of each item, before dropout
  std::optional<Array> factors;  // of the dropout

  Attention(Sizes given, Place q_at, Place k_at, Place v_at, Place y_at, const AttentionOptions& options)
      : sizes(std::move(given)),
        q(q_at),
        k(k_at),
        v(v_at),
        y(y_at),
        causal(options.mask.causal),
        scale(real(options.scale.value_or(1 / std::sqrt(double(sizes.d_k))))),
        weights(empty(sizes.weights)),
        factors(dropout_factors(options, sizes.weights)) {}

  /// Writes the weights and y.
  void forward(const AttentionMask& mask, const real* qs, const real* ks, const real* vs, real* ys) {
    const Sizes& s = sizes;
    const ToWeights to_weights(mask, scale, s);
    each_item(s, factors ? s.weights_an_item() : 0, [&](std::size_t item, real* scratch) {
      real* all = weights.data() + item * s.weights_an_item();
      each_block([&](std::size_t begin, std::size_t end, std::size_t seen) {
        const std::size_t rows = end - begin, at = begin * s.keys;
        real* w = all + at;       // (rows, keys): scores, then weights
        const real* dropped = w;  // D
        // Q K^T: (rows, d_k) (d_k, seen) -> (rows, seen)
        gemm(Transpose::no, Transpose::yes, rows, seen, s.d_k, qs + q(item) + begin * q.step, q.step, ks + k(item), k.step, w, s.keys, 0);
        to_weights(all, item, begin, end, s);  // all keys of these rows: those not seen become 0
        if (factors) {
          multiply(w, factors->data() + item * s.weights_an_item() + at, scratch + at, rows * s.keys);
          dropped = scratch + at;
        }
        // D V: (rows, seen) (seen, d_v) -> (rows, d_v)
        gemm(Transpose::no, Transpose::no, rows, s.d_v, seen, dropped, s.keys, vs + v(item), v.step, ys + y(item) + begin * y.step, y.step,
             0);
      });
    });
  }

  /// With W the weights, D = W * factors, Y = D V and S = scale Q K^T:
  ///   dV = D^T dY,   dW = (dY V^T) * factors,   dS = softmax_backward(W, dW),   dQ = scale dS K,   dK = scale dS^T Q
  /// A gradient that is not wanted is null.
  void backward(const real* qs, const real* ks, const real* vs, const real* dys, real* dqs, real* dks, real* dvs) const {
    const Sizes& s = sizes;
    each_item(s, s.weights_an_item(), [&](std::size_t item, real* scratch) {
      const real *ws = weights.data() + item * s.weights_an_item(), *fs = factors ? factors->data() + item * s.weights_an_item() : nullptr;
      // The gradients of keys and values are sums over the blocks. The first one sees the most keys; if some are seen by none, they start at 0.
      real beta = 0;
      if (seen_by(s.queries) < s.keys)
        for (std::size_t j = 0; j < s.keys; ++j) {
          if (dks) std::fill_n(dks + k(item) + j * k.step, s.d_k, real(0));
          if (dvs) std::fill_n(dvs + v(item) + j * v.step, s.d_v, real(0));
        }
      each_block([&](std::size_t begin, std::size_t end, std::size_t seen) {
        const std::size_t rows = end - begin, at = begin * s.keys;
        const real *w = ws + at, *f = fs ? fs + at : nullptr, *dy = dys + y(item) + begin * y.step;
        real* ds = scratch + at;  // first D, if there is dropout, then dW, then scale dS
        if (dvs) {
          if (f) multiply(w, f, ds, rows * s.keys);
          // D^T dY: (seen, d_v)
          gemm(Transpose::yes, Transpose::no, seen, s.d_v, rows, f ? ds : w, s.keys, dy, y.step, dvs + v(item), v.step, beta);
        }
        if (dqs || dks) {
          // dY V^T: (rows, seen)
          gemm(Transpose::no, Transpose::yes, rows, seen, s.d_v, dy, y.step, vs + v(item), v.step, ds, s.keys, 0);
          for (std::size_t i = 0; i < rows; ++i) {
            real* row = ds + i * s.keys;
            if (f) multiply(row, f + i * s.keys, row, seen);
            kernels::softmax_backward(w + i * s.keys, row, row, 1, seen);
            for (std::size_t j = 0; j < seen; ++j) row[j] *= scale;
          }
        }
        if (dqs)  // dS K: (rows, d_k)
          gemm(Transpose::no, Transpose::no, rows, s.d_k, seen, ds, s.keys, ks + k(item), k.step, dqs + q(item) + begin * q.step, q.step,
               0);
        if (dks)  // dS^T Q: (seen, d_k)
          gemm(Transpose::yes, Transpose::no, seen, s.d_k, rows, ds, s.keys, qs + q(item) + begin * q.step, q.step, dks + k(item), k.step,
               beta);
        beta = 1;
      });
    });
  }

  Array weights_after_dropout() const {
    return factors ? map(name, weights, *factors, [](real w, real f) { return w * f; }) : weights;
  }

 private:
  std::size_t seen_by(std::size_t end) const { return causal ? std::min(end, sizes.keys) : sizes.keys; }  // keys, by the queries before end

  /// Calls body(begin, end, seen) for blocks of queries, the last one first, with the keys that any of them sees: all queries at once, or,
  /// when causal, few enough that products with hidden keys, nearly half of all in a long sequence, are mostly left out.
  template <class F>
  void each_block(F&& body) const {
    const std::size_t blocks = causal ? std::max<std::size_t>(1, sizes.queries / causal_block) : 1;
    for (std::size_t b = blocks; b-- > 0;) {
      const std::size_t end = sizes.queries * (b + 1) / blocks;
      body(sizes.queries * b / blocks, end, seen_by(end));
    }
  }
};

}  // namespace

Tensor scaled_dot_product_attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options, Array* weights) {
  const Sizes s(q.shape(), k.shape(), v.shape());
  const Place at_q = Place::apart(s.queries, s.d_k), at_k = Place::apart(s.keys, s.d_k), at_v = Place::apart(s.keys, s.d_v);
  Attention attention(s, at_q, at_k, at_v, Place::apart(s.queries, s.d_v), options);
  Shape shape = q.shape();
  shape.back() = s.d_v;
  Array y = empty(shape);
  attention.forward(options.mask, q.value().data(), k.value().data(), v.value().data(), y.data());
  if (weights) *weights = attention.weights_after_dropout();
  return make_op(name, std::move(y), {q, k, v}, [attention = std::move(attention)](Node& node) {
    std::array<Array, 3> gradients;
    std::array<const real*, 3> values;
    std::array<real*, 3> targets = {};
    for (std::size_t i = 0; i < 3; ++i) {
      values[i] = node.input(i).value().data();
      if (!node.input(i).requires_grad()) continue;
      gradients[i] = empty(node.input(i).shape());
      targets[i] = gradients[i].data();
    }
    attention.backward(values[0], values[1], values[2], node.grad().data(), targets[0], targets[1], targets[2]);
    for (std::size_t i = 0; i < 3; ++i)
      if (targets[i]) node.input(i).add_grad(std::move(gradients[i]));
  });
}

Tensor self_attention(const Tensor& qkv, std::size_t heads, bool batch_first, const AttentionOptions& options, Array* weights) {
  check(qkv.ndim() == 3, "self_attention: needs (batch, length, 3 size) or (length, batch, 3 size), got {}", qkv.shape());
  check(heads > 0 && qkv.shape(2) % (3 * heads) == 0, "self_attention: the columns of {} are not queries, keys and values of {} heads",
        qkv.shape(), heads);
  const std::size_t size = qkv.shape(2) / 3, d = size / heads;
  const Shape one{qkv.shape(batch_first ? 0 : 1), heads, qkv.shape(batch_first ? 1 : 0), d};
  Shape shape = qkv.shape();
  shape[2] = size;
  const Place at = Place::side_by_side(qkv.shape(), heads, d, batch_first);
  check(at.step <= INT_MAX, "self_attention: rows {} numbers apart in {} are more than BLAS can count", at.step, qkv.shape());
  Attention attention(Sizes(one, one, one), at, at, at, Place::side_by_side(shape, heads, d, batch_first), options);
  Array y = empty(shape);
  if (const real* x = qkv.value().data(); y.size() > 0) attention.forward(options.mask, x, x + size, x + 2 * size, y.data());
  if (weights) *weights = attention.weights_after_dropout();
  return make_op("self_attention", std::move(y), {qkv}, [attention = std::move(attention), size](Node& node) {
    Array gradient = empty(node.input(0).shape());
    const real* x = node.input(0).value().data();
    real* dx = gradient.data();
    if (gradient.size() > 0) attention.backward(x, x + size, x + 2 * size, node.grad().data(), dx, dx + size, dx + 2 * size);
    node.input(0).add_grad(std::move(gradient));
  });
}

Array causal_mask(std::size_t queries, std::size_t keys) {
  Array mask = zeros({queries, keys});
  for (std::size_t i = 0; i < queries; ++i)
    for (std::size_t j = i + 1; j < keys; ++j) mask.data()[i * keys + j] = 1;
  return mask;
}

Array padding_mask(const Ids& ids, std::int64_t padding) {
  Array mask = empty(ids.shape());
  for (std::size_t i = 0; i < ids.size(); ++i) mask.data()[i] = ids.data()[i] == padding;
  return mask;
}

namespace {

/// Calls body(item) for each head of each sequence of (batch, heads, length, d).
template <class F>
void each_head(const Shape& x, F&& body) {
  const std::size_t block = std::max<std::size_t>(1, x[2] * x[3]);
  parallel_for(x[0] * x[1], std::max<std::size_t>(1, detail::elementwise_grain / block), [&](std::size_t from, std::size_t to) {
    for (std::size_t item = from; item < to; ++item) body(item);
  });
}

}  // namespace

Tensor split_heads(const Tensor& x, std::size_t heads, std::size_t begin, std::size_t end, bool batch_first) {
  check(x.ndim() == 3 && begin <= end && end <= x.shape(2), "split_heads: columns {} to {} of {}, which should be (batch, length, columns)",
        begin, end, x.shape());
  check(heads > 0 && (end - begin) % heads == 0, "split_heads: {} columns do not split into {} heads", end - begin, heads);
  const std::size_t length = x.shape(batch_first ? 1 : 0), d = (end - begin) / heads, block = length * d;
  const Place at = Place::side_by_side(x.shape(), heads, d, batch_first);
  Array y = empty({x.shape(batch_first ? 0 : 1), heads, length, d});
  const real* from = x.value().data() + begin;
  each_head(y.shape(), [&](std::size_t item) { kernels::copy_blocks(from + at(item), at.step, y.data() + item * block, d, d, length); });
  return make_op("split_heads", std::move(y), {x}, [=](Node& node) {
    const real* dy = node.grad().data();
    real* dx = node.input(0).mutable_grad().data() + begin;
    each_head(node.value.shape(), [&](std::size_t item) { kernels::add_blocks(dy + item * block, d, dx + at(item), at.step, d, length); });
  });
}

Tensor merge_heads(const Tensor& x, bool batch_first) {
  check(x.ndim() == 4, "merge_heads: needs (batch, heads, length, d), got {}", x.shape());
  const std::size_t heads = x.shape(1), length = x.shape(2), d = x.shape(3), block = length * d;
  Array y = empty(batch_first ? Shape{x.shape(0), length, heads * d} : Shape{length, x.shape(0), heads * d});
  const Place at = Place::side_by_side(y.shape(), heads, d, batch_first);
  const real* from = x.value().data();
  each_head(x.shape(), [&](std::size_t item) { kernels::copy_blocks(from + item * block, d, y.data() + at(item), at.step, d, length); });
  return make_op("merge_heads", std::move(y), {x}, [=](Node& node) {
    Array dx = empty(node.input(0).shape());
    const real* dy = node.grad().data();
    each_head(dx.shape(), [&](std::size_t item) { kernels::copy_blocks(dy + at(item), at.step, dx.data() + item * block, d, d, length); });
    node.input(0).add_grad(std::move(dx));
  });
}

}  // namespace byhand
