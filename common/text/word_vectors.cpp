#include "common/text/word_vectors.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "common/core/error.hpp"
#include "common/system/text.hpp"
#include "common/tensor/matmul.hpp"

namespace byhand::text {

double cosine(const Array& a, const Array& b) {
  check(a.size() == b.size(), "cosine: the vectors have {} and {} numbers", a.size(), b.size());
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = a.data()[i], y = b.data()[i];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa == 0 || bb == 0 ? 0 : ab / (std::sqrt(aa) * std::sqrt(bb));
}

namespace {

/// Scales `n` numbers to length 1; zeros stay zeros.
void scale_to_unit(real* x, std::size_t n) {
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) squares += double(x[i]) * x[i];
  if (squares == 0) return;
  const double length = std::sqrt(squares);
  for (std::size_t i = 0; i < n; ++i) x[i] = real(x[i] / length);
}

std::size_t row_of(const std::unordered_map<std::string, std::size_t>& rows, const std::string& word) {
  const auto entry = rows.find(word);
  if (entry == rows.end()) fail("word vectors: no vector for the word '{}' (there are {} words)", shown(word), rows.size());
  return entry->second;
}

}  // namespace

WordVectors::WordVectors(std::vector<std::string> words, Array vectors) : words_(std::move(words)), vectors_(std::move(vectors)) {
  check(vectors_.dimension() == 2, "word vectors: the vectors must be (words, width), not {}", vectors_.shape());
  check(vectors_.shape()[0] == words_.size(), "word vectors: {} words, but the vectors are {}", words_.size(), vectors_.shape());
  check(vectors_.shape()[1] > 0, "word vectors: the vectors are {}; they need at least one number each", vectors_.shape());
  rows_.reserve(words_.size());
  for (std::size_t row = 0; row < words_.size(); ++row)
    if (!rows_.emplace(words_[row], row).second) fail("word vectors: the word '{}' occurs twice", shown(words_[row]));
  unit_ = vectors_;
  for (std::size_t row = 0; row < words_.size(); ++row) scale_to_unit(unit_.data() + row * width(), width());
}

Array WordVectors::operator[](const std::string& word) const {
  const real* row = vectors_.data() + row_of(rows_, word) * width();
  Array vector = empty({width()});
  std::copy(row, row + width(), vector.data());
  return vector;
}

double WordVectors::similarity(const std::string& a, const std::string& b) const { return cosine((*this)[a], (*this)[b]); }

std::vector<Neighbour> WordVectors::nearest(const Array& vector, std::size_t k, const std::vector<std::string>& except) const {
  check(vector.size() == width(), "word vectors: nearest to a vector of {} numbers, but these words have {}", vector.size(), width());
  Array direction = reshape(vector, {width(), 1});
  scale_to_unit(direction.data(), width());
  const Array similarities = matmul(unit_, direction);  // (words, 1)

  const std::unordered_set<std::string> left_out(except.begin(), except.end());
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < size(); ++row)
    if (left_out.empty() || !left_out.contains(words_[row])) rows.push_back(row);
  k = std::min(k, rows.size());
  const real* s = similarities.data();
  std::partial_sort(rows.begin(), rows.begin() + std::ptrdiff_t(k), rows.end(),
                    [s](std::size_t a, std::size_t b) { return s[a] != s[b] ? s[a] > s[b] : a < b; });
  std::vector<Neighbour> found;
  for (std::size_t i = 0; i < k; ++i) found.push_back({words_[rows[i]], double(s[rows[i]])});
  return found;
}

std::vector<Neighbour> WordVectors::nearest(const std::string& word, std::size_t k) const { return nearest((*this)[word], k, {word}); }

std::vector<Neighbour> WordVectors::analogy(const std::string& a, const std::string& b, const std::string& c, std::size_t k) const {
  const real* ua = unit_.data() + row_of(rows_, a) * width();
  const real* ub = unit_.data() + row_of(rows_, b) * width();
  const real* uc = unit_.data() + row_of(rows_, c) * width();
  Array target = empty({width()});
  for (std::size_t i = 0; i < width(); ++i) target.data()[i] = ua[i] - ub[i] + uc[i];
  return nearest(target, k, {a, b, c});
}

}  // namespace byhand::text
