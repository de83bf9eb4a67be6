#pragma once
/// @file
/// One training step of word2vec in loops: hidden layer, scores, loss, and the gradients by the
/// chain rule.
#include "chapters/06_word2vec/step/example.hpp"

namespace word2vec {

/// Every number of one step. Softmax when the example has no noise words, otherwise negative
/// sampling (one target then). Error when there is no input or target, a word number does not
/// exist, or there is noise for several targets.
Step by_hand(const Weights& w, const Example& example);

}  // namespace word2vec
