#pragma once
/// @file
/// Fast, fast/kernels. Matrix products on raw memory, and the only place that calls BLAS.
#include <cstddef>

#include "common/core/real.hpp"
#include "common/core/transpose.hpp"

namespace byhand {

/// C = op(A) op(B) + beta C on raw row-major memory: op(A) is (m, k), op(B) is (k, n), C is (m, n). Large products are split over
/// threads(); OpenBLAS and oneDNN themselves run on one thread, so that two pools do not fight for the cores.
/// Products of float from 128 x 128 x 64 on go to oneDNN if it was found at configure time (BYHAND_ONEDNN), all others to BLAS, but
/// for one row times B^T and A times one column, which a loop of ours does at the speed of memory.
void gemm(Transpose a_op, Transpose b_op, std::size_t m, std::size_t n, std::size_t k, const real* a, const real* b, real* c, real beta);

/// The same for matrices that are part of wider ones: `lda`, `ldb` and `ldc` numbers lie between the beginnings of two stored rows.
void gemm(Transpose a_op, Transpose b_op, std::size_t m, std::size_t n, std::size_t k, const real* a, std::size_t lda, const real* b,
          std::size_t ldb, real* c, std::size_t ldc, real beta);

}  // namespace byhand
