#include "common/fast/key_value_cache.hpp"

#include <algorithm>
#include <cmath>

#include "common/fast/kernels/gemm.hpp"
#include "common/fast/kernels/rows.hpp"

namespace byhand::nn {

void KeyValueCache::append(const Array& from, Array& to) const {
  const Shape& s = from.shape();
  const std::size_t block = s[2] * s[3];  // the new rows of one head
  for (std::size_t item = 0; item < s[0] * s[1]; ++item)
    std::copy_n(from.data() + item * block, block, to.data() + (item * capacity_ + size_) * s[3]);
}

Array KeyValueCache::attend(const Array& q, const Array& k, const Array& v) {
  const Shape& s = q.shape();
  check(s.size() == 4 && k.shape() == s && v.shape() == s, "KeyValueCache: q {}, k {} and v {} should be one (batch, heads, new, d)", s,
        k.shape(), v.shape());
  check(size_ + s[2] <= capacity_, "KeyValueCache: room for {} tokens, of which {} are taken; {} more do not fit", capacity_, size_, s[2]);
  const Shape room{s[0], s[1], capacity_, s[3]};
  if (size_ == 0) keys_ = empty(room), values_ = empty(room);
  check(keys_.shape() == room, "KeyValueCache: made for {}, got q {}", keys_.shape(), s);
  append(k, keys_);
  append(v, values_);

  const std::size_t fresh = s[2], d = s[3], all = size_ + fresh;
  const real scale = real(1 / std::sqrt(double(d)));
  Array y = empty(s), weights = empty({fresh, all});
  for (std::size_t item = 0; item < s[0] * s[1]; ++item) {
    const real *keys = keys_.data() + item * capacity_ * d, *values = values_.data() + item * capacity_ * d;
    gemm(Transpose::no, Transpose::yes, fresh, all, d, q.data() + item * fresh * d, keys, weights.data(), 0);
    for (std::size_t i = 0; i < fresh; ++i) {
      real* row = weights.data() + i * all;
      const std::size_t visible = size_ + i + 1;
      for (std::size_t j = 0; j < visible; ++j) row[j] *= scale;
      kernels::softmax(row, row, 1, visible);
      std::fill(row + visible, row + all, real(0));
    }
    gemm(Transpose::no, Transpose::no, fresh, d, all, weights.data(), values, y.data() + item * fresh * d, 0);
  }
  size_ = all;
  return y;
}

}  // namespace byhand::nn
