#pragma once
/// @file
/// The same training step three times more: as matrices, by autograd, and by the program that trains fast.
#include "chapters/06_word2vec/example.hpp"

namespace word2vec {

/// With a matrix product for each loop: h = mean of rows, z = h W_out^T, dW_out = dz^T h, dh = dz W_out.
Step as_matrices(const Weights& w, const Example& example);
/// Loss forward only; the gradients come from backward(). `scores` and `probabilities` stay empty.
Step by_autograd(const Weights& w, const Example& example);
/// One step of text::Word2VecStep with learning rate 1: how far each row moves is its gradient, turned round.
/// `hidden`, `scores` and `probabilities` stay empty.
Step by_fast_trainer(const Weights& w, const Example& example);

}  // namespace word2vec
