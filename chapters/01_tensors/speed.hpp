#pragma once
/// @file
/// One product C = A B of two square matrices, computed in several ways and timed.
/// Notes 000 § 25.3: why tensors are fast.
#include <string>
#include <vector>

#include "common/core/generator.hpp"
#include "common/tensor/array.hpp"

namespace tensors {

using byhand::Array;

/// A square matrix of whole numbers from -8 to 8. A product is at most 64 and float holds whole
/// numbers up to 2^24, so sums are exact up to size 2^18, in any order, and all ways of multiplying
/// must agree to the last bit.
Array whole_numbers(std::size_t size, byhand::Generator& generator);

/// Three loops in the order of the formula: row i, column j, sum over k. Each step of k jumps to
/// another row of B.
Array product_ijk(const Array& A, const Array& B);
/// The same three loops with j innermost: all three matrices are read along their rows, several
/// numbers at once.
Array product_ikj(const Array& A, const Array& B);
/// One xtensor expression with broadcasting: A (m, k, 1) times B (k, n), summed over k. Nothing is
/// stored in between.
Array product_xtensor(const Array& A, const Array& B);
/// xtensor row by row: row i of C is the sum over k of A(i, k) times row k of B.
Array product_xtensor_rows(const Array& A, const Array& B);

/// One way of computing the product: its name, its result, the threads it may use, and its shortest
/// time.
struct Timing {
  std::string name;
  Array result;
  int threads;
  double seconds;
};
/// Times all of them, and BLAS with one thread and with all. Each runs up to 30 times, and not
/// again once 0.25 s are used up; the shortest time counts. The number of threads is afterwards
/// what it was.
std::vector<Timing> race(const Array& A, const Array& B);

/// Billions of additions and multiplications a second: a product of size n has 2 n^3.
double gflops(std::size_t size, double seconds);

}  // namespace tensors
