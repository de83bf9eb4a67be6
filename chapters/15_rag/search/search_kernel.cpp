#include "chapters/15_rag/search/search_kernel.hpp"

#include <bit>
#include <cmath>

#if defined(__x86_64__) && defined(__GNUC__)
#define BYHAND_SEARCH_KERNEL
#include <immintrin.h>
#endif

namespace byhand::text::detail {
namespace {

/// To the nearest of the numbers with 8 significant bits, the even one of two: the upper half of a
/// float's bits.
std::uint32_t bfloat16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  if (x != x) return bits >> 16 | 0x40;
  return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

/// Added to lengths: squares of numbers below 1e-19 are 0 in float, and numbers below 1e-38 count
/// as 0 in the rough product.
constexpr float least_length = 1e-15f;

}  // namespace

RoughQueries::RoughQueries(const float* queries, std::size_t width)
    : width_(width), pairs_((width + 1) / 2 * kernel_queries), slack_(kernel_queries) {
  // Rounding to 8 bits changes a number by at most 2^-8 of it, a product by 2^-7 and a little; by
  // Cauchy and Schwarz the products' absolute values sum up to at most |q| |v|. Sums in float add
  // at most their number times 2^-24, here taken four times.
  const double error = 1.01 * std::ldexp(1.0, -7) + double(width) * std::ldexp(1.0, -22);
  for (std::size_t q = 0; q < kernel_queries; ++q) {
    double squares = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const float x = queries[q * width + i];
      pairs_[i / 2 * kernel_queries + q] |= bfloat16(x) << 16 * (i % 2);
      squares += double(x) * x;
    }
    slack_[q] = float(error * (std::sqrt(squares) + double(least_length)));
  }
}

#ifdef BYHAND_SEARCH_KERNEL
namespace {

/// A vector as pairs of bfloat16, and its length.
__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"))) float round_vector(
    const float* vector, std::size_t width, std::uint32_t* pairs) {
  __m512 squares = _mm512_setzero_ps();
  std::size_t i = 0;
  for (; i + 16 <= width; i += 16) {
    const __m512 x = _mm512_loadu_ps(vector + i);
    squares = _mm512_fmadd_ps(x, x, squares);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(pairs + i / 2), (__m256i)_mm512_cvtneps_pbh(x));
  }
  float parts[16], rest = 0;
  _mm512_storeu_ps(parts, squares);
  for (const float part : parts) rest += part;
  for (std::size_t j = i; j < width; j += 2) {
    const float a = vector[j], b = j + 1 < width ? vector[j + 1] : 0;
    pairs[j / 2] = bfloat16(a) | bfloat16(b) << 16;
    rest += a * a + b * b;
  }
  return std::sqrt(rest);
}

/// Each pair of numbers of a vector is multiplied with 64 queries' pairs, fetched once for all
/// rows. Libraries for this first write all products to memory and then read them again to compare;
/// here they are compared while they are in registers.
template <std::size_t rows>
__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"))) void multiply_pairs(
    const std::uint32_t* vectors, const float* lengths, std::size_t pairs,
    const std::uint32_t* queries, const float* slack, const float* least, std::uint64_t* maybe) {
  __m512 sums[rows][4];
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t j = 0; j < 4; ++j) sums[r][j] = _mm512_setzero_ps();
  for (std::size_t i = 0; i < pairs; ++i) {
    __m512bh query[4];
    for (std::size_t j = 0; j < 4; ++j)
      query[j] = (__m512bh)_mm512_loadu_si512(queries + i * kernel_queries + 16 * j);
    for (std::size_t r = 0; r < rows; ++r) {
      const auto pair = (__m512bh)_mm512_set1_epi32(int(vectors[r * pairs + i]));
      for (std::size_t j = 0; j < 4; ++j) sums[r][j] = _mm512_dpbf16_ps(sums[r][j], pair, query[j]);
    }
  }
  for (std::size_t r = 0; r < rows; ++r) {
    maybe[r] = 0;
    const __m512 length = _mm512_set1_ps(lengths[r] + least_length);
    for (std::size_t j = 0; j < 4; ++j) {
      const __m512 highest = _mm512_fmadd_ps(length, _mm512_loadu_ps(slack + 16 * j), sums[r][j]);
      // Also for NaN.
      maybe[r] |=
          std::uint64_t(_mm512_cmp_ps_mask(highest, _mm512_loadu_ps(least + 16 * j), _CMP_NLT_UQ))
          << (16 * j);
    }
  }
}

}  // namespace

bool has_rough_kernel() {
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}

void RoughQueries::look(const float* vectors, std::size_t rows, const float* least,
                        std::uint64_t* maybe) const {
  const std::size_t pairs = (width_ + 1) / 2;
  thread_local std::vector<std::uint32_t> rounded;
  rounded.resize(kernel_rows * pairs);
  float lengths[kernel_rows];
  for (std::size_t r = 0; r < rows; ++r)
    lengths[r] = round_vector(vectors + r * width_, width_, rounded.data() + r * pairs);
  if (rows == kernel_rows)
    return multiply_pairs<kernel_rows>(rounded.data(), lengths, pairs, pairs_.data(), slack_.data(),
                                       least, maybe);
  for (std::size_t r = 0; r < rows; ++r)
    multiply_pairs<1>(rounded.data() + r * pairs, lengths + r, pairs, pairs_.data(), slack_.data(),
                      least, maybe + r);
}
#else
bool has_rough_kernel() { return false; }
void RoughQueries::look(const float*, std::size_t, const float*, std::uint64_t*) const {}
#endif

}  // namespace byhand::text::detail
