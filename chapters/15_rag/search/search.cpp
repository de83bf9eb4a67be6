#include "chapters/15_rag/search/search.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <mutex>

#include "chapters/15_rag/search/search_kernel.hpp"
#include "common/core/parallel.hpp"
#include "common/fast/kernels/gemm.hpp"
#include "common/tensor/matmul.hpp"

namespace byhand::text {
namespace {

// Vectors a product: 64 queries' scores for them fit the second cache.
constexpr std::size_t block_rows = 1024;
constexpr std::size_t block_queries = 128;  // queries a product
constexpr std::size_t step = 32;            // scores looked at together

/// The best k so far, the worst of them on top of a heap.
class Best {
 public:
  explicit Best(std::size_t k) : k_(k) { found_.reserve(k); }

  /// Looks at the scores of rows first, first + 1, …. Nearly all are too small, so whole runs of
  /// them are passed over with one test, which the compiler makes a few vector instructions.
  void look(const real* scores, std::size_t count, std::size_t first) {
    std::size_t i = 0;
    for (; i + step <= count; i += step) {
      int any = 0;
      for (std::size_t j = 0; j < step; ++j) any |= scores[i + j] >= least_;
      if (any) look_singly(scores + i, step, first + i);
    }
    look_singly(scores + i, count - i, first + i);
  }
  void add(const Match& match) {
    if (match.score != match.score) return;  // NaN
    if (found_.size() == k_) {
      if (!(match < found_.front())) return;
      std::pop_heap(found_.begin(), found_.end());
      found_.pop_back();
    }
    found_.push_back(match);
    std::push_heap(found_.begin(), found_.end());
    if (found_.size() == k_) least_ = real(found_.front().score);
  }
  real least() const { return least_; }
  const std::vector<Match>& found() const { return found_; }
  std::vector<Match> sorted() && {
    std::sort_heap(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  void look_singly(const real* scores, std::size_t count, std::size_t first) {
    for (std::size_t i = 0; i < count; ++i)
      if (scores[i] >= least_) add({first + i, double(scores[i])});
  }

  std::size_t k_;
  std::vector<Match> found_;
  // The worst of k found ones: what is smaller, or NaN, is not wanted.
  real least_ = -std::numeric_limits<real>::infinity();
};

/// The best among rows begin … end - 1 for queries first … last - 1, added to `best` of each: block
/// by block one matrix product.
void search_by_products(const Array& queries, const Array& vectors, std::size_t begin,
                        std::size_t end, std::size_t first, std::size_t last,
                        std::vector<Best>& best) {
  const std::size_t width = vectors.shape()[1];
  std::vector<real> scores(std::min(block_queries, last - first) *
                           std::min(block_rows, end - begin));
  for (std::size_t row = begin; row < end; row += block_rows) {
    const std::size_t rows = std::min(block_rows, end - row);
    for (std::size_t query = first; query < last; query += block_queries) {
      const std::size_t count = std::min(block_queries, last - query);
      gemm(Transpose::no, Transpose::yes, count, rows, width, queries.data() + query * width,
           vectors.data() + row * width, scores.data(), 0);
      for (std::size_t q = 0; q < count; ++q)
        best[query + q].look(scores.data() + q * rows, rows, row);
    }
  }
}

#ifndef BYHAND_DOUBLE
/// The product, added up in double and rounded once: what is kept of a row that a rough look has
/// let pass.
float product(const float* a, const float* b, std::size_t width) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t i = 0; i < width; ++i) sum += double(a[i]) * double(b[i]);
  return float(sum);
}

/// The same for 64 queries from `first`: a rough look at every row, and an exact one at those that
/// might be good enough. Where that is more than one in 50, because nothing was found yet or the
/// vectors hardly differ, the next rows go through the matrix product.
void search_by_kernel(const Array& queries, const Array& vectors, std::size_t begin,
                      std::size_t end, std::size_t first, std::vector<Best>& best) {
  using detail::kernel_queries, detail::kernel_rows;
  const std::size_t width = vectors.shape()[1];
  const float* const asked = queries.data() + first * width;
  const detail::RoughQueries rough(asked, width);
  std::vector<float> least(kernel_queries);
  bool useful = false;
  for (std::size_t block = begin; block < end; block += block_rows) {
    const std::size_t last = std::min(end, block + block_rows);
    if (!useful)
      search_by_products(queries, vectors, block, last, first, first + kernel_queries, best);
    for (std::size_t q = 0; q < kernel_queries; ++q) least[q] = best[first + q].least();
    std::size_t passed = 0;
    std::uint64_t maybe[kernel_rows];
    for (std::size_t row = block; row < last; row += kernel_rows) {
      const std::size_t rows = std::min(kernel_rows, last - row);
      rough.look(vectors.data() + row * width, rows, least.data(), maybe);
      for (std::size_t r = 0; r < rows; ++r)
        for (; maybe[r]; maybe[r] &= maybe[r] - 1) {  // the lowest bit goes
          const auto q = std::size_t(std::countr_zero(maybe[r]));
          ++passed;
          if (!useful) continue;
          best[first + q].add(
              {row + r,
               double(product(asked + q * width, vectors.data() + (row + r) * width, width))});
          least[q] = best[first + q].least();
        }
    }
    useful = passed < (last - block) * kernel_queries / 50;
  }
}
#endif

void search_rows(const Array& queries, const Array& vectors, std::size_t begin, std::size_t end,
                 std::vector<Best>& best) {
  std::size_t done = 0;
#ifndef BYHAND_DOUBLE
  for (; detail::has_rough_kernel() && done + detail::kernel_queries <= best.size();
       done += detail::kernel_queries)
    search_by_kernel(queries, vectors, begin, end, done, best);
#endif
  if (done < best.size()) search_by_products(queries, vectors, begin, end, done, best.size(), best);
}

}  // namespace

std::vector<std::vector<Match>> top_matches(const Array& queries, const Array& vectors,
                                            std::size_t k) {
  check(queries.dimension() == 2 && vectors.dimension() == 2,
        "top_matches: needs two matrices, got {} and {}", queries.shape(), vectors.shape());
  check(queries.shape()[1] == vectors.shape()[1],
        "top_matches: queries {} and vectors {} differ in width", queries.shape(), vectors.shape());
  const std::size_t n = vectors.shape()[0], count = queries.shape()[0];
  k = std::min(k, n);
  std::vector<Best> best(count, Best(k));
  if (k == 0 || count == 0) return std::vector<std::vector<Match>>(count);

  std::mutex merging;
  const std::size_t blocks = (n + block_rows - 1) / block_rows;
  // Each thread keeps its own best ones.
  parallel_for(blocks, 4, [&](std::size_t first, std::size_t last) {
    std::vector<Best> own(count, Best(k));
    search_rows(queries, vectors, first * block_rows, std::min(n, last * block_rows), own);
    // The order in which threads arrive does not matter: rows decide between equals.
    const std::lock_guard lock(merging);
    for (std::size_t q = 0; q < count; ++q)
      for (const Match& match : own[q].found()) best[q].add(match);
  });
  std::vector<std::vector<Match>> found;
  for (Best& b : best) found.push_back(std::move(b).sorted());
  return found;
}

std::vector<Match> top_scores(const std::vector<double>& scores, std::size_t k) {
  std::vector<Match> all;
  for (std::size_t row = 0; row < scores.size(); ++row)
    if (scores[row] == scores[row]) all.push_back({row, scores[row]});
  k = std::min(k, all.size());
  std::partial_sort(all.begin(), all.begin() + std::ptrdiff_t(k), all.end());
  all.resize(k);
  return all;
}

}  // namespace byhand::text
