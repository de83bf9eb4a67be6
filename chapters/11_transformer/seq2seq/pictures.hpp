#pragma once
/// @file
/// The figures of the small transformer that copies, reverses or sorts.
#include "chapters/11_transformer/seq2seq/training.hpp"
#include "common/plot/figure.hpp"

namespace seq2seq {

/// Loss and learning rate of every step;
/// `smallest` is the loss that label smoothing leaves at best.
byhand::plot::Figure training_figure(const std::vector<Step>& steps, double smallest);

/// The encoder-decoder attention of the last layer for one example, a panel for each head: which
/// digit is read while which is written.
byhand::plot::Figure looks_figure(const Model& model, const Example& example,
                                  const std::string& task);

}  // namespace seq2seq
