#pragma once
/// @file
/// Spine, tensor. Matrix products of arrays, with batches.
#include "common/core/transpose.hpp"
#include "common/tensor/array.hpp"

namespace byhand {

/// The matrix product: (…, m, k) x (…, k, n) -> (…, m, n), either side transposed on its last two
/// axes if asked for.
/// Leading axes are batches and broadcast: (32, 5, 7) x (7, 3) -> (32, 5, 3). Error that names both
/// shapes when the inner sizes differ.
Array matmul(const Array& a, const Array& b, Transpose a_op = Transpose::no,
             Transpose b_op = Transpose::no);

/// c += op(a) op(b), where c may lack batch axes of the product or have them with size 1; those are
/// summed over.
/// This is what the backward pass of a product needs. Error when the shapes do not fit.
void matmul_add(Array& c, const Array& a, const Array& b, Transpose a_op = Transpose::no,
                Transpose b_op = Transpose::no);

}  // namespace byhand
