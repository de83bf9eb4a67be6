#pragma once
/// @file
/// The same training step with matrix products.
#include "chapters/06_word2vec/step/example.hpp"

namespace word2vec {

/// With a matrix product for each loop: h = mean of rows, z = h W_out^T, dW_out = dz^T h, dh = dz
/// W_out.
Step as_matrices(const Weights& w, const Example& example);

}  // namespace word2vec
