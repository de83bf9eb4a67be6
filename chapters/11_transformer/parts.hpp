#pragma once
/// @file
/// Parts 1 and 2 of the lesson, which main.cpp calls.
#include <string>

#include "chapters/11_transformer/translator.hpp"

namespace transformer {

/// "1 epoch", "30 epochs".
std::string epochs_text(int epochs);
/// Part 1: weights counted, loops = matrices = layers; `as_notebook`: the logits are the notebook's, or an Error.
void before_training(const Translator& model, bool as_notebook);
/// Part 2: answers before, training, answers after; `as_notebook`: they are the notebook's, or an Error.
void thirty_epochs(const Translator& model, int epochs, bool as_notebook);

}  // namespace transformer
