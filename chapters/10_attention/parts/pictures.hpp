#pragma once
/// @file
/// The chapter's figures.
#include "chapters/10_attention/cost.hpp"
#include "chapters/10_attention/patterns/lookup.hpp"
#include "common/plot/figure.hpp"

namespace attention {

/// The first head's pattern over the sentence:
/// as rows (the formula) and as columns (the picture of the notes).
byhand::plot::Figure pattern_figure();
/// Three heads over the sentence, and the meaning of each word before and after.
byhand::plot::Figure heads_figure();
/// Sine and cosine curves, the table, and how alike places are.
byhand::plot::Figure positions_figure();
/// Time and memory over the context size, with the line of a quadratic.
byhand::plot::Figure cost_figure(const std::vector<Cost>& costs);
/// A pattern before and after training, and the loss.
byhand::plot::Figure lookup_figure(const lookup::Tasks& tasks, const Array& before,
                                   const Array& after, const std::vector<double>& losses);

}  // namespace attention
