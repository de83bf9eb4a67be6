#pragma once
/// @file
/// Parts of the lesson that main.cpp calls: what is easily done wrong, and the backward pass.
#include "chapters/10_attention/matrices.hpp"

namespace attention {

/// Part 2: what the root of the layer's size would do in place of the root of a key's length, with two heads of 2 in a layer of 4.
/// x (3, 2), `right` (3, 4): both heads side by side.
void which_root(const Array& x, const Weights& head2, const Array& right);
/// Part 3: the future hidden in the right way and in two wrong ones.
void masks(const Weights& w);
/// Part 4: a softmax of rows and one of columns.
void rows_or_columns(const Weights& w);
/// Part 9: the gradients written by hand against autograd's.
void backward(const Weights& w);

}  // namespace attention
