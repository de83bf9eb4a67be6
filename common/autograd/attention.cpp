#include "common/autograd/attention.hpp"

#include <algorithm>
#include <climits>
#include <cmath>
#include <limits>

#include "common/core/parallel.hpp"
#include "common/tensor/broadcast.hpp"
#include "common/tensor/kernels.hpp"

namespace byhand {
namespace {

constexpr const char* name = "scaled_dot_product_attention";
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
  std::size_t square() const { return queries * keys; }
};

/// Calls body(item, scratch) for all items; threads share the items, and each has its own `scratch_size` numbers. One item is computed the
/// same way whoever does it.
template <class F>
void each_item(const Sizes& s, std::size_t scratch_size, F&& body) {
  // 2^18 multiplications take about 8 microseconds (128 words of d_k 64, 2^21, were measured at 0.06 ms). To wake a thread takes 1 to 17,
  // as it spins or sleeps.
  const std::size_t work = s.items * s.square() * (s.d_k + s.d_v), worth_a_thread = 1 << 18;
  const std::size_t pieces = std::min({s.items, std::size_t(threads()), work / worth_a_thread + 1});
  Array scratch = empty({pieces, scratch_size});
  parallel_for(pieces, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t piece = begin; piece < end; ++piece)
      for (std::size_t item = s.items * piece / pieces; item < s.items * (piece + 1) / pieces; ++item) body(item, scratch.data() + piece * scratch_size);
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
    check(mask->dimension() == 1 || (mask->dimension() == 2 && weights.size() > 2), "{}: key_padding is (batch, keys), got {} for weights {}", name,
          mask->shape(), weights);
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
    for (std::size_t i = 0; fits && i < seen.size(); ++i) fits = seen[seen.size() - 1 - i] == 1 || seen[seen.size() - 1 - i] == weights[weights.size() - 1 - i];
    check(fits, "{}: the mask {} {} does not broadcast to the weights {}", name, which, mask.shape(), weights);
    Shape full(weights.size(), 1);
    std::copy(seen.begin(), seen.end(), full.end() - std::ptrdiff_t(seen.size()));
    const std::size_t rank = full.size(), rows = full[rank - 2], keys = full[rank - 1];
    matrix_ = rows * keys;
    row_step_ = rows == 1 ? 0 : keys;
    key_step_ = keys == 1 ? 0 : 1;
    const Shape batch(weights.begin(), weights.end() - 2);
    items_.resize(element_count(batch));
    const detail::Walk walk(batch, Shape(full.begin(), full.end() - 2), {});
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
      : causal_(mask.causal), scale_(scale), added_("added", mask.added, s.weights), hidden_("hidden", mask.hidden, s.weights),
        padding_(MaskView::padding(mask.key_padding, s.weights)) {}

  void operator()(real* w, std::size_t item, const Sizes& s) const {
    const bool masked = added_ || hidden_ || padding_;
    for (std::size_t i = 0; i < s.queries; ++i, w += s.keys) {
      const std::size_t visible = causal_ ? std::min(i + 1, s.keys) : s.keys;
      for (std::size_t j = 0; j < visible; ++j) w[j] *= scale_;
      if (added_) add(added_.row(item, i), w, visible);
      if (hidden_) hide(hidden_, item, i, w, visible);
      if (padding_) hide(padding_, item, i, w, visible);
      std::fill(w + visible, w + s.keys, real(0));
      if (masked && std::all_of(w, w + visible, [](real x) { return x == minus_infinity; })) std::fill_n(w, visible, real(0));
      else kernels::softmax(w, w, 1, visible);
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

/// With W the weights, D = W * factors, Y = D V and S = scale Q K^T:
///   dV = D^T dY,   dW = (dY V^T) * factors,   dS = softmax_backward(W, dW),   dQ = scale dS K,   dK = scale dS^T Q
void attention_backward(Node& node, const Sizes& s, real scale, const Array& weights, const std::optional<Array>& factors) {
  const Tensor &q = node.input(0), &k = node.input(1), &v = node.input(2);
  const bool scores = q.requires_grad() || k.requires_grad();
  const auto room = [](const Tensor& t) { return empty(t.requires_grad() ? t.shape() : Shape{0}); };
  Array dq = room(q), dk = room(k), dv = room(v);
  each_item(s, s.square(), [&](std::size_t item, real* scratch) {
    const real *w = weights.data() + item * s.square(), *f = factors ? factors->data() + item * s.square() : nullptr;
    const real* dy = node.grad().data() + item * s.queries * s.d_v;
    const std::size_t at_q = item * s.queries * s.d_k, at_k = item * s.keys * s.d_k, at_v = item * s.keys * s.d_v;
    if (v.requires_grad()) {
      if (f) multiply(w, f, scratch, s.square());
      gemm(Transpose::yes, Transpose::no, s.keys, s.d_v, s.queries, f ? scratch : w, dy, dv.data() + at_v, 0);
    }
    if (!scores) return;
    gemm(Transpose::no, Transpose::yes, s.queries, s.keys, s.d_v, dy, v.value().data() + at_v, scratch, 0);
    if (f) multiply(scratch, f, scratch, s.square());
    kernels::softmax_backward(w, scratch, scratch, s.queries, s.keys);
    for (std::size_t i = 0; i < s.square(); ++i) scratch[i] *= scale;
    if (q.requires_grad()) gemm(Transpose::no, Transpose::no, s.queries, s.d_k, s.keys, scratch, k.value().data() + at_k, dq.data() + at_q, 0);
    if (k.requires_grad()) gemm(Transpose::yes, Transpose::no, s.keys, s.d_k, s.queries, scratch, q.value().data() + at_q, dk.data() + at_k, 0);
  });
  if (q.requires_grad()) q.add_grad(std::move(dq));
  if (k.requires_grad()) k.add_grad(std::move(dk));
  if (v.requires_grad()) v.add_grad(std::move(dv));
}

}  // namespace

Tensor scaled_dot_product_attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options, Array* weights) {
  const Sizes s(q.shape(), k.shape(), v.shape());
  const real scale = real(options.scale.value_or(1 / std::sqrt(double(s.d_k))));
  const ToWeights to_weights(options.mask, scale, s);
  std::optional<Array> factors = dropout_factors(options, s.weights);
  Shape shape = q.shape();
  shape.back() = s.d_v;
  Array y = empty(shape), all = empty(s.weights);
  const real *qs = q.value().data(), *ks = k.value().data(), *vs = v.value().data();
  each_item(s, factors ? s.square() : 0, [&](std::size_t item, real* scratch) {
    real* w = all.data() + item * s.square();
    gemm(Transpose::no, Transpose::yes, s.queries, s.keys, s.d_k, qs + item * s.queries * s.d_k, ks + item * s.keys * s.d_k, w, 0);
    to_weights(w, item, s);
    if (factors) multiply(w, factors->data() + item * s.square(), scratch, s.square());
    gemm(Transpose::no, Transpose::no, s.queries, s.d_v, s.keys, factors ? scratch : w, vs + item * s.keys * s.d_v, y.data() + item * s.queries * s.d_v, 0);
  });
  if (weights) *weights = factors ? map(name, all, *factors, [](real w, real f) { return w * f; }) : all;
  return make_op(name, std::move(y), {q, k, v}, [=, all = std::move(all), factors = std::move(factors)](Node& node) {
    attention_backward(node, s, scale, all, factors);
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

/// Where the numbers of a head stand beside those of the others: head h of sequence n in rows of `columns` numbers, from column begin + h d.
struct Heads {
  std::size_t batch, heads, length, d, columns, begin;
  bool batch_first;

  std::size_t place(std::size_t item) const {
    const std::size_t n = item / heads, h = item % heads;
    return n * columns * (batch_first ? length : 1) + begin + h * d;
  }
  std::size_t step() const { return batch_first ? columns : batch * columns; }  // from one token to the next

  /// Calls body(place in rows of columns, place in (batch, heads, length, d)) for each head of each sequence.
  template <class F>
  void each(F&& body) const {
    const std::size_t block = length * d;
    parallel_for(batch * heads, std::max<std::size_t>(1, detail::elementwise_grain / std::max<std::size_t>(1, block)), [&](std::size_t from, std::size_t to) {
      for (std::size_t item = from; item < to; ++item) body(place(item), item * block);
    });
  }
};

}  // namespace

Tensor split_heads(const Tensor& x, std::size_t heads, std::size_t begin, std::size_t end, bool batch_first) {
  check(x.rank() == 3 && begin <= end && end <= x.dim(2), "split_heads: columns {} to {} of {}, which should be (batch, length, columns)", begin, end, x.shape());
  check(heads > 0 && (end - begin) % heads == 0, "split_heads: {} columns do not split into {} heads", end - begin, heads);
  const Heads h{x.dim(batch_first ? 0 : 1), heads, x.dim(batch_first ? 1 : 0), (end - begin) / heads, x.dim(2), begin, batch_first};
  Array y = empty({h.batch, heads, h.length, h.d});
  h.each([&](std::size_t from, std::size_t to) { kernels::copy_blocks(x.value().data() + from, h.step(), y.data() + to, h.d, h.d, h.length); });
  return make_op("split_heads", std::move(y), {x}, [h](Node& node) {
    real* dx = node.input(0).mutable_grad().data();
    h.each([&](std::size_t to, std::size_t from) { kernels::add_blocks(node.grad().data() + from, h.d, dx + to, h.step(), h.d, h.length); });
  });
}

Tensor merge_heads(const Tensor& x, bool batch_first) {
  check(x.rank() == 4, "merge_heads: needs (batch, heads, length, d), got {}", x.shape());
  const std::size_t columns = x.dim(1) * x.dim(3);
  const Heads h{x.dim(0), x.dim(1), x.dim(2), x.dim(3), columns, 0, batch_first};
  Array y = empty(batch_first ? Shape{h.batch, h.length, columns} : Shape{h.length, h.batch, columns});
  h.each([&](std::size_t to, std::size_t from) { kernels::copy_blocks(x.value().data() + from, h.d, y.data() + to, h.step(), h.d, h.length); });
  return make_op("merge_heads", std::move(y), {x}, [h](Node& node) {
    Array dx = empty(node.input(0).shape());
    h.each([&](std::size_t from, std::size_t to) { kernels::copy_blocks(node.grad().data() + from, h.step(), dx.data() + to, h.d, h.d, h.length); });
    node.input(0).add_grad(std::move(dx));
  });
}

}  // namespace byhand
