#pragma once
/// @file
/// The figures of the lecture's transformer.
#include "chapters/11_transformer/lecture/matrices.hpp"
#include "common/plot/figure.hpp"

namespace transformer {

/// Who looks at whom: the percentages of the three attentions, before and after training.
byhand::plot::Figure attention_figure(const Run& before, const Run& after);

/// The residual stream: each word's two numbers on their way through encoder and decoder,
/// before and after training.
byhand::plot::Figure residual_figure(const Run& before, const Run& after);

}  // namespace transformer
