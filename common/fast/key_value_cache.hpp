#pragma once
/// @file
/// Fast, fast. What a causal self-attention remembers of the tokens it has read, so that writing the next one costs one row and not all.
#include "common/tensor/array.hpp"

namespace byhand::nn {

/// Keys and values of the tokens so far. Token i's key and value do not change when later tokens come (they cannot be seen from there), so
/// they are computed once: n tokens one by one cost what all of them at once cost, instead of n times as much. For answers only: what
/// comes out has no gradient.
///
///   std::vector<nn::KeyValueCache> caches = encoder.caches(200);   // one for each layer
///   Tensor y = encoder.next(embedded, caches);                      // of the next token, or of several
class KeyValueCache {
 public:
  /// Room for so many tokens of each sequence.
  explicit KeyValueCache(std::size_t capacity) : capacity_(capacity) {}

  std::size_t size() const { return size_; }  ///< tokens read so far
  std::size_t capacity() const { return capacity_; }

  /// q, k, v of the next tokens, each (batch, heads, new, d) -> softmax(q k^T / sqrt(d)) v over all keys so far and the new ones up to the
  /// query's own: (batch, heads, new, d). Error, and nothing is remembered, when there is no room or the shapes are not those of before.
  Array attend(const Array& q, const Array& k, const Array& v);

 private:
  void append(const Array& from, Array& to) const;
  std::size_t capacity_, size_ = 0;
  Array keys_, values_;  // (batch, heads, capacity, d), made by the first call
};

}  // namespace byhand::nn
