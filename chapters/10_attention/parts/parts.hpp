#pragma once
/// @file
/// The ten parts of the lesson, in their order. Each prints its own part of the output, and stands
/// in a file of that number.
#include <vector>

#include "chapters/10_attention/by_hand.hpp"
#include "common/app/options.hpp"

namespace attention::parts {

inline constexpr double same = 1e-5;       ///< two ways in float, numbers up to about 4
inline constexpr double printed = 5.1e-5;  ///< the lecture prints four decimals

/// The lecture's first word, number by number.
void one_word(const Weights& weights);
/// The lecture's two heads in loops, as matrices and built in.
/// Error unless there are two of size 2.
void three_ways(const std::vector<Weights>& heads);
/// The future hidden in the right way and in two wrong ones.
void hiding_the_future(const Weights& weights);
/// A softmax of rows and one of columns.
void rows_or_columns(const Weights& weights);
/// Positions as sines and cosines, and what they are for.
void where_words_stand(const byhand::app::Settings& settings);
/// A sentence whose queries and keys were made by hand: who looks at whom.
void fluffy_blue_creature();
/// What its words hand over to each other.
void values_added(const byhand::app::Settings& settings);
/// What a longer context costs, measured.
void context_size(const byhand::app::Settings& settings);
/// The gradients written by hand against autograd's.
void backward(const Weights& weights);
/// A small model that learns where to look; trained for settings.epochs steps.
void look_ups(const byhand::app::Settings& settings);

}  // namespace attention::parts
