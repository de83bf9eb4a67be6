#pragma once
/// @file
/// The chapter's larger tables, filled and ready to be printed.
#include "chapters/10_attention/by_hand.hpp"
#include "common/app/console.hpp"

namespace attention {

/// Three ways to hide words 2 and 3 from word 1 with the scores 1, 2, 3, and whether the lecture's first word then sees the last.
byhand::app::Table masking_table(const Weights& weights);
/// The scores 1 2 / 3 5 through a softmax of rows and one of columns.
byhand::app::Table softmax_table();
/// Where creature, forest, roaming and through look, each in the head made for it.
byhand::app::Table sentence_table();
/// The meaning of creature before attention, what is added, and after.
byhand::app::Table meaning_table();

}  // namespace attention
