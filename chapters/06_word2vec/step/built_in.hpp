#pragma once
/// @file
/// The same training step twice more, ready-made: by autograd, and by the program that trains fast.
#include "chapters/06_word2vec/step/example.hpp"

namespace word2vec {

/// Loss forward only; the gradients come from backward(). `scores` and `probabilities` stay empty.
Step by_autograd(const Weights& w, const Example& example);
/// One step of text::Word2VecStep with learning rate 1: how far each row moves is its gradient,
/// turned round. `hidden`, `scores` and `probabilities` stay empty.
Step by_fast_trainer(const Weights& w, const Example& example);

}  // namespace word2vec
